"use strict";
// What every page does: times in the reader's zone, the way to a sentence, menus that close. Nothing here writes HTML.

// Datasette's table.js asks for it; its own page sets it in an inline script, which the policy forbids.
window.DATASETTE_ALLOW_FACET = true;

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions();
  const here = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  const day = (moment, timeZone) => moment.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone });
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

  function localTimes() {
    if (zone.timeZone === "UTC") return;
    for (const item of document.querySelectorAll("time.clock")) {
      const moment = new Date(item.dateTime);
      if (Number.isNaN(moment.getTime())) continue;
      item.title = item.textContent;
      const utc = day(moment, "UTC") === day(moment, zone.timeZone) ? clock.format(moment) : `${day(moment, "UTC")} ${clock.format(moment)}`;
      item.textContent = `${here.format(moment)} (${utc} UTC)`;
    }
  }

  function closeMenus(event) {
    for (const menu of document.querySelectorAll("details.actions-menu-links[open], details.nav-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  }

  // Datasette marks neither its text field nor its selects for screen readers.
  function nameFields() {
    const names = { "_filter_column": "Column", "_filter_op": "Comparison", "_filter_value": "Value", "sql": "SQL", "_sort": "Sort by" };
    for (const field of document.querySelectorAll("main.tables select, main.tables input[type=text], main.tables textarea")) {
      const name = names[field.name.replace(/_\d+$/, "")];
      if (name && !field.labels.length) field.setAttribute("aria-label", name);
    }
    for (const wide of document.querySelectorAll("main.tables .table-wrapper")) {
      wide.tabIndex = 0;
      wide.setAttribute("role", "region");
      wide.setAttribute("aria-label", "Rows");
    }
  }

  function runWithKeys(event) {
    const form = event.target.closest ? event.target.closest("form.sql") : null;
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      form.submit();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    localTimes();
    nameFields();
    document.addEventListener("click", closeMenus);
    document.addEventListener("keydown", runWithKeys);
  });
})();
