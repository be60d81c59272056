// While somebody writes an idea: what is public and looks like it. Without it the same is shown when the form comes back.
(() => {
  "use strict";

  const alike = document.getElementById("alike");
  const form = alike?.closest("form");
  if (!form) return;
  let waiting;
  let asking;
  let asked = "";

  async function look() {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "title", "text"]) data.set(name, form.elements[name].value.slice(0, 1000));
    const written = `${data.get("title")}\n${data.get("text")}`;
    if (written === asked) return;
    asked = written;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(alike.dataset.alike, { method: "POST", body: data, signal: asking.signal, redirect: "error" });
      if (!answer.ok) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      // What is shown already is not read aloud once more.
      if (found.textContent !== alike.textContent) alike.replaceChildren(...found.childNodes);
    } catch { /* it is only a help */ }
  }

  form.addEventListener("input", (event) => {
    if (!["title", "text"].includes(event.target.name)) return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, 600);
  });
})();
