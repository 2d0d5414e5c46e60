"""The whole way of a file with ClamAV's own daemon: found, released, away and back."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pikepdf
import pytest

from dienstweg.authorities import scope
from dienstweg.config import checkup_peers
from dienstweg.files import actions, queries
from dienstweg.kernel import encryption
from dienstweg.kernel.references import new_id
from scanning import EICAR, OURS, Clamd, clamd, program
from working import live_through, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def daemon(settings: Any, tmp_path: Any) -> Iterator[Clamd]:
    if program() is None:
        pytest.skip("no clamd found: sh scripts/find-clamd")
    settings.DIENSTWEG_FILES = tmp_path / "files"
    with clamd() as running:
        settings.DIENSTWEG_SCANNER = f"clamav:{running.address}"
        yield running


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def letter(inside: bytes) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Note = document.make_stream(inside)
    document.save(out, compress_streams=False, deterministic_id=True)
    return out.getvalue()


def uploaded(owner: UUID, key: bytes, content: bytes) -> UUID:
    return actions.take(owner_id=owner, key=key, name="Brief.pdf", chunks=[content]).id


def test_malware_is_refused_and_all_else_released(inside: UUID, daemon: Clamd) -> None:
    owner, key = new_id(), encryption.new_key()
    bad, worse, good = (uploaded(owner, key, letter(one)) for one in (EICAR, OURS, b"harmless"))
    work("files")
    assert queries.states(owner) == {bad: "refused", worse: "refused", good: "ready"}


def test_away_the_file_waits_and_back_it_is_released(inside: UUID, daemon: Clamd) -> None:
    owner, key = new_id(), encryption.new_key()
    daemon.kill()
    file_id = uploaded(owner, key, letter(b"harmless"))
    live_through(timedelta(hours=2), "files")
    assert queries.states(owner) == {file_id: "waiting"}
    assert any("antwortet nicht" in one.what for one in checkup_peers.scanner())
    daemon.start()
    live_through(timedelta(hours=3), "files")
    assert queries.states(owner) == {file_id: "ready"}
