"""A caseworker puts a decision together, looks at it before, and anybody verifies what came."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from pyhanko.pdf_utils.reader import PdfFileReader

from applications import pay, submitted, unclear_zone
from browsing import PHONE, Person

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse

EMAIL, PASSWORD = "verkehr@muehlbrueck.example", "demo-muehlbrueck-verkehr"
MODULE = "Das Fahrzeug gehört nicht dazu"
OWN = "Das Fahrzeug ist nach der Zulassung nicht Ihres."


def test_a_decision_of_text_modules_is_looked_at_taken_and_verified(
    person: Callable[..., Person],
) -> None:
    applicant = person("muehlbrueck")
    number, _ = submitted(applicant, unclear_zone())
    applicant.page.get_by_role("link", name="Kopie herunterladen").wait_for()
    applicant.follow("Zu meinem Vorgang")
    pay(applicant)
    worker = _signed_in(person)
    worker.reload_until(number)
    worker.go(f"/arbeitsplatz/vorgaenge?nummer={number}")
    _compose(worker)
    worker.inspect()
    worker.inspect_narrow()
    worker.picture("desk-decision-desktop")
    draft = _look(worker)
    assert "ENTWURF" in draft
    assert OWN in draft
    with worker.page.expect_navigation():
        worker.press("Entscheiden")
    worker.reload_until("Ablehnungsbescheid (PDF)")
    assert f"Ausgewählte Textbausteine: {MODULE}" in worker.text
    link = worker.page.get_by_role("link", name="Ablehnungsbescheid (PDF)")
    pdf = _fetched(worker, str(link.get_attribute("href"))).body()
    assert OWN in _text(pdf)
    _verify(person("muehlbrueck", viewport=PHONE), pdf)


def _signed_in(person: Callable[..., Person]) -> Person:
    worker = person("")
    worker.go("/arbeitsplatz/")
    worker.fill_in({"email": EMAIL, "passwort": PASSWORD})
    worker.press("Anmelden")
    worker.at("/arbeitsplatz/")
    return worker


def _compose(worker: Person) -> None:
    """Choose an outcome and a module, word it anew, and give a reason."""
    worker.page.get_by_role("radio", name="Antrag ablehnen").check()
    worker.page.get_by_role("checkbox", name=MODULE).check()
    worker.page.locator("summary", has_text=MODULE).click()
    worker.page.get_by_role("textbox", name=f"Text von „{MODULE}“").fill(OWN)
    worker.page.locator('[name="begruendung"]').fill("Der Nachweis fehlt.\n\nZoë Öttinger half.")


def _look(worker: Person) -> str:
    """Look at the preview in its new window, and return what stands in it."""
    with worker.page.expect_popup() as opened:
        worker.press("Vorschau ansehen")
    window = opened.value
    window.wait_for_url("**/vorschau/**")
    address = window.url
    window.close()
    for _ in range(100):
        answer = _fetched(worker, address)
        if "pdf" in answer.headers["content-type"]:
            return _text(answer.body())
        worker.page.wait_for_timeout(200)
    raise AssertionError("the preview never comes")


def _fetched(worker: Person, address: str) -> APIResponse:
    if address.startswith("/"):
        address = worker.stage.address(worker.town, address)
    return worker.context.request.get(address)


def _text(pdf: bytes) -> str:
    from dienstweg.blueprint.pdftext import text_of

    return text_of(pdf)


def _verify(stranger: Person, pdf: bytes) -> None:
    """Somebody else, on a phone, with the code from the paper and with the file."""
    found = re.search(r"Prüfcode ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})", _text(pdf))
    assert found is not None
    stranger.go(f"/pruefen/{found[1]}")
    assert "Ein Dokument mit diesem Prüfcode gibt es" in stranger.text
    assert "Müller" not in stranger.text
    stranger.inspect()
    file = {"name": "bescheid.pdf", "mimeType": "application/pdf", "buffer": pdf}
    stranger.page.locator('input[name="datei"]').set_input_files(file)  # type: ignore[arg-type]
    with stranger.page.expect_navigation():
        stranger.press("Prüfen")
    assert "Das Dokument ist echt und unverändert" in stranger.text
    stranger.inspect()
    stranger.picture("verify-phone")
    assert list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures) == []
    stranger.go("/pruefen")
    with stranger.page.expect_navigation():
        stranger.press("Prüfen")
    assert "Bitte geben Sie etwas ein" in stranger.text
    stranger.inspect()
