"""What is sealed in pieces comes back whole, or not at all: nobody can cut, turn or exchange it."""

import hashlib
import io
import struct
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dienstweg.kernel import encryption, sealed_pieces
from dienstweg.kernel.encryption import Unreadable
from dienstweg.kernel.sealed_pieces import SealedWriter, unseal

KEY = encryption.new_key()
PLACE = ("authority", "files", "one", "content")
HEAD = 17
"""Bytes before the first piece: the mark, and the name of the writing."""


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch):
    monkeypatch.setattr(sealed_pieces, "PIECE", 16)


def sealed(*portions: bytes, place: tuple[str, ...] = PLACE) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, KEY, *place)
    for portion in portions:
        writer.write(portion)
    writer.close()
    assert writer.size == sum(len(one) for one in portions)
    assert writer.sha256.digest() == hashlib.sha256(b"".join(portions)).digest()
    return out.getvalue()


def read(stored: bytes, *, key: bytes = KEY, place: tuple[str, ...] = PLACE) -> bytes:
    return b"".join(unseal(io.BytesIO(stored), key, *place))


def parts(stored: bytes) -> tuple[bytes, list[bytes]]:
    """Return the head and the pieces, each with its length before it."""
    head, rest, found = stored[:HEAD], stored[HEAD:], []
    while rest:
        end = 4 + struct.unpack(">I", rest[:4])[0]
        found.append(rest[:end])
        rest = rest[end:]
    return head, found


LONG = bytes(range(70))
"""Five pieces."""


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_whatever_is_written_in_whatever_portions_comes_back(portions):
    stored = sealed(*portions)
    assert read(stored) == b"".join(portions)
    assert stored.startswith(sealed_pieces.MARK)
    pieces = parts(stored)[1]
    assert len(pieces) == max(1, -(-sum(map(len, portions)) // 16))


def test_nothing_of_it_lies_in_the_clear():
    assert b"Geheimnis" not in sealed(b"ein Geheimnis und noch eines: Geheimnis")


@settings(max_examples=200)
@given(st.data())
def test_any_other_bytes_cannot_be_read(data):
    stored = sealed(LONG)
    cut = data.draw(st.integers(0, len(stored) - 1))
    with pytest.raises(Unreadable):
        read(stored[:cut])
    flipped = bytearray(stored)
    flipped[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unreadable):
        read(bytes(flipped))
    with pytest.raises(Unreadable):
        read(stored + data.draw(st.binary(min_size=1, max_size=40)))


@given(st.data())
def test_pieces_left_out_doubled_or_turned_cannot_be_read(data):
    head, pieces = parts(sealed(LONG))
    order = data.draw(st.lists(st.integers(0, 4), max_size=7).filter(lambda it: it != [*range(5)]))
    with pytest.raises(Unreadable):
        read(head + b"".join(pieces[one] for one in order))
    assert read(head + b"".join(pieces)) == LONG  # in their order they can


def test_a_piece_of_another_place_writing_or_key_cannot_be_read():
    head, own = parts(sealed(LONG))
    again, of_again = parts(sealed(LONG))
    _, elsewhere = parts(sealed(LONG, place=("authority", "files", "two", "content")))
    assert head != again
    for foreign in (of_again, elsewhere):
        for spot in range(5):
            mixed = [*own[:spot], foreign[spot], *own[spot + 1 :]]
            with pytest.raises(Unreadable):
                read(head + b"".join(mixed))
    with pytest.raises(Unreadable):
        read(head + b"".join(own), key=encryption.new_key())
    with pytest.raises(Unreadable):
        read(head + b"".join(own), place=PLACE[:-1])


def test_what_is_sealed_as_a_whole_or_is_nothing_is_no_file_of_this_kind():
    whole = encryption.seal(KEY, LONG, *PLACE)
    for stored in (b"", sealed_pieces.MARK, sealed(b"")[:HEAD], whole, whole[1:]):
        with pytest.raises(Unreadable):
            read(stored)
    with pytest.raises(Unreadable):
        encryption.unseal(KEY, sealed(LONG), *PLACE)
    assert read(sealed(b"")) == b""


def test_a_length_that_nobody_has_written_takes_no_memory():
    head, pieces = parts(sealed(LONG))
    with pytest.raises(Unreadable):
        read(head + b"\xff\xff\xff\xff" + b"".join(pieces))


def test_writing_and_reading_take_memory_for_a_piece_and_not_for_the_file(monkeypatch):
    monkeypatch.setattr(sealed_pieces, "PIECE", 64 * 1024)

    class Nowhere(io.BytesIO):
        def write(self, content, /):
            return len(content)

    tracemalloc.start()
    try:
        writer = SealedWriter(Nowhere(), KEY, *PLACE)
        for _ in range(160):
            writer.write(bytes(50_000))  # 8 MB in all
        writer.close()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert writer.size == 8_000_000
    assert peak < 600_000
