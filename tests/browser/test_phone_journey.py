"""Somebody with a phone that runs no scripts registers two dogs, with a pause in between."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications import attach, begin, by_post, send
from browsing import PHONE, Person

ANSWERS = {
    "anzahl": "eine",
    "vorname": "Jörg",
    "nachname": "Weiß",
    "geburtsdatum": "4.11.1971",
    "strasse": "Seepromenade",
    "hausnummer": "12 a",
    "plz": "05173",
    "ort": "Sankt Wendelin am See",
    "zugezogen": "false",
    "sozialleistung": "keine",
}
BELLO = {
    "hund_name": "Bello",
    "rasse": "beagle",
    "mischling": "false",
    "geschlecht": "ruede",
    "hund_geburtsdatum": "1.6.2024",
    "farbe": "braun-weiß",
    "gehalten_seit": "15.2.2026",
    "herkunft": "zuechter",
    "vorbesitz": "Beaglezucht Hansen, Feldweg 3, 05172 Oberlohe",
    "verguenstigung": "keine",
}
RESI = {
    **BELLO,
    "hund_name": "Resi",
    "rasse": "alano",
    "geschlecht": "huendin",
    "chip": "276098101234567",
    "versicherung": "Kranich Versicherung",
    "versicherungsnummer": "HV 4711",
}


@pytest.fixture
def phone(person: Callable[..., Person]) -> Callable[[], Person]:
    def take() -> Person:
        return person(
            "sankt-wendelin",
            viewport=PHONE,
            java_script_enabled=False,
            has_touch=True,
            is_mobile=True,
        )

    return take


def test_two_dogs_without_scripts(phone: Callable[[], Person]) -> None:
    first = phone()
    begin(first, "hundesteuer-anmeldung")
    first.onward()
    assert "Bitte geben Sie Ihren Vornamen an." in first.text
    first.picture("errors-phone")
    _page(first)
    _page(first)
    first.press("Speichern und später weitermachen")
    first.at("/pause")
    code = first.page.locator(".dw-code").inner_text()
    second = phone()
    second.go("/fortsetzen")
    second.fill_in({"code": code.lower()})
    second.press("Antrag öffnen")
    second.page.wait_for_url("**/antrag/**")
    _dogs(second)
    by_post(second)
    assert "Bello" in second.text
    assert "Kranich Versicherung" in second.text
    _change(second)
    number, _ = send(second)
    second.reload_until("Kopie herunterladen")
    second.picture("sent-phone")
    second.follow("Zu meinem Vorgang")
    second.follow("Antrag zurücknehmen")
    second.fill_in({"grund": "Die Hunde bleiben doch in Oberlohe."})
    second.press("Ja, Antrag zurücknehmen")
    second.at(number)
    assert "Sie haben den Antrag zurückgenommen" in second.text


def _page(someone: Person) -> None:
    """Fill in a page and go on."""
    someone.fill_in(ANSWERS)
    before = someone.path
    someone.onward()
    assert someone.path != before, someone.text[:500]


def _dogs(someone: Person) -> None:
    """Add the dogs; questions that an answer opens come when the page is sent once."""
    someone.at("/zuzug")
    _page(someone)
    for dog in (BELLO, RESI):
        someone.at("/hunde")
        someone.press("Weiteren Hund hinzufügen")
        someone.page.wait_for_url("**/hunde/*")
        someone.fill_in(dog)
        if dog is BELLO:
            someone.picture("page-phone")
        someone.onward()
        if not someone.path.endswith("/hunde"):
            someone.fill_in(dog)
            attach(someone)
            someone.onward()
    assert "Bello" in someone.text
    assert "Resi" in someone.text
    someone.onward()
    _page(someone)
    assert "€" in someone.text
    someone.onward()
    someone.at("/kontakt")


def _change(someone: Person) -> None:
    """Change an answer from the summary, and come straight back to it."""
    section = someone.page.locator("section.kern-summary", has_text="Ihre Anschrift")
    section.get_by_role("link", name="Ändern").click()
    someone.at("/anschrift")
    assert someone.field("strasse").input_value() == "Seepromenade"
    someone.fill_in({"hausnummer": "14"})
    someone.press("Speichern und zur Übersicht")
    someone.at("/zusammenfassung")
    assert (
        "14" in someone.page.locator("section.kern-summary", has_text="Ihre Anschrift").inner_text()
    )
