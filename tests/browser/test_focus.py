"""Where a screen reader is after each step: errors first, a new page at its beginning."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications import begin, parking, proof
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


def test_an_uploaded_and_a_removed_file_leave_the_focus_at_their_question(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    chooser = someone.page.locator('input[name="datei-fahrzeugschein"]')
    while not chooser.count():
        someone.fill_in(parking())
        someone.onward()
    chooser.focus()
    with someone.page.expect_file_chooser() as asked:
        someone.page.keyboard.press("Space")
    asked.value.set_files(proof("schein.pdf"))  # type: ignore[arg-type]  # a TypedDict of Playwright's own
    file = someone.page.locator(".dw-file__item", has_text="schein.pdf")
    file.get_by_text("geprüft", exact=True).wait_for()
    inside = "() => document.activeElement.closest('[data-tus]') !== null"
    assert someone.page.evaluate(inside), _focus(someone)
    file.get_by_role("button", name="Entfernen").focus()
    with someone.page.expect_navigation():
        someone.page.keyboard.press("Enter")
    assert file.count() == 0
    assert someone.page.url.endswith("#feld-fahrzeugschein"), "there a screen reader goes on"
    someone.page.keyboard.press("Tab")
    assert someone.page.evaluate(inside), _focus(someone)


def test_another_language_begins_the_same_page_anew_in_that_language(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    page = someone.path
    someone.page.locator(".dw-header__languages a[hreflang=en]").focus()
    with someone.page.expect_navigation():
        someone.page.keyboard.press("Enter")
    assert someone.path == page
    assert _focus(someone) == "BODY"
    assert someone.page.evaluate("() => document.documentElement.lang") == "en"
    assert someone.page.title().startswith(someone.heading)
    current = someone.page.locator(".dw-header__languages [aria-current]")
    assert current.get_attribute("lang") == "en"


def test_a_disclosure_keeps_the_focus_and_its_content_comes_next(someone: Person) -> None:
    someone.go("/pruefen")
    someone.page.locator("main summary").first.focus()
    someone.page.keyboard.press("Enter")
    assert _focus(someone) == "SUMMARY"
    assert someone.page.locator("main details").first.get_attribute("open") is not None
    someone.page.keyboard.press("Tab")
    assert _focus(someone) == "hash"


def test_the_warning_of_the_session_gives_the_focus_back(someone: Person) -> None:
    someone.page.clock.install()
    someone.go("/leistungen/bewohnerparkausweis")
    someone.page.locator('[name="geraet"]').check()
    with someone.page.expect_navigation():
        someone.page.locator('form[action$="/beginnen"] button').click()
    someone.follow("Jetzt weitermachen")
    someone.at("/person")
    someone.field("nachname").focus()
    someone.page.clock.fast_forward("25:10")
    someone.page.get_by_role("alertdialog").wait_for()
    assert someone.page.evaluate("() => document.activeElement.closest('dialog') !== null")
    someone.page.keyboard.press("Escape")
    someone.page.get_by_role("alertdialog").wait_for(state="hidden")
    assert _focus(someone) == "feld-nachname"
