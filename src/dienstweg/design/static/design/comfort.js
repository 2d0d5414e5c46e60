// Comfort only: every page works without this file.
"use strict";
(function () {
  const live = document.getElementById("ansage");
  const words = live ? live.dataset : {};

  function announce(text) {
    if (!live || !text) return;
    live.textContent = "";
    window.setTimeout(function () { live.textContent = text; }, 50);
  }

  // A form is sent once, however often somebody presses the button.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    announce(words.sending);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });

  // A page that answers a form is remembered as if it had been opened by its address, so that
  // "back" comes to it again instead of asking whether to send everything once more.
  history.replaceState(null, "", location.href);

  // Errors are read first.
  const errors = document.getElementById("fehler") || document.getElementById("hinweis");
  if (errors) errors.focus();

  // A chosen file is sent at once, unless it is larger than the field allows.
  document.addEventListener("change", function (event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.upload || !input.files.length) return;
    const limit = Number(input.dataset.limit || 0);
    const large = limit && Array.from(input.files).some(function (file) { return file.size > limit; });
    input.setCustomValidity(large ? words.tooLarge : "");
    if (large) { input.reportValidity(); announce(words.tooLarge); return; }
    const button = document.getElementById(input.dataset.upload);
    if (button) button.click();
  });

  // What is typed is kept while typing: quietly, a second after the last change.
  document.querySelectorAll("form[data-autosave]").forEach(function (form) {
    const state = form.querySelector("[data-autosave-state]");
    const version = form.querySelector("input[name=version]");
    let timer = 0;
    let waiting = null;
    function save() {
      if (form.dataset.sent || waiting) return;
      const data = new URLSearchParams();
      new FormData(form).forEach(function (value, name) {
        if (typeof value === "string") data.append(name, value);
      });
      data.set("weiter", "merken");
      waiting = fetch(form.action || location.href, {
        method: "POST", body: data, credentials: "same-origin", redirect: "manual",
        headers: { "X-Dienstweg-Autosave": "1" },
      }).then(function (answer) {
        return answer.ok ? answer.json() : null;
      }).then(function (answer) {
        if (answer && version) version.value = answer.version;
        if (answer && state) state.textContent = words.saved;
      }).catch(function () {}).finally(function () { waiting = null; });
    }
    form.addEventListener("change", function (event) {
      if (event.target.type === "file") return;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 1000);
    });
    // The page is sent with the version that the last quiet save has made.
    form.addEventListener("submit", function (event) {
      window.clearTimeout(timer);
      if (!waiting || event.defaultPrevented) return;
      event.preventDefault();
      const button = event.submitter;
      waiting.finally(function () {
        form.requestSubmit(button || undefined);
      });
    });
  });

  // A sign-in that is about to end is announced while there is time to act.
  document.querySelectorAll("[data-expires-after]").forEach(function (notice) {
    window.setTimeout(function () {
      notice.hidden = false;
      announce(notice.textContent.trim());
    }, Number(notice.dataset.expiresAfter) * 1000);
  });

  // A link may carry a code behind "#", which no server gets to see.
  document.querySelectorAll("form[data-from-hash]").forEach(function (form) {
    const input = document.getElementById(form.dataset.fromHash);
    if (input && location.hash.length > 8) input.value = decodeURIComponent(location.hash.slice(1));
  });

  document.querySelectorAll("button[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
