// Comfort only: without this file the page's own form uploads. With it files go in pieces (tus),
// two at once, go on after a broken connection, and say how far they are.
"use strict";
(function () {
  if (!window.tus || !tus.isSupported) return;
  const AT_ONCE = 2;
  const PIECE = 512 * 1024;
  const PAUSES = [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000];
  const LOOKS = [1000, 2000, 4000, 8000, 15000, 30000];
  const queue = [];
  const running = new Set();
  const interrupted = new Set();
  let held = null;
  let counter = 0;

  function announce(text) {
    const live = document.getElementById("ansage");
    if (!live || !text) return;
    live.textContent = "";
    window.setTimeout(function () { live.textContent = text; }, 50);
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) {
      return name in values ? values[name] : whole;
    });
  }

  function make(tag, css, text) {
    const element = document.createElement(tag);
    if (css) element.className = css;
    if (text) element.textContent = text;
    return element;
  }

  function makeButton(text, label, act) {
    const button = make("button", "kern-btn kern-btn--tertiary");
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.append(make("span", "kern-label", text));
    button.addEventListener("click", act);
    return button;
  }

  function wordsOf(field) { return JSON.parse(field.dataset.words); }

  // One line for each file that is on its way: its name, a bar, a word, and what can be done.
  function Line(field, file) {
    const words = wordsOf(field);
    const line = this;
    this.field = field.id;
    this.file = file;
    this.words = words;
    this.id = "upload-" + (++counter);
    this.element = make("li", "dw-upload");
    this.bar = make("progress", "dw-upload__bar");
    this.bar.id = this.id;
    this.bar.max = 100;
    this.bar.value = 0;
    const label = make("label", "dw-upload__name", file.name);
    label.htmlFor = this.id;
    this.state = make("p", "dw-upload__state");
    this.buttons = make("div", "dw-upload__buttons");
    this.element.append(label, this.bar, this.state, this.buttons);
    this.moved(0);
    this.offer(words.cancel, function () { line.drop(); });
    container(field).append(this.element);
  }

  Line.prototype.offer = function (text, act) {
    this.buttons.append(makeButton(text, text + ": " + this.file.name, act));
  };

  Line.prototype.moved = function (percent) {
    this.bar.value = percent;
    this.state.textContent = fill(this.words.progress, { percent: percent });
  };

  Line.prototype.drop = function () {
    const at = queue.indexOf(this);
    if (at >= 0) queue.splice(at, 1);
    if (this.upload) this.upload.abort(true).catch(function () {});
    this.leave();
  };

  Line.prototype.leave = function () {
    running.delete(this);
    interrupted.delete(this);
    const inside = this.element.contains(document.activeElement);
    this.element.remove();
    tidy(this.field);
    if (inside) focusOn(this.field);
    goOn();
  };

  Line.prototype.fail = function (text, again) {
    const line = this;
    running.delete(this);
    interrupted.delete(this);
    held = null;
    this.element.classList.add("dw-upload--failed");
    this.bar.hidden = true;
    const sign = make("span", "kern-icon kern-icon--danger");
    sign.setAttribute("aria-hidden", "true");
    this.state.className = "kern-error dw-upload__state";
    this.state.replaceChildren(sign, make("span", "kern-body", text));
    this.buttons.textContent = "";
    if (again) {
      this.offer(this.words.again, function () {
        const field = document.getElementById(line.field);
        line.leave();
        if (field) add(field, [line.file]);
      });
    }
    this.offer(this.words.hide, function () { line.leave(); });
    announce(this.file.name + ": " + text);
    goOn();
  };

  Line.prototype.wait = function () {
    const line = this;
    if (interrupted.has(this)) return;
    interrupted.add(this);
    this.state.textContent = this.words.interrupted;
    this.buttons.textContent = "";
    this.offer(this.words.resume, function () { line.resume(); });
    this.offer(this.words.cancel, function () { line.drop(); });
    announce(this.words.interrupted);
  };

  Line.prototype.flows = function () {
    const line = this;
    if (!interrupted.delete(this)) return;
    this.buttons.textContent = "";
    this.offer(this.words.cancel, function () { line.drop(); });
  };

  Line.prototype.resume = function () {
    const upload = this.upload;
    upload.abort().then(function () { upload.start(); });
  };

  Line.prototype.start = function () {
    const line = this;
    running.add(this);
    begun(this).then(function (address) {
      if (running.has(line)) line.send(address);
    });
  };

  // With an `address` it goes on where an earlier upload of the same file broke off.
  Line.prototype.send = function (address) {
    const line = this;
    const field = document.getElementById(this.field);
    const form = field.closest("form");
    const token = form.querySelector("input[name=csrfmiddlewaretoken]");
    this.upload = new tus.Upload(this.file, {
      endpoint: field.dataset.tus,
      uploadUrl: address || null,
      chunkSize: PIECE,
      retryDelays: PAUSES,
      storeFingerprintForResuming: false,
      metadata: { filename: this.file.name, feld: field.dataset.fileField },
      headers: token ? { "X-CSRFToken": token.value } : {},
      onShouldRetry: function (error) {
        const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
        const mend = status === 0 || status >= 500 || status === 409 || status === 423;
        if (mend) line.wait();
        return mend;
      },
      onProgress: function (sent, all) {
        line.flows();
        line.moved(Math.floor((sent / all) * 100));
      },
      onSuccess: function () {
        running.delete(line);
        line.element.remove();
        announce(fill(line.words.done, { name: line.file.name }));
        tidy(line.field);
        refresh(line.field).finally(goOn);
      },
      onError: function (error) {
        const answer = error.originalResponse;
        if (!answer || answer.getStatus() >= 500) { line.wait(); return; }
        // What the content itself is refused for does not change by sending it again.
        const final = answer.getStatus() === 413 || answer.getStatus() === 422;
        line.fail(messageOf(answer) || line.words.failed, !final);
      },
    });
    this.upload.start();
  };

  // An upload that broke off with an earlier page, of a file with this name and length.
  function halted(field, file) {
    return Array.from(field.querySelectorAll("[data-halted]")).find(function (one) {
      return one.dataset.name === file.name && Number(one.dataset.length) === file.size;
    });
  }

  // Its address, if what has come is the beginning of this very file: else it is sent anew.
  function begun(line) {
    const field = document.getElementById(line.field);
    const known = field && halted(field, line.file);
    if (!known || !window.crypto || !crypto.subtle) return Promise.resolve("");
    const part = line.file.slice(0, Number(known.dataset.offset));
    return part.arrayBuffer().then(function (bytes) {
      return crypto.subtle.digest("SHA-256", bytes);
    }).then(function (digest) {
      const sum = btoa(String.fromCharCode.apply(null, new Uint8Array(digest)));
      return fetch(known.dataset.halted, {
        method: "HEAD", credentials: "same-origin",
        headers: { "Tus-Resumable": "1.0.0", "Upload-Checksum": "sha256 " + sum },
      });
    }).then(function (answer) {
      if (!answer.ok) return "";
      forget(known);
      return known.dataset.halted;
    }).catch(function () { return ""; });
  }

  function forget(known) {
    const list = known.parentElement;
    known.remove();
    if (list && !list.children.length) list.remove();
  }

  // What this page itself is sending has not broken off.
  function own(fresh) {
    const sending = new Set();
    running.forEach(function (line) {
      if (line.upload && line.upload.url) sending.add(new URL(line.upload.url, location).pathname);
    });
    fresh.querySelectorAll("[data-halted]").forEach(function (one) {
      if (sending.has(one.dataset.halted)) forget(one);
    });
  }

  function messageOf(answer) {
    try { return JSON.parse(answer.getBody()).message; } catch (error) { return ""; }
  }

  function container(field) {
    const place = field.querySelector("[data-uploads]");
    let list = place.querySelector("ul");
    if (!list) {
      list = make("ul", "dw-upload__list");
      list.setAttribute("aria-label", wordsOf(field).uploads);
      place.append(list);
    }
    return list;
  }

  function tidy(id) {
    const field = document.getElementById(id);
    const list = field && field.querySelector("[data-uploads] ul");
    if (list && !list.children.length) list.remove();
  }

  function focusOn(id) {
    const field = document.getElementById(id);
    const next = field && (field.querySelector("input[type=file]") || field.querySelector("button"));
    if (next) next.focus();
  }

  function goOn() {
    while (running.size < AT_ONCE && queue.length) queue.shift().start();
    if (running.size || queue.length || !held) return;
    const { form, button } = held;
    held = null;
    form.requestSubmit(button || undefined);
  }

  function add(field, files) {
    const input = field.querySelector("input[type=file]");
    const limit = input ? Number(input.dataset.limit || 0) : 0;
    files.forEach(function (file) {
      const line = new Line(field, file);
      if (limit && file.size > limit) {
        const shown = Math.max(0.1, Math.round((limit / 1048576) * 10) / 10);
        line.fail(fill(line.words.too_large, { limit: shown.toLocaleString(document.documentElement.lang || "de") }), false);
      } else {
        queue.push(line);
      }
    });
    goOn();
  }

  // The field is drawn by the server alone: what has come is fetched as the page shows it.
  function refresh(id) {
    const old = document.getElementById(id);
    if (!old) return Promise.resolve();
    // Asked for without tus, the upload's address leads to the page that the field stands on.
    return fetch(old.dataset.tus, { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
      const field = document.getElementById(id);
      if (!fresh || !field) return;
      replace(field, fresh);
      watch(fresh);
    }).catch(function () {});
  }

  function replace(field, fresh) {
    const inside = field.contains(document.activeElement);
    const active = inside && document.activeElement.id;
    own(fresh);
    const place = fresh.querySelector("[data-uploads]");
    place.replaceWith(field.querySelector("[data-uploads]"));
    field.replaceWith(fresh);
    dress(fresh);
    if (!inside) return;
    const same = active && document.getElementById(active);
    if (same) same.focus(); else focusOn(fresh.id);
  }

  // A file that waits for the virus scan is looked at again, less and less often.
  const looks = {};
  function watch(field) {
    const id = field.id;
    if (!field.querySelector("li[data-state=waiting]")) { delete looks[id]; return; }
    const turn = looks[id] || 0;
    looks[id] = turn + 1;
    if (turn > 60) return;
    window.setTimeout(function () { look(id); }, LOOKS[Math.min(turn, LOOKS.length - 1)]);
  }

  function look(id) {
    const field = document.getElementById(id);
    if (!field) return;
    const refused = field.querySelectorAll("li[data-state=refused]").length;
    refresh(id).then(function () {
      const fresh = document.getElementById(id);
      const bad = fresh ? fresh.querySelectorAll("li[data-state=refused]") : [];
      if (bad.length > refused) announce(bad[bad.length - 1].textContent);
    });
  }

  // What only makes sense with script: a camera button on phones; the upload button is not needed.
  function dress(field) {
    const input = field.querySelector("input[type=file]");
    if (!input) return;
    const button = document.getElementById(input.dataset.upload);
    if (button) button.hidden = true;
    if (!("photo" in input.dataset) || !window.matchMedia("(pointer: coarse)").matches) return;
    const words = wordsOf(field);
    const camera = make("input", "kern-sr-only");
    camera.type = "file";
    camera.accept = "image/*";
    camera.setAttribute("capture", "environment");
    camera.tabIndex = -1;
    camera.setAttribute("aria-hidden", "true");
    camera.dataset.camera = "1";
    const open = make("button", "kern-btn kern-btn--secondary dw-file__camera");
    open.type = "button";
    open.append(make("span", "kern-label", words.camera));
    open.addEventListener("click", function () { camera.click(); });
    input.after(open, camera);
  }

  document.addEventListener("change", function (event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    const field = input.closest("[data-tus]");
    if (!field) return;
    event.stopPropagation();
    const chosen = field.querySelector("input[data-upload]");
    const files = Array.from(input.files);
    input.value = "";
    if (files.length) add(field, chosen && chosen.multiple ? files : files.slice(0, 1));
  }, true);

  // Whoever goes on while files are on their way is led on when they have come.
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || (!running.size && !queue.length)) return;
    event.preventDefault();
    event.stopPropagation();
    held = { form: event.target, button: event.submitter };
    const field = document.querySelector("[data-tus]");
    if (field) announce(wordsOf(field).wait);
  }, true);

  window.addEventListener("online", function () {
    Array.from(interrupted).forEach(function (line) { line.resume(); });
  });

  document.querySelectorAll("[data-tus]").forEach(function (field) {
    dress(field);
    watch(field);
  });
})();
