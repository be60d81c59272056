// The admin: warns before what was typed is left behind, and names what Django's admin leaves without a name.
(() => {
  "use strict";

  /** Return the id of the text that names a field: its label, or in a table the column's heading. */
  function naming(field) {
    const cell = field.closest(".tabular td");
    const text = field.labels?.[0] ?? cell?.closest("table").tHead.rows[0].cells[cell.cellIndex];
    if (text) text.id ||= `name-of-${field.id}`;
    return text?.id ?? "";
  }

  /** Name the cells of inline tables and the boxes of Select2, which hide the labelled field behind them. */
  function nameFields() {
    for (const heading of document.querySelectorAll(".tabular th.original:empty")) {
      heading.innerHTML = "<span class='visually-hidden'></span>";
      heading.firstChild.textContent = heading.closest("fieldset").querySelector("h2").textContent;
    }
    for (const field of document.querySelectorAll(".tabular td :is(input, select, textarea):not([type=hidden])")) {
      const name = field.id && !field.labels.length && naming(field);
      if (name) field.setAttribute("aria-labelledby", name);
    }
    for (const field of document.querySelectorAll("select.admin-autocomplete")) {
      const box = field.parentElement.querySelector(".select2-selection");
      const name = naming(field);
      if (!box || !name) continue;
      const shown = box.querySelector(".select2-selection__rendered[id]");
      shown?.setAttribute("aria-labelledby", name);
      box.setAttribute("aria-labelledby", shown ? `${name} ${shown.id}` : name);
      box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", name);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    // One cross for everything stands in Select2's list without being part of it; each choice has its own.
    for (const field of document.querySelectorAll("select.admin-autocomplete[multiple]")) field.dataset.allowClear = "false";
    const form = document.querySelector(".change-form #content-main form[method=post]");
    if (!form) return;
    let typed = Boolean(document.querySelector(".errornote"));
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("change", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
    window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  });
  window.addEventListener("load", nameFields);
  document.addEventListener("formset:added", () => { window.setTimeout(nameFields); });
})();
