"""Shared federal schemas, imported, offered and walked in a browser to an application.

The smallest one in every run; all of them with ``CONFORMANCE=full``, which `make conformance` sets:
what was walked is noted for its table.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from applications import by_post, send
from browsing import Person
from own_stage import Stage
from walking import ROOT, through, walk_of

SAMPLES = os.environ.get("SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")

FULL = os.environ.get("CONFORMANCE") == "full"
NOTES = ROOT / "var" / "conformance-browser"
TOWN = "sankt-wendelin"
LANDS_LATE = 40
"""Tries, half a second apart, until the running web processes have heard of a new offer."""


def _schemas() -> list[Path]:
    """Return those of the samples that are walked: all, or the smallest real one."""
    if not SAMPLES:
        return []
    found = sorted(_samples().schemas(Path(SAMPLES)), key=lambda path: path.stat().st_size)
    return found if FULL else [path for path in found if path.name.startswith("S")][:1]


def _samples() -> ModuleType:
    """Return what `make conformance` knows of the samples: the walks are of the same schemas."""
    sys.path.append(str(ROOT))
    try:
        return importlib.import_module("bench.fim_samples")
    finally:
        sys.path.remove(str(ROOT))


@pytest.mark.parametrize("schema", _schemas(), ids=lambda path: path.stem)
def test_a_federal_schema_is_walked_to_an_application(
    stage: Stage, person: Callable[..., Person], tmp_path: Path, schema: Path
) -> None:
    blueprint = tmp_path / "blueprint"
    slug = schema.name.partition(".")[0].partition("V")[0].replace("_", "-").lower()
    lists = [word for one in _samples().lists_of(schema) for word in ("--code-list", str(one))]
    stage.dienstweg("blueprint", "import-fim", str(schema), *lists, "-o", str(blueprint))
    stage.dienstweg(
        *("offer", "add", "--authority", TOWN, "--blueprint", str(blueprint)),
        *("--connection", "fachverfahren", "--slug", slug),
    )
    _note(schema.name, 0)
    applicant = person(TOWN, java_script_enabled=False)
    _begin(applicant, slug)

    def press(selector: str) -> None:
        with applicant.page.expect_navigation():
            applicant.page.locator(f"main :is(.dw-actions, form > div) {selector}").first.click()

    walk = walk_of(blueprint)
    pages = through(
        applicant, walk, answer=lambda one, name, text: one.fill_in({name: text}), press=press
    )
    assert len(pages) >= 1
    by_post(applicant)
    number, code = send(applicant)
    assert number
    assert code
    _note(schema.name, 1)


def _begin(someone: Person, slug: str) -> None:
    for _ in range(LANDS_LATE):
        someone.go(f"/leistungen/{slug}")
        begins = someone.page.locator('form[action$="/beginnen"] button[type=submit]')
        if begins.count():
            with someone.page.expect_navigation():
                begins.first.click()
            return
        someone.page.wait_for_timeout(500)
    raise AssertionError("the new offer never appears")


def _note(name: str, walked: int) -> None:
    """Write down that a walk was begun, and whether it came to its end."""
    NOTES.mkdir(parents=True, exist_ok=True)
    (NOTES / f"{name}.json").write_text(json.dumps([walked, 1]))
