"""Somebody without a mouse: Tab, arrows, Space and Enter, and an eye on where the focus is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from browsing import Person

MOST_STOPS = 80
_STOP = """
() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  // A ring may be drawn around the control, around its card, or by a pseudo-element over it.
  const ring = node => [null, "::before", "::after"].some(part => {
    const style = getComputedStyle(node, part);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== "none";
  });
  const before = window.dwStop;
  // The controls of a film are several stops inside of one element.
  const follows = !before || !before.isConnected || before === one
    || Boolean(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  window.dwStop = one;
  return {
    what: one.outerHTML.slice(0, 120),
    seen: box.width > 0 && box.height > 0,
    ring: ring(one) || ring(one.parentElement),
    follows: follows,
  };
}
"""


class Keyboard:
    """Moves by Tab alone; at each stop the focus must be seen, and come in reading order."""

    def __init__(self, someone: Person) -> None:
        self.page = someone.page

    def to(self, selector: str) -> None:
        """Press Tab until the focus is on what ``selector`` names."""
        for _ in range(MOST_STOPS):
            if self.page.evaluate("css => document.activeElement.matches(css)", selector):
                return
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_STOP)
            assert stop["seen"], f"the focus hides on {stop['what']}"
            assert stop["ring"], f"no sign of the focus on {stop['what']}"
            assert stop["follows"], f"the focus jumps back to {stop['what']}"
        raise AssertionError(f"Tab never reaches {selector} on {self.page.url}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Go to a button or link and use it; wait for the next page."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def answer(self, name: str, value: str) -> None:
        """Answer one question as a keyboard does."""
        own = f'main [name="{name}"]'
        boxes = self.page.locator(f"{own}[type=checkbox]").count()
        self.to(f'{own}[value="{value}"]' if boxes > 1 else self._place(name))
        if self._is_list(name):
            value = self.page.locator(f'{own} option[value="{value}"]').inner_text()
        kind = self.page.evaluate("() => document.activeElement.type")
        if kind == "select-one":
            if self._value() != value:
                # A list jumps to what is typed: nobody presses an arrow two hundred times.
                label = self.page.locator(f'{own} option[value="{value}"]').inner_text()
                self.page.keyboard.type(label.partition(" ")[0])
            self._until(lambda: self._value() == value, "ArrowDown")
        elif kind == "radio":
            self.page.keyboard.press("Space")
            self._until(lambda: self._value() == value, "ArrowDown")
        elif kind == "checkbox":
            if not self.page.evaluate("() => document.activeElement.checked"):
                self.page.keyboard.press("Space")
        else:
            self.page.keyboard.type(value)

    def clear(self, name: str) -> None:
        """Empty an input that holds something already, as a page that came again does."""
        self.to(self._place(name))
        if self.page.evaluate("() => document.activeElement.matches('[type=text], textarea')"):
            self.page.keyboard.press("Control+a")

    def _is_list(self, name: str) -> bool:
        """Whether a list has become something to type into: the list itself is hidden then."""
        return self.page.locator(f'main [data-listed] [hidden] select[name="{name}"]').count() > 0

    def _place(self, name: str) -> str:
        return f"#feld-{name}" if self._is_list(name) else f'main [name="{name}"]'

    def _value(self) -> str:
        return str(self.page.evaluate("() => document.activeElement.value"))

    def _until(self, reached: Callable[[], bool], key: str) -> None:
        for _ in range(MOST_STOPS):
            if reached():
                return
            self.page.keyboard.press(key)
        stopped = self.page.evaluate("() => document.activeElement.outerHTML.slice(0, 300)")
        raise AssertionError(f"the arrow keys never reach the answer; they are on {stopped}")
