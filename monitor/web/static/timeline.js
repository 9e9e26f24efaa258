"use strict";
// The timeline: bars by day, made of the rows of a table; a brush over it filters the list of incidents.

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const DAY = 86400000;
  const LEFT = 44, TOP = 12, BOTTOM = 22, GAP = 20;

  function make(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  class Timeline {
    constructor(box) {
      this.box = box;
      this.first = Date.parse(box.dataset.first);
      this.count = Math.round((Date.parse(box.dataset.last) - this.first) / DAY) + 1;
      this.days = [...document.querySelectorAll(box.dataset.rows)].filter((row) => row.dataset.day);
      this.list = [...document.querySelectorAll(box.dataset.list)].filter((row) => row.dataset.day);
      this.told = document.getElementById("chosen");
      this.svg = make("svg", { role: "application", tabindex: "0", "aria-label": "Days: arrow keys move, with Shift they choose; Escape shows all", "aria-describedby": "chosen" });
      box.append(this.svg);
      this.at = this.count - 1;
      this.anchor = null;
      this.draw();
      this.listen();
      new ResizeObserver(() => this.draw()).observe(box);
    }

    draw() {
      const { width, height } = this.svg.getBoundingClientRect();
      if (!width) return;
      Object.assign(this, { width, height, step: (width - LEFT - 4) / this.count });
      const half = (height - TOP - BOTTOM - GAP) / 2;
      this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      this.svg.replaceChildren();
      const values = this.days.map((row) => row.dataset.deaths.split(",").map(Number));
      this.scale(TOP + half, half, Math.max(1, ...this.days.map((row) => Number(row.dataset.incidents))), "incidents");
      this.scale(height - BOTTOM, half, Math.max(1, ...values.flat()), "claimed deaths");
      this.days.forEach((row, number) => this.day(row, values[number], half));
      this.axis();
      this.svg.append(this.brush = make("rect", { class: "brush", y: TOP, height: height - TOP - BOTTOM, width: 0, x: 0 }));
      this.showBrush();
    }

    x(day) { return LEFT + day * this.step; }

    scale(base, tall, most, name) {
      this.svg.append(make("line", { class: "axis", x1: LEFT, x2: this.width, y1: base, y2: base }));
      this.svg.append(make("text", { x: LEFT - 6, y: base - tall + 9, "text-anchor": "end" }, most.toLocaleString("en")));
      this.svg.append(make("text", { x: LEFT + 3, y: base - tall - 2 }, name));
      this[name === "incidents" ? "most" : "mostDeaths"] = most;
    }

    day(row, deaths, half) {
      const day = Math.round((Date.parse(row.dataset.day) - this.first) / DAY);
      const wide = Math.min(Math.max(this.step - 1, 1), 30), x = this.x(day) + (this.step - wide) / 2;
      const bar = (name, left, width, base, share) => share > 0 && this.svg.append(make("rect", { class: name, x: left, y: base - share * half, width: Math.max(width, 1), height: Math.max(share * half, 1) }));
      if (Number(row.dataset.added)) this.svg.append(make("line", { class: "added", x1: x + wide / 2, x2: x + wide / 2, y1: this.height - BOTTOM, y2: this.height - BOTTOM + 7 }, make("title", {}, `${row.dataset.added} outlets added`)));
      bar("bar", x, wide, TOP + half, Number(row.dataset.incidents) / this.most);
      deaths.forEach((count, side) => bar(`side-${side + 1}`, x + side * wide / 3, wide / 3 - 0.5, this.height - BOTTOM, count / this.mostDeaths));
    }

    axis() {
      const every = Math.max(1, Math.ceil(70 / this.step));
      for (let day = 0; day < this.count; day += every) {
        const words = new Date(this.first + day * DAY).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
        if (this.x(day) + 40 < this.width) this.svg.append(make("text", { x: this.x(day), y: this.height - 6 }, words));
      }
    }

    listen() {
      const dayAt = (event) => Math.min(Math.max(Math.floor((event.clientX - this.svg.getBoundingClientRect().left - LEFT) / this.step), 0), this.count - 1);
      let down = false;
      this.svg.addEventListener("pointerdown", (event) => { down = true; this.anchor = this.at = dayAt(event); this.svg.setPointerCapture(event.pointerId); this.filter(); });
      this.svg.addEventListener("pointermove", (event) => { if (down) { this.at = dayAt(event); this.filter(); } });
      this.svg.addEventListener("pointerup", () => { down = false; });
      this.svg.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 }[event.key];
        if (event.key === "Escape") this.anchor = null;
        else if (step) {
          if (this.anchor === null || !event.shiftKey) this.anchor = Math.min(Math.max(this.at + (event.shiftKey ? 0 : step), 0), this.count - 1);
          this.at = Math.min(Math.max(this.at + step, 0), this.count - 1);
        } else return;
        event.preventDefault();
        this.filter();
      });
    }

    range() { return [Math.min(this.anchor, this.at), Math.max(this.anchor, this.at)]; }

    showBrush() {
      if (this.anchor === null) { this.brush.setAttribute("width", 0); return; }
      const [from, to] = this.range();
      this.brush.setAttribute("x", this.x(from));
      this.brush.setAttribute("width", this.x(to + 1) - this.x(from));
    }

    filter() {
      this.showBrush();
      const iso = (day) => new Date(this.first + day * DAY).toISOString().slice(0, 10);
      const [from, to] = this.anchor === null ? ["", "9"] : this.range().map(iso);
      let shown = 0;
      for (const row of this.list) { row.hidden = row.dataset.day < from || row.dataset.day > to; shown += !row.hidden; }
      for (const row of this.days) row.hidden = row.dataset.day < from || row.dataset.day > to;
      this.told.textContent = this.anchor === null ? "" : `${from}${to === from ? "" : ` to ${to}`}: ${shown} of ${this.list.length} incidents. Escape shows all.`;
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-timeline]")) new Timeline(box);
  });
})();
