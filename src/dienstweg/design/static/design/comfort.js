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
    // What opens in a window of its own leaves this page as it is.
    if (event.submitter && event.submitter.getAttribute("formtarget") === "_blank") return;
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

  document.querySelectorAll("button[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
