"""Where a screen reader is after each step: errors first, a new page at its beginning."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications import begin, parking
from browsing import Person

_FOCUS = "() => document.activeElement.id || document.activeElement.tagName"


def _focus(someone: Person) -> str:
    return str(someone.page.evaluate(_FOCUS))


@pytest.fixture
def someone(person: Callable[..., Person]) -> Person:
    return person("muehlbrueck")


def test_after_an_error_the_summary_is_read_and_leads_to_the_answer(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    someone.onward()
    assert _focus(someone) == "fehler"
    assert someone.page.title().startswith("Fehler:")
    someone.page.keyboard.press("Tab")
    someone.page.keyboard.press("Enter")
    assert _focus(someone) == "feld-vorname"


def test_a_new_page_begins_at_its_beginning_and_is_named_first(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    someone.fill_in(parking())
    someone.onward()
    someone.at("/wohnung")
    assert _focus(someone) == "BODY"
    assert someone.page.title().startswith(someone.heading)
    someone.page.keyboard.press("Tab")
    assert someone.page.evaluate("() => document.activeElement.matches('.dw-skip')")
    someone.page.keyboard.press("Enter")
    assert _focus(someone) == "inhalt"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_added_and_removed_entries_are_told(person: Callable[..., Person], scripts: bool) -> None:
    someone = person("muehlbrueck", java_script_enabled=scripts)
    begin(someone, "hundesteuer-anmeldung")
    draft = someone.path.rsplit("/", 1)[0]
    someone.go(f"{draft}/hunde")
    with someone.page.expect_navigation():
        someone.page.locator("button[name=hinzufuegen]").click()
    someone.at("/hunde/0")
    assert someone.page.title().startswith(someone.heading)
    someone.go(f"{draft}/hunde")
    assert someone.page.locator("#hinweis").count() == 0
    with someone.page.expect_navigation():
        someone.page.locator("button[name=eintrag_entfernen]").click()
    assert someone.page.locator(".dw-item").count() == 0
    assert someone.page.locator("#hinweis").inner_text() == "Der Eintrag ist entfernt."
    if scripts:
        assert _focus(someone) == "hinweis"
        someone.inspect()


def test_feedback_is_reached_by_keyboard_from_a_page_of_the_assistant(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    someone.page.locator("footer a[href$='/rueckmeldung']").focus()
    with someone.page.expect_navigation():
        someone.page.keyboard.press("Enter")
    assert someone.field("seite").input_value() == "/antrag/…/person"
    someone.onward()
    assert _focus(someone) == "fehler"
