"""A caseworker signs in, decides, takes it back in time, decides again, and posts the letter."""

from __future__ import annotations

from collections.abc import Callable

from applications import EMAIL, pay, signed_in, submitted, unclear_zone
from browsing import Person


def test_a_decision_taken_back_and_taken_again(person: Callable[..., Person]) -> None:
    applicant = person("muehlbrueck")
    number, _ = submitted(applicant, unclear_zone())
    applicant.page.get_by_role("link", name="Kopie herunterladen").wait_for()
    applicant.follow("Zu meinem Vorgang")
    pay(applicant)
    worker = signed_in(person)
    worker.reload_until(number)
    worker.inspect()
    worker.picture("desk-tasks-desktop")
    worker.follow(number)
    assert "Ayşe" in worker.text
    assert "Lindenallee" in worker.text
    worker.picture("desk-case-desktop")
    _decide(worker, "Antrag ablehnen", "")
    assert "Bitte begründen Sie die Entscheidung." in worker.text
    assert worker.page.get_by_label("Antrag ablehnen").is_checked()
    worker.inspect()
    _decide(worker, "Antrag ablehnen", "Die Hausnummer liegt in keiner Zone.")
    worker.press("Entscheidung zurücknehmen")
    worker.page.get_by_label("Ausweis erteilen").wait_for()
    _decide(worker, "Ausweis erteilen", "Das Haus gehört seit Oktober zur Zone C.")
    worker.inspect()
    worker.reload_until("abgeschlossen")
    assert "Svenja Öttinger" in worker.text
    assert "Entscheidung zurückgenommen" in worker.text
    worker.inspect()
    _post(worker, number)
    applicant.reload_until("Ihr Antrag ist abgeschlossen")
    assert "Bewilligt" in applicant.text


def _decide(worker: Person, outcome: str, reason: str) -> None:
    worker.page.get_by_label(outcome).check()
    worker.page.get_by_label("Begründung").fill(reason)
    with worker.page.expect_navigation():
        worker.press("Entscheiden")


def _post(worker: Person, number: str) -> None:
    """Find the letter on the list of what is to be posted, and take it off."""
    worker.page.get_by_role("link", name="Post", exact=True).click()
    worker.at("/post")
    letter = worker.page.locator("li.dw-panel", has_text=number)
    letter.wait_for()
    worker.inspect()
    worker.picture("desk-post-desktop")
    with worker.page.expect_navigation():
        letter.get_by_role("button", name="Ist verschickt").click()
    assert number not in worker.text


def test_a_wrong_password_lets_nobody_in(person: Callable[..., Person]) -> None:
    stranger = person("")
    stranger.go("/arbeitsplatz/vorgaenge")
    stranger.at("/anmelden")
    stranger.fill_in({"email": EMAIL, "passwort": "falsch"})
    with stranger.page.expect_navigation():
        stranger.press("Anmelden")
    assert "stimmen nicht" in stranger.text
    assert stranger.field("email").input_value() == EMAIL
    assert stranger.field("passwort").input_value() == ""
    stranger.inspect()
    worker = signed_in(person)
    worker.press("Abmelden")
    worker.at("/anmelden")
    worker.go("/arbeitsplatz/")
    worker.at("/anmelden")
