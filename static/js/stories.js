// Telling a story: suggestions of workplaces in the municipality, and the receipt's code copied. Works without.
(() => {
  "use strict";

  const place = document.querySelector("[data-workplaces]");
  const municipality = document.getElementById("id_municipality");
  const list = document.getElementById("workplaces");
  if (place && municipality && list) {
    const suggest = async () => {
      list.replaceChildren();
      const code = municipality.value;
      if (!code) return;
      try {
        const answer = await fetch(`${place.dataset.workplaces}?kommune=${encodeURIComponent(code)}`);
        if (!answer.ok || municipality.value !== code) return;
        for (const name of (await answer.json()).navne) {
          const option = document.createElement("option");
          option.value = name;
          list.append(option);
        }
      } catch { /* no suggestions: the name is typed */ }
    };
    municipality.addEventListener("change", suggest);
    suggest();
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      } catch { return; }
      button.textContent = button.dataset.done;
      const announcer = document.getElementById("announcer");
      if (announcer) announcer.textContent = button.dataset.done;
    });
  }
})();
