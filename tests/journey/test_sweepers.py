"""Whatever gets lost on the way is found: every room's sweeper is set going, and looks again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from procrastinate.contrib.django import app as queue

from dienstweg import journey
from dienstweg.authorities import scope
from dienstweg.documents import actions as documents
from dienstweg.documents.models import Document
from dienstweg.events import queries as events
from dienstweg.events.actions import tick
from dienstweg.events.job import known_jobs
from dienstweg.events.models import Due
from dienstweg.files import actions as files
from dienstweg.files import queries as stored
from dienstweg.files.actions import scanning
from dienstweg.files.models import Upload
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id
from dienstweg.mail import actions as mail
from dienstweg.offers.facts import OfferWentLive
from dienstweg.processes import actions as processes
from dienstweg.processes import queries as conducts
from dienstweg.processes.actions import stepping
from dienstweg.records import actions as records
from dienstweg.records.models import Export
from fakes import FakeScanner
from journeying import picture
from made import make_case
from working import waiting, work

pytestmark = pytest.mark.django_db

WITH_THEIR_LINK = {"deliveries.sweep", "payments.sweep"}
"""These look after one connection or account, and begin when it is set up."""
BY_AUTHORITY = sorted(job for job in journey.AFTER[OfferWentLive] if ".sweep" in job)


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def test_every_sweeper_is_set_going() -> None:
    offered = {job for job in known_jobs() if ".sweep" in job}
    assert offered == {*BY_AUTHORITY, *WITH_THEIR_LINK}


@pytest.mark.parametrize("job", BY_AUTHORITY)
def test_a_sweeper_looks_again(job: str, inside: UUID) -> None:
    known_jobs()
    queue.tasks[job].func(authority_id=str(inside), event_id=str(inside))
    again = events.due_at(job=job, object_id=inside)
    assert again is not None
    with clock.shifted(again - clock.now() + timedelta(seconds=1)):
        queue.tasks[job].func(authority_id=str(inside), object_id=str(inside), key="")
        later = events.due_at(job=job, object_id=inside)
    assert later is not None
    assert later > again


def test_a_process_that_never_began_is_found(inside: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = make_case(inside)
    begun: list[UUID] = []
    monkeypatch.setattr(stepping, "go_on", lambda *, case_id, event: begun.append(case_id))
    assert processes.sweep(authority_id=inside) == 0
    with clock.shifted(timedelta(minutes=6)):
        assert processes.sweep(authority_id=inside) == 1
    assert begun == [lost]
    assert not conducts.has_begun(lost)


def test_one_process_that_cannot_begin_hides_no_other(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_case(inside), make_case(inside)
    seen: list[UUID] = []

    def go_on(*, case_id: UUID, event: object) -> None:
        seen.append(case_id)
        raise RuntimeError("broken")

    monkeypatch.setattr(stepping, "go_on", go_on)
    with clock.shifted(timedelta(minutes=6)):
        assert processes.sweep(authority_id=inside) == 2
    assert seen == [first, second]


def order(inside: UUID, key: str) -> UUID:
    """Order a document of which no job speaks."""
    row = Document.objects.create(
        authority_id=inside,
        case_id=make_case(inside),
        key=key,
        template="ausweis",
        title="Ausweis",
        data=b"",
        ordered_at=clock.now(),
    )
    return row.id


def test_a_document_that_never_came_is_asked_for_again(inside: UUID) -> None:
    ordered = [order(inside, f"ausweis-{number}") for number in range(2)]
    assert documents.sweep(authority_id=inside) == 0
    with clock.shifted(timedelta(minutes=6)):
        assert documents.sweep(authority_id=inside) == 2
        assert waiting("documents") == ["documents.render"] * len(ordered)
        assert documents.sweep(authority_id=inside) == 0, "they are asked for already"


@pytest.mark.parametrize("room", ["documents", "records", "mail", "files"])
def test_what_fails_again_and_again_is_one_job_that_comes_again(
    room: str, inside: UUID, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seal that is away for long, a fault of ours: sweepers make no second chain of retries."""
    settings.DIENSTWEG_FILES, settings.DIENSTWEG_SCANNER = tmp_path / "files", "fake:"
    sweep, wanted, verb = lose(room, inside)
    monkeypatch.setattr(*verb, broken)
    for minutes in (60, 120, 180):
        with clock.shifted(timedelta(minutes=minutes)):
            sweep(authority_id=inside)
            assert len(waiting(room)) + comes_again(wanted) == 1, "asked for, or coming again"
            work(room)
            tick(now=clock.now())
            sweep(authority_id=inside)
            work(room)
            sweep(authority_id=inside)
            assert len(waiting(room)) + comes_again(wanted) == 1


