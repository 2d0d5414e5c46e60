"""What an applicant sees of the virus scan: it waits, it is done, or a file must go."""

import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from applicant import Applicant
from dienstweg.authorities import scope
from dienstweg.files.actions import scanning
from fakes import FakeScanner
from working import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def scanner(town: UUID, settings: Any, monkeypatch: pytest.MonkeyPatch) -> FakeScanner:
    fake = FakeScanner(b"EICAR")
    settings.DIENSTWEG_SCANNER = "fake:"
    monkeypatch.setattr(scanning, "scanner", lambda: fake)
    return fake


@pytest.fixture
def inside(town: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(town)):
        yield town


@pytest.fixture
def waits(scanner: FakeScanner, applicant: Applicant, photo: bytes) -> Applicant:
    """Give an applicant with one file that is not scanned yet."""
    applicant.begin()
    applicant.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    applicant.upload("nachweis", photo)
    return applicant


def other() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (30, 10), "red").save(stream, "PNG")
    return stream.getvalue()


def test_a_file_that_waits_says_so_and_holds_up_nothing(waits: Applicant, inside: UUID) -> None:
    assert "wird geprüft" in waits.page.html
    waits.send(weiter="weiter")
    waits.send(weg="post")
    assert waits.page.heading == "Prüfen Sie Ihren Antrag"
    waits.send(action="/absenden", bestaetigt="ja")
    assert waits.page.heading == "Ihr Antrag ist abgeschickt"


def test_a_scanned_file_says_so(waits: Applicant, inside: UUID) -> None:
    work("files")
    page = waits.open(f"{waits.draft}/belege")
    assert 'data-state="ready"' in page.html
    assert "wird geprüft" not in page.html


def test_malware_is_said_at_the_file_and_must_go_before_sending(
    waits: Applicant, scanner: FakeScanner, inside: UUID
) -> None:
    scanner.bad = b"\x89PNG"
    work("files")
    page = waits.open(f"{waits.draft}/belege")
    assert 'href="#feld-nachweis"' in page.html
    assert "Schadprogramm" in page.html
    assert "nachweis.png" in page.html
    waits.send(weiter="weiter")
    waits.send(weg="post")
    assert waits.page.url.endswith("/belege"), "the review leads to what must go"
    answer = waits.client.post(f"{waits.draft}/absenden", {"bestaetigt": "ja"})
    assert answer.status_code == 303
    assert "/belege" in answer.headers["Location"]
    scanner.bad = b"EICAR"
    waits.upload("nachweis", other())
    work("files")
    remove = next(value for key, value, _ in waits.page.form()["buttons"] if key == "entfernen")
    address = next(url for key, _, url in waits.page.form()["buttons"] if key == "entfernen")
    waits.send(to=address, entfernen=remove)
    assert "Schadprogramm" not in waits.page.html
    waits.open(f"{waits.draft}/zusammenfassung")
    waits.send(action="/absenden", bestaetigt="ja")
    assert waits.page.heading == "Ihr Antrag ist abgeschickt"
