"""Somebody who fills in the blueprint with every kind of question, page by page."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from applications import attach
from browsing import DESKTOP, PHONE, ROOT, SCREENSHOTS, shrink

if TYPE_CHECKING:
    from browsing import Person
    from own_stage import Stage

FOLDER = ROOT / "tests" / "blueprints" / "feldarten"
TOWN, SLUG = "muehlbrueck", "strassenfest"
LANDS_LATE = 60
"""Tries, half a second apart, until the running web processes have heard of a new offer."""
PAGES = (
    "vorab", "veranstalter", "erreichbar", "fest", "ort", "angebot", "helfer", "kaution",
    "unterlagen", "erklaerung",
)  # fmt: skip


def offer(stage: Stage) -> None:
    """Let the town offer the street party; once more does no harm."""
    stage.dienstweg(
        *("offer", "add", "--authority", TOWN, "--blueprint", str(FOLDER)),
        *("--connection", "fachverfahren", "--slug", SLUG),
    )


def begin(someone: Person) -> None:
    """Begin an application, as soon as the portal knows of the service."""
    for _ in range(LANDS_LATE):
        someone.go(f"/leistungen/{SLUG}")
        begins = someone.page.locator('form[action$="/beginnen"] button')
        if begins.count():
            begins.click()
            someone.page.wait_for_url("**/antrag/**")
            return
        someone.page.wait_for_timeout(500)
    raise AssertionError("the new offer never appears")


def party_day() -> str:
    """Return a day far enough away, as people write it."""
    from dienstweg.kernel import clock

    return f"{clock.today() + timedelta(days=60):%d.%m.%Y}"


def answers() -> dict[str, Mapping[str, str]]:
    """Return what is typed into plain inputs, by page; the rest is up to each test."""
    return {
        "vorab": {"oeffentlich": "true"},
        "veranstalter": {"rolle": "person"},
        "erreichbar": {
            "anschrift-strasse": "Brückengasse",
            "anschrift-hausnummer": "3 a",
            "anschrift-plz": "05171",
            "anschrift-ort": "Mühlbrück",
            "email": "aenne@beispiel.example",
            "telefon": "030 23125-100",
            "webseite": "www.beispiel.example",
        },
        "fest": {
            "name": "Brückenfest",
            "programm": "Musik, Kuchen, Kinderspiele.\nEnde um 22 Uhr.",
            "tag": party_day(),
            "beginn": "14:30",
            "erstmals": "5/1961",
            "gaeste": "1.200",
        },
        "angebot": {"dabei": "musik", "laerm": "mittel", "standgeld": "12,50"},
        "kaution": {
            "iban": "DE02 1203 0000 0000 2020 51",
            "steuer_id": "86 095 742 719",
            "kennzeichen": "ks ab 123",
        },
        "erklaerung": {
            "einladung": "true",
            "regeln": "true",
            "unterschrift-name": "Änne Ödegård",
            "unterschrift-erklaert": "true",
        },
    }


PERSON = {
    "person-vorname": "Änne",
    "person-nachname": "Ödegård",
    "person-geburtsdatum": "4.11.1971",
    "person-geburtsort": "Łódź",
}


def fill_in(someone: Person, page: str) -> None:
    """Answer one page in the plainest way, which works with and without scripts."""
    if page == "veranstalter":
        someone.fill_in({"rolle": "person"})
        someone.onward()
        someone.fill_in(PERSON)
        return
    someone.fill_in(answers().get(page, {}))
    if page == "erreichbar":
        choose(someone, "herkunft", "Deutschland", "DE")
    elif page == "ort":
        someone.fill_in({"buehne-adresse": "Am Markt"})
    elif page == "angebot":
        search(someone, "ware", "waff", "Waffeln")
        someone.fill_in({"staende-0-was": "Waffeln", "staende-0-breite": "3,5"})
    elif page == "unterlagen":
        attach(someone)


def choose(someone: Person, name: str, label: str, value: str) -> None:
    """Choose from a list of hundreds: by typing, or from the list itself."""
    if someone.scripts:
        box = someone.page.locator(f"#feld-{name}")
        box.fill(label)
        someone.page.get_by_role("option", name=label, exact=True).click()
        assert someone.page.locator(f'select[name="{name}"]').input_value() == value
    else:
        someone.page.locator(f'select[name="{name}"]').select_option(value)


def search(someone: Person, name: str, text: str, label: str) -> None:
    """Look something up: by a list that opens while typing, or by button and choices."""
    someone.page.locator(f"#feld-{name}").fill(text)
    if someone.scripts:
        someone.page.get_by_role("option", name=label, exact=True).click()
        return
    someone.page.locator(f'button[name="suchen"][value="{name}"]').click()
    someone.page.get_by_label(label, exact=True).check()


def walk(someone: Person, *, to: str, at_page: Callable[[str], None] = lambda _page: None) -> None:
    """Answer all pages before ``to``; ``at_page`` sees each one filled in."""
    for _ in range(2 * len(PAGES)):
        page = someone.path.rsplit("/", 1)[-1]
        if page == to:
            return
        fill_in(someone, page)
        at_page(page)
        someone.onward()
    raise AssertionError(f"never comes to {to}: {someone.path} {someone.text[:500]}")


def with_map(someone: Person) -> Person:
    """Give the pictures of the map to somebody, since no server does."""
    someone.context.route(
        "http://karten.localhost/**",
        lambda route: route.fulfill(
            body=_tile(*route.request.url.rsplit("/", 3)[1:]), content_type="image/png"
        ),
    )
    return someone


def without_scripts(someone: Person) -> None:
    """Let somebody's pages find their scripts empty.

    With scripts switched off for real no timer runs, and axe, which needs some, waits for ever.
    """
    someone.scripts = False
    someone.context.route(
        "**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )


def _tile(zoom: str, x: str, y: str) -> bytes:
    """Return a made-up piece of a map: fields, a road and a brook."""
    shift = (int(x) * 7 + int(y.removesuffix(".png")) * 13 + int(zoom)) % 5
    image = Image.new("RGB", (256, 256), "#eef2e6")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 120 + 8 * shift, 96), fill="#dfe9cf")
    draw.rectangle((150, 130 + 9 * shift, 256, 256), fill="#e6e2d3")
    draw.line((0, 128, 256, 128), fill="#ffffff", width=14)
    draw.line((128, 0, 128, 256), fill="#ffffff", width=10)
    draw.line((0, 220, 90, 180, 180, 236, 256, 200), fill="#a9cbe6", width=8)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def pictures(someone: Person, page: str) -> None:
    """Take those pictures of the page's questions that the documentation shows, if asked to."""
    if not os.environ.get("SCREENSHOTS"):
        return
    shown = (ROOT / "docs" / "field-types.md").read_text()
    for name, size in (("desktop", DESKTOP), ("telefon", PHONE)):
        if f"feldarten-{page}-{name}.png" not in shown:
            continue
        someone.page.set_viewport_size(size)
        someone.page.wait_for_timeout(400)
        someone.page.evaluate("() => document.fonts.ready")
        asked = someone.page.locator(".dw-form__fields, .dw-form:not(:has(.dw-form__fields))")
        taken = asked.screenshot(animations="disabled")
        shrink(taken, SCREENSHOTS / f"feldarten-{page}-{name}.png")
    someone.page.set_viewport_size(DESKTOP)
