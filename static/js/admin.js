// Warns before what was typed in a form of the admin is left behind.
(() => {
  "use strict";
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector(".change-form #content-main form[method=post]");
    if (!form) return;
    let typed = Boolean(document.querySelector(".errornote"));
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("change", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
    window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  });
})();
