"""What goes wrong at a browser: missing answers, two windows, impatience, lost sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications import begin, by_post, fill_in, parking, send
from browsing import Person


@pytest.fixture
def someone(person: Callable[..., Person]) -> Person:
    return person("muehlbrueck")


def test_errors_are_read_first_and_lead_to_their_fields(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    someone.fill_in({"vorname": "Ayşe", "geburtsdatum": "31.2.1984"})
    someone.onward()
    assert someone.page.evaluate("document.activeElement.id") == "fehler"
    assert someone.page.title().startswith("Fehler:")
    assert someone.field("vorname").input_value() == "Ayşe"
    assert someone.field("geburtsdatum").input_value() == "31.2.1984"
    someone.inspect_narrow()
    someone.page.locator("#fehler").get_by_role("link", name="Nachnamen").click()
    assert someone.page.evaluate("document.activeElement.name") == "nachname"
    described = someone.field("nachname").get_attribute("aria-describedby") or ""
    shown = [someone.page.locator(f"#{one}").inner_text() for one in described.split()]
    assert any("Bitte geben Sie Ihren Nachnamen an." in text for text in shown)


def test_back_and_forward_lose_nothing(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    answers = parking()
    someone.fill_in(answers)
    someone.onward()
    someone.fill_in(answers)
    someone.press("Zurück")
    someone.at("/person")
    assert someone.field("nachname").input_value() == "Müller-Öztürk"
    someone.onward()
    assert someone.field("hausnummer").input_value() == "12"
    someone.page.go_back()
    someone.at("/person")
    assert someone.field("vorname").input_value() == "Ayşe"
    someone.page.go_forward()
    someone.at("/wohnung")
    assert someone.field("ort").input_value() == "Mühlbrück"


def test_what_is_typed_is_saved_before_the_page_is_sent(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    someone.field("vorname").fill("Ayşe")
    someone.field("nachname").focus()
    someone.page.locator("[data-autosave-state]", has_text="Gespeichert um").wait_for()
    someone.page.reload()
    assert someone.field("vorname").input_value() == "Ayşe"


def test_two_windows_show_both_answers(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    other = someone.context.new_page()
    other.goto(someone.page.url)
    other.locator('[name="vorname"]').fill("Fatma")
    other.locator('[name="nachname"]').fill("Öztürk")
    other.locator('[name="geburtsdatum"]').fill("1.2.1990")
    with other.expect_navigation():
        other.locator(".dw-actions button[value=weiter]").click()
    someone.fill_in({"vorname": "Ayşe", "nachname": "Öztürk", "geburtsdatum": "1.2.1990"})
    someone.onward()
    warning = someone.page.locator(".kern-alert--warning")
    assert "in einem anderen Fenster geändert" in warning.inner_text()
    assert "Fatma" in warning.inner_text()
    assert someone.field("vorname").input_value() == "Ayşe"
    someone.inspect()
    someone.onward()
    someone.at("/wohnung")
    someone.page.go_back()
    someone.at("/person")
    assert someone.field("vorname").input_value() == "Ayşe"


def test_a_double_click_and_a_second_window_send_one_case(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    fill_in(someone, parking())
    by_post(someone)
    other = someone.context.new_page()
    other.goto(someone.page.url)
    posted: list[str] = []
    someone.page.on("request", lambda one: posted.append(one.url) if one.method == "POST" else None)
    someone.fill_in({"bestaetigt": "ja"})
    someone.page.get_by_role("button", name="Antrag verbindlich absenden").dblclick()
    someone.at("/abgeschickt")
    assert len(posted) == 1
    number = someone.page.locator(".dw-code").first.inner_text()
    other.locator('[name="bestaetigt"]').check()
    other.get_by_role("button", name="Antrag verbindlich absenden").click()
    other.wait_for_url("**/abgeschickt")
    assert other.locator(".dw-code").first.inner_text() == number
    someone.page.go_back()
    someone.page.reload()
    assert number in someone.text or someone.path.endswith("/abgeschickt")


def test_a_lost_session_is_explained_and_the_code_helps(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    someone.fill_in(parking())
    someone.onward()
    page = someone.page.url
    someone.go(f"{someone.path.rsplit('/', 1)[0]}/pause")
    code = someone.page.locator(".dw-code").inner_text()
    someone.page.goto(page)
    someone.context.clear_cookies()
    someone.fill_in(parking())
    someone.onward()
    assert "zu lange offen" in someone.heading or "nicht öffnen" in someone.heading
    someone.inspect()
    someone.page.goto(page)
    assert "nicht öffnen" in someone.heading
    someone.inspect()
    someone.go("/fortsetzen")
    someone.fill_in({"code": code})
    someone.press("Antrag öffnen")
    someone.page.wait_for_url("**/antrag/**")
    assert someone.path.endswith("/wohnung")


def test_a_discarded_draft_is_gone_on_every_device(person: Callable[..., Person]) -> None:
    one, two = person("muehlbrueck"), person("muehlbrueck")
    begin(one, "bewohnerparkausweis")
    one.press("Speichern und später weitermachen")
    one.at("/pause")
    two.go("/fortsetzen")
    two.fill_in({"code": one.page.locator(".dw-code").inner_text()})
    two.press("Antrag öffnen")
    two.page.wait_for_url("**/antrag/**")
    one.follow("Entwurf löschen")
    one.inspect()
    one.press("Ja, endgültig löschen")
    one.page.get_by_role("heading", name="Der Entwurf ist gelöscht").wait_for()
    one.inspect()
    two.onward()
    assert two.heading == "Diesen Antrag können wir hier nicht öffnen"
    two.inspect()


def test_another_language_keeps_the_answers(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    someone.fill_in(parking())
    someone.onward()
    someone.page.get_by_role("link", name="English", exact=True).click()
    someone.page.wait_for_url("**lang=en**")
    assert someone.page.locator("html").get_attribute("lang") == "en"
    someone.inspect()
    someone.press("Back")
    someone.at("/person")
    assert someone.field("vorname").input_value() == "Ayşe"
    fill_in(someone, parking())
    by_post(someone)
    assert "Müller-Öztürk" in someone.text
    assert "Brückengasse" in someone.text
    someone.inspect()


def test_nothing_is_sent_without_the_review(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    fill_in(someone, parking())
    by_post(someone)
    with someone.page.expect_navigation():
        someone.press("Antrag verbindlich absenden")
    assert someone.page.evaluate("document.activeElement.id") == "fehler"
    someone.inspect_narrow()
    number, _ = send(someone)
    assert number.startswith("MUE-")
