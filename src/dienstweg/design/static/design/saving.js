// Nothing that is typed gets lost. Comfort only: without this file every page is saved when it is
// sent, and says until when it is kept.
"use strict";
(function () {
  const TYPING = 4000; // milliseconds of rest after which a half-typed answer is saved too
  const PATIENCE = 15000; // milliseconds after which a save counts as failed
  const PAUSES = [2000, 4000, 8000, 15000, 30000];
  const KEEPALIVE = 60000; // bytes that a browser sends while a page is left

  function keep(form) {
    const state = form.querySelector("[data-autosave-state]");
    const version = form.querySelector("input[name=version]");
    const words = state ? state.dataset : {};
    let saved = content(); // what the server has
    let under_way = null; // the save that is being sent
    let timer = 0;
    let failures = 0;
    let given_up = false;

    function content() {
      const data = new URLSearchParams();
      new FormData(form).forEach(function (value, name) {
        if (typeof value === "string" && name !== "version") data.append(name, value);
      });
      return data.toString();
    }

    function say(text, trouble) {
      if (!state || !text || state.textContent === text) return;
      state.textContent = text;
      state.classList.toggle("dw-saved--trouble", Boolean(trouble));
    }

    function later(pause) {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, pause);
    }

    function body(text, number) {
      const data = new URLSearchParams(text);
      data.set("version", number);
      data.set("weiter", "merken");
      return data;
    }

    function send(text, number, leaving) {
      const stop = new AbortController();
      const limit = leaving ? 0 : window.setTimeout(function () { stop.abort(); }, PATIENCE);
      const data = body(text, number);
      return fetch(form.dataset.autosave || form.getAttribute("action") || location.href, {
        method: "POST", body: data, credentials: "same-origin", redirect: "manual",
        headers: { "X-Dienstweg-Autosave": "1" }, signal: stop.signal,
        keepalive: data.toString().length < KEEPALIVE,
      }).finally(function () { window.clearTimeout(limit); });
    }

    // One save after the other, each with the version that the one before has made.
    function save() {
      window.clearTimeout(timer);
      const text = content();
      if (form.dataset.sent || under_way || given_up || text === saved) return;
      under_way = send(text, version.value).then(function (answer) {
        if (answer.status === 409) return stop(words.elsewhere);
        if (answer.status === 410) return stop(words.over);
        if (answer.status >= 500 || answer.status === 429) throw new Error("busy");
        if (!answer.ok) return stop(words.lost);
        return answer.json().then(function (told) {
          version.value = told.version;
          saved = text;
          failures = 0;
          const now = new Date().toLocaleTimeString(
            document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
          say((words.saved || "").replace("{time}", now));
          document.dispatchEvent(new CustomEvent("dienstweg:saved"));
        });
      }).catch(function () {
        say(words.unsaved, true);
        later(PAUSES[Math.min(failures++, PAUSES.length - 1)]);
      }).finally(function () {
        under_way = null;
        if (!failures && !given_up && content() !== saved) later(0);
      });
    }

    // Somebody must look: what stands here stays here, and is shown beside the other when sent.
    function stop(text) {
      given_up = true;
      say(text, true);
    }

    form.addEventListener("change", function (event) {
      if (event.target.type !== "file") later(0);
    });
    form.addEventListener("input", function (event) {
      if (event.target.type !== "file" && !failures) later(TYPING);
    });
    window.addEventListener("online", function () { later(0); });

    // The page is left: what is not saved yet is sent along. A save under way makes the next
    // version; whichever of the two arrives first, the newer words win.
    window.addEventListener("pagehide", function () {
      const text = content();
      if (form.dataset.sent || given_up || text === saved) return;
      const next = under_way ? String(Number(version.value) + 1) : version.value;
      send(text, next, true).catch(function () {});
    });
    window.addEventListener("pageshow", function (event) {
      if (event.persisted) location.reload();
    });

    // The page is sent with the version that the last quiet save has made.
    form.addEventListener("submit", function (event) {
      window.clearTimeout(timer);
      if (!under_way || event.defaultPrevented) return;
      event.preventDefault();
      const button = event.submitter;
      under_way.finally(function () { form.requestSubmit(button || undefined); });
    });
  }

  // A session that is about to end says so, while there is time to act (WCAG 2.2.1).
  function watch(box) {
    let total = Number(box.dataset.endsAfter) * 1000;
    const left = box.querySelector("[data-left]");
    const form = box.querySelector("form");
    let ends = 0;
    let timers = [];

    function begin() {
      timers.forEach(window.clearTimeout);
      timers = [];
      if (total > 86400000) return; // longer than a day: the page says the date
      const ahead = Math.min(Number(box.dataset.warnBefore) * 1000, total / 2);
      ends = Date.now() + total;
      timers.push(window.setTimeout(warn, total - ahead));
      timers.push(window.setTimeout(over, total + 1000));
    }

    function count() {
      if (!box.open || !left) return;
      const minutes = Math.max(1, Math.round((ends - Date.now()) / 60000));
      const words = minutes === 1 ? box.dataset.minute : box.dataset.minutes;
      left.textContent = words.replace("{number}", minutes);
      timers.push(window.setTimeout(count, 60000));
    }

    function warn() {
      if (!box.open) box.showModal();
      count();
    }

    // What was saved is kept; the page leads to where one gets in again, and shows nothing more.
    function over() { location.reload(); }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin", redirect: "manual",
        headers: { "X-Dienstweg-Autosave": "1" },
      }).then(function (answer) {
        if (!answer.ok) { over(); return undefined; }
        return answer.json().then(function (told) {
          total = told.seconds ? told.seconds * 1000 : total;
          box.close();
          begin();
        });
      }).catch(function () { left.textContent = box.dataset.offline; });
    });
    box.addEventListener("cancel", function (event) {
      event.preventDefault();
      form.requestSubmit();
    });
    document.addEventListener("dienstweg:saved", begin);
    begin();
  }

  // A link may carry a code behind "#", which no server gets to see, nor who looks at the address.
  function unlock(form) {
    const input = document.getElementById(form.dataset.fromHash);
    if (!input || location.hash.length <= 8) return;
    input.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname + location.search);
  }

  document.querySelectorAll("form[data-autosave]").forEach(keep);
  document.querySelectorAll("dialog[data-ends-after]").forEach(watch);
  document.querySelectorAll("form[data-from-hash]").forEach(unlock);
})();
