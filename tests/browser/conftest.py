"""A running Dienstweg for the browser tests, and people with browsers of their own.

Each worker of xdist starts one installation for all its tests, on ports of its own. Playwright is
started anew for each file: while it runs, Django would refuse its database to other tests.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import own_stage
from browsing import DESKTOP, Person

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
    # The whole browser draws two hidden pages for its address bar beside each of ours. What else
    # stands here is what Playwright switches off: the last such list is the one that counts.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,MediaRouter,"
    "HttpsFirstBalancedModeAutoEnable,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,OptimizationHints",
    # Whatever a page may ask for, nothing but this machine is ever reached.
    "--host-resolver-rules=MAP localhost 127.0.0.1, MAP *.localhost 127.0.0.1,"
    " MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `-m "not browser"` runs the rest alone."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def stage() -> Iterator[own_stage.Stage]:
    """Give a whole installation of the tests' own, with doubles of the foreign systems."""
    if _chromium() is None:
        pytest.skip("Chromium is not installed")
    with own_stage.running() as running:
        yield running
        assert running.failures() == []


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give the real Chromium of this machine."""
    from playwright.sync_api import sync_playwright

    path = _chromium()
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def person(stage: own_stage.Stage, chromium: Browser) -> Iterator[Callable[..., Person]]:
    """Give a function that seats somebody in front of a browser: ``person("muehlbrueck")``.

    Further options are Playwright's for a context (``viewport=PHONE``, ``color_scheme="dark"``).
    At the end of the test nothing may have gone wrong in anybody's browser.
    """
    people: list[Person] = []

    def seat(town: str = "", **options: Any) -> Person:
        given = {"viewport": DESKTOP, "locale": "de-DE", "timezone_id": "Europe/Berlin", **options}
        scripts = bool(options.get("java_script_enabled", True))
        media = {name: given[name] for name in ("color_scheme", "forced_colors") if name in given}
        context = chromium.new_context(**given)
        people.append(Person(stage, context, town, scripts=scripts, media=media))
        return people[-1]

    yield seat
    troubles = [trouble for one in people for trouble in one.troubles]
    for one in people:
        one.context.close()
    assert troubles == []


def _chromium() -> str | None:
    """Return where Chromium is: as `scripts/check` has found it, or on the PATH."""
    if given := os.environ.get("CHROMIUM"):
        return given
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)
