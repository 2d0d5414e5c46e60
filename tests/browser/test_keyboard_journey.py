"""Somebody without a mouse applies for a resident's parking permit, pays, and gets it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest

from applications import parking, proof
from browsing import Person
from keyboard import Keyboard

ADDRESS = "ayse@example.org"


@pytest.fixture
def someone(person: Callable[..., Person]) -> Person:
    return person("muehlbrueck")


def test_a_permit_by_keyboard_alone(someone: Person) -> None:
    keys, page = Keyboard(someone), someone.page
    someone.go("/")
    someone.picture("portal-desktop")
    keys.to(".dw-skip")
    keys.to('input[name="suche"]')
    page.keyboard.type("bewoner parken")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    keys.press('main a[href="/leistungen/bewohnerparkausweis"]')
    someone.picture("service-desktop")
    keys.press('form[action$="/beginnen"] button')
    _answer_all(someone, keys)
    keys.answer("weg", "email")
    keys.answer("email", ADDRESS)
    keys.press("main form button")
    code = someone.stage.code_sent_to(ADDRESS)
    keys.answer("code", code)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert someone.heading == "Prüfen Sie Ihren Antrag"
    someone.picture("summary-desktop")
    keys.answer("bestaetigt", "ja")
    keys.press(".dw-actions button[type=submit]")
    number, _ = page.locator(".dw-code").all_inner_texts()[:2]
    page.get_by_role("link", name="Kopie herunterladen (PDF)").wait_for()
    keys.press(f'main a[href="/vorgang/{number.strip()}"]')
    _pay(someone, keys)
    someone.reload_until("Ihr Antrag ist abgeschlossen")
    assert "Bewilligt" in someone.text
    someone.picture("case-desktop")
    _download(someone, keys)


def _answer_all(someone: Person, keys: Keyboard) -> None:
    """Answer the pages of the assistant, each question in its turn."""
    answers = parking()
    for page in ("person", "wohnung", "zone", "fahrzeug", "ausweis"):
        assert someone.path.endswith(f"/{page}")
        for name, value in answers.items():
            if someone.field(name).count():
                keys.answer(name, value)
        if page == "person":
            # Enter in the last field sends the page onward, not back or to the upload.
            with someone.page.expect_navigation():
                someone.page.keyboard.press("Enter")
        else:
            keys.press("button[value=weiter]", "Space")
    keys.to('input[type="file"]')
    with someone.page.expect_file_chooser() as chooser:
        someone.page.keyboard.press("Space")
    chooser.value.set_files(proof())  # type: ignore[arg-type]  # a TypedDict of Playwright's own
    someone.page.locator(".dw-file__name", has_text="Fahrzeugschein.pdf").wait_for()
    keys.press("button[value=weiter]")
    assert "30,70 €" in someone.text
    keys.press("button[value=weiter]")


def _pay(someone: Person, keys: Keyboard) -> None:
    """Wait for the way to pay, which comes by itself, and use it."""
    someone.page.get_by_role("link", name="Jetzt bezahlen").wait_for()
    keys.press("#zahlung a")
    keys.press("button[value=PAYED]")
    someone.page.wait_for_url("**/vorgang/**")


def _download(someone: Person, keys: Keyboard) -> None:
    """Get the decision as a file, and look into it."""
    someone.page.evaluate("() => { document.activeElement.blur(); }")
    keys.to('article a[href*="/dokument/"]')
    with someone.page.expect_download() as download:
        someone.page.keyboard.press("Enter")
    content = download.value.path().read_bytes()
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("de")