def broken(**_ids: object) -> None:
    raise RuntimeError("broken")


def comes_again(job: str) -> int:
    return Due.objects.filter(job=job).count()


def lose(room: str, inside: UUID) -> tuple[Callable[..., object], str, tuple[object, str]]:
    """Leave something to do of which no job speaks; return sweeper, job, and what does it."""
    now = clock.now()
    if room == "documents":
        order(inside, "ausweis")
        return documents.sweep, "documents.render", (documents, "render")
    if room == "records":
        Export.objects.create(
            authority_id=inside,
            case_id=make_case(inside),
            ordered_at=now,
            ends_at=now + timedelta(days=9),
            account_id=new_id(),
        )
        return records.sweep, "records.make", (records, "make")
    if room == "mail":
        mail.send(
            authority_id=inside,
            to="a@example.org",
            template="confirm",
            context={"code": "1"},
            key="k",
        )
        forget_jobs()
        return mail.sweep, "mail.deliver", (mail, "deliver")
    files.take(owner_id=new_id(), key=encryption.new_key(), name="a.png", chunks=[picture()])
    forget_jobs()
    return files.sweep_waiting, "files.scan", (files, "scan")


def test_a_mail_that_nobody_sends_is_sent(inside: UUID) -> None:
    mail.send(
        authority_id=inside,
        to="a@example.org",
        template="confirm",
        context={"code": "123 456"},
        key="k",
    )
    forget_jobs()
    assert mail.sweep(authority_id=inside) == 0
    with clock.shifted(timedelta(minutes=11)):
        assert mail.sweep(authority_id=inside) == 1
    assert waiting("mail") == ["mail.deliver"]


def test_an_upload_that_nobody_completes_is_ended(
    inside: UUID, settings: Any, tmp_path: Path
) -> None:
    settings.DIENSTWEG_FILES = tmp_path / "files"
    key = encryption.new_key()
    card = files.begin_upload(
        owner_id=new_id(), key=key, place="nachweis", name="a.png", length=100, limit=1_000
    )
    files.receive(upload=card, key=key, offset=0, chunks=[b"x" * 50])
    assert files.sweep(authority_id=inside) == 0
    with clock.shifted(timedelta(hours=25)):
        assert files.sweep(authority_id=inside) == 1
    assert not Upload.objects.exists()
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_a_file_that_nobody_scans_is_scanned(
    inside: UUID, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DIENSTWEG_FILES, settings.DIENSTWEG_SCANNER = tmp_path / "files", "fake:"
    monkeypatch.setattr(scanning, "scanner", FakeScanner)
    owner, key = new_id(), encryption.new_key()
    files.take(owner_id=owner, key=key, name="a.png", chunks=[picture()])
    forget_jobs()
    assert files.sweep_waiting(authority_id=inside) == 0
    with clock.shifted(timedelta(minutes=6)):
        assert files.sweep_waiting(authority_id=inside) == 1
        assert files.sweep_waiting(authority_id=inside) == 0, "it is asked for already"
    work("files")
    assert list(stored.states(owner).values()) == ["ready"]


def forget_jobs() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
