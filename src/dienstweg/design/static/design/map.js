// Comfort only: a place is told by its address or its coordinates as well.
// Shows the operator's map (Leaflet) and writes what is set on it into the field of coordinates:
// one position per line, latitude and longitude with six decimals.
"use strict";
(function () {
  const COLOUR = "#1a3da5";

  function read(text) {
    return text.split("\n").map(function (line) {
      const found = line.trim().match(/^(-?\d+(?:[.,]\d+)?)\s*[,; ]\s*(-?\d+(?:[.,]\d+)?)$/);
      if (!found) return null;
      const pair = [found[1], found[2]].map(function (one) { return Number(one.replace(",", ".")); });
      return Math.abs(pair[0]) <= 90 && Math.abs(pair[1]) <= 180 ? pair : null;
    }).filter(Boolean);
  }

  function written(points) {
    return points.map(function (one) {
      return one[0].toFixed(6) + ", " + one[1].toFixed(6);
    }).join("\n");
  }

  function button(words, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "kern-btn kern-btn--secondary";
    const label = document.createElement("span");
    label.className = "kern-label";
    label.textContent = words;
    made.append(label);
    made.addEventListener("click", action);
    return made;
  }

  function begin(box) {
    const told = box.dataset;
    const kind = told.map;
    const input = document.getElementById(told.input);
    const view = box.querySelector(".dw-map__view");
    const state = box.querySelector(".dw-map__state");
    let points = read(input.value);
    if (kind === "point") points = points.slice(0, 1);
    box.hidden = false;
    const map = L.map(view, { zoomControl: false, attributionControl: false, zoomSnap: 1 });
    L.control.zoom({ zoomInTitle: told.zoomIn, zoomOutTitle: told.zoomOut }).addTo(map);
    L.control.attribution({ prefix: false }).addTo(map).addAttribution(
      told.attribution.replace(/&/g, "&amp;").replace(/</g, "&lt;"));
    L.tileLayer(told.tiles, { maxZoom: 19 }).addTo(map);
    if (points.length) map.setView(points[0], 17);
    else map.setView([Number(told.latitude), Number(told.longitude)], Number(told.zoom));
    const drawn = L.layerGroup().addTo(map);
    const cross = document.createElement("div");
    cross.className = "dw-map__cross";
    cross.setAttribute("aria-hidden", "true");
    view.append(cross);

    function draw() {
      drawn.clearLayers();
      if (kind === "area" && points.length > 2) L.polygon(points, { color: COLOUR, weight: 4 }).addTo(drawn);
      else if (points.length > 1) L.polyline(points, { color: COLOUR, weight: 4 }).addTo(drawn);
      points.forEach(function (one) {
        L.circleMarker(one, { radius: 9, color: "#fff", weight: 3, fillColor: COLOUR, fillOpacity: 1 }).addTo(drawn);
      });
      undo.hidden = kind === "point" || !points.length;
      clear.hidden = !points.length;
      state.textContent = points.length === 0 ? told.sayNothing
        : points.length === 1 ? told.sayOne : told.sayMany.replace("{number}", points.length);
    }

    function change(next) {
      points = next;
      input.value = written(points);
      input.closest("details").open = points.length > 0 || input.closest("details").open;
      draw();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function set(place) {
      const one = [place.lat, L.Util.wrapNum(place.lng, [-180, 180], true)];
      change(kind === "point" ? [one] : points.concat([one]).slice(0, 100));
    }

    const undo = button(told.sayUndo, function () { change(points.slice(0, -1)); });
    const clear = button(told.sayClear, function () { change([]); });
    box.querySelector(".dw-map__buttons").append(
      button(told.saySet, function () { set(map.getCenter()); }), undo, clear);
    map.on("click", function (event) { set(event.latlng); });
    input.addEventListener("input", function () {
      points = read(input.value);
      draw();
      if (points.length) map.setView(points[0], Math.max(map.getZoom(), 15));
    });
    const parts = box.closest(".dw-parts");
    if (parts) parts.addEventListener("dw-place", function (event) { map.setView(event.detail, 17); });
    draw();
  }

  if (window.L) document.querySelectorAll("[data-map]").forEach(begin);
})();
