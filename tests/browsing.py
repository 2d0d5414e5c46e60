"""People in front of a real browser: what they do, and what is watched while they do it.

Everybody's pages are watched for foreign requests, errors on the console, and violations of the
Content-Security-Policy. `Person.inspect` looks at one state of a page (`inspecting`).
"""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PIL import Image

import inspecting
from inspecting import DESKTOP, NARROW, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import (
        BrowserContext,
        ConsoleMessage,
        Locator,
        Page,
        Request,
        Response,
    )

    from own_stage import Stage

__all__ = ["DESKTOP", "NARROW", "PHONE", "ROOT", "SCREENSHOTS", "Person", "shrink"]

SCREENSHOTS = ROOT / "docs" / "screenshots"
PHONE = {"width": 375, "height": 812}
MOST_BYTES = 200_000
_MAIN_BUTTON = (
    ".dw-actions button[value=weiter],"
    " .dw-form:not(:has(button[value=weiter])) .dw-actions button[type=submit]"
)
_REFUSED = re.compile(r"responded with a status of (4\d\d|503)")
"""What Chromium says on its console of a page that came with such a status, as it should."""


class Person:
    """Somebody with a browser of their own, at the portal of a municipality or at the desk."""

    def __init__(
        self,
        stage: Stage,
        context: BrowserContext,
        town: str = "",
        *,
        scripts: bool = True,
        media: Mapping[str, str] | None = None,
    ) -> None:
        self.stage = stage
        self.scripts = scripts
        self.town = town
        self.context = context
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.media = {"color_scheme": "light", "forced_colors": "none", **(media or {})}
        self.status = 0
        self._inspected = ""
        self.page.on("response", self._note)
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
        """Follow the link with these words in the main part to the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=label).first.click()

    def onward(self) -> None:
        """Press the page's main button and wait for the answer: the next page, or this again."""
        with self.page.expect_navigation():
            self.page.locator(_MAIN_BUTTON).first.click()

    def reload_until(self, words: str, patience: float = 40) -> None:
        """Look at the page again until it says these words."""
        until = time.monotonic() + patience
        while words not in self.text:
            if time.monotonic() > until:
                break
            self.page.wait_for_timeout(600)
            self.page.reload()
        else:
            return
        raise AssertionError(f"{self.path} never says {words!r}: {self.text[:500]}")

    def inspect(self) -> None:
        """Check this state of the page: axe, frame, headings, nothing sideways."""
        if inspecting.FULL and self._inspected == self._state():
            return
        inspecting.inspect(self.page, media=self.media, status=self.status)
        self._inspected = self._state() if inspecting.FULL else ""

    def inspect_narrow(self) -> None:
        """Check this state of the page as a phone of 320 px shows it, then widen it again."""
        if inspecting.FULL:
            self.inspect()
            return
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

    def _state(self) -> str:
        """Return what tells this state of a page from the last one that was inspected."""
        shown = self.page.evaluate(
            "() => [...document.querySelectorAll('input, textarea, select')]"
            ".map(one => `${one.value} ${one.checked}`).join('|')"
        )
        return f"{self.page.url} {self.page.content()} {shown}"

    def _note(self, response: Response) -> None:
        """Keep the status of the page that is shown."""
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status

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
