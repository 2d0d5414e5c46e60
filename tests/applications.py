"""What the people of the browser tests answer, page by page, and how they get to the end."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from browsing import Person

MOST_PAGES = 25
EMAIL, PASSWORD = "verkehr@muehlbrueck.example", "demo-muehlbrueck-verkehr"


def parking(**other: str) -> dict[str, str]:
    """Return the answers for a resident's parking permit that is granted at once."""
    from dienstweg.kernel import clock

    return {
        "vorname": "Ayşe",
        "nachname": "Müller-Öztürk",
        "geburtsdatum": "27.3.1984",
        "wohnungsart": "hauptwohnung",
        "strasse": "Brückengasse",
        "hausnummer": "12",
        "plz": "05171",
        "ort": "Mühlbrück",
        "zone_wunsch": "C",
        "eigener_stellplatz": "false",
        "kennzeichen": "ks ab 123",
        "fahrzeugart": "pkw",
        "nutzung": "eigenes",
        "beginn": f"{clock.today() + timedelta(days=14):%d.%m.%Y}",
        "dauer": "1",
        "ermaessigung": "keine",
        **other,
    }


def unclear_zone() -> dict[str, str]:
    """Return answers for a house that lies in no zone, so that a person decides."""
    return parking(strasse="Lindenallee", hausnummer="160")


def proof(name: str = "Fahrzeugschein.pdf") -> dict[str, object]:
    """Return a small PDF as a file chooser gives it."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out)
    return {"name": name, "mimeType": "application/pdf", "buffer": out.getvalue()}


def fill_in(
    someone: Person,
    answers: Mapping[str, str],
    *,
    at_page: Callable[[str], None] = lambda _page: None,
) -> None:
    """Answer all pages up to the question of contact; ``at_page`` sees each one filled in."""
    for _ in range(MOST_PAGES):
        page = someone.path.rsplit("/", 1)[-1]
        if page == "kontakt":
            return
        someone.fill_in(answers)
        attach(someone)
        at_page(page)
        someone.onward()
    raise AssertionError("the assistant does not come to its end")


def attach(someone: Person, only: Collection[str] | None = None) -> None:
    """Attach a file to every question on the page that wants one; or to those of these names."""
    choosers = someone.page.locator('main input[type="file"]')
    wanted = [one.get_attribute("name") or "" for one in choosers.all()]
    for name in wanted:
        if only is not None and name.removeprefix("datei-") not in only:
            continue
        file = f"{name.removeprefix('datei-')}.pdf"
        chosen: Any = proof(file)
        someone.page.locator(f'main input[name="{name}"]').set_input_files(chosen)
        if not someone.scripts:
            own = name.removeprefix("datei-")
            someone.page.locator(f'button[name="hochladen"][value="{own}"]').click()
        someone.page.locator(".dw-file__name", has_text=file).first.wait_for()


def by_post(someone: Person) -> None:
    """Ask for letters, and review what was said."""
    someone.fill_in({"weg": "post"})
    someone.onward()
    someone.at("/zusammenfassung")


def send(someone: Person) -> tuple[str, str]:
    """Confirm the review and send; return the case's number and code."""
    someone.fill_in({"bestaetigt": "ja"})
    someone.page.locator('form[action$="/absenden"] .dw-actions button').click()
    someone.at("/abgeschickt")
    number, code = someone.page.locator(".dw-code").all_inner_texts()[:2]
    return number.strip(), code.strip()


def begin(someone: Person, service: str) -> None:
    """Begin an application on the start page of a service."""
    someone.go(f"/leistungen/{service}")
    someone.page.locator('form[action$="/beginnen"] button').click()
    someone.page.wait_for_url("**/antrag/**")


def submitted(someone: Person, answers: Mapping[str, str]) -> tuple[str, str]:
    """Play a parking permit up to its being sent; return the case's number and code."""
    begin(someone, "bewohnerparkausweis")
    fill_in(someone, answers)
    by_post(someone)
    return send(someone)


def pay(someone: Person) -> None:
    """Pay the fee on the platform and come back to the case."""
    someone.page.get_by_role("link", name="Jetzt bezahlen").click()
    someone.page.get_by_role("button", name="Bezahlen").click()
    someone.page.wait_for_url("**/vorgang/**")


def signed_in(person: Callable[..., Person], **options: object) -> Person:
    """Return a caseworker who has just signed in."""
    worker = person("", **options)
    worker.go("/arbeitsplatz/")
    worker.fill_in({"email": EMAIL, "passwort": PASSWORD})
    worker.press("Anmelden")
    worker.at("/arbeitsplatz/")
    return worker
