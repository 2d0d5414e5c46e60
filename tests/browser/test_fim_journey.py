"""A real federal data schema: imported, offered, filled in, delivered, and decided.

Nothing of the schema stays: blueprint and installation lie in folders that are thrown away.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from applications import by_post, send
from browsing import Person
from own_stage import Stage
from walking import through, walk_of

SAMPLES = os.environ.get("SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")

FOLDER = Path(SAMPLES or ".")
SCHEMA = FOLDER / "fim-xdatenfelder" / "xdf2_S00000094V1.0_Mutterschutz.xml"
SLUG = "mutterschutz"
TOWN = "sankt-wendelin"
LANDS_LATE = 40
"""Tries, half a second apart, until the running web processes have heard of a new offer."""


def test_from_a_federal_schema_to_a_decision(
    stage: Stage, person: Callable[..., Person], tmp_path: Path
) -> None:
    blueprint = tmp_path / "blueprint"
    lists = sorted((FOLDER / "genericode").glob("*.xml"))
    named = [word for path in lists for word in ("--code-list", str(path))]
    printed = stage.dienstweg("blueprint", "import-fim", str(SCHEMA), *named, "-o", str(blueprint))
    assert "offene Punkte" in printed
    stage.dienstweg(
        *("offer", "add", "--authority", TOWN, "--blueprint", str(blueprint)),
        *("--connection", "fachverfahren", "--slug", SLUG),
    )
    applicant = person(TOWN)
    _begin(applicant)
    walk = walk_of(blueprint)
    pages = through(
        applicant,
        walk,
        answer=lambda one, name, text: one.fill_in({name: text}),
        press=lambda selector: _press(applicant, selector),
        at_page=lambda _page: applicant.inspect(),
    )
    assert len(pages) >= len(walk.release.assistant.pages) // 2
    by_post(applicant)
    applicant.inspect()
    assert "Beispiel" in applicant.text
    number, _ = send(applicant)
    _expect_delivery(applicant, stage, number)
    _decide(person(""), number)
    applicant.go(f"/vorgang/{number}")
    applicant.reload_until("Ihr Antrag ist abgeschlossen")
    assert applicant.page.locator('article a[href*="/dokument/"]').count() == 1


def _begin(someone: Person) -> None:
    for _ in range(LANDS_LATE):
        someone.go(f"/leistungen/{SLUG}")
        begins = someone.page.locator('form[action$="/beginnen"] button')
        if begins.count():
            someone.inspect()
            begins.click()
            someone.page.wait_for_url("**/antrag/**")
            return
        someone.page.wait_for_timeout(500)
    raise AssertionError("the new offer never appears")


def _press(someone: Person, selector: str) -> None:
    with someone.page.expect_navigation():
        someone.page.locator(f"main :is(.dw-actions, form > div) {selector}").first.click()


def _expect_delivery(applicant: Person, stage: Stage, number: str) -> None:
    """See the case at the back office: in its ledger, and on its page."""
    applicant.follow("Zu meinem Vorgang")
    applicant.reload_until("Ihr Antrag liegt beim zuständigen Amt")
    taken = [one for one in stage.ledger("backoffice") if number in str(one)]
    assert len(taken) == 1
    office = applicant.context.new_page()
    office.goto(f"http://127.0.0.1:{stage.office}/")
    office.get_by_role("cell", name=number).wait_for()
    office.close()


def _decide(worker: Person, number: str) -> None:
    worker.go("/arbeitsplatz/")
    worker.fill_in({"email": "rathaus@sankt-wendelin.example", "passwort": "demo-sankt-wendelin"})
    worker.press("Anmelden")
    worker.at("/arbeitsplatz/")
    worker.reload_until(number)
    worker.follow(number)
    worker.inspect()
    worker.page.locator('input[name="ergebnis"][value="granted"]').check()
    worker.page.get_by_label("Begründung").fill("Die Angaben sind vollständig und geprüft.")
    with worker.page.expect_navigation():
        worker.press("Entscheiden")
    worker.reload_until("abgeschlossen")
