// Comfort only: every question works without this file.
// Editable comboboxes with a list (ARIA Authoring Practices Guide): code lists, countries, streets.
"use strict";
(function () {
  const MOST = 20;
  const ALL = 400;
  const PAUSE = 250;
  let count = 0;

  function make(tag, attributes, text) {
    const made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      made.setAttribute(name, attributes[name]);
    });
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // "Brückengasse" and "bruckengasse" are the same to somebody who is typing.
  function folded(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss");
  }

  // find(text) gives a promise of [{value, label, ...}]; pick(option) takes one, null for none.
  function combobox(input, words, find, pick, settings) {
    const own = "liste-" + (++count);
    // A list that scrolls would be a stop of the Tab key, which hides it: the focus would be lost.
    const list = make("ul", { "class": "dw-options", "role": "listbox", "id": own, "tabindex": "-1" });
    const state = make("div", { "class": "kern-sr-only", "role": "status" });
    const label = document.querySelector('label[for="' + CSS.escape(input.id) + '"]');
    const hint = make("p", { "class": "dw-options__none" });
    let shown = [], active = -1, timer = 0, asked = 0, said = 0, picked = Boolean(input.value);
    if (label) list.setAttribute("aria-label", label.firstChild.textContent.trim());
    list.hidden = hint.hidden = true;
    const box = make("div", { "class": "dw-combobox" });
    input.parentNode.insertBefore(box, input);
    box.append(input, list, hint, state);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", own);
    input.setAttribute("autocomplete", "off");

    function say(text) {
      window.clearTimeout(said);
      said = window.setTimeout(function () { state.textContent = text; }, 600);
    }

    function close() {
      list.hidden = hint.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(number) {
      Array.from(list.children).forEach(function (item, at) {
        item.setAttribute("aria-selected", at === number ? "true" : "false");
      });
      active = number;
      if (number < 0) { input.removeAttribute("aria-activedescendant"); return; }
      const item = list.children[number];
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }

    function choose(option) {
      picked = Boolean(option);
      pick(option);
    }

    function take(option) {
      input.value = option.text || option.label;
      choose(option);
      close();
      state.textContent = "";
      window.clearTimeout(said);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function show(options) {
      shown = options.slice(0, settings.most || MOST);
      list.replaceChildren();
      shown.forEach(function (option, at) {
        const item = make("li", { "role": "option", "id": own + "-" + at, "aria-selected": "false" });
        item.textContent = option.label;
        item.addEventListener("click", function () { take(option); });
        list.append(item);
      });
      active = -1;
      input.removeAttribute("aria-activedescendant");
      const some = shown.length > 0;
      list.hidden = !some;
      hint.hidden = some || !settings.strict;
      hint.textContent = some ? "" : words.none;
      input.setAttribute("aria-expanded", some ? "true" : "false");
      if (some) say(shown.length === 1 ? words.one : words.many.replace("{number}", shown.length));
      else if (settings.strict) say(words.none);
    }

    function ask() {
      const text = picked && settings.most ? "" : input.value.trim();
      const mine = ++asked;
      if (text.length < settings.least) { close(); return; }
      find(text).then(function (options) {
        if (mine === asked && document.activeElement === input) show(options);
      }).catch(function () { close(); });
    }

    input.addEventListener("input", function () {
      choose(null);
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, settings.pause);
    });
    input.addEventListener("keydown", function (event) {
      const open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) { ask(); return; }
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark((active + step + shown.length) % shown.length);
      } else if (event.key === "Enter" && open && active >= 0) {
        event.preventDefault();
        take(shown[active]);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        close();
      }
    });
    input.addEventListener("focus", function () { if (picked) input.select(); });
    if (settings.most) input.addEventListener("click", function () { if (list.hidden) ask(); });
    // A press on the list must not take the focus away before the click is seen.
    list.addEventListener("pointerdown", function (event) { event.preventDefault(); });
    input.addEventListener("blur", function () {
      window.clearTimeout(timer);
      asked += 1;
      close();
      const text = input.value.trim();
      if (!settings.strict || picked || !text) return;
      // Who typed it to the end has chosen it; who did not is told so at once.
      find(text).then(function (options) {
        const same = options.filter(function (one) { return folded(one.label) === folded(text); });
        if (same.length === 1) { input.value = same[0].label; choose(same[0]); return; }
        hint.textContent = options.length ? words.choose : words.none;
        hint.hidden = false;
      }).catch(function () {});
    });
  }

  function looked(url) {
    return function (text) {
      const query = (url.indexOf("?") < 0 ? "?" : "&") + "suche=" + encodeURIComponent(text.slice(0, 100));
      return fetch(url + query, { credentials: "same-origin" }).then(function (answer) {
        return answer.ok ? answer.json() : { options: [] };
      }).then(function (answer) { return answer.options; });
    };
  }

  // A long code list: the server looks it up; the value stands in a hidden input.
  document.querySelectorAll("[data-search]").forEach(function (field) {
    const input = field.querySelector("input[type=text]");
    const value = make("input", { "type": "hidden", "name": field.dataset.name });
    const matches = field.querySelector("[data-search-matches]");
    const chosen = matches && matches.querySelector("input:checked");
    if (chosen) value.value = chosen.value;
    if (matches && (chosen || !matches.querySelectorAll("input").length)) matches.remove();
    else if (matches) return; // just searched without us: the choice stands there already
    field.querySelector("[data-search-button]").remove();
    field.append(value);
    combobox(input, field.dataset, looked(field.dataset.search), function (option) {
      value.value = option ? option.value : "";
    }, { least: 2, pause: PAUSE, strict: true });
  });

  // A list of countries: all choices are here already; the list itself stays, unseen.
  document.querySelectorAll("[data-listed]").forEach(function (field) {
    const select = field.querySelector("select");
    const options = Array.from(select.options).filter(function (one) { return one.value; })
      .map(function (one) { return { value: one.value, label: one.textContent.trim() }; });
    const input = make("input", { "type": "text", "class": "kern-form-input__input", "spellcheck": "false" });
    ["id", "aria-describedby", "aria-invalid", "required"].forEach(function (name) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
      select.removeAttribute(name);
    });
    if (input.getAttribute("aria-invalid")) input.classList.add("kern-form-input__input--error");
    if (select.value) input.value = select.selectedOptions[0].textContent.trim();
    select.parentNode.parentNode.insertBefore(input, select.parentNode);
    select.parentNode.hidden = true;
    combobox(input, field.dataset, function (text) {
      const wanted = folded(text);
      const starts = options.filter(function (one) { return folded(one.label).startsWith(wanted); });
      const inside = options.filter(function (one) {
        return !starts.includes(one) && folded(one.label).includes(wanted);
      });
      return Promise.resolve(starts.concat(inside));
    }, function (option) {
      select.value = option ? option.value : "";
    }, { least: 0, pause: 0, strict: true, most: ALL });
  });

  // Streets: what is typed counts; a suggestion fills in postcode and town as well.
  document.querySelectorAll("[data-streets]").forEach(function (field) {
    const input = document.getElementById(field.dataset.strasse);
    if (!(input instanceof HTMLInputElement)) return;
    combobox(input, field.dataset, function (text) {
      return looked(field.dataset.streets)(text).then(function (options) {
        return options.map(function (one) {
          return Object.assign({ text: field.dataset.whole ? one.label : one.value }, one);
        });
      });
    }, function (option) {
      if (!option) return;
      [["plz", option.plz], ["ort", option.ort]].forEach(function (pair) {
        const other = field.dataset[pair[0]] && document.getElementById(field.dataset[pair[0]]);
        if (other && pair[1]) other.value = pair[1];
      });
      if (option.lat && option.lon) {
        field.dispatchEvent(new CustomEvent("dw-place", { detail: [option.lat, option.lon] }));
      }
    }, { least: 2, pause: PAUSE, strict: false });
  });
})();
