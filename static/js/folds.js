// Filters that open under their row: one at a time, closed by Escape and by a click elsewhere. A field whose text can be
// copied. Both work without script: the folds are <details>, the text can be selected.
(() => {
  "use strict";
  const wide = window.matchMedia("(min-width: 992px)");
  const folds = () => [...document.querySelectorAll("details[data-fold]")];

  document.addEventListener("toggle", (event) => {
    if (!wide.matches || !event.target.open || !event.target.matches?.("details[data-fold]")) return;
    for (const fold of folds()) if (fold !== event.target) fold.open = false;
  }, true);
  document.addEventListener("click", (event) => {
    if (!wide.matches) return;
    for (const fold of folds()) if (!fold.contains(event.target)) fold.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !wide.matches) return;
    const open = folds().find((fold) => fold.open);
    if (!open) return;
    const inside = open.contains(document.activeElement);
    open.open = false;
    if (inside) open.querySelector("summary").focus();
  });

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.done;
      const announcer = document.getElementById("announcer");
      if (announcer) announcer.textContent = button.dataset.done;
    });
  }
})();
