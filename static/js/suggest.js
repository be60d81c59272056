// Suggestions under a search field (WAI-ARIA's combobox with a list): [data-suggest] holds the address to ask.
// The field stays what it is without script: Enter sends the form unless a suggestion is chosen.
(() => {
  "use strict";

  const WAIT = 120; // milliseconds without a new letter before we ask

  function attach(box, number) {
    const input = box.querySelector("input[type=search]");
    const list = Object.assign(document.createElement("ul"), { id: `suggestions-${number}`, className: "coi-suggest" });
    const status = Object.assign(document.createElement("p"), { className: "sr-only" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.dataset.label);
    list.hidden = true;
    status.setAttribute("role", "status");
    box.append(list, status);
    for (const [name, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": list.id,
    })) input.setAttribute(name, value);

    let options = [];
    let active = -1;
    let timer;
    let asking;
    let shownFor = "";

    function close() {
      window.clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      shownFor = "";
      status.textContent = "";
      input.setAttribute("aria-expanded", "false");
      choose(-1);
    }

    function go(option) {
      close(); // so that the way back does not meet an open list
      location.assign(option.dataset.url);
    }

    function choose(place) {
      options[active]?.setAttribute("aria-selected", "false");
      active = place;
      const option = options[active];
      if (!option) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function show(found, q) {
      if (document.activeElement !== input || q !== input.value) return;
      list.replaceChildren();
      options = [];
      active = -1;
      input.removeAttribute("aria-activedescendant");
      for (const { titel, slags, url } of found) {
        const option = document.createElement("li");
        const sort = document.createElement("span");
        option.id = `${list.id}-${options.length}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = url;
        sort.className = "coi-suggest__sort";
        sort.textContent = slags;
        option.append(...marked(titel, q), " ", sort);
        list.append(option);
        options.push(option);
      }
      list.hidden = options.length === 0;
      shownFor = q;
      input.setAttribute("aria-expanded", String(options.length > 0));
      const { none, one, many } = box.dataset;
      status.textContent = options.length === 0 ? none : options.length === 1 ? one : many.replace("#", options.length);
    }

    /** The title with what has been typed so far set off from the rest. */
    function marked(title, q) {
      const at = title.toLocaleLowerCase("da").indexOf(q.trim().toLocaleLowerCase("da"));
      const text = document.createElement("span");
      if (at < 0) {
        text.textContent = title;
      } else {
        const hit = document.createElement("b");
        hit.textContent = title.slice(at, at + q.trim().length);
        text.append(title.slice(0, at), hit, title.slice(at + q.trim().length));
      }
      return [text];
    }

    async function ask() {
      const q = input.value;
      if (q.trim().length < 2) return close();
      asking?.abort();
      if (q === shownFor) return undefined;
      asking = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(q.slice(0, 80))}`, {
          signal: asking.signal, headers: { Accept: "application/json" },
        });
        if (!answer.ok) return close();
        show((await answer.json()).forslag, q);
      } catch (error) {
        // Nothing is lost without suggestions: the form can be sent all the same.
        if (error.name !== "AbortError") close();
      }
      return undefined;
    }

    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault(); // the first Escape closes the list, the next empties the field
        close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && list.hidden) {
        ask();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        // One place more than there are suggestions: the field itself.
        choose(((active + 1 + step + options.length + 1) % (options.length + 1)) - 1);
      } else if (event.key === "Enter" && options[active] && !list.hidden) {
        event.preventDefault();
        go(options[active]);
      } else if (event.key === "Tab" || event.key === "Enter") {
        close();
      }
    });
    input.addEventListener("blur", () => { window.setTimeout(() => { if (document.activeElement !== input) close(); }, 150); });
    // The field keeps the focus while a suggestion is pressed.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
  }

  document.querySelectorAll("[data-suggest]").forEach(attach);
})();
