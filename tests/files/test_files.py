"""Files lie encrypted, belong to one owner, and go for good when they are discarded."""

import hashlib
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.files import actions, errors, queries, store
from dienstweg.files.actions.quota import refuse_without_room
from dienstweg.kernel import clock, encryption, sealed_pieces
from dienstweg.kernel.references import new_id
from dienstweg.kernel.sealed_pieces import SealedWriter

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = b"Liebe Behoerde, mein Geheimnis"


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def kept(owner: UUID, key: bytes) -> queries.FileCard:
    return actions.keep(
        owner_id=owner, key=key, name="Brief", media_type="application/pdf", content=LETTER
    )


def test_a_file_comes_back_and_lies_unreadable(inside: UUID) -> None:
    owner, key = new_id(), encryption.new_key()
    card = kept(owner, key)
    assert card.name == "Brief.pdf"
    assert queries.cards(owner, key=key) == [card]
    assert queries.content(card.id, key=key) == LETTER
    stored = store.path_of(inside, card.id).read_bytes()
    assert b"Geheimnis" not in stored
    with pytest.raises(encryption.Unreadable):
        queries.content(card.id, key=encryption.new_key())


def test_bytes_swapped_between_files_are_noticed(inside: UUID) -> None:
    owner, key = new_id(), encryption.new_key()
    one, other = kept(owner, key), kept(owner, key)
    place = store.path_of(inside, other.id)
    place.write_bytes(store.path_of(inside, one.id).read_bytes())
    with pytest.raises(encryption.Unreadable):
        queries.content(other.id, key=key)


def test_a_discarded_file_is_gone_and_a_rollback_keeps_it(inside: UUID) -> None:
    owner, key = new_id(), encryption.new_key()
    one, other = kept(owner, key), kept(owner, key)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.discard(owner_id=owner)
        raise RuntimeError
    assert queries.content(one.id, key=key) == LETTER
    actions.discard(owner_id=owner, file_id=one.id)
    assert queries.cards(owner, key=key) == [other]
    assert not store.path_of(inside, one.id).exists()
    with pytest.raises(errors.NoSuchFile):
        queries.content(one.id, key=key)


def test_another_owner_cannot_discard_it(inside: UUID) -> None:
    owner, key = new_id(), encryption.new_key()
    card = kept(owner, key)
    actions.discard(owner_id=new_id(), file_id=card.id)
    assert queries.content(card.id, key=key) == LETTER


def test_another_authority_does_not_see_it(inside: UUID, other_authority: UUID) -> None:
    owner, key = new_id(), encryption.new_key()
    card = kept(owner, key)
    with scope.enter(scope.of(other_authority)):
        assert queries.cards(owner, key=key) == []
        with pytest.raises(errors.NoSuchFile):
            queries.content(card.id, key=key)


def test_what_a_crash_left_behind_is_swept_and_nothing_else(inside: UUID) -> None:
    owner, key = new_id(), encryption.new_key()
    card, orphan = kept(owner, key), new_id()
    store.write(inside, orphan, b"left behind")
    half = store.path_of(inside, new_id()).with_suffix(".part")
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    assert actions.sweep(authority_id=inside) == 0
    for path in (store.path_of(inside, orphan), store.path_of(inside, card.id)):
        os.utime(path, (time.time(), time.time()))
    with clock.shifted(timedelta(days=2)):
        assert actions.sweep(authority_id=inside) == 2
    assert not store.path_of(inside, orphan).exists()
    assert not half.exists()
    assert queries.content(card.id, key=key) == LETTER


def test_a_draft_holds_only_so_many_files_of_such_a_size(inside: UUID, settings: Any) -> None:
    owner, key = new_id(), encryption.new_key()
    with pytest.raises(errors.Empty):
        actions.take(owner_id=owner, key=key, name="a", chunks=[])
    with pytest.raises(errors.TooLarge):
        actions.take(owner_id=owner, key=key, name="a", chunks=[b"x" * 60] * 3, limit=100)
    settings.DIENSTWEG_CASE_FILES = 1
    kept(owner, key)
    with pytest.raises(errors.TooMany):
        actions.take(owner_id=owner, key=key, name="a", chunks=[b"x"])
    assert len(queries.cards(owner, key=key)) == 1


