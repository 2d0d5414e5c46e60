"""What people see, and what is kept, when something that Dienstweg leans on is away.

Each of these is a row of the table in `docs/operation.md`; the rows' other tests stand with their
rooms.
"""

import errno
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from PIL import Image

import small_blueprint
from applicant import Applicant
from dienstweg.assistants.models import Draft
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.catalogue import queries as catalogue
from dienstweg.config import checkup_machine, checkup_peers
from dienstweg.documents.models import Document
from dienstweg.events.models import Due
from dienstweg.files import queries as stored
from dienstweg.files import store
from dienstweg.files.models import File
from dienstweg.kernel import clock
from dienstweg.offers import actions as offer_actions
from dienstweg.offers import queries as offers
from working import live_through, waiting, work

pytestmark = pytest.mark.django_db

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def town(authority: UUID, tmp_path: Path, settings: Any) -> Iterator[UUID]:
    """Give a municipality with one small service."""
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    forget()
    with scope.enter(scope.of(authority)):
        offer_actions.go_live(
            archive=small_blueprint.packed(), settings={"payment": "kasse", "connection": "akte"}
        )
        work("catalogue")
    yield authority
    forget()


@pytest.fixture
def applicant(town: UUID) -> Applicant:
    return Applicant()


def forget() -> None:
    authorities.forget()
    authorities._master_key.cache_clear()
    offers.forget()
    catalogue.forget()


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (20, 20), "navy").save(stream, "PNG")
    return stream.getvalue()


def submit(applicant: Applicant) -> None:
    applicant.begin()
    applicant.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    applicant.send(weiter="weiter")
    applicant.send(weg="post")
    applicant.send(action="/absenden", bestaetigt="ja")


def full_disk(*_: object) -> None:
    raise FULL


def test_without_a_worker_an_application_is_taken_and_its_copy_waits(
    applicant: Applicant, town: UUID
) -> None:
    submit(applicant)
    assert applicant.page.heading == "Ihr Antrag ist abgeschickt"
    assert "lädt sich von selbst neu" in applicant.page.html
    assert "documents.write_receipt" in waiting("documents", "processes")
    with scope.enter(scope.of(town)):
        assert not Document.objects.exists()
        work("documents")
        assert Document.objects.get().state == "written"


def test_a_full_file_store_costs_the_upload_and_nothing_that_was_typed(
    applicant: Applicant, town: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant.begin()
    applicant.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    page, address = applicant.page, applicant.page.url
    with monkeypatch.context() as full:
        full.setattr(store, "write", full_disk)
        assert applicant.upload("nachweis", picture()).status == 503
    applicant.page = page
    assert "nachweis.png" not in applicant.open(address).html
    assert "Änne Ödegård" in applicant.open(f"{applicant.draft}/person").html
    applicant.page = page
    assert "nachweis.png" in applicant.upload("nachweis", picture()).html


def test_without_the_virus_scanner_an_application_is_taken_and_its_files_wait(
    applicant: Applicant, town: UUID, settings: Any
) -> None:
    settings.DIENSTWEG_SCANNER = "clamav:127.0.0.1:9"
    applicant.begin()
    applicant.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    applicant.upload("nachweis", picture())
    with scope.enter(scope.of(town)):
        live_through(timedelta(hours=1), "files")
    assert "wird geprüft" in applicant.open(f"{applicant.draft}/belege").html
    applicant.send(weiter="weiter")
    applicant.send(weg="post")
    applicant.send(action="/absenden", bestaetigt="ja")
    assert applicant.page.heading == "Ihr Antrag ist abgeschickt"
    with scope.enter(scope.of(town)):
        live_through(timedelta(hours=1), "files")
        assert list(File.objects.values_list("state", flat=True)) == ["waiting"]
        assert stored.waiting() == 1
    findings = list(checkup_peers.scanner())
    assert [one.state for one in findings] == ["warning", "warning"]
    assert "antwortet nicht" in findings[0].what
    assert findings[1].what.startswith("1 ")


def test_a_document_that_cannot_be_stored_is_written_later(
    applicant: Applicant, town: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(applicant)
    with scope.enter(scope.of(town)):
        with monkeypatch.context() as full:
            full.setattr(store, "write", full_disk)
            work("documents")
        assert not Document.objects.filter(state="written").exists()
        assert Due.objects.filter(job="documents.write_receipt").exists()
        live_through(timedelta(minutes=1), "documents")
        assert Document.objects.get().state == "written"


def test_without_static_files_a_page_says_and_asks_everything(applicant: Applicant) -> None:
    assert applicant.client.get("/static/design/dienstweg.css").status_code == 404
    submit(applicant)
    assert applicant.page.heading == "Ihr Antrag ist abgeschickt"


def test_without_the_master_key_nothing_is_taken(
    applicant: Applicant, town: UUID, settings: Any, tmp_path: Path
) -> None:
    settings.DIENSTWEG_MASTER_KEY = str(tmp_path / "away.key")
    forget()
    applicant.open("/leistungen/hausbewohner")
    assert applicant.send(action="/beginnen").status == 500
    with scope.enter(scope.of(town)):
        assert not Draft.objects.exists()
    (finding,) = checkup_machine.master_key()
    assert finding.state == "error"
    assert "chmod 0600" in finding.remedy


def test_a_clock_that_is_off_is_found_by_the_doctor(town: UUID, database_addresses: Any) -> None:
    with psycopg.connect(database_addresses.app) as connection:
        (fine,) = checkup_machine.clocks(connection)
        with clock.shifted(timedelta(minutes=2)):
            (wrong,) = checkup_machine.clocks(connection)
    assert (fine.state, wrong.state) == ("ok", "error")
    assert "120 s" in wrong.what
