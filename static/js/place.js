// Setting a point on a map beside the two fields for degrees, and workplaces that look like the name being written.
// Without this script the fields and the municipality say the same.
(() => {
  "use strict";

  const WAIT = 400; // milliseconds after the last letter

  // -- what looks alike -----------------------------------------------------------------------------------------------
  const alike = document.querySelector("[data-alike]");
  const name = document.getElementById("id_name");
  const municipality = document.getElementById("id_municipality");
  let timer, asked;
  async function look() {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ navn: name.value, kommune: municipality?.value ?? "" });
    const answer = await fetch(`${alike.dataset.alike}?${query}`, { signal: asked.signal }).catch(() => null);
    if (answer?.ok && !answer.redirected) alike.innerHTML = await answer.text(); // our own template, escaped there
  }
  if (alike && name) {
    const soon = () => { clearTimeout(timer); timer = setTimeout(look, WAIT); };
    name.addEventListener("input", soon);
    municipality?.addEventListener("change", soon);
  }

  // -- the point ------------------------------------------------------------------------------------------------------
  const box = document.querySelector("[data-pick-point]");
  const lat = document.getElementById("id_lat");
  const lng = document.getElementById("id_lng");
  if (!box || !lat || !lng || !window.L) return;
  const L = window.L;
  const HOME = L.latLngBounds([54.5, 8], [57.8, 15.25]);
  box.hidden = false;
  const help = document.createElement("p");
  help.className = "form-hint";
  help.textContent = box.dataset.help;
  box.before(help);
  const map = L.map(box, { attributionControl: false, keyboard: false, minZoom: 5, maxZoom: 16, zoomSnap: 0.5 });
  map.zoomControl.remove();
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  map.fitBounds(HOME, { animate: false });
  box.querySelectorAll("a").forEach((link) => link.setAttribute("tabindex", "-1")); // the fields are the keyboard's way

  fetch(box.dataset.basemap).then((answer) => answer.json()).then((base) => {
    const draw = (part, className, more = {}) =>
      L.geoJSON(part, { interactive: false, style: { className, weight: 1, fillOpacity: 1, ...more } }).addTo(map);
    draw(base.neighbours, "coi-neighbours", { stroke: false });
    draw(base.regions, "coi-land");
    if (base.municipalities.features.length) draw(base.municipalities, "coi-border", { fill: false });
    const names = base.names.features.map(({ geometry, properties }) => ({
      from: properties.min_zoom,
      label: L.tooltip({ permanent: true, direction: "center", className: "coi-pick__name", interactive: false })
        .setLatLng([geometry.coordinates[1], geometry.coordinates[0]]).setContent(text(properties.name)),
    }));
    const byZoom = () => names.forEach(({ from, label }) => {
      if (from <= map.getZoom()) label.addTo(map);
      else label.remove();
    });
    map.on("zoomend", byZoom);
    byZoom();
  }).catch(() => {}); // a point can be set on plain ground, and by numbers

  /** Text as an element, so that it is never read as HTML. */
  function text(words) {
    const element = document.createElement("span");
    element.textContent = words;
    return element;
  }

  const icon = L.divIcon({ className: "coi-pick__point", iconSize: [24, 24] });
  let marker;
  const number = (field) => parseFloat(field.value.replace(",", "."));
  const written = (degrees) => degrees.toFixed(5).replace(".", ",");
  function put(at, move) {
    if (marker) marker.setLatLng(at);
    else {
      marker = L.marker(at, { icon, draggable: true, keyboard: false }).addTo(map);
      marker.on("dragend", () => take(marker.getLatLng()));
    }
    if (move) map.setView(at, Math.max(map.getZoom(), 9));
  }
  function take(at) {
    lat.value = written(at.lat);
    lng.value = written(at.lng);
    put(at, false);
    for (const field of [lat, lng]) field.dispatchEvent(new Event("input", { bubbles: true })); // for what saves itself
  }
  function read(move) {
    const at = [number(lat), number(lng)];
    if (at.every(Number.isFinite) && HOME.pad(0.2).contains(at)) put(at, move);
    else if (marker) { marker.remove(); marker = null; }
  }
  map.on("click", (event) => take(event.latlng));
  for (const field of [lat, lng]) field.addEventListener("change", () => read(true));
  read(true);

  // Until there is a point, the map shows the municipality that is chosen.
  const seats = new Map(box.dataset.seats.split(" ").map((seat) => seat.split(":")));
  function show() {
    const seat = !marker && seats.get(municipality?.value);
    if (seat) map.setView(seat.split(",").map(Number), 11, { animate: false });
  }
  municipality?.addEventListener("change", show);
  show();
})();
