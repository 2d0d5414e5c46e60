"""An account: begun without one, kept in a new one, gone on with on a phone, sent, found again."""

from __future__ import annotations

from collections.abc import Callable

from applications import begin, by_post, fill_in, parking, send
from browsing import DESKTOP, PHONE, Person

PASSWORD = "Regenbogen-Fahrrad-47"
SERVICE = "bewohnerparkausweis"


def test_begun_at_a_desk_and_sent_from_a_phone(person: Callable[..., Person]) -> None:
    address = "konto-reise@example.org"
    draft = _keep(person("muehlbrueck", viewport=DESKTOP), address)
    phone = person(
        "muehlbrueck",
        viewport=PHONE,
        java_script_enabled=False,
        has_touch=True,
        is_mobile=True,
    )
    phone.go("/konto")
    _sign_in(phone, address)
    assert "Bewohnerparkausweis" in phone.text
    phone.picture("account-phone")
    phone.page.locator(".kern-card a").first.click()
    phone.page.wait_for_url(f"**{draft}/**")
    assert phone.field("vorname").input_value() == "Ayşe"
    phone.press("Angaben aus Ihrem Nutzerkonto übernehmen")
    assert "übernommen" in phone.text
    phone.follow("Weiter")
    phone.go(f"{draft}/person")
    assert phone.field("vorname").input_value() == "Ayşe", "what was typed stands"
    assert phone.field("nachname").input_value() == "Öztürk"
    assert phone.field("geburtsdatum").input_value() == "27.3.1984"
    assert phone.page.get_by_text("Aus Ihrem Nutzerkonto").count() == 2
    phone.picture("account-taken-phone")
    fill_in(phone, parking())
    by_post(phone)
    number, _ = send(phone)
    _find_again(phone, number)


def _keep(desk: Person, address: str) -> str:
    """Begin without account, make one on the way, put the draft into it; return its address."""
    begin(desk, SERVICE)
    desk.field("vorname").fill("Ayşe")
    desk.press("Im Nutzerkonto speichern")
    desk.at("/entwurf/konto")
    draft = desk.path.removesuffix("/entwurf/konto")
    desk.inspect()
    desk.follow("Anmelden oder Konto anlegen")
    desk.at("/konto/anmelden")
    desk.inspect()
    desk.follow("Neues Konto anlegen")
    desk.fill_in({"email": address, "passwort": "qwertzuiop"})
    desk.onward()
    assert "leicht erraten" in desk.text
    desk.inspect()
    desk.fill_in({"email": address, "passwort": PASSWORD})
    desk.onward()
    desk.at("/konto/anlegen/code")
    desk.inspect()
    desk.fill_in({"code": desk.stage.code_sent_to(address)})
    desk.onward()
    desk.at("/entwurf/konto")
    with desk.page.expect_navigation():
        desk.press("Im Nutzerkonto speichern")
    assert "Ihr Antrag liegt in Ihrem Nutzerkonto" in desk.text
    desk.inspect()
    desk.follow("Mein Konto")
    desk.at("/konto/")
    desk.inspect()
    _say_who(desk)
    desk.press("Abmelden")
    desk.at("/konto/anmelden")
    desk.go(f"{draft}/person")
    desk.at("/konto/anmelden")
    return draft


def _say_who(desk: Person) -> None:
    desk.follow("Meine Angaben")
    desk.at("/konto/angaben")
    desk.fill_in({"vorname": "Ayse", "nachname": "Öztürk", "geburtsdatum": "27.3.1984"})
    desk.fill_in({"plz": "05171", "ort": "Mühlbrück", "telefon": "03331 12345"})
    desk.inspect()
    desk.onward()
    assert "Ihre Angaben sind gespeichert" in desk.text
    desk.inspect_narrow()


def _sign_in(someone: Person, address: str) -> None:
    someone.at("/konto/anmelden")
    someone.fill_in({"email": address, "passwort": PASSWORD})
    someone.onward()
    someone.at("/konto/")


def _find_again(phone: Person, number: str) -> None:
    """Open the case from the account, and see that signing out closes it."""
    phone.go("/konto")
    phone.at("/konto/")
    phone.page.locator(".kern-card a", has_text="Bewohnerparkausweis").last.click()
    phone.at(f"/vorgang/{number}")
    assert number in phone.text
    phone.go("/konto")
    phone.at("/konto/")
    phone.press("Abmelden")
    phone.at("/konto/anmelden")
    phone.go(f"/vorgang/{number}")
    phone.at("/konto/anmelden")
