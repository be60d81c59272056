// The map: what the server counted, drawn with Leaflet. Addresses and sentences stand in the markup
// (mapping/parts/map.html), signs are the drawings of the legend. Everything on it is on the list beside it, too.
(() => {
  "use strict";

  const box = document.getElementById("map");
  if (box && !window.L) document.getElementById("map-figure").remove(); // no room is kept for a map that never comes
  if (!box || !window.L) return;
  const L = window.L;
  const say = box.dataset;
  const figure = document.getElementById("map-figure");
  const message = document.getElementById("map-message");
  const messageText = document.getElementById("map-message-text");
  const again = document.getElementById("map-again");
  const hint = document.getElementById("map-hint");
  const said = document.getElementById("map-said");
  const zoomButtons = document.getElementById("map-zoom");
  const framed = Boolean(say.frame);

  const HOME = L.latLngBounds([54.5, 7.75], [57.8, 15.3]);
  const AROUND = L.latLngBounds([51.5, 1.5], [60.5, 21.5]);
  const DRAWN = ["projekt", "enhed", "arbejdsplads", "historie"];
  const WAIT = 15000; // milliseconds before an answer counts as failed
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? "");
  const touch = window.matchMedia("(pointer: coarse)").matches;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** A new element with a class, text and attributes; texts are never read as HTML. */
  function make(name, className, text, attributes = {}) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  let map;
  const markers = new Map(); // feature id → its marker
  let asking; // the request under way
  let shownFor = ""; // the address that the markers came from
  let askedFor = ""; // the address of the request under way
  let moved = false; // whether the reader has moved the map, so that its position belongs in the address
  let zoomedInto = null; // what to give the focus to when the next answer is there
  let openFor = ""; // the marker whose popup is open

  // -- beginning ------------------------------------------------------------------------------------------------------

  /** The position in the address: {centre, zoom}, or null. */
  function position() {
    const params = new URLSearchParams(location.search);
    const [lat, lng] = ["lat", "lng"].map((name) => (params.get(name) ? Number(params.get(name)) : NaN));
    if (!AROUND.contains([lat || 0, lng || 0])) return null;
    const zoom = Number(params.get("zoom")) || 9;
    return { centre: [lat, lng], zoom: Math.min(Math.max(zoom, 5), 16) };
  }

  function state() {
    return document.getElementById("map-state");
  }

  /** The bounds of a choice of places (w,s,e,n), or null. */
  function chosenBounds() {
    const [w, s, e, n] = (state().dataset.bounds || "").split(",").map(Number);
    return Number.isFinite(n) ? L.latLngBounds([s, w], [n, e]) : null;
  }

  function begin() {
    map = L.map(box, {
      zoomControl: false, attributionControl: false, keyboard: false, minZoom: 5, maxZoom: 16, maxBounds: AROUND,
      maxBoundsViscosity: 0.8, zoomSnap: say.tiles ? 1 : 0.1, scrollWheelZoom: false, dragging: !touch,
      zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm,
    });
    const at = position();
    if (at) {
      map.setView(at.centre, at.zoom, { animate: false });
      moved = true;
    } else fit(false);
    if (say.tiles) L.tileLayer(say.tiles, { maxZoom: 16 }).addTo(map);
    else drawBase();
    map.createPane("names").classList.add("coi-names");
    map.on("dragstart", () => { moved = true; });
    map.on("moveend", afterMove);
    map.on("popupclose", popupClosed);
    new ResizeObserver(() => { 
      if (!box.clientWidth) return;
      map.invalidateSize({ animate: false });
      if (!moved) fit(false);
    }).observe(box);
    ask();
  }

  /** The whole country, or what a choice of places gives. */
  function fit(animate = !calm) {
    const bounds = chosenBounds();
    if (bounds) map.fitBounds(bounds.pad(0.1), { maxZoom: 11, padding: [24, 24], animate });
    else map.fitBounds(HOME, { animate });
  }

  function afterMove() {
    if (moved) keepPosition();
    namesByZoom();
    ask();
  }

  /** Write the position into the address, the form and the links to the other views. */
  function keepPosition() {
    const centre = map.getCenter();
    const now = { lat: centre.lat.toFixed(4), lng: centre.lng.toFixed(4), zoom: map.getZoom().toFixed(1) };
    for (const field of document.querySelectorAll("input[data-position]")) Object.assign(field, { value: now[field.name], disabled: false });
    const into = (address) => {
      const url = new URL(address, location.href);
      for (const [name, value] of Object.entries(now)) url.searchParams.set(name, value);
      return url.href;
    };
    if (!framed) history.replaceState(history.state, "", into(location.href));
    for (const link of document.querySelectorAll("a[data-keeps-position]")) link.href = into(link.href);
    const sort = document.getElementById("sort");
    if (sort && ![...sort.options].some((option) => option.value === "afstand")) sort.append(new Option(say.distance, "afstand"));
  }

  // -- the base map ---------------------------------------------------------------------------------------------------

  const names = [];
  let namesShown = [];
  let finer; // borders between municipalities, from a zoom on
  let finerFrom = 99;

  async function drawBase() {
    const answer = await fetch(say.baseMap).catch(() => null);
    if (!answer?.ok) return; // markers on plain ground are still a map
    const base = await answer.json();
    const draw = (part, className, more = {}) =>
      L.geoJSON(part, { interactive: false, style: { className, weight: 1, fillOpacity: 1, ...more } }).addTo(map);
    draw(base.neighbours, "coi-neighbours", { stroke: false });
    draw(base.regions, "coi-land");
    const borders = base.municipalities.features;
    if (borders.length) {
      finer = L.geoJSON(base.municipalities, { interactive: false, style: { className: "coi-border", weight: 1, fill: false } });
      finerFrom = borders[0].properties.min_zoom;
    }
    for (const { geometry, properties } of base.names.features) {
      names.push({ ...properties, at: L.latLng(geometry.coordinates[1], geometry.coordinates[0]) });
    }
    namesByZoom();
  }

  /** The names that matter at this zoom, the most important first, where neither a marker nor another name stands. */
  function namesByZoom() {
    if (!map) return;
    const zoom = map.getZoom() + 0.5;
    if (finer && map.getZoom() >= finerFrom) finer.addTo(map);
    else finer?.remove();
    const view = map.getBounds();
    const buttons = [zoomButtons.offsetWidth / 2, zoomButtons.offsetHeight / 2];
    const taken = [ // [middle x, middle y, half width, half height] in pixels: first of all the buttons
      [zoomButtons.offsetLeft + buttons[0], zoomButtons.offsetTop + buttons[1], ...buttons],
    ];
    const free = (mine) => taken.every((other) =>
      Math.abs(other[0] - mine[0]) >= other[2] + mine[2] || Math.abs(other[1] - mine[1]) >= other[3] + mine[3]);
    const under = []; // the names of clusters, the largest first
    for (const marker of markers.values()) {
      const { x, y } = map.latLngToContainerPoint(marker.getLatLng());
      const half = marker.options.icon.options.iconSize[0] / 2;
      taken.push([x, y, half, half]);
      if (marker.options.near) under.push({ name: marker.options.near, half, at: [x, y + half + 8] });
    }
    under.sort((a, b) => b.half - a.half);
    const towns = names.filter((name) => name.min_zoom <= zoom && view.contains(name.at)).map((name) => {
      const { x, y } = map.latLngToContainerPoint(name.at);
      return { ...name, at: [x, y] };
    });
    const chosen = [];
    const size = map.getSize();
    const whole = ([x, y, w, h]) => x >= w && y >= h && x <= size.x - w && y <= size.y - h; // not cut by an edge
    for (const name of [...under, ...towns]) {
      const mine = [...name.at, name.name.length * 3.4, 7];
      if (!whole(mine) || !free(mine)) continue;
      taken.push(mine);
      chosen.push({ ...name, at: map.containerPointToLatLng(name.at) });
    }
    for (const marker of namesShown) marker.remove();
    namesShown = chosen.map((name) => L.marker(name.at, {
      interactive: false, keyboard: false, pane: "names",
      icon: L.divIcon({ className: name.abroad ? "coi-name is-abroad" : "coi-name", html: make("span", "", name.name), iconSize: [0, 0] }),
    }).addTo(map));
  }

  // -- data -----------------------------------------------------------------------------------------------------------

  function dataAddress() {
    const url = new URL(state().dataset.url, location.href);
    const bounds = map.getBounds().pad(0.1);
    const degrees = (n) => n.toFixed(3);
    const west = Math.max(bounds.getWest(), -180);
    const south = Math.max(bounds.getSouth(), -85);
    const east = Math.min(bounds.getEast(), 180);
    const north = Math.min(bounds.getNorth(), 85);
    url.searchParams.set("bbox", [west, south, east, north].map(degrees).join(","));
    url.searchParams.set("zoom", String(Math.floor(map.getZoom())));
    return url.href;
  }

  async function ask() {
    if (!box.clientWidth) return; // the map's tab is not the one that is shown
    const address = dataAddress();
    if (address === shownFor || address === askedFor) return;
    asking?.abort();
    askedFor = address;
    const mine = asking = new AbortController();
    const slow = window.setTimeout(() => tell(messageText.dataset.waiting), 600);
    const late = window.setTimeout(() => mine.abort("late"), WAIT);
    try {
      const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "application/geo+json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const data = await answer.json();
      shownFor = address;
      tell("");
      show(data.features);
    } catch (error) {
      if (mine !== asking && mine.signal.reason !== "late") return; // a newer question has taken its place
      shownFor = "";
      tell(messageText.dataset.failed, true);
    } finally {
      if (mine === asking) askedFor = "";
      window.clearTimeout(slow);
      window.clearTimeout(late);
    }
  }

  /** A sentence over the map; with `failed` there is a way to try once more. */
  function tell(text, failed = false) {
    message.hidden = !text;
    again.hidden = !failed;
    if (messageText.textContent !== text) messageText.textContent = text;
    if (failed) announce(text);
  }

  function announce(text) {
    said.textContent = "";
    window.setTimeout(() => { said.textContent = text; }, 100);
  }

  // -- markers --------------------------------------------------------------------------------------------------------

  function nameOf({ properties: p }) {
    if (!p.cluster) return fill(say.one, { kind: p.label, title: p.title, where: p.where }) + (p.exact ? "" : ". " + say.areaNote);
    if (p.zoom === null) return fill(p.near ? say.clusterOpen : say.together, { n: p.count, near: p.near });
    return fill(p.near ? say.clusterZoom : say.clusterNowhere, { n: p.count, near: p.near });
  }

  function signOf({ properties: p }) {
    if (p.cluster) {
      const size = p.count < 10 ? 34 : p.count < 30 ? 40 : p.count < 100 ? 48 : 56;
      return L.divIcon({
        className: "coi-cluster", html: make("span", "coi-cluster__disc", String(p.count)), iconSize: [size, size],
      });
    }
    const shape = DRAWN.includes(p.kind) ? p.kind : "entry";
    const html = document.querySelector(`[data-pin="${shape}"] svg`).cloneNode(true);
    return L.divIcon({ className: `coi-pin is-${p.kind}${p.exact ? "" : " is-vague"}`, html, iconSize: [28, 28] });
  }

  const latLng = ({ geometry: { coordinates: [lng, lat] } }) => L.latLng(lat, lng);
  const idOf = (feature) => `${feature.id}${feature.properties.cluster ? `/${feature.properties.count}` : ""}`;

  /** Put the markers of an answer on the map, west to east; those that stay keep their element, and so the focus. */
  function show(features) {
    const sorted = [...features].sort((a, b) =>
      a.geometry.coordinates[0] - b.geometry.coordinates[0] || b.geometry.coordinates[1] - a.geometry.coordinates[1]);
    const held = document.activeElement;
    const hadFocus = box.contains(held) && held.matches("[data-marker]");
    const wanted = new Set(sorted.map(idOf));
    for (const [id, marker] of markers) {
      if (wanted.has(id)) continue;
      marker.remove();
      markers.delete(id);
    }
    for (const feature of sorted) {
      const id = idOf(feature);
      if (markers.has(id)) continue;
      const marker = L.marker(latLng(feature), {
        icon: signOf(feature), keyboard: false, autoPanOnFocus: true, near: feature.properties.cluster && feature.properties.near,
      }).addTo(map);
      const element = marker.getElement();
      element.tabIndex = 0;
      element.dataset.marker = id;
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", nameOf(feature));
      if (!feature.properties.cluster || feature.properties.zoom === null) element.setAttribute("aria-haspopup", "dialog");
      marker.on("click", () => open(feature, id));
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        open(feature, id);
      });
      markers.set(id, marker);
    }
    inOrder(sorted.map((feature) => markers.get(idOf(feature)).getElement()));
    namesByZoom();
    box.dataset.shown = String(sorted.length);
    if (!sorted.length && zoomedInto === null && state().dataset.url) announce(say.none);
    if (zoomedInto) {
      const inside = sorted.find((feature) => zoomedInto.contains(latLng(feature)));
      const element = inside && markers.get(idOf(inside)).getElement();
      (element ?? box).focus({ preventScroll: true });
      announce(fill(say.zoomed, { n: sorted.length }));
      zoomedInto = null;
    } else if (hadFocus && !box.contains(document.activeElement)) {
      box.focus({ preventScroll: true }); // its marker is gone: the map itself is the next best place
    }
  }

  /** The order of Tab is that of the elements. The one with the focus is not touched, or it would lose it. */
  function inOrder(elements) {
    const held = elements.find((element) => element === document.activeElement);
    let before = Boolean(held);
    for (const element of elements) {
      if (element === held) before = false;
      else if (before) held.before(element);
      else element.parentNode.append(element);
    }
  }

  function open(feature, id) {
    const p = feature.properties;
    if (p.cluster && p.zoom !== null) {
      const [w, s, e, n] = p.bounds;
      const bounds = L.latLngBounds([s, w], [n, e]);
      zoomedInto = bounds.pad(0.2);
      moved = true;
      const nearer = Math.max(p.zoom, Math.floor(map.getZoom()) + 1);
      map.setView(bounds.getCenter(), Math.min(nearer, map.getMaxZoom()), { animate: !calm });
      return;
    }
    openFor = id;
    L.popup({ offset: [0, -8], maxWidth: 280, minWidth: 200, autoPanPadding: [16, 16], className: "coi-popup" })
      .setLatLng(latLng(feature)).setContent(p.cluster ? several(p, latLng(feature)) : one(p)).openOn(map);
    const popup = map.getContainer().querySelector(".leaflet-popup");
    popup.setAttribute("role", "dialog");
    popup.setAttribute("aria-label", nameOf(feature));
    popup.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", say.close);
    popup.querySelector("a[href]:not(.leaflet-popup-close-button), button")?.focus({ preventScroll: true });
  }

  function link(text, url) {
    return make("a", "", text, framed ? { href: url, target: "_top" } : { href: url });
  }

  function one(p) {
    const content = make("div", `is-${p.kind}`);
    const type = make("p", `coi-type is-${p.kind}`, p.label);
    const title = make("p", "coi-popup__title");
    title.append(link(p.title, p.url));
    content.append(type, title, make("p", "coi-muted", p.where));
    if (p.also?.length) content.append(make("p", "coi-muted", fill(say.also, { also: p.also.join(", ") })));
    if (!p.exact) content.append(make("p", "coi-vague", p.note || say.areaNote));
    return content;
  }

  /** What stands at one spot: each by its name where the answer has them, and the way to the list. */
  function several(p, at) {
    const content = make("div");
    content.append(make("p", "coi-popup__title", p.near ? fill(say.togetherNear, { n: p.count, near: p.near }) : fill(say.together, { n: p.count })));
    if (!p.exact) content.append(make("p", "coi-vague", say.areaNote));
    if (p.members?.length) {
      const list = make("ul", "coi-list coi-members");
      for (const member of p.members) {
        const item = make("li");
        item.append(link(member.title, member.url), make("span", "coi-muted", ` ${member.label}`));
        list.append(item);
      }
      content.append(list);
    }
    if (p.list && !(p.members?.length === p.listed)) {
      const url = new URL(p.list, location.href);
      if (!framed) url.searchParams.set("vis", "liste");
      const way = make("p");
      way.append(link(fill(p.listed === p.count ? say.list : say.listArea, { n: p.listed }), url.href));
      content.append(way);
    } else if (!p.members?.length) { // too many at one spot to be named here: the list shows them first
      const url = new URL(say.page, location.href);
      url.search = new URL(state().dataset.url, location.href).search;
      const { lat, lng } = at;
      for (const [name, value] of Object.entries({ vis: "liste", sort: "afstand", lat: lat.toFixed(5), lng: lng.toFixed(5), zoom: 16 })) url.searchParams.set(name, value);
      const way = make("p");
      way.append(link(fill(say.nearest, { n: p.count }), url.href));
      content.append(way);
    }
    return content;
  }

  function popupClosed() {
    const inPopup = !document.activeElement || document.activeElement === document.body
      || document.activeElement.closest(".leaflet-popup");
    const marker = markers.get(openFor)?.getElement();
    openFor = "";
    if (inPopup) (marker ?? box).focus({ preventScroll: true });
  }

  // -- keys, buttons, fingers and the wheel ---------------------------------------------------------------------------

  const STEP = 80;
  const KEYS = {
    ArrowLeft: () => map.panBy([-STEP, 0]), ArrowRight: () => map.panBy([STEP, 0]),
    ArrowUp: () => map.panBy([0, -STEP]), ArrowDown: () => map.panBy([0, STEP]),
    "+": () => map.zoomIn(1), "-": () => map.zoomOut(1), 0: () => home(),
  };
  box.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !map) return;
    if (event.key === "Escape") { map.closePopup(); return; }
    if (!KEYS[event.key] || event.target.closest(".leaflet-popup")) return;
    event.preventDefault();
    moved = true;
    KEYS[event.key]();
  });

  function home() {
    map.fitBounds(HOME, { animate: !calm });
  }

  zoomButtons.addEventListener("click", (event) => {
    const way = event.target.closest("button")?.dataset.zoom;
    moved ||= Boolean(way);
    if (way === "in") map.zoomIn(1);
    if (way === "out") map.zoomOut(1);
    if (way === "home") home();
  });
  again.addEventListener("click", () => { box.focus({ preventScroll: true }); ask(); });

  let hinting;
  function giveHint(text) {
    hint.textContent = text;
    hint.hidden = false;
    window.clearTimeout(hinting);
    hinting = window.setTimeout(() => { hint.hidden = true; }, 1200);
  }
  // The page must scroll past the map: the wheel zooms with Ctrl only, and one finger moves the page, two the map.
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) { giveHint(say.hintWheel); return; }
    event.preventDefault();
    moved = true;
    const at = map.mouseEventToContainerPoint(event);
    map.setZoomAround(at, map.getZoom() + Math.max(-1, Math.min(1, -event.deltaY / 100)));
  }, { passive: false });
  box.addEventListener("touchmove", (event) => {
    if (event.touches.length > 1) moved = true;
    else if (touch) giveHint(say.hintTouch);
  }, { passive: true });

  // -- when the list changes ------------------------------------------------------------------------------------------

  let bounds = state().dataset.bounds;
  let url = state().dataset.url;
  document.addEventListener("htmx:afterSettle", () => {
    if (!map || state().dataset.url === url) {
      if (map && moved) keepPosition();
      return;
    }
    url = state().dataset.url;
    map.closePopup();
    if (state().dataset.bounds !== bounds) { // another choice of places: go there
      bounds = state().dataset.bounds;
      fit();
    }
    if (moved) keepPosition();
    ask();
  });

  // -- start, or wait until the map's tab is the one that is shown -----------------------------------------------------

  figure.hidden = false;
  if (box.clientWidth) begin();
  else {
    const watch = new ResizeObserver(() => {
      if (!box.clientWidth) return;
      watch.disconnect();
      begin();
    });
    watch.observe(box);
  }
})();
