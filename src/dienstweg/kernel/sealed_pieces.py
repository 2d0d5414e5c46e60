"""Personal data at rest that is too long for memory: sealed piece by piece, in order.

A file of this kind is a mark, random bytes that name this one writing of it, then each piece with
its length before it. With each piece is authenticated (`encryption.seal`): to which place it
belongs, to which writing, its number, and whether it is the last one. What is left out, exchanged,
taken from an earlier writing, or cut off at the end cannot be read. This is the STREAM construction
(Hoang, Reyhanitabar, Rogaway, Vizár 2015) with the sealing we have.
"""

import hashlib
import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from dienstweg.kernel import encryption
from dienstweg.kernel.encryption import Unreadable

MARK: Final = b"\x02"
"""The first byte; that of what is sealed as a whole is another one."""
PIECE: Final = 1024 * 1024
"""Bytes of a piece; only the last one may be shorter."""
_WRITING: Final = 16
"""Random bytes that name a writing."""
_ROOM: Final = 64
"""Bytes that sealing may add to a piece."""
_LENGTH: Final = struct.Struct(">I")


class SealedWriter:
    """Takes bytes in any portions and writes them sealed to ``out``; `close` ends the file.

    It counts what it takes: ``size`` in bytes, ``sha256`` as a running hash.
    """

    def __init__(self, out: BinaryIO, key: bytes, *context: str) -> None:
        self.size = 0
        self.sha256 = hashlib.sha256()
        writing = os.urandom(_WRITING)
        self._out, self._key, self._context = out, key, (*context, writing.hex())
        self._waiting = bytearray()
        self._number = 0
        out.write(MARK + writing)

    def write(self, content: bytes | bytearray | memoryview, /) -> int:
        """Take some bytes; return how many those were."""
        self.size += len(content)
        self.sha256.update(content)
        for start in range(0, len(content), PIECE):
            self._waiting += content[start : start + PIECE]
            if len(self._waiting) > PIECE:  # what may be the last piece waits for `close`
                self._put(bytes(self._waiting[:PIECE]), "more")
                del self._waiting[:PIECE]
        return len(content)

    def flush(self) -> None:
        """Do nothing: a piece is written when it is whole."""

    def close(self) -> None:
        """Write the last piece, without which nothing can be read."""
        self._put(bytes(self._waiting), "last")
        self._waiting.clear()

    def _put(self, piece: bytes, word: str) -> None:
        sealed = encryption.seal(self._key, piece, *self._context, str(self._number), word)
        self._out.write(_LENGTH.pack(len(sealed)))
        self._out.write(sealed)
        self._number += 1


def unseal(source: BinaryIO, key: bytes, *context: str) -> Iterator[bytes]:
    """Yield the pieces of what `SealedWriter` has written; raises `Unreadable`.

    Each piece is authentic when it comes; that none is missing is known with the last one.
    """
    head = source.read(len(MARK) + _WRITING)
    if len(head) != len(MARK) + _WRITING or not head.startswith(MARK):
        raise Unreadable
    context = (*context, head[len(MARK) :].hex())
    number, length = 0, _length(source.read(_LENGTH.size))
    if not length:
        raise Unreadable
    while length:
        sealed = source.read(length)
        length = _length(source.read(_LENGTH.size))
        word = "more" if length else "last"
        yield encryption.unseal(key, sealed, *context, str(number), word)
        number += 1


def _length(head: bytes) -> int:
    """Return the length of the next piece, 0 at the end of the file; raises `Unreadable`."""
    if not head:
        return 0
    if len(head) != _LENGTH.size:
        raise Unreadable
    length = int(_LENGTH.unpack(head)[0])
    if not 0 < length <= PIECE + _ROOM:
        raise Unreadable
    return length
