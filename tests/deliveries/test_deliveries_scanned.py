"""An application may be sent while files of it wait for the virus scan; its delivery waits too."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest

from dienstweg.assistants.queries import DraftView
from dienstweg.authorities import scope
from dienstweg.blueprint.archive import pack
from dienstweg.blueprint.folder import read_folder
from dienstweg.cases import actions as cases
from dienstweg.cases import queries as case_queries
from dienstweg.deliveries import actions, queries
from dienstweg.deliveries.models import Connection, Delivery
from dienstweg.events import queries as events
from dienstweg.files import actions as files
from dienstweg.files import queries as kept
from dienstweg.files.actions import scanning
from dienstweg.files.port import Unavailable
from dienstweg.inbox import queries as inbox
from dienstweg.offers import actions as offers
from fakes import FakeScanner
from seeding import given_draft, submit
from simulated import OUR_KEY, Simulator, backoffice_options, running
from working import live_through, work

pytestmark = pytest.mark.django_db

BLUEPRINT = Path(__file__).parents[2] / "leistungen" / "hundesteuer-anmeldung"
BAD = b"EICAR"
ROOMS = ("files", "cases", "deliveries", "inbox")
REFUSED = "case.attachment_refused"


def letter(inside: bytes = b"") -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Note = document.make_stream(b"a note " + inside)
    document.save(out, compress_streams=False, deterministic_id=True)
    return out.getvalue()


@dataclass
class Town:
    """An authority with a back office, and a scanner that the test commands."""

    offer_id: UUID
    office: Simulator
    scanner: FakeScanner

    def applies(self, content: bytes) -> tuple[DraftView, UUID]:
        """Begin a draft with a file; return it and the file's id."""
        draft = given_draft(self.offer_id)
        card = files.take(owner_id=draft.id, key=draft.key, name="Nachweis.pdf", chunks=[content])
        return draft, card.id

    def hands_over(self, draft: DraftView, file_id: UUID) -> UUID:
        """Submit it and have it handed over; return the case's id."""
        case_id = submit(draft, nachweis=str(file_id)).case_id
        actions.hand_over(
            case_id=case_id, key="uebergabe", connection_slug="fach", mapping="standard"
        )
        return case_id


@pytest.fixture
def town(
    authority: UUID, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.DIENSTWEG_SCANNER = "fake:"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    scanner = FakeScanner(BAD)
    monkeypatch.setattr(scanning, "scanner", lambda: scanner)
    with scope.enter(scope.of(authority)), running("backoffice", tmp_path) as office:
        # The test moves the clock further than a back office takes for the present.
        office.control(tolerance=100_000.0)
        actions.add_connection(
            slug="fach",
            kind="http",
            options=backoffice_options(office),
            secrets={"private_key": OUR_KEY},
        )
        offer_id = offers.go_live(
            archive=pack(read_folder(BLUEPRINT)), settings={"connection": "fach"}
        )
        yield Town(offer_id, office, scanner)


def names(case_id: UUID) -> list[str]:
    return [entry.name for entry in events.timeline(case_id)]


def test_a_delivery_waits_for_the_scan_and_blames_nobody(town: Town) -> None:
    draft, file_id = town.applies(letter())
    town.scanner.trouble = Unavailable("away")
    case_id = town.hands_over(draft, file_id)
    live_through(timedelta(hours=5), *ROOMS)
    (delivery,) = queries.of_case(case_id)
    assert delivery.state == "waiting"
    assert town.office.lines("accepted") == []
    assert Connection.objects.get().failures == 0
    assert Delivery.objects.get().tries == 0
    town.scanner.trouble = None
    live_through(timedelta(hours=6), *ROOMS)
    assert queries.of_case(case_id)[0].state == "accepted"
    (taken,) = town.office.lines("accepted")
    card = kept.card(file_id, key=case_queries.key(case_id))
    assert taken["attachments"] == [card.sha256]
    assert REFUSED not in names(case_id)


def test_the_word_that_all_is_scanned_sends_it_at_once(town: Town) -> None:
    draft, file_id = town.applies(letter())
    case_id = town.hands_over(draft, file_id)
    work("deliveries")
    assert queries.of_case(case_id)[0].state == "waiting"
    work(*ROOMS)
    assert queries.of_case(case_id)[0].state == "accepted"


def test_malware_found_after_the_submission_is_told_to_everybody_once(town: Town) -> None:
    draft, file_id = town.applies(letter(BAD))
    case_id = town.hands_over(draft, file_id)
    work(*ROOMS)
    for _ in range(2):
        cases.note_refused_file(case_id=case_id, file_id=file_id)
    work(*ROOMS)
    assert names(case_id).count(REFUSED) == 1
    assert names(case_id)[0] == "case.submitted"
    (message,) = inbox.of_case(case_id, key=case_queries.key(case_id))
    assert "Nachweis.pdf" in message.body
    assert "gilt trotzdem" in message.body
    assert queries.of_case(case_id)[0].state == "accepted", "the application goes its way"
    (taken,) = town.office.lines("accepted")
    assert taken["attachments"] == []


def test_malware_found_while_it_is_being_submitted_is_told_too(town: Town) -> None:
    draft, file_id = town.applies(letter(BAD))
    files.scan(file_id=file_id)
    work("cases")
    case_id = town.hands_over(draft, file_id)
    work(*ROOMS)
    assert names(case_id)[:2] == ["case.submitted", REFUSED]
    assert names(case_id).count(REFUSED) == 1
    assert len(inbox.of_case(case_id, key=case_queries.key(case_id))) == 1


def test_a_refused_file_of_a_draft_tells_no_case(town: Town) -> None:
    draft, _ = town.applies(letter(BAD))
    work(*ROOMS)
    assert names(draft.id) == []


def test_a_case_that_is_erased_meanwhile_is_told_nothing(town: Town) -> None:
    draft, file_id = town.applies(letter(BAD))
    case_id = submit(draft, nachweis=str(file_id)).case_id
    cases.erase(case_id=case_id, reason="request")
    work(*ROOMS)
    assert REFUSED not in names(case_id)


def test_a_probe_is_not_wasted_on_what_waits_for_a_scan(town: Town) -> None:
    waits, its_file = town.applies(letter())
    goes, other_file = town.applies(letter())
    town.scanner.trouble = Unavailable("away")
    first = town.hands_over(waits, its_file)
    town.scanner.trouble = None
    files.scan(file_id=other_file)
    second = town.hands_over(goes, other_file)
    town.scanner.trouble = Unavailable("away")
    town.office.kill()
    live_through(timedelta(minutes=30), *ROOMS)
    assert Connection.objects.get().failures >= 3
    town.office.start()
    town.office.control(tolerance=100_000.0)
    live_through(timedelta(minutes=90), *ROOMS)
    assert queries.of_case(second)[0].state == "accepted"
    assert queries.of_case(first)[0].state == "waiting"
    town.scanner.trouble = None
    live_through(timedelta(minutes=120), *ROOMS)
    assert queries.of_case(first)[0].state == "accepted"
