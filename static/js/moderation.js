// Keys for the queue: j and k move, o opens, t takes. Nothing happens while somebody writes, with a modifier key, or
// when they are switched off (WCAG 2.1.4: speech input would set them off); the browser remembers it.
(() => {
  "use strict";
  const rows = [...document.querySelectorAll("[data-queue] tbody tr")];
  const hint = document.querySelector("[data-keys]");
  const button = document.querySelector("[data-keys-switch]");
  const remembered = {
    get off() { try { return localStorage.getItem("coi-keys") === "off"; } catch { return false; } },
    set off(off) { try { localStorage.setItem("coi-keys", off ? "off" : "on"); } catch { /* private window */ } },
  };
  let off = remembered.off;
  const say = () => {
    if (!hint || !button) return;
    hint.hidden = false;
    hint.querySelector("span").hidden = off;
    button.textContent = off ? button.dataset.on : button.dataset.off;
  };
  button?.addEventListener("click", () => { off = remembered.off = !off; say(); });
  say();
  const move = (to) => { if (to >= 0 && to < rows.length) rows[to].querySelector("td a").focus(); };
  // The row that has the focus, however it got there.
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  document.addEventListener("focusin", () => rows.forEach((row, n) => row.classList.toggle("is-here", n === here())));
  document.addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.metaKey || event.altKey || typeof event.key !== "string") return;
    const writing = event.target instanceof Element
      && event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (writing) return;
    const row = rows[here()];
    if (rows.length) {
      if (event.key === "j") move(here() + 1);
      else if (event.key === "k") move(here() - 1);
      else if (event.key === "o") row?.querySelector("td a").click();
      else if (event.key === "t") row?.querySelector("form[action$='/tag/']")?.requestSubmit();
      return;
    }
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.tagName === "FORM") found.requestSubmit();
    else found.click();
  });
})();
