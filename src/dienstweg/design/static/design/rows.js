// Comfort only: without this file a row is added by the server.
"use strict";
(function () {
  function renumber(row, from, to, words) {
    const before = new RegExp("^(feld-)?(" + words + ")-" + from + "-");
    row.querySelectorAll("[id], [name], [for], [aria-describedby]").forEach(function (one) {
      ["id", "name", "for"].forEach(function (name) {
        const text = one.getAttribute(name);
        if (text) one.setAttribute(name, text.replace(before, "$1$2-" + to + "-"));
      });
      one.removeAttribute("aria-describedby");
      one.removeAttribute("aria-invalid");
    });
  }

  function cleared(row) {
    row.classList.remove("dw-rows__wrong");
    row.querySelectorAll(".kern-error").forEach(function (one) { one.remove(); });
    row.querySelectorAll(".dw-rows__cell--error").forEach(function (one) {
      one.classList.remove("dw-rows__cell--error");
    });
    row.querySelectorAll("input, select, textarea").forEach(function (one) {
      one.classList.remove("kern-form-input__input--error", "kern-form-input__select--error");
      if (one.type === "checkbox" || one.type === "radio") one.checked = false;
      else one.value = "";
    });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-add-row]");
    if (!button) return;
    const name = button.dataset.addRow;
    const table = document.querySelector('table[data-rows="' + CSS.escape(name) + '"]');
    const last = table.tBodies[0].lastElementChild;
    const at = table.tBodies[0].rows.length;
    event.preventDefault();
    const row = last.cloneNode(true);
    renumber(row, at - 1, at, name.replace(/[^\w-]/g, ""));
    cleared(row);
    const old = String(at), now = String(at + 1);
    row.querySelector("[data-row-number]").textContent = now;
    row.querySelectorAll("th[aria-label], button[aria-label]").forEach(function (one) {
      one.setAttribute("aria-label", one.getAttribute("aria-label").replace(old, now));
    });
    row.querySelectorAll("label .kern-sr-only").forEach(function (one) {
      one.textContent = one.textContent.replace(old, now);
    });
    row.querySelectorAll("button[name=zeile_entfernen]").forEach(function (one) {
      one.value = name + "/" + at;
    });
    table.tBodies[0].append(row);
    if (Number(table.dataset.most) && at + 1 >= Number(table.dataset.most)) button.hidden = true;
    const first = row.querySelector("input, select, textarea");
    if (first) first.focus();
  });
})();
