"""A file waits for the virus scan, and nobody reads it before: neither lost nor released."""

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from django.db import connection, connections

from dienstweg.authorities import scope
from dienstweg.events import queries as events
from dienstweg.events.models import Event
from dienstweg.files import actions, errors, queries, rules, store
from dienstweg.files.actions import scanning
from dienstweg.files.models import File, Upload
from dienstweg.files.port import Unavailable
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id
from fakes import FakeScanner
from working import live_through, waiting, work

pytestmark = pytest.mark.django_db(transaction=True)

BAD = b"EICAR"


def letter(inside: bytes = b"") -> bytes:
    """Return a PDF that the inspection keeps to the byte, with ``inside`` in it."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Note = document.make_stream(b"a note " + inside)
    document.save(out, compress_streams=False, deterministic_id=True)
    return out.getvalue()


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def scanner(settings: Any, monkeypatch: pytest.MonkeyPatch) -> FakeScanner:
    fake = FakeScanner(BAD)
    settings.DIENSTWEG_SCANNER = "fake:"
    monkeypatch.setattr(scanning, "scanner", lambda: fake)
    return fake


class Owner:
    """Somebody who uploads."""

    def __init__(self) -> None:
        self.id, self.key = new_id(), encryption.new_key()

    def uploads(self, content: bytes) -> queries.FileCard:
        return actions.take(owner_id=self.id, key=self.key, name="Brief.pdf", chunks=[content])

    def state(self) -> str:
        (card,) = queries.cards(self.id, key=self.key)
        return card.state


def facts() -> list[str]:
    return list(Event.objects.order_by("id").values_list("name", flat=True))


def test_without_a_scanner_a_file_is_released_at_once(inside: UUID) -> None:
    owner = Owner()
    card = owner.uploads(letter(BAD))
    assert card.state == "ready"
    assert waiting("files") == []
    assert queries.content(card.id, key=owner.key) == letter(BAD)


def test_a_clean_file_waits_and_is_released(inside: UUID, scanner: FakeScanner) -> None:
    owner = Owner()
    card = owner.uploads(letter())
    assert card.state == owner.state() == "waiting"
    assert queries.waiting() == 1
    with pytest.raises(errors.NotReleased):
        queries.content(card.id, key=owner.key)
    assert work("files") == 1
    assert owner.state() == "ready"
    assert scanner.seen == [letter()]
    assert queries.content(card.id, key=owner.key) == letter()
    assert facts() == ["file.released"]
    assert File.objects.get().wrapped_key is None, "the key was lent for the scan alone"


def test_malware_is_deleted_and_said(inside: UUID, scanner: FakeScanner) -> None:
    owner = Owner()
    card = owner.uploads(letter(BAD))
    work("files")
    row = File.objects.get()
    assert (row.state, row.finding, row.wrapped_key) == ("refused", "Test.Eicar", None)
    assert not store.path_of(inside, card.id).exists()
    with pytest.raises(errors.NoSuchFile):
        queries.content(card.id, key=owner.key)
    assert facts() == ["file.refused"]
    assert queries.card(card.id, key=owner.key).name == "Brief.pdf", "so that it can be named"


def test_a_scanner_that_is_away_loses_nothing_and_releases_nothing(
    inside: UUID, scanner: FakeScanner
) -> None:
    owner = Owner()
    good, bad = owner.uploads(letter()), owner.uploads(letter(BAD))
    scanner.trouble = Unavailable("away")
    live_through(timedelta(days=3), "files")
    assert {one.state for one in queries.cards(owner.id, key=owner.key)} == {"waiting"}
    assert facts() == []
    soon = events.due_at(job="files.scan", object_id=good.id)
    assert soon is not None
    with clock.shifted(timedelta(days=3)):
        assert soon - clock.now() <= timedelta(minutes=11), "it is asked again soon, for ever"
        scanner.trouble = None
        live_through(timedelta(minutes=20), "files")
    assert queries.states(owner.id) == {good.id: "ready", bad.id: "refused"}


def test_a_scan_may_be_done_twice(inside: UUID, scanner: FakeScanner) -> None:
    owner = Owner()
    card = owner.uploads(letter(BAD))
    for _ in range(2):
        actions.scan(file_id=card.id)
    assert facts() == ["file.refused"]
    assert len(scanner.seen) == 1


def test_two_workers_settle_it_once(
    inside: UUID, scanner: FakeScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Owner()
    card = owner.uploads(letter())

    class Slow(FakeScanner):
        def scan(self, stream: Any) -> Any:
            actions.scan(file_id=card.id)
            return super().scan(stream)

    slow = Slow(BAD)
    turns = iter([slow, scanner])
    monkeypatch.setattr(scanning, "scanner", lambda: next(turns))
    actions.scan(file_id=card.id)
    assert facts() == ["file.released"]


def test_what_was_exchanged_before_the_scan_is_not_released(
    inside: UUID, scanner: FakeScanner
) -> None:
    owner = Owner()
    card = owner.uploads(letter())
    place = (str(inside), "files", str(card.id), "content")
    store.write(inside, card.id, encryption.seal(owner.key, b"another", *place))
    with pytest.raises(encryption.Unreadable):
        actions.scan(file_id=card.id)
    assert owner.state() == "waiting"


def test_what_is_exchanged_after_the_scan_is_not_read(inside: UUID, scanner: FakeScanner) -> None:
    owner = Owner()
    card = owner.uploads(letter())
    work("files")
    place = (str(inside), "files", str(card.id), "content")
    store.write(inside, card.id, encryption.seal(owner.key, b"another", *place))
    with pytest.raises(encryption.Unreadable):
        queries.content(card.id, key=owner.key)


def test_a_setting_that_is_gone_releases_nothing(inside: UUID, settings: Any) -> None:
    settings.DIENSTWEG_SCANNER = "clamav:/run/nowhere.sock"
    owner = Owner()
    card = owner.uploads(letter())
    for setting in ("", "unknown:/x", "clamav:nonsense", "clamav:/run/nowhere.sock"):
        settings.DIENSTWEG_SCANNER = setting
        actions.scan(file_id=card.id)
        assert owner.state() == "waiting"
        assert actions.scanner_problems()


def test_a_file_that_is_discarded_is_not_scanned(inside: UUID, scanner: FakeScanner) -> None:
    owner = Owner()
    card = owner.uploads(letter())
    actions.discard(owner_id=owner.id, file_id=card.id)
    work("files")
    assert scanner.seen == []
    assert facts() == []


def test_a_scan_whose_job_is_lost_is_found(inside: UUID, scanner: FakeScanner) -> None:
    owner = Owner()
    owner.uploads(letter())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert actions.sweep_waiting(authority_id=inside) == 0
    with clock.shifted(timedelta(minutes=6)):
        assert actions.sweep_waiting(authority_id=inside) == 1
        work("files")
    assert owner.state() == "ready"


def test_what_is_refused_takes_no_room(inside: UUID, scanner: FakeScanner, settings: Any) -> None:
    settings.DIENSTWEG_CASE_FILES = 1
    owner = Owner()
    owner.uploads(letter(BAD))
    with pytest.raises(errors.TooMany):
        owner.uploads(letter())
    work("files")
    assert owner.uploads(letter()).state == "waiting"


def test_another_authority_scans_nothing_of_ours(
    inside: UUID, other_authority: UUID, scanner: FakeScanner
) -> None:
    owner = Owner()
    card = owner.uploads(letter())
    with scope.enter(scope.of(other_authority)):
        actions.scan(file_id=card.id)
        assert queries.states(owner.id) == {}
    assert scanner.seen == []


@pytest.mark.parametrize("kind", ["files", "bytes"])
def test_whoever_comes_at_once_finds_no_more_room_than_there_is(
    inside: UUID, settings: Any, kind: str
) -> None:
    settings.DIENSTWEG_CASE_FILES = 3 if kind == "files" else 50
    settings.DIENSTWEG_CASE_BYTES = 3_999 if kind == "bytes" else 10**9
    owner = Owner()
    barrier = threading.Barrier(8)
    came: list[str] = []

    def begin() -> None:
        try:
            with scope.enter(scope.of(inside)):
                barrier.wait(timeout=20)
                actions.begin_upload(
                    owner_id=owner.id, key=owner.key, place="x", name="a", length=1_000, limit=2_000
                )
            came.append("taken")
        except (errors.TooMany, errors.TooMuch) as error:
            came.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    refusal = "too_many" if kind == "files" else "too_much"
    assert came.count("taken") == 3
    assert came.count(refusal) == 5
    assert Upload.objects.count() == 3


def test_fifty_files_and_a_hundred_megabytes_and_no_more(inside: UUID) -> None:
    def begin(owner: Owner, length: int) -> None:
        actions.begin_upload(
            owner_id=owner.id, key=owner.key, place="x", name="a", length=length, limit=10**9
        )

    many, large = Owner(), Owner()
    for _ in range(50):
        begin(many, 1)
    with pytest.raises(errors.TooMany):
        begin(many, 1)
    for _ in range(10):
        begin(large, rules.MAX_BYTES)
    with pytest.raises(errors.TooMuch):
        begin(large, 1)
    with pytest.raises(errors.TooLarge):
        begin(Owner(), rules.MAX_BYTES + 1)


@pytest.mark.parametrize(
    ("waited", "pause"), [(0, 5), (15, 5), (60, 20), (900, 300), (1800, 600), (10**6, 600)]
)
def test_a_scanner_is_asked_again_soon_and_then_calmly(waited: int, pause: int) -> None:
    assert rules.scan_pause(timedelta(seconds=waited)) == timedelta(seconds=pause)


def test_what_is_settled_is_settled_for_good() -> None:
    assert rules.may_become("waiting", "ready")
    assert rules.may_become("waiting", "refused")
    for state in ("ready", "refused"):
        assert not any(rules.may_become(state, other) for other in rules.STATES)
