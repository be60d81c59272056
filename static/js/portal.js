// The portal's own behaviour on top of HTML. Every page works without it.
(() => {
  "use strict";

  const announcer = document.getElementById("announcer");

  /** Say something to a screen reader without moving focus. An empty moment makes the same text heard again. */
  let waiting;
  function announce(text) {
    if (!announcer) return;
    announcer.textContent = "";
    window.clearTimeout(waiting); // a swap settles in several steps: say it once
    waiting = window.setTimeout(() => { announcer.textContent = text; }, 150);
  }

  // Share: the system's own sheet where there is one, else the address is copied. Hidden without script.
  for (const button of document.querySelectorAll("[data-share]")) {
    if (!navigator.share && !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const url = document.querySelector("link[rel=canonical]")?.href || location.href;
      try {
        if (navigator.share) {
          await navigator.share({ title: document.title, url });
          return;
        }
        await navigator.clipboard.writeText(url);
        const label = button.querySelector("[data-share-label]");
        label.textContent = button.dataset.done;
        announce(button.dataset.done);
      } catch (error) {
        if (error.name !== "AbortError") throw error; // closing the sheet is not an error
      }
    });
  }

  // Print: only shown where it can do something.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A choice among few (sorting): send at once, and spare the button that does the same without script.
  for (const control of document.querySelectorAll("[data-submit-on-change]")) {
    const button = control.form.querySelector("[data-submit-fallback]");
    if (button) button.hidden = true;
    control.addEventListener("change", () => control.form.requestSubmit());
  }

  // »Vis 16 resultater« in the filter panel: the results are already there behind it.
  document.addEventListener("submit", (event) => {
    const panel = event.target.closest("[popover]");
    if (panel && panel.matches(":popover-open")) panel.hidePopover();
  });

  // New results: tell the count politely. htmx itself keeps the focus where it was.
  document.addEventListener("htmx:afterSettle", () => {
    const count = document.getElementById("result-count");
    if (count) announce(count.textContent.trim());
  });
  // An answer htmx cannot use (an error page): let the browser show it at its own address.
  document.addEventListener("htmx:responseError", (event) => {
    location.assign(event.detail.pathInfo.finalRequestPath);
  });
})();
