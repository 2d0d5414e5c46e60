"""The three further services, each walked by everybody who has a part in it.

No human touches the certificate of the food handler; the trade office looks at a licence that is
missing; the building permit is signed by a designer, seen by a special authority, decided by one
and agreed to by another.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from applications import by_post, pay, proof, send
from browsing import DESKTOP, PHONE, Person
from street_party import with_map
from walking import ROOT, through, typed, walk_of

DESIGNER, NEIGHBOUR, STRANGER = "nguyen@example.org", "gross@example.org", "grosz@example.org"
PICTURED = {
    "infektionsschutzbelehrung": ("kapitel-1",),
    "gewerbeanmeldung": ("taetigkeit",),
    "baugenehmigung": ("vorhaben", "bauvorlagen"),
}
"""Pages of the services that the documentation shows, filled in, on a desktop and on a phone."""
People = Callable[..., Person]


def apply(someone: Person, service: str, case: str = "") -> str:
    """Fill in a service as one of its acceptance cases does, and send it; return the number."""
    walk = walk_of(ROOT / "leistungen" / service, case)
    someone.go(f"/leistungen/{service}")
    with someone.page.expect_navigation():
        someone.page.locator('form[action$="/beginnen"] button[type=submit]').click()

    def press(selector: str) -> None:
        with someone.page.expect_navigation():
            someone.page.locator(f"main :is(.dw-actions, form > div) {selector}").first.click()

    def at_page(page: str) -> None:
        if page in PICTURED[service]:
            both(someone, f"{service}-{page}")

    through(someone, walk, answer=typed, press=press, at_page=at_page)
    by_post(someone)
    both(someone, f"{service}-zusammenfassung")
    number, _ = send(someone)
    someone.page.get_by_role("link", name="Kopie herunterladen").wait_for()
    someone.follow("Zu meinem Vorgang")
    return number


def both(someone: Person, name: str) -> None:
    """Take those pictures of the page that the documentation shows, if asked to: on a desktop, and
    as a phone shows it."""
    if not os.environ.get("SCREENSHOTS"):
        return
    pictured = (ROOT / "docs" / "journey.md").read_text()
    own = someone.page.viewport_size or DESKTOP
    for screen, size in (("desktop", DESKTOP), ("telefon", PHONE)):
        if f"{name}-{screen}.png" in pictured:
            someone.page.set_viewport_size(size)
            someone.picture(f"{name}-{screen}")
    someone.page.set_viewport_size(own)


def at_the_desk(person: People, name: str, place: str, **options: object) -> Person:
    """Seat a caseworker of the demo, signed in."""
    worker = person("", **options)
    worker.go("/arbeitsplatz/")
    secret = f"demo-{place}-{name.removesuffix('amt')}"
    worker.fill_in({"email": f"{name}@{place}.example", "passwort": secret})
    worker.press("Anmelden")
    worker.at("/arbeitsplatz/")
    return worker


def decide(worker: Person, number: str, outcome: str, reason: str = "", module: str = "") -> None:
    """Open a case from the work list and decide its task."""
    worker.go("/arbeitsplatz/")
    worker.reload_until(number)
    worker.page.get_by_role("link", name=number).first.click()
    worker.page.get_by_label(outcome, exact=True).wait_for()
    worker.inspect()
    worker.page.get_by_label(outcome, exact=True).check()
    if module:
        worker.page.get_by_label(module, exact=True).check()
    if reason:
        worker.page.get_by_label(re.compile("^Begründung")).first.fill(reason)
    with worker.page.expect_navigation():
        worker.press("Entscheiden")


def test_a_certificate_that_no_human_touches(person: People) -> None:
    cook = person("kranichsee", viewport=PHONE, has_touch=True, is_mobile=True)
    apply(cook, "infektionsschutzbelehrung")
    pay(cook)
    cook.reload_until("Ihre Bescheinigung ist da")
    assert "Bescheinigt" in cook.text
    cook.inspect_narrow()
    cook.picture("belehrung-fertig-telefon")
    cook.go("/leistungen/infektionsschutzbelehrung")


def test_a_business_whose_licence_is_missing(person: People) -> None:
    founder = person("muehlbrueck")
    number = apply(founder, "gewerbeanmeldung", "10")
    pay(founder)
    officer = at_the_desk(person, "gewerbeamt", "muehlbrueck")
    decide(officer, number, "Gewerbeschein ausstellen")
    officer.reload_until("abgeschlossen")
    officer.inspect()
    officer.picture("gewerbe-arbeitsplatz-desktop")
    founder.reload_until("Ihr Gewerbeschein ist da")
    assert "Angemeldet" in founder.text
    founder.inspect()
    taken = [entry for entry in founder.stage.ledger("backoffice") if number in str(entry)]
    receivers = set(re.findall(r'"empfaenger": "(\w+)"|\'empfaenger\': \'(\w+)\'', str(taken)))
    assert len(receivers) >= 5, "each of the bodies got a delivery of its own"


def test_a_building_permit_with_everybody_who_has_a_say(person: People) -> None:
    owner = with_map(person("kranichsee"))
    number = apply(owner, "baugenehmigung")
    _sign(with_map(person("kranichsee", viewport=PHONE)))
    clerk = at_the_desk(person, "bauaufsicht", "kranichsee")
    decide(clerk, number, "Vollständig, Stellen beteiligen")
    owner.reload_until("Ihr Bauantrag ist vollständig")
    roads = at_the_desk(person, "tiefbau", "kranichsee", viewport=PHONE)
    decide(roads, number, "Zustimmung mit Nebenbestimmungen", "Die Zufahrt wird gepflastert.")
    neighbour = _object(clerk, with_map(person("kranichsee", viewport=PHONE)), number)
    decide(clerk, number, "Genehmigen", "Alles eingehalten.", "Anzeige des Baubeginns")
    clerk.picture("baugenehmigung-vier-augen-desktop")
    head = at_the_desk(person, "bauleitung", "kranichsee")
    head.reload_until("In einer anderen Liste wartet etwas:")
    head.inspect()
    head.page.locator("main").get_by_role("link", name="Warten auf meine Zustimmung").last.click()
    head.reload_until(number)
    head.page.get_by_role("link", name=number).first.click()
    head.inspect()
    with head.page.expect_navigation():
        head.page.get_by_role("button", name="Zustimmen").first.click()
    owner.reload_until("Ihre Baugenehmigung ist da")
    owner.reload_until("Jetzt bezahlen")
    owner.inspect()
    owner.picture("baugenehmigung-da-desktop")
    neighbour.reload_until("Das Vorhaben neben Ihnen wurde genehmigt")
    assert neighbour.page.get_by_role("link", name="Baugenehmigung").count() == 1
    neighbour.inspect()
    neighbour.picture("beteiligte-nachbarin-telefon")


def _come_in(someone: Person, address: str) -> None:
    """Follow the invitation that was mailed to this address, and enter its code."""
    link = urlsplit(someone.stage.words_sent_to(address, r"https?://\S+/beteiligt\S*"))
    someone.go(f"{link.path}?{link.query}" if link.query else link.path)
    someone.inspect()
    someone.fill_in({"code": someone.stage.words_sent_to(address, r"Codeein:(\S+)")})
    with someone.page.expect_navigation():
        someone.page.locator("main form .dw-actions button").first.click()


def _object(clerk: Person, neighbour: Person, number: str) -> Person:
    """Name a neighbour at the desk, object on their phone, and see that at the desk."""
    clerk.go("/arbeitsplatz/")
    clerk.reload_until(number)
    clerk.page.get_by_role("link", name=number).first.click()
    clerk.follow("Beteiligte ansehen und einladen")
    clerk.fill_in({"rolle": "nachbar", "name": "Ingrid Groß"})
    clerk.page.locator("#email").fill(STRANGER)
    with clerk.page.expect_navigation():
        clerk.press("Einladen")
    assert "Ingrid Groß" in clerk.text, "she is invited"
    _not_meant(neighbour, clerk)
    _come_in(neighbour, NEIGHBOUR)
    assert "Auf einem Grundstück neben Ihrem soll gebaut werden" in neighbour.text
    assert "Nguyễn" not in neighbour.text, "a neighbour does not see who signs"
    neighbour.inspect()
    neighbour.follow("Jetzt erledigen")
    neighbour.inspect()
    neighbour.fill_in({"antwort": "objected", "begruendung": "Das Haus nimmt mir die Sonne."})
    with neighbour.page.expect_navigation():
        neighbour.page.locator("main form .dw-actions button").first.click()
    neighbour.reload_until("Alles erledigt")
    clerk.reload_until("Das Haus nimmt mir die Sonne.")
    clerk.inspect()
    clerk.picture("beteiligte-einwand-desktop")
    _write_down(clerk)
    return neighbour


def _not_meant(stranger: Person, clerk: Person) -> None:
    """Get somebody else's invitation, say so, and have the desk put the address right."""
    _come_in(stranger, STRANGER)
    stranger.follow("Ich möchte nicht mitwirken")
    stranger.inspect()
    with stranger.page.expect_navigation():
        stranger.press("Das bin ich nicht")
    assert "Danke, dass Sie uns das gesagt haben" in stranger.text
    stranger.inspect()
    clerk.reload_until("Noch einmal einladen")
    clerk.inspect()
    asked = clerk.page.locator("form", has_text="Noch einmal einladen")
    asked.locator('input[type="email"]').fill(NEIGHBOUR)
    with clerk.page.expect_navigation():
        clerk.press("Noch einmal einladen")
    assert NEIGHBOUR in clerk.text


