"use strict";
// Datasette's pages of rows: what its templates and its own script leave to be wished.

// What the columns mean is worth a line, not the first screen: the rows are what one came for.
document.addEventListener("DOMContentLoaded", () => {
  const meanings = document.querySelector("main.tables .column-descriptions");
  if (!meanings) return;
  const [details, summary] = ["details", "summary"].map((name) => document.createElement(name));
  summary.textContent = "What the columns mean";
  meanings.replaceWith(details);
  details.append(summary, meanings);
});

// The menu of a column (the wheel beside its name) for the keyboard and for screen readers. Datasette's script makes
// wheels and menu, fills the menu and shows it on a click; here both get roles, keys and a place within the window.
document.addEventListener("DOMContentLoaded", () => {
  const menu = document.querySelector("body > .dropdown-menu");
  const wheels = document.querySelectorAll(".rows-and-columns th .dropdown-menu-icon");
  if (!menu || !wheels.length) return;
  let opener = null;

  const items = () => [...menu.querySelectorAll("li > a")].filter((item) => item.parentNode.style.display !== "none");

  function shown(event) {
    opener = event.currentTarget;
    opener.setAttribute("aria-expanded", "true");
    menu.setAttribute("aria-label", opener.getAttribute("aria-label"));
    const room = document.documentElement.clientWidth - menu.offsetWidth - 8;
    menu.style.left = `${Math.max(8, Math.min(parseFloat(menu.style.left), window.scrollX + room))}px`;
  }

  function close() {
    menu.style.display = "none";
    if (opener) opener.focus();
  }

  function wheelKey(event) {
    if (!["Enter", " ", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    event.currentTarget.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    items()[0].focus({ preventScroll: true });
  }

  function menuKey(event) {
    const all = items(), at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to % all.length].focus();
    } else if (event.key === " ") {
      event.preventDefault();
      document.activeElement.click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      close(); // and the key goes on from the wheel
    }
  }

  menu.setAttribute("role", "menu");
  for (const part of menu.querySelectorAll("ul, li")) part.setAttribute("role", "none");
  for (const item of menu.querySelectorAll("li > a")) {
    item.setAttribute("role", "menuitem");
    item.tabIndex = -1;
  }
  for (const wheel of wheels) {
    const name = wheel.closest("th").dataset.column;
    for (const [key, value] of Object.entries({ role: "button", tabindex: "0", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Column ${name}` })) {
      wheel.setAttribute(key, value);
    }
    wheel.addEventListener("click", shown);
    wheel.addEventListener("keydown", wheelKey);
  }
  menu.addEventListener("keydown", menuKey);
  // Whoever hides it (a click beside it, the table scrolled), it is closed.
  new MutationObserver(() => {
    if (opener && menu.style.display === "none") opener.setAttribute("aria-expanded", "false");
  }).observe(menu, { attributes: true, attributeFilter: ["style"] });
});
