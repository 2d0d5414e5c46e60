"""Asked back and answered, on desktop and phone; the common case takes few clicks; keys help."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications import pay, proof, signed_in, submitted, unclear_zone
from browsing import PHONE, Person

MOST_CLICKS = 4
_COUNT = """
window.addEventListener("pointerdown", event => {
  if (!event.isTrusted) return;
  const count = Number(sessionStorage.getItem("clicks") || 0) + 1;
  sessionStorage.setItem("clicks", String(count));
}, true);
"""


def clicks(worker: Person) -> int:
    """Return how often somebody has pressed a button of the mouse since `begin_counting`."""
    return int(worker.page.evaluate("() => sessionStorage.getItem('clicks') || '0'"))


def begin_counting(worker: Person) -> None:
    """Count from the page that is shown, which is loaded again."""
    worker.context.add_init_script(_COUNT)
    worker.page.reload()
    worker.page.evaluate("() => sessionStorage.removeItem('clicks')")


@pytest.fixture
def case(person: Callable[..., Person]) -> tuple[Person, str]:
    """Give an applicant with a phone whose case waits for a person, and its number."""
    applicant = person("muehlbrueck", viewport=PHONE)
    number, _ = submitted(applicant, unclear_zone())
    applicant.page.get_by_role("link", name="Kopie herunterladen").wait_for()
    applicant.follow("Zu meinem Vorgang")
    pay(applicant)
    return applicant, number


def test_the_common_case_takes_few_clicks(
    person: Callable[..., Person],
    case: tuple[Person, str],
    record_property: Callable[[str, object], None],
) -> None:
    _, number = case
    worker = signed_in(person)
    worker.reload_until(number)
    begin_counting(worker)
    worker.follow(number)
    worker.page.wait_for_url("**/vorgaenge/**")
    worker.page.get_by_label("Ausweis erteilen").check()
    worker.page.get_by_label("Begründung").fill("Das Haus gehört seit Oktober zur Zone C.")
    with worker.page.expect_navigation():
        worker.press("Entscheiden")
    counted = clicks(worker)
    record_property("clicks from the work list to the decision", counted)
    assert "Entscheidung zurücknehmen" in worker.text
    assert 0 < counted <= MOST_CLICKS


def test_asked_back_answered_and_seen_side_by_side(
    person: Callable[..., Person], case: tuple[Person, str]
) -> None:
    applicant, number = case
    worker = signed_in(person)
    worker.reload_until(number)
    _begins_and_drops_one(applicant, number)
    worker.follow(number)
    worker.page.wait_for_url("**/vorgaenge/**")
    worker.inspect()
    worker.inspect_narrow()
    worker.picture("vorgang-desktop")
    worker.follow("Nachfordern")
    worker.at("/nachfordern")
    worker.page.get_by_label("Hausnummer").first.check()
    worker.page.get_by_label("Was soll geändert werden?: Hausnummer").fill("Bitte prüfen.")
    worker.page.get_by_label("Fahrzeugschein").first.check()
    worker.page.get_by_label("Unterlage 1", exact=True).fill("Mietvertrag")
    worker.inspect()
    worker.inspect_narrow()
    worker.picture("nachfordern-desktop")
    worker.press("Nachricht ansehen")
    worker.page.get_by_role("heading", name="So liest es").wait_for()
    assert "– Hausnummer: Bitte prüfen." in worker.text
    worker.inspect()
    worker.inspect_narrow()
    with worker.page.expect_navigation():
        worker.press("Nachricht senden")
    assert "Wartet auf die antragstellende Person" in worker.text
    worker.inspect()
    with worker.page.expect_navigation():
        worker.page.locator('main a[href$="/zuruecknehmen"]').first.click()
    worker.inspect()
    worker.page.go_back()

    _answer(applicant)

    worker.reload_until("Antwort vom")
    assert "Es ist die Nummer im Hof." in worker.text
    worker.inspect()
    worker.inspect_narrow()
    worker.picture("vorgang-geaendert")
    worker.follow("mietvertrag.pdf")
    worker.at("/ansehen")
    worker.page.locator("iframe").evaluate("one => one.remove()")  # axe looks into no viewer
    worker.inspect()
    worker.inspect_narrow()
    worker.page.go_back()
    worker.page.locator('main a[href*="/neben/"]').first.click()
    worker.page.wait_for_url("**/neben/**")
    worker.page.locator("iframe").evaluate_all("all => all.forEach(one => one.remove())")
    worker.inspect()
    worker.inspect_narrow()


def _begins_and_drops_one(applicant: Person, number: str) -> None:
    """Offer to correct what nobody asked for, and think better of it."""
    applicant.go(f"/vorgang/{number}/korrektur")
    applicant.inspect()
    applicant.onward()
    applicant.page.wait_for_url("**/antrag/**")
    applicant.inspect()
    applicant.go(f"/vorgang/{number}/korrektur/verwerfen")
    applicant.at("/korrektur/verwerfen")
    applicant.inspect()
    applicant.onward()
    applicant.at(f"/vorgang/{number}")


def _answer(applicant: Person) -> None:
    """Change what was marked, hand in what was asked for, and send, on a phone."""
    applicant.reload_until("Bitte ergänzen Sie Ihren Antrag")
    applicant.inspect()
    applicant.follow("Jetzt ergänzen")
    applicant.page.wait_for_url("**/antrag/**")
    assert "Das möchte das Amt von Ihnen" in applicant.text
    applicant.inspect()
    applicant.picture("nachforderung-stelle-phone")
    applicant.fill_in({"hausnummer": "162"})
    applicant.onward()
    while applicant.path.startswith("/antrag/"):
        if applicant.path.endswith("/nachweise"):
            _send_a_better_one(applicant)
        applicant.onward()
    applicant.at("/korrektur/unterlagen")
    applicant.inspect()
    chosen = proof("mietvertrag.pdf")
    applicant.page.locator('main input[type="file"]').set_input_files(chosen)
    applicant.page.locator(".dw-file__name", has_text="mietvertrag.pdf").first.wait_for()
    applicant.onward()
    applicant.at("/korrektur/pruefen")
    applicant.inspect()
    applicant.fill_in({"anmerkung": "Es ist die Nummer im Hof.", "bestaetigt": "ja"})
    applicant.onward()
    assert "Ihre Änderungen sind angekommen" in applicant.text


def _send_a_better_one(applicant: Person) -> None:
    """Take the file away that was sent, and choose another."""
    applicant.page.locator('main button[name="entfernen"]').first.click()
    file = proof("besser.pdf")
    applicant.page.locator('main input[name="datei-fahrzeugschein"]').set_input_files(file)  # type: ignore[arg-type]
    applicant.page.locator(".dw-file__name", has_text="besser.pdf").first.wait_for()


def test_single_keys_help_and_can_be_switched_off(
    person: Callable[..., Person], case: tuple[Person, str]
) -> None:
    _, number = case
    worker = signed_in(person)
    worker.reload_until(number)
    worker.follow(number)
    worker.page.wait_for_url("**/vorgaenge/**")
    keys = worker.page.keyboard
    keys.press("?")
    worker.page.get_by_role("dialog").wait_for()
    worker.inspect()
    keys.press("Escape")
    worker.page.get_by_role("dialog").wait_for(state="hidden")
    # The browser gives the focus back a moment after; nobody is quicker than that.
    worker.page.wait_for_timeout(300)
    keys.press("n")
    note = worker.page.get_by_label("Neue Notiz")
    worker.page.wait_for_function("() => document.activeElement.matches('textarea')")
    keys.type("fad?")
    assert note.input_value() == "fad?", "whoever types is left alone"
    assert worker.page.get_by_role("dialog").count() == 0
    with worker.page.expect_navigation():
        worker.press("Notiz speichern")
    assert "fad?" in worker.text
    keys.press("e")
    chosen = "document.activeElement.name"
    assert worker.page.evaluate(f"() => {chosen}") == "ergebnis"
    worker.press("Tastenkürzel")
    worker.page.get_by_label("Einzelne Tasten benutzen").uncheck()
    worker.press("Schließen")
    keys.press("l")
    keys.press("f")
    assert worker.path.count("/") == 3, "nothing happens any more"
    worker.page.reload()
    worker.page.locator("h1").click()
    keys.press("?")
    assert worker.page.get_by_role("dialog").count() == 0
