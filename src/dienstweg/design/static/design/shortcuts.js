// Single keys for people who use a page all day. Comfort only: every key has a link or a heading.
// They can be switched off (WCAG 2.1.4), and never act while somebody types or chooses.
"use strict";
(function () {
  const dialog = document.getElementById("tasten");
  const open = document.querySelector("[data-shortcut-help]");
  const box = document.querySelector("[data-shortcut-switch]");
  const KEPT = "dw-tasten";

  function areOn() {
    try { return window.localStorage.getItem(KEPT) !== "aus"; } catch (error) { return true; }
  }
  function keep(on) {
    try { window.localStorage.setItem(KEPT, on ? "an" : "aus"); } catch (error) { /* not kept */ }
  }
  function help() {
    if (dialog && !dialog.open) dialog.showModal();
  }
  if (open && dialog) {
    open.hidden = false;
    open.addEventListener("click", help);
  }
  if (box) {
    box.checked = areOn();
    box.addEventListener("change", function () { keep(box.checked); });
  }

  function isBusy(target) {
    if (!(target instanceof Element)) return false;
    // For a moment after it was closed, the focus is still in the help: nobody types there.
    if (dialog && dialog.contains(target)) return false;
    if (target.closest("input, select, textarea, iframe, [contenteditable]")) return true;
    return Boolean(target.closest("[role=application], [role=listbox], [role=menu], [role=tree]"));
  }

  function fieldBelow(link) {
    if (!link.hash || link.pathname !== location.pathname) return null;
    const there = document.getElementById(link.hash.slice(1));
    return there && there.querySelector("form:last-of-type textarea, form:last-of-type input:not([type=hidden])");
  }

  function go(target) {
    if (target instanceof HTMLAnchorElement || target instanceof HTMLButtonElement) {
      const field = fieldBelow(target);
      // Following the link first would take the focus away again, when the browser has jumped.
      if (field) field.focus(); else target.click();
      return;
    }
    const details = target.closest("details");
    if (details) details.open = true;
    const first = target.querySelector("input:not([type=hidden]):not([disabled])");
    (first && target.hasAttribute("data-shortcut-first") ? first : target).focus();
    target.scrollIntoView({ block: "start" });
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!areOn() || isBusy(event.target) || (dialog && dialog.open)) return;
    if (event.key === "?") { event.preventDefault(); help(); return; }
    if (!/^[a-z]$/.test(event.key)) return;
    const target = document.querySelector("[data-shortcut=" + event.key + "]");
    if (target) { event.preventDefault(); go(target); }
  });
})();
