"""People in front of a real browser: what they do, and what is watched while they do it.

Everybody's pages are watched for foreign requests, errors on the console, and violations of the
Content-Security-Policy. `Person.inspect` looks at one state of a page: axe-core, the frame, and
whether anything scrolls sideways.
"""

from __future__ import annotations

import io
import itertools
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

    from own_stage import Stage

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "docs" / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}
NARROW = {"width": 320, "height": 640}
"""WCAG 1.4.10: nothing scrolls sideways at this width."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-x-[a-z]+)?")
MOST_BYTES = 200_000
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_MAIN_BUTTON = (
    ".dw-actions button[value=weiter],"
    " .dw-form:not(:has(button[value=weiter])) .dw-actions button[type=submit]"
)
_REFUSED = re.compile(r"responded with a status of (4\d\d|503)")
"""What Chromium says on its console of a page that came with such a status, as it should."""

_INSPECT = """
async (standards) => {
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
  };
}
"""


class Person:
    """Somebody with a browser of their own, at the portal of a municipality or at the desk."""

    def __init__(
        self, stage: Stage, context: BrowserContext, town: str = "", *, scripts: bool = True
    ) -> None:
        self.stage = stage
        self.scripts = scripts
        self.town = town
        self.context = context
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.inspected: list[str] = []
        context.set_default_timeout(20_000)
        context.on("console", self._hear)
        context.on("request", self._follow)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))

    def go(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(self.stage.address(self.town, path))

    def at(self, path: str) -> None:
        """Wait until the browser shows a page whose path ends so."""
        self.page.wait_for_url(lambda url: urlsplit(url).path.endswith(path))

    @property
    def path(self) -> str:
        """Return the path of the page that is shown."""
        return urlsplit(self.page.url).path

    @property
    def heading(self) -> str:
        """Return the words of the page's first heading."""
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """Return the words of the main part."""
        return " ".join(self.page.locator("main").inner_text().split())

    def field(self, name: str) -> Locator:
        """Return the input of a question; of a group, its first."""
        return self.page.locator(f'main [name="{name}"]').first

    def fill_in(self, values: Mapping[str, str]) -> None:
        """Answer the questions of the page that are on it, in their order on the page."""
        for name, value in values.items():
            field = self.field(name)
            if field.count() == 0:
                continue
            kind = field.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
            if kind == "select":
                field.select_option(value)
            elif kind in {"radio", "checkbox"}:
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            else:
                field.fill(value)

    def press(self, label: str) -> None:
        """Press the button with these words."""
        self.page.get_by_role("button", name=label).first.click()

    def follow(self, label: str) -> None:
        """Follow the link with these words in the main part."""
        self.page.locator("main").get_by_role("link", name=label).first.click()

    def onward(self) -> None:
        """Press the page's main button and wait for the answer: the next page, or this again."""
        with self.page.expect_navigation():
            self.page.locator(_MAIN_BUTTON).first.click()

    def reload_until(self, words: str, patience: float = 40) -> None:
        """Look at the page again until it says these words."""
        for _ in range(int(patience / 0.25)):
            if words in self.text:
                return
            self.page.wait_for_timeout(250)
            self.page.reload()
        raise AssertionError(f"{self.path} never says {words!r}: {self.text[:500]}")

    def inspect(self) -> None:
        """Check this state of the page: axe, frame, headings, nothing sideways."""
        # By DevTools, which no Content-Security-Policy binds; the page itself may load no script.
        if not self.page.evaluate("() => typeof axe !== 'undefined'"):
            self.page.evaluate(AXE.read_text())
        seen = self.page.evaluate(_INSPECT, list(STANDARDS))
        where = f"{self.path} at {self.page.viewport_size}"
        self.inspected.append(where)
        assert seen["axe"] == [], f"{where}: {seen['axe']}"
        assert _LANGUAGE.fullmatch(seen["lang"]), where
        assert len(seen["title"]) > 10, where
        assert seen["levels"].count(1) == 1, f"{where}: {seen['levels']}"
        assert not _jumps(seen["levels"]), f"{where}: {seen['levels']}"
        assert seen["sideways"] <= 0, f"{where}: scrolls sideways by {seen['sideways']} px"

    def inspect_narrow(self) -> None:
        """Check this state of the page as a phone of 320 px shows it, then widen it again."""
        before = self.page.viewport_size
        self.page.set_viewport_size(NARROW)
        self.inspect()
        if before:
            self.page.set_viewport_size(before)

    def picture(self, name: str) -> None:
        """Take a picture for the documentation, if this run is asked to."""
        if os.environ.get("SCREENSHOTS"):
            self.page.evaluate("() => document.fonts.ready")
            shrink(self.page.screenshot(full_page=True), SCREENSHOTS / f"{name}.png")

    def watched(self) -> None:
        """Fail if something went wrong that nobody sees: scripts, policy, foreign hosts."""
        assert self.troubles == []

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _REFUSED.search(message.text):
            self.troubles.append(f"console: {message.text} at {message.location}")

    def _follow(self, request: Request) -> None:
        address = urlsplit(request.url)
        host = address.hostname or ""
        ours = host == "localhost" or host.endswith(".localhost")
        leaving = host == "127.0.0.1" and request.is_navigation_request()
        if address.scheme in {"http", "https"} and not ours and not leaving:
            self.troubles.append(f"foreign request: {request.url}")


def shrink(picture: bytes, path: Path) -> None:
    """Write a picture with a palette of its own, which a page of few colours does not notice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image: Any = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size < MOST_BYTES, f"{path.name}: {path.stat().st_size} bytes"


def _jumps(levels: list[int]) -> bool:
    return any(below - above > 1 for above, below in itertools.pairwise(levels))
