"""A caseworker sees that a file waits for the virus scan or was refused, and cannot open it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from PIL import Image

import small_blueprint
from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases.models import Reading
from dienstweg.files import actions as files
from dienstweg.files.actions import scanning
from dienstweg.offers import actions as offers
from fakes import FakeScanner
from seeding import given_draft, submit
from working import work

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """A clerk at the page of a case with one file."""

    client: Client
    case_id: UUID
    file_id: UUID
    scanner: FakeScanner

    def page(self) -> str:
        answer = self.client.get(f"/arbeitsplatz/vorgaenge/{self.case_id}")
        assert answer.status_code == 200
        return answer.content.decode()

    def opens(self) -> Any:
        return self.client.get(f"/arbeitsplatz/vorgaenge/{self.case_id}/anlagen/{self.file_id}")


@pytest.fixture
def desk(
    authority: UUID, tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    settings.DIENSTWEG_FILES, settings.DIENSTWEG_SCANNER = tmp_path / "files", "fake:"
    settings.DIENSTWEG_STRICT_WORDS = True
    scanner = FakeScanner(b"EICAR")
    monkeypatch.setattr(scanning, "scanner", lambda: scanner)
    authorities.forget()
    word = "ein-langes-Kennwort-fuer-Tests"
    accounts.add_staff(
        email="huber@kranichsee.example",
        name="A. Huber",
        password=word,
        authority_slugs=[authorities.card(authority).slug],
        role="sachbearbeitung",
    )
    client = Client(headers={"host": settings.DIENSTWEG_NETWORK_HOST})
    with scope.enter(scope.of(authority)):
        offer_id = offers.go_live(archive=small_blueprint.packed(), settings={})
        draft = given_draft(offer_id)
        stream = io.BytesIO()
        Image.new("RGB", (9, 9)).save(stream, "PNG")
        card = files.take(
            owner_id=draft.id, key=draft.key, name="bild.png", chunks=[stream.getvalue()]
        )
        case_id = submit(draft, name="Änne", person={}, belege=[str(card.id)]).case_id
    signed_in = client.post(
        "/arbeitsplatz/anmelden", {"email": "huber@kranichsee.example", "passwort": word}
    )
    assert signed_in.status_code in {302, 303}
    yield Desk(client, case_id, card.id, scanner)


def test_a_file_that_waits_is_named_and_not_opened(desk: Desk, authority: UUID) -> None:
    assert "wird auf Schadprogramme geprüft" in desk.page()
    assert str(desk.file_id) not in desk.page()
    answer = desk.opens()
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(str(desk.case_id))
    with scope.enter(scope.of(authority)):
        work("files")
        assert Reading.objects.filter(purpose="attachment").exists(), "the try is written down"
    assert str(desk.file_id) in desk.page()
    assert desk.opens().content.startswith(b"\x89PNG")


def test_a_refused_file_is_named_and_gone(desk: Desk, authority: UUID) -> None:
    desk.scanner.bad = b"\x89PNG"
    with scope.enter(scope.of(authority)):
        work("files", "cases")
    html = desk.page()
    assert "Schadprogramm gefunden, gelöscht" in html
    assert "Anlage mit Schadprogramm gelöscht" in html, "it stands on the timeline"
    assert desk.opens().status_code == 404
