// Warns before what was typed in a form of the admin is left behind, and names fields that Django leaves without a label.
(() => {
  "use strict";

  const guardTyping = () => {
    const form = document.querySelector(".change-form #content-main form[method=post]");
    if (!form) return;
    let typed = Boolean(document.querySelector(".errornote"));
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("change", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
    window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  };

  // Fields in tables have only the column's heading, and an empty search field has no text: name both for screen readers.
  const headingOf = (name, table) => {
    const field = name.split("-").pop();
    const heading = table?.querySelector(field === "DELETE" ? "thead th:last-child" : `th.column-${field}`);
    return heading ? heading.textContent.trim() : "";
  };
  const nameFields = () => {
    document.querySelectorAll(".tabular th.original:empty").forEach((heading) => {
      heading.innerHTML = '<span class="visually-hidden">Nu</span>';
    });
    document.querySelectorAll(":is(.tabular, #result_list) td :is(input, select, textarea)").forEach((field) => {
      if (field.type === "hidden" || field.labels?.length || field.hasAttribute("aria-label")) return;
      const text = headingOf(field.name, field.closest("table"));
      if (text) field.setAttribute("aria-label", text);
    });
    document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
      const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      const text = label ? label.textContent.trim().replace(/:$/, "") : headingOf(select.name, select.closest("table"));
      const box = select.parentElement.querySelector(".select2-container");
      if (!text || !box) return;
      box.querySelectorAll(".select2-selection, .select2-selection__rendered[role=textbox], input").forEach((part) => {
        part.setAttribute("aria-label", text);
      });
    });
  };

  document.addEventListener("DOMContentLoaded", guardTyping);
  // Django's search fields are made a moment after the page has loaded.
  window.addEventListener("load", () => { nameFields(); setTimeout(nameFields, 100); });
  document.addEventListener("formset:added", () => setTimeout(nameFields));
})();
