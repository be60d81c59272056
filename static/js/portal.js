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

  // »Vis 16 resultater« in the filter panel: the results are already there behind it.
  document.addEventListener("submit", (event) => {
    const panel = event.submitter?.closest("[popover]:popover-open");
    if (!panel) return;
    panel.hidePopover();
    document.getElementById("result-count")?.focus();
  });

  // Forms that search: leave out what was not filled in, so that addresses stay short.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });

  // New results: tell the count politely. htmx keeps the focus where it was; what it stood on may be gone (a
  // removed part of the sentence, a value that gives nothing any more), and then the count is the next best place.
  document.addEventListener("htmx:afterSettle", () => {
    const count = document.getElementById("result-count");
    if (!count) return;
    announce(count.textContent.trim());
    if (document.activeElement === document.body && !document.querySelector("[popover]:popover-open")) count.focus();
  });
  // An answer htmx cannot use (an error page): let the browser show it at its own address.
  document.addEventListener("htmx:responseError", (event) => {
    location.assign(event.detail.pathInfo.finalRequestPath);
  });
})();
