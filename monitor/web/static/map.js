"use strict";
// The map: outlines and incidents as one drawing, made of the rows of a table. An incident known to its province is an
// area, to its district a smaller one; only an exact place is a point.

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  // Radius in degrees of latitude (about 111 km each) of what is not known more exactly.
  const RADIUS = { 2: 0.2, 3: 0.75 };
  const DAY = 86400000;

  function make(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function html(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  class BorderMap {
    constructor(box) {
      this.box = box;
      this.rows = [...document.querySelectorAll(box.dataset.rows)];
      this.crossings = box.dataset.crossings ? [...document.querySelectorAll(box.dataset.crossings)] : [];
      this.svg = make("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "xMidYMid meet" });
      this.svg.setAttribute("role", "group");
      this.svg.setAttribute("aria-label", "Map of the incidents; the same are in the list below");
      this.box.append(this.svg);
      this.spots = [];
    }

    async start() {
      let outlines = { features: [] };
      try {
        outlines = await (await fetch(this.box.dataset.borders)).json();
      } catch (error) {
        console.warn("The outlines could not be had", error);
      }
      this.measure(outlines);
      this.drawLand(outlines);
      this.countries = outlines.features.filter((item) => item.properties.name).map((item) => {
        const [x, y] = middleOf(largest(item.geometry)), [left, top] = this.project([x, y]);
        return { name: item.properties.name, x: left, y: top };
      });
      this.drawCrossings();
      this.drawSpots();
      this.svg.append(this.labels = make("g", { "aria-hidden": "true" }));
      this.reset();
      this.tools();
      new ResizeObserver(() => this.show()).observe(this.box);
    }

    // Flat map, true in the middle: a degree of longitude is as wide there as it is on the ground.
    measure(outlines) {
      const spots = this.rows.flatMap(spotsOf).map(([lat, lon]) => [lon, lat]);
      const line = outlines.features.filter((item) => item.properties.role === "line").flatMap((item) => points(item.geometry));
      const all = outlines.features.flatMap((item) => points(item.geometry)).concat(spots);
      const middle = (line.length ? line : all.length ? all : [[0, 0]]).map((point) => point[1]);
      this.stretch = Math.cos(((Math.min(...middle) + Math.max(...middle)) / 2) * Math.PI / 180);
      const near = this.box.classList.contains("small") && spots.length ? spots : line.length ? line.concat(spots) : spots.length ? spots : all;
      this.home = frame((near.length ? near : [[-1, -1], [1, 1]]).map((point) => this.project(point)), this.box.classList.contains("small") ? 1.6 : 0.7);
    }

    project([lon, lat]) { return [lon * this.stretch, -lat]; }

    drawLand(outlines) {
      const path = (rings, close) => rings.map((ring) => "M" + ring.map((point) => this.project(point).map((part) => part.toFixed(3)).join(" ")).join("L") + (close ? "Z" : "")).join("");
      for (const item of outlines.features) {
        const { type, coordinates } = item.geometry;
        if (type === "MultiPolygon") this.svg.append(make("path", { class: "land", d: coordinates.map((rings) => path(rings, true)).join("") }));
        if (type === "Polygon") this.svg.append(make("path", { class: "land", d: path(coordinates, true) }));
        if (type === "MultiLineString") this.svg.append(make("path", { class: "border", d: path(coordinates, false) }));
        if (type === "LineString") this.svg.append(make("path", { class: "border", d: path([coordinates], false) }));
      }
    }

    drawCrossings() {
      this.marks = this.crossings.map((row) => {
        const [x, y] = this.project([Number(row.dataset.lon), Number(row.dataset.lat)]);
        const mark = make("path", { class: "crossing" }, make("title", {}, row.textContent));
        this.svg.append(mark);
        return { x, y, mark, name: row.textContent };
      });
    }

    drawSpots() {
      for (const [row, [lat, lon, precision]] of this.rows.flatMap((item) => spotsOf(item).map((spot) => [item, spot]))) {
        const [x, y] = this.project([lon, lat]);
        const shape = make("circle", { class: RADIUS[precision] ? "area" : "dot", cx: x, cy: y, r: RADIUS[precision] || 0.05 });
        const words = [row.dataset.title, row.querySelector(".day")?.textContent, { 2: "somewhere in the district", 3: "somewhere in the province" }[precision]].filter(Boolean).join(", ");
        const group = row.dataset.href ? make("a", { class: row.dataset.status, href: row.dataset.href, "aria-label": words }) : make("g", { class: row.dataset.status });
        group.append(make("title", {}, words), shape);
        this.spots.push({ row, group, shape, x, y, precision, day: row.dataset.day });
      }
      // Large areas lie under small ones and points, so that each can be reached.
      this.spots.sort((one, other) => other.precision - one.precision);
      this.svg.append(...this.spots.map((spot) => spot.group));
    }

    reset() { this.view = { ...this.home }; this.show(); }

    // Points, marks and letters keep their size on the screen, whatever the scale.
    show() {
      const { x, y, width, height } = this.view;
      this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
      this.svg.style.touchAction = this.near() ? "none" : "pan-y";
      const box = this.svg.getBoundingClientRect();
      const pixel = Math.max(width / (box.width || 1), height / (box.height || 1));
      for (const spot of this.spots) if (!RADIUS[spot.precision]) spot.shape.setAttribute("r", 6 * pixel);
      for (const { x: at, y: down, mark } of this.marks) {
        const size = 5 * pixel;
        mark.setAttribute("d", `M${at} ${down - size}L${at + size} ${down}L${at} ${down + size}L${at - size} ${down}Z`);
      }
      this.showLabels(pixel);
    }

    showLabels(pixel) {
      if (!this.labels) return;
      const taken = [];
      this.labels.replaceChildren();
      for (const { name, x, y } of this.countries) {
        this.labels.append(make("text", { class: "country", transform: `translate(${x} ${y}) scale(${pixel})` }, name));
        const half = name.length * 6 * pixel;
        taken.push({ left: x - half, right: x + half, top: y - 12 * pixel, bottom: y + 4 * pixel });
      }
      const named = this.box.classList.contains("small") ? this.spots.map((spot) => ({ ...spot, name: spot.row.dataset.title })) : this.marks;
      for (const { x, y, name: whole } of named) {
        const name = whole.replace(/ \([^)]*\)$/, ""); // a second name in brackets is left to the tooltip
        const wide = name.length * 6.5 * pixel, { x: edge, width } = this.view;
        // To the left of its mark where it would be cut off at the right.
        const before = x + wide > edge + width && x - wide > edge;
        const spot = { left: before ? x - wide : x, right: before ? x : x + wide, top: y - 8 * pixel, bottom: y + 8 * pixel };
        if (taken.some((other) => spot.left < other.right && spot.right > other.left && spot.top < other.bottom && spot.bottom > other.top)) continue;
        taken.push(spot);
        const at = `translate(${x + (before ? -9 : 9) * pixel} ${y + 4 * pixel}) scale(${pixel})`;
        const label = make("text", { transform: at, ...(before ? { "text-anchor": "end" } : {}) }, name);
        this.labels.append(label);
      }
    }

    zoom(factor, at = null) {
      const { x, y, width, height } = this.view;
      const [across, down] = at || [x + width / 2, y + height / 2];
      const wide = Math.min(Math.max(width * factor, 0.3), this.home.width * 4);
      const scale = wide / width;
      this.view = { x: across - (across - x) * scale, y: down - (down - y) * scale, width: wide, height: height * scale };
      this.show();
    }

    move(across, down) {
      this.view.x += across * this.view.width;
      this.view.y += down * this.view.height;
      this.show();
    }

    tools() {
      const button = (sign, name, act) => {
        const element = html("button", { type: "button", textContent: sign, title: name, onclick: act });
        element.setAttribute("aria-label", name);
        return element;
      };
      this.box.append(html("div", { className: "map-zoom map-tools-group" },
        button("+", "Nearer", () => this.zoom(0.6)), button("−", "Farther", () => this.zoom(1 / 0.6)), button("⤢", "All of the line", () => this.reset())));
      this.svg.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
        this.zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, [at.x, at.y]);
      }, { passive: false });
      this.drag();
      this.box.addEventListener("keydown", (event) => {
        if (["INPUT", "SELECT"].includes(event.target.tagName)) return;
        const act = { ArrowLeft: () => this.move(-0.1, 0), ArrowRight: () => this.move(0.1, 0), ArrowUp: () => this.move(0, -0.1), ArrowDown: () => this.move(0, 0.1), "+": () => this.zoom(0.6), "-": () => this.zoom(1 / 0.6), "0": () => this.reset() }[event.key];
        if (act) { event.preventDefault(); act(); }
      });
      this.slider();
    }

    // Once it is nearer than at first a finger moves the map; before, it moves the page.
    near() { return this.view.width < this.home.width * 0.99; }

    drag() {
      let from = null;
      this.svg.addEventListener("pointerdown", (event) => { if (event.button === 0 && (event.pointerType === "mouse" || this.near())) from = [event.clientX, event.clientY]; });
      window.addEventListener("pointermove", (event) => {
        if (!from) return;
        const box = this.svg.getBoundingClientRect();
        const scale = Math.max(this.view.width / box.width, this.view.height / box.height);
        this.view.x -= (event.clientX - from[0]) * scale;
        this.view.y -= (event.clientY - from[1]) * scale;
        from = [event.clientX, event.clientY];
        this.show();
      });
      for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => { from = null; });
    }

    // Up to which day incidents are shown, and how many days before it.
    slider() {
      const days = [...new Set(this.rows.map((row) => row.dataset.day).filter(Boolean))].sort();
      if (days.length < 2) return;
      const first = Date.parse(days[0]), count = (Date.parse(days.at(-1)) - first) / DAY;
      const slide = html("input", { type: "range", min: 0, max: count, value: count, id: "day" });
      const span = html("select", { id: "span" }, ...[["all days before", 100000], ["1 day", 1], ["3 days", 3], ["7 days", 7], ["30 days", 30]].map(([name, value]) => html("option", { textContent: name, value })));
      const told = html("output", { htmlFor: "day span" });
      const iso = (number) => new Date(first + number * DAY).toISOString().slice(0, 10);
      const apply = () => {
        const last = iso(Number(slide.value)), begin = iso(Number(slide.value) - Number(span.value) + 1);
        let shown = 0;
        for (const row of this.rows) {
          row.hidden = row.dataset.day > last || row.dataset.day < begin;
          shown += !row.hidden;
        }
        for (const spot of this.spots) spot.group.style.display = spot.row.hidden ? "none" : "";
        slide.setAttribute("aria-valuetext", last);
        told.textContent = `up to ${last}: ${shown} of ${this.rows.length} incidents`;
      };
      const play = html("button", { type: "button", textContent: "▶ Play" });
      let timer = 0;
      play.addEventListener("click", () => {
        if (timer) { clearInterval(timer); timer = 0; play.textContent = "▶ Play"; return; }
        if (Number(slide.value) >= count) slide.value = 0;
        play.textContent = "❚❚ Stop";
        timer = setInterval(() => {
          slide.value = Number(slide.value) + 1;
          apply();
          if (Number(slide.value) >= count) play.click();
        }, 600);
      });
      slide.addEventListener("input", apply);
      span.addEventListener("change", apply);
      this.box.append(html("div", { className: "map-tools" }, play, html("label", { htmlFor: "day", textContent: "Day" }), slide, html("label", { htmlFor: "span", textContent: "and" }), span, told));
      apply();
    }
  }

  // Latitude, longitude and precision of each spot of a row: "34.1,71.2,3;".
  function spotsOf(row) {
    return (row.dataset.spots || "").split(";").filter(Boolean).map((spot) => spot.split(",").map(Number));
  }

  function points(geometry) {
    const depth = { Point: 0, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 }[geometry.type];
    return depth ? geometry.coordinates.flat(depth - 1) : [geometry.coordinates];
  }

  function largest(geometry) {
    const rings = geometry.type === "MultiPolygon" ? geometry.coordinates.map((rings) => rings[0]) : [geometry.coordinates[0]];
    return rings.reduce((best, ring) => (ring.length > best.length ? ring : best));
  }

  // The centre of the area within a ring.
  function middleOf(ring) {
    let area = 0, x = 0, y = 0;
    for (let at = 0; at < ring.length - 1; at += 1) {
      const [ax, ay] = ring[at], [bx, by] = ring[at + 1], cross = ax * by - bx * ay;
      area += cross; x += (ax + bx) * cross; y += (ay + by) * cross;
    }
    return area ? [x / (3 * area), y / (3 * area)] : ring[0];
  }

  function frame(spots, margin) {
    const across = spots.map((spot) => spot[0]), down = spots.map((spot) => spot[1]);
    const x = Math.min(...across) - margin, y = Math.min(...down) - margin;
    return { x, y, width: Math.max(...across) + margin - x, height: Math.max(...down) + margin - y };
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-map]")) new BorderMap(box).start();
  });
})();
