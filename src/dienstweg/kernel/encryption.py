"""Personal data at rest: AES-256-GCM, bound to the place it stands in.

Keys form a chain: a key per draft (which becomes the case's), wrapped by the authority's, wrapped
by a master key outside the database. What a ciphertext belongs to (authority, table, row, field)
is authenticated with it, so that a value copied elsewhere cannot be read there.
"""

import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_FINDABLE_BYTES = 64
_NONCE_BYTES = 12
_VERSION = b"\x01"


class Unreadable(Exception):
    """The data cannot be read: wrong key, wrong place, or altered bytes."""


class NoMasterKey(Exception):
    """The master key is missing, too short, or readable by others."""


def new_key() -> bytes:
    """Return a fresh key of 32 bytes."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plaintext: bytes, *context: str) -> bytes:
    """Return ``plaintext`` encrypted under ``key`` and bound to ``context``."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, _bound(context))


def unseal(key: bytes, sealed: bytes, *context: str) -> bytes:
    """Return the plaintext of ``sealed``; raises `Unreadable` for another key or context."""
    if sealed[:1] != _VERSION:
        raise Unreadable
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, _bound(context))
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def seal_json(key: bytes, value: Any, *context: str) -> bytes:
    """Return the JSON ``value`` encrypted under ``key`` and bound to ``context``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate can come from a hostile escape; it is kept, not an error of the server.
    return seal(key, text.encode("utf-8", "surrogatepass"), *context)


def unseal_json(key: bytes, sealed: bytes, *context: str) -> Any:
    """Return the JSON value of ``sealed``; raises `Unreadable`."""
    return json.loads(unseal(key, sealed, *context).decode("utf-8", "surrogatepass"))


def wrap(key: bytes, by: bytes, *context: str) -> bytes:
    """Return ``key`` encrypted under the key ``by``, bound to ``context``."""
    return seal(by, key, "wrapped-key", *context)


def unwrap(wrapped: bytes, by: bytes, *context: str) -> bytes:
    """Return the key inside ``wrapped``; raises `Unreadable`."""
    return unseal(by, wrapped, "wrapped-key", *context)


def findable_key(key: bytes, purpose: str) -> bytes:
    """Return the key for `seal_findable`, derived from ``key`` for one ``purpose`` (HKDF)."""
    derived = HKDF(SHA256(), _FINDABLE_BYTES, salt=None, info=b"findable/" + purpose.encode())
    return derived.derive(key)


def seal_findable(key: bytes, text: str) -> bytes:
    """Return ``text`` encrypted so that the same text is the same bytes (AES-SIV, RFC 5297).

    For a unique column that is looked up by what it holds: whoever has only the bytes learns no
    more than how long the text is. ``key`` comes from `findable_key`.
    """
    return _VERSION + AESSIV(key).encrypt(text.encode(), None)


def unseal_findable(key: bytes, sealed: bytes) -> str:
    """Return the text that `seal_findable` has sealed; raises `Unreadable`."""
    if sealed[:1] != _VERSION:
        raise Unreadable
    try:
        return AESSIV(key).decrypt(sealed[1:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def load_master_key(path: Path, *, create: bool = False) -> bytes:
    """Return the master key in the file ``path``, making it with mode 0600 if ``create``.

    Raises `NoMasterKey` when it is absent, of another length, or open to other users.
    """
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(new_key())
            file.flush()
            os.fsync(file.fileno())
    try:
        mode = path.stat().st_mode & 0o777
        key = path.read_bytes()
    except OSError as error:
        raise NoMasterKey(f"{path}: {error.strerror}") from error
    if len(key) != KEY_BYTES:
        raise NoMasterKey(f"{path}: {KEY_BYTES} bytes expected")
    if mode & 0o077:
        raise NoMasterKey(f"{path}: mode {mode:04o}, expected 0600")
    return key


def _bound(context: tuple[str, ...]) -> bytes:
    """Return ``context`` unambiguously as bytes: no two different ones are equal."""
    return json.dumps(context, separators=(",", ":")).encode()