def _write_down(clerk: Person) -> None:
    """Name a neighbour without e-mail, and write down what they say in a letter."""
    from dienstweg.kernel import clock

    clerk.fill_in({"rolle": "nachbar", "name": "Hans Petersen", "anschrift": "Lindenweg 5"})
    with clerk.page.expect_navigation():
        clerk.press("Einladen")
    clerk.page.get_by_role("link", name="Auf Papier eingegangen").last.click()
    clerk.inspect()
    clerk.picture("beteiligte-papier-desktop")
    with clerk.page.expect_navigation():
        clerk.press("Eintragen")
    assert "Bitte wählen Sie aus, was eingegangen ist." in clerk.text
    clerk.inspect()
    clerk.page.get_by_label("Zustimmung: stimmt zu").check()
    clerk.fill_in({"eingegangen": clock.today().isoformat()})
    clerk.page.locator('main input[type="file"]').set_input_files([proof("Brief.pdf")])  # type: ignore[list-item]
    with clerk.page.expect_navigation():
        clerk.press("Eintragen")
    assert "Auf Papier, eingegangen am" in clerk.text
    clerk.inspect()


def _sign(designer: Person) -> None:
    """Follow the invitation, hand in the proof of entitlement, and sign."""
    _come_in(designer, DESIGNER)
    assert "Neubau eines Einfamilienhauses" in designer.text
    assert "Nachbar" not in designer.text, "a designer does not see the neighbours"
    designer.inspect()
    designer.picture("beteiligte-entwurf-telefon")
    assert "Bitte hochladen: Nachweis Ihrer Bauvorlageberechtigung" in designer.text
    with designer.page.expect_navigation():
        designer.page.locator("main").get_by_role("link", name="Jetzt erledigen").last.click()
    assert "Zuerst der Nachweis" in designer.text
    designer.inspect()
    designer.follow("Unterlagen einreichen")
    designer.inspect()
    designer.page.locator('main input[type="file"]').first.set_input_files([proof("Kammer.pdf")])  # type: ignore[list-item]
    with designer.page.expect_navigation():
        designer.press("Datei hochladen")
    designer.follow("Fertig")
    designer.follow("Jetzt erledigen")
    designer.inspect()
    designer.fill_in({"name": "Thi Mai Nguyễn", "bestaetigt": "true"})
    with designer.page.expect_navigation():
        designer.page.locator("main form .dw-actions button").first.click()
    designer.reload_until("Alles erledigt")
    designer.inspect()
