"""What is looked at in each state of a page: axe-core, the frame, the way to help; in every look.

In usual runs a state is looked at as it stands. With ``ACCESSIBILITY=full`` (``make
accessibility``) every state that any browser test inspects is seen in all `LOOKS`, and written down
by its route, so that `inspected.py` can tell which page nobody has ever looked at.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SEEN = ROOT / "var" / "accessibility"
"""Where a full run writes down what it has looked at, a file for each process."""
FULL = os.environ.get("ACCESSIBILITY") == "full"


def one_of(*values: Any) -> list[Any]:
    """All of these in a full run, the first in usual ones, which must end in a few minutes."""
    return list(values) if FULL else list(values[:1])


DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
"""WCAG 1.4.10: nothing scrolls sideways at this width."""
ZOOMED = {"width": 320, "height": 256}
"""WCAG 1.4.10: what is left of 1280 by 1024 CSS pixels at 400 %."""
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PROMISED = ("/barrierefreiheit", "/rueckmeldung")
"""Section 7 BITV 2.0: from every page to the statement and to the feedback."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-x-[a-z]+)?")

_INSPECT = """
async (standards) => {
  getComputedStyle(document.body).color;
  for (const one of document.getAnimations()) {
    if (one instanceof CSSTransition) one.finish();  // a colour is judged when it has come
  }
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: standards},
    rules: {"target-size": {enabled: true}},
    resultTypes: ["violations"],
  });
  const root = document.scrollingElement;
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map(one => +one.tagName[1]);
  return {
    axe: found.violations.map(one => one.id + " (" + one.help + "): "
      + one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(" | ")),
    lang: document.documentElement.lang,
    title: document.title,
    levels: levels,
    sideways: root.scrollWidth - root.clientWidth,
    ways: [...document.querySelectorAll("footer a")].map(one => one.href),
  };
}
"""


@dataclass(frozen=True)
class Look:
    """One way of looking: a window's size, the colours the device wishes, forced ones."""

    name: str
    size: Mapping[str, int]
    scheme: str = "light"
    forced: str = "none"


LOOKS = (
    Look("1280-light", DESKTOP),
    Look("1280-dark", DESKTOP, scheme="dark"),
    Look("forced-colours", DESKTOP, scheme="dark", forced="active"),
    Look("400-percent", ZOOMED),
    Look("320-dark", NARROW, scheme="dark"),
)


def inspect(page: Page, *, media: Mapping[str, str], status: int) -> None:
    """Look at this state of a page as it stands, and in full runs in every look besides.

    ``media`` is what the browser's context has been told of colours, and gets back at the end;
    ``status`` is what the page was answered with.
    """
    size: Any = page.viewport_size or DESKTOP
    own = Look("own", size, media["color_scheme"], media["forced_colors"])
    own = next((look for look in LOOKS if replace(look, name="own") == own), own)
    look_at(page, own, status)
    if not FULL:
        return
    try:
        for look in LOOKS:
            if look is not own:
                wear(page, look)
                look_at(page, look, status)
    finally:
        wear(page, own)


def wear(page: Page, look: Look) -> None:
    """Let a page look so."""
    scheme: Any = look.scheme
    forced: Any = look.forced
    size: Any = dict(look.size)
    page.emulate_media(color_scheme=scheme, forced_colors=forced)
    page.set_viewport_size(size)


def look_at(page: Page, look: Look, status: int) -> None:
    """Check one look: axe, language, title, headings, the way to help, nothing sideways."""
    # By DevTools, which no Content-Security-Policy binds; the page itself may load no script.
    if not page.evaluate("() => typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text())
    seen = page.evaluate(_INSPECT, list(STANDARDS))
    where = f"{urlsplit(page.url).path} as {look}"
    assert seen["axe"] == [], f"{where}: {seen['axe']}"
    assert _LANGUAGE.fullmatch(seen["lang"]), where
    assert len(seen["title"]) > 10, where
    assert seen["levels"].count(1) == 1, f"{where}: {seen['levels']}"
    assert not _jumps(seen["levels"]), f"{where}: {seen['levels']}"
    assert seen["sideways"] <= 0, f"{where}: scrolls sideways by {seen['sideways']} px"
    ways = {urlsplit(one).path for one in seen["ways"]}
    assert ways >= set(PROMISED), f"{where}: the footer leads only to {ways}"
    if FULL:
        _write_down(page, look, status)


def _jumps(levels: list[int]) -> bool:
    return any(below - above > 1 for above, below in itertools.pairwise(levels))


def _write_down(page: Page, look: Look, status: int) -> None:
    """Add a line to this process's file: which route, with which answer, in which look."""
    from django.conf import settings
    from django.urls import Resolver404, resolve

    address = urlsplit(page.url)
    shared = address.hostname == settings.DIENSTWEG_NETWORK_HOST
    table = settings.DIENSTWEG_NETWORK_URLS if shared else settings.ROOT_URLCONF
    try:
        route = resolve(address.path, urlconf=table).route
    except Resolver404:
        route = ""
    note(route=route, status=status, look=look.name)


def note(**seen: str | int) -> None:
    """In full runs, add a line to what this process has looked at or walked through."""
    if not FULL:
        return
    SEEN.mkdir(parents=True, exist_ok=True)
    with (SEEN / f"{os.getpid()}.jsonl").open("a") as file:
        file.write(json.dumps(seen) + "\n")