def test_every_refusal_says_what_to_do_in_both_languages() -> None:
    for kind in errors.BY_CODE.values():
        german, english = kind().message("de"), kind().message("en")
        assert german != english
        assert (
            "Bitte" in german or "Entfernen" in german or "Drucken" in german or "reicht" in german
        )


def test_a_file_is_stored_where_only_its_authority_looks(inside: UUID) -> None:
    card = kept(new_id(), encryption.new_key())
    assert store.path_of(inside, card.id).parent.parent == store.folder_of(inside)
    assert Path(store.folder_of(inside)).name == inside.hex


def kept_in_pieces(owner: UUID, key: bytes, *portions: bytes) -> queries.FileCard:
    def fill(out: SealedWriter) -> None:
        for portion in portions:
            out.write(portion)

    return actions.keep_archive(owner_id=owner, key=key, name="Akte", fill=fill)


def test_what_is_kept_in_pieces_is_a_file_like_any_other(inside: UUID, monkeypatch: Any) -> None:
    monkeypatch.setattr(sealed_pieces, "PIECE", 8)
    owner, key = new_id(), encryption.new_key()
    card = kept_in_pieces(owner, key, LETTER[:11], b"", LETTER[11:])
    assert queries.cards(owner, key=key) == [card]
    assert (card.size, card.sha256) == (len(LETTER), hashlib.sha256(LETTER).hexdigest())
    assert queries.content(card.id, key=key) == LETTER
    assert max(len(one) for one in queries.pieces(card.id, key=key)) == 8
    assert b"".join(queries.pieces(card.id, key=key)) == LETTER
    assert b"Geheimnis" not in store.path_of(inside, card.id).read_bytes()
    actions.discard(owner_id=owner)
    with pytest.raises(errors.NoSuchFile):
        queries.pieces(card.id, key=key)


def test_what_was_kept_as_a_whole_is_read_in_pieces_too(inside: UUID) -> None:
    owner, key = new_id(), encryption.new_key()
    assert list(queries.pieces(kept(owner, key).id, key=key)) == [LETTER]


def test_the_last_piece_is_held_back_until_all_are_those_of_the_row(
    inside: UUID, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sealed_pieces, "PIECE", 8)
    owner, key = new_id(), encryption.new_key()
    card = kept_in_pieces(owner, key, LETTER)
    place = (str(inside), "files", str(card.id), "content")
    with store.written(inside, card.id) as out:  # somebody who has the key writes it anew
        forged = SealedWriter(out, key, *place)
        forged.write(b"x" * 20)
        forged.close()
    came = []
    with pytest.raises(encryption.Unreadable):
        came.extend(queries.pieces(card.id, key=key))
    assert sum(map(len, came)) < 20
    store.path_of(inside, card.id).unlink()
    with pytest.raises(errors.NoSuchFile):
        queries.pieces(card.id, key=key)


def test_what_breaks_off_while_it_is_written_is_no_file(inside: UUID) -> None:
    owner, key = new_id(), encryption.new_key()

    def fill(out: SealedWriter) -> None:
        out.write(LETTER)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        actions.keep_archive(owner_id=owner, key=key, name="Akte", fill=fill)
    assert queries.cards(owner, key=key) == []
    assert list(store.folder_of(inside).glob("??/*")) == [], "not a half one either"


def test_an_archive_takes_no_room_of_the_case(inside: UUID, settings: Any) -> None:
    settings.DIENSTWEG_CASE_FILES = 1
    owner, key = new_id(), encryption.new_key()
    kept_in_pieces(owner, key, LETTER)
    with transaction.atomic():
        refuse_without_room(owner, size=1, besides=new_id())
    kept(owner, key)
    with pytest.raises(errors.TooMany), transaction.atomic():
        refuse_without_room(owner, size=1, besides=new_id())
