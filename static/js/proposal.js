// A proposal saves itself while one writes, shows what looks alike, suggests workplaces, and uploads pictures with
// progress. Without it every button of the page does the same by sending the form.
(() => {
  "use strict";

  const form = document.querySelector("[data-proposal]");
  if (!form) return;
  const WAIT = 1500; // milliseconds without a new letter before it is saved
  const status = document.getElementById("saved");
  const key = `proposal:${location.pathname}`;
  let timer;
  let changed = false;
  let saving = Promise.resolve();

  const say = (text) => { status.textContent = text; };

  /** What is typed, without files, token and time. */
  function typed() {
    const data = new FormData(form);
    for (const name of ["csrfmiddlewaretoken", "seen", "upload"]) data.delete(name);
    return [...data.entries()].filter(([, value]) => typeof value === "string");
  }

  /** Keep it in this tab, for the time when nothing can be saved; gone as soon as it is saved. */
  function keepHere() {
    try { sessionStorage.setItem(key, JSON.stringify({ seen: form.elements.seen.value, typed: typed() })); } catch { /* full or forbidden: the page still has it */ }
  }
  function forgetHere() {
    try { sessionStorage.removeItem(key); } catch { /* nothing kept */ }
  }

  async function send(data) {
    const answer = await fetch(location.pathname, {
      method: "POST", body: data, headers: { "X-Autosave": "1", Accept: "application/json" }, redirect: "error",
    });
    if (!(answer.headers.get("content-type") || "").includes("json")) throw new Error(String(answer.status));
    const told = await answer.json();
    if (told.seen) form.elements.seen.value = told.seen;
    return { ok: answer.ok, ...told };
  }

  function save() {
    window.clearTimeout(timer);
    saving = saving.then(async () => {
      if (!changed) return;
      changed = false;
      const data = new FormData(form);
      data.delete("upload");
      try {
        const told = await send(data);
        say(told.message);
        if (told.ok && !changed) forgetHere();
        else if (!told.ok) keepHere();
      } catch {
        changed = true;
        keepHere();
        say(form.dataset.offline);
        timer = window.setTimeout(save, 20000);
      }
    });
    return saving;
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changed = true;
    keepHere();
    window.clearTimeout(timer);
    timer = window.setTimeout(save, WAIT);
  });
  form.addEventListener("change", () => { if (changed) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && changed) save(); });

  // The page's own buttons wait for what is under way, so that they know what they have seen.
  let leaving = false;
  form.addEventListener("submit", (event) => {
    if (leaving) return;
    event.preventDefault();
    const by = event.submitter;
    window.clearTimeout(timer);
    changed = false;
    // Not before this event is over: until then the browser ignores another try.
    saving.finally(() => window.setTimeout(() => {
      leaving = true;
      if (by) form.requestSubmit(by);
      else form.requestSubmit();
      window.setTimeout(() => { leaving = false; }, 3000);
    }));
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  // What was typed and never reached us, as when the login had run out.
  function restore() {
    let kept;
    try { kept = JSON.parse(sessionStorage.getItem(key)); } catch { return; }
    if (!Array.isArray(kept?.typed)) return;
    if (form.querySelector("[aria-invalid], .form-error")) { forgetHere(); return; } // the page shows what was sent
    const values = new Map();
    for (const [name, value] of kept.typed) values.set(name, [...(values.get(name) || []), value]);
    let any = false;
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "file" || field.type === "submit") continue;
      const found = values.get(field.name) || [];
      if (field.type === "checkbox" || field.type === "radio") {
        const wanted = found.includes(field.value);
        if (field.checked !== wanted) { field.checked = wanted; any = true; }
      } else if (found.length && field.value !== found[0]) {
        field.value = found[0];
        any = true;
      }
    }
    if (!any) { forgetHere(); return; }
    // What it was written over: has anybody saved since, then both texts are shown and none is lost.
    form.elements.seen.value = kept.seen;
    changed = true;
    say(form.dataset.restored);
    timer = window.setTimeout(save, 4 * WAIT);
  }
  restore();

  // What looks alike: like the title, and where there is a point, near it.
  const alike = document.getElementById("alike");
  if (alike) {
    const asks = { titel: "title", kommune: "municipality", lat: "lat", lng: "lng" };
    let waiting;
    let asking;
    form.addEventListener("input", (event) => {
      if (!Object.values(asks).includes(event.target.name)) return;
      window.clearTimeout(waiting);
      waiting = window.setTimeout(async () => {
        asking?.abort();
        asking = new AbortController();
        const query = new URLSearchParams({ type: alike.dataset.kind, titel: alike.dataset.title });
        for (const [key, name] of Object.entries(asks)) {
          if (form.elements[name]) query.set(key, form.elements[name].value.slice(0, 200));
        }
        try {
          const answer = await fetch(`${alike.dataset.alike}?${query}`, { signal: asking.signal, redirect: "error" });
          if (answer.ok) {
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            alike.replaceChildren(...page.body.childNodes);
          }
        } catch { /* it is only a help */ }
      }, 500);
    });
  }

  // Names of workplaces, and of entries.
  for (const names of form.querySelectorAll("datalist[data-names]")) {
    let waiting;
    form.addEventListener("input", (event) => {
      if (event.target.getAttribute("list") !== names.id) return;
      window.clearTimeout(waiting);
      waiting = window.setTimeout(async () => {
        try {
          const answer = await fetch(`${names.dataset.names}?q=${encodeURIComponent(event.target.value.slice(0, 160))}`, { redirect: "error" });
          if (!answer.ok) return;
          const { forslag } = await answer.json();
          names.replaceChildren(...forslag.map((name) => Object.assign(document.createElement("option"), { value: name })));
        } catch { /* it is only a help */ }
      }, 250);
    });
  }

  // A picture goes up as soon as it is chosen, with progress; everything else typed goes along.
  form.addEventListener("change", (event) => {
    if (event.target.id !== "upload" || !event.target.files.length) return;
    const bar = form.querySelector(".coi-progress");
    const request = new XMLHttpRequest();
    const data = new FormData(form);
    data.set("action", "picture");
    bar.hidden = false;
    bar.value = 0;
    request.upload.addEventListener("progress", (p) => { if (p.lengthComputable) bar.value = (100 * p.loaded) / p.total; });
    request.addEventListener("load", () => {
      bar.hidden = true;
      let told;
      try { told = JSON.parse(request.responseText); } catch { say(form.dataset.offline); return; }
      say(told.message);
      if (told.seen) form.elements.seen.value = told.seen;
      if (!told.html) return;
      const page = new DOMParser().parseFromString(told.html, "text/html");
      document.getElementById("pictures").replaceWith(page.getElementById("pictures"));
      const alts = form.querySelectorAll("#pictures input[name$='-alt']");
      const next = request.status === 200 ? alts[alts.length - 1] : document.getElementById("upload");
      next?.focus();
      forgetHere();
    });
    request.addEventListener("error", () => { bar.hidden = true; say(form.dataset.offline); });
    saving = saving.then(() => new Promise((done) => {
      data.set("seen", form.elements.seen.value);
      request.addEventListener("loadend", done);
      request.open("POST", location.pathname);
      request.setRequestHeader("X-Autosave", "1");
      request.send(data);
    }));
  });
})();
