// Keys for the queue: j and k move, o opens, t takes. Nothing happens while somebody writes, or with a modifier key.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll("[data-queue] tbody tr")];
  const hint = document.querySelector("[data-keys]");
  if (hint) hint.hidden = false;
  let here = -1;
  const go = (to) => {
    if (to < 0 || to >= rows.length) return;
    rows[here]?.classList.remove("is-here");
    here = to;
    rows[here].classList.add("is-here");
    rows[here].querySelector("td a").focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (rows.length) {
      if (event.key === "j") go(here + 1);
      else if (event.key === "k") go(here - 1);
      else if (event.key === "o" && here >= 0) rows[here].querySelector("td a").click();
      else if (event.key === "t" && here >= 0) rows[here].querySelector("form[action$='/tag/']")?.requestSubmit();
    } else if (found) {
      event.preventDefault();
      if (found.tagName === "FORM") found.requestSubmit();
      else found.click();
    }
  });
})();
