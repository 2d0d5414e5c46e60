"""Identifiers and numbers that can be read out on the telephone and never repeat.

All are random or time-ordered (UUIDv7, RFC 9562), never counted: after a restore to an earlier
point a counter would give the next person a number that already stands on someone's receipt.
"""

import hashlib
import os
import secrets
import threading
import time
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that nothing is misread."""
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_NUMBER_LENGTH = 10
_CODE_LENGTH = 16
_GROUP = 4
_PREFIX_LENGTH = 3


class _Sequence:
    """Remembers the last millisecond and counter of this process, so that ids sort as made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        """Return 48 bits of milliseconds and 12 bits of counter, greater than any before."""
        # The id's time is an ordering hint, not a statement about the world: the clock of a
        # scope does not apply, or the ids of a sandbox would sort into the past.
        ticks = time.time_ns() * 4096 // 1_000_000
        with self._lock:
            self._last = max(self._last + 1, ticks)
            return self._last


_sequence = _Sequence()


def new_id() -> UUID:
    """Return a UUIDv7 that sorts after every other made by this process."""
    ticks = _sequence.next()
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = (ticks >> 12 & ((1 << 48) - 1)) << 80 | 0x7 << 76
    value |= (ticks & 0xFFF) << 64 | 0b10 << 62 | random
    return UUID(int=value)


def case_number(prefix: str) -> str:
    """Return a random number for a case such as ``KRA-7F3K-9M2Q-4XB``.

    50 random bits after the authority's ``prefix`` (at most three letters), and a check character
    that finds every single wrong character and nearly every swap of neighbours (the hybrid system
    of ISO 7064, with the modulus of our 32 letters).
    """
    body = "".join(secrets.choice(ALPHABET) for _ in range(_NUMBER_LENGTH))
    return "-".join([prefix.upper(), *_groups(body + _check_character(body))])


def normalise(text: str) -> str:
    """Return a number or code as it was issued, however it was typed.

    Forgives case, blanks, missing or odd hyphens, and O, I, L for 0, 1, 1 behind the prefix.
    """
    parts = text.strip().upper().replace("–", "-").replace(" ", "-").split("-", 1)
    if len(parts) == 2 and parts[0].isalpha() and len(parts[0]) <= _PREFIX_LENGTH:
        prefix, body = parts
        return "-".join([prefix, *_groups(_plain(body))])
    return "-".join(_groups(_plain(text.upper())))


def is_case_number(text: str) -> bool:
    """Tell whether ``text``, forgivingly read, is a well-formed case number."""
    prefix, _, body = normalise(text).partition("-")
    plain = body.replace("-", "")
    return (
        prefix.isalpha()
        and len(plain) == _NUMBER_LENGTH + 1
        and all(letter in ALPHABET for letter in plain)
        and _check_character(plain[:-1]) == plain[-1]
    )


def secret_code() -> str:
    """Return a code of 80 random bits in four groups: the key to a draft or to a case."""
    return "-".join(_groups("".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH))))


def derived_code(secret: str, purpose: str) -> str:
    """Return the code that belongs to ``secret`` for ``purpose``: the same at every call."""
    digest = hashlib.sha256(f"{purpose}:{secret}".encode()).digest()
    value = int.from_bytes(digest[:10])
    letters = (ALPHABET[value >> 5 * place & 31] for place in range(_CODE_LENGTH))
    return "-".join(_groups("".join(letters)))


def digest(code: str, salt: str) -> bytes:
    """Return what is stored instead of a ``code``: SHA-256 is enough for 80 random bits."""
    return hashlib.sha256(f"{salt}:{normalise(code)}".encode()).digest()


def _plain(text: str) -> str:
    kept = (letter for letter in text if letter.isalnum())
    return "".join(kept).translate(_FORGIVEN)


def _groups(text: str) -> list[str]:
    return [text[start : start + _GROUP] for start in range(0, len(text), _GROUP)]


def _check_character(body: str) -> str:
    """Return the hybrid check character of ISO 7064 with the modulus of our 32 letters."""
    size = len(ALPHABET)
    check = size
    for letter in body:
        check = (check + ALPHABET.index(letter)) % size or size
        check = check * 2 % (size + 1)
    return ALPHABET[(1 - check) % size]
