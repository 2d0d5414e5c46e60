"""HTTP message signatures (RFC 9421) with Ed25519 over a content digest (RFC 9530).

The library builds and parses the structured fields; what must be signed, how old a signature may
be and what time it is are ours.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from dienstweg.kernel import clock

COVERED = ("@method", "@authority", "@path", "content-type", "content-digest", "idempotency-key")
"""What every signature covers: scheme and outer port may change at a proxy, these may not."""


class BadSignature(Exception):
    """The call is not signed by the key that was expected, or not as it must be."""


@dataclass(slots=True)
class _Message:
    """A call as the library wants to see it."""

    method: str
    url: str
    headers: dict[str, str]


class _Verifier(HTTPMessageVerifier):
    """Asks our clock, not the system's, how old a signature is."""

    tolerance = timedelta(minutes=5)

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Refuse what was signed too long ago, or in the future."""
        now = clock.now()
        created = _moment(sig_input.params.get("created"))
        if created is None or abs(now - created) > self.tolerance:
            raise InvalidSignature("created too far from now")
        if "expires" in sig_input.params:
            expires = _moment(sig_input.params["expires"])
            if expires is None or expires < now - self.tolerance:
                raise InvalidSignature("expired")


def private_key(text: str) -> Ed25519PrivateKey:
    """Return the private key written in ``text`` (base64 of 32 bytes); raises ValueError."""
    return Ed25519PrivateKey.from_private_bytes(_raw(text))


def public_key(text: str) -> Ed25519PublicKey:
    """Return the public key written in ``text`` (base64 of 32 bytes); raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(_raw(text))


def public_text(private: str) -> str:
    """Return the public key that belongs to the private key ``private``, both as base64."""
    return base64.b64encode(private_key(private).public_key().public_bytes_raw()).decode()


def sign(
    *,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes,
    key: Ed25519PrivateKey,
    key_id: str,
) -> dict[str, str]:
    """Return ``headers`` (lower-case names) with digest and signature of the call added."""
    message = _Message(method, url, dict(headers))
    resolver = MappingKeyResolver(public_keys={}, private_keys={key_id: key})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    signer.sign(
        message,
        key_id=key_id,
        created=clock.now(),
        label="dienstweg",
        covered_component_ids=COVERED,
        body=body,
    )
    return {name.lower(): value for name, value in message.headers.items()}


def verify(
    *,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes,
    key: Ed25519PublicKey,
    key_id: str,
    tolerance: timedelta,
) -> None:
    """Make sure that the call was signed by ``key``, whole and lately; raises `BadSignature`."""
    resolver = MappingKeyResolver(public_keys={key_id: key}, private_keys={})
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    verifier.tolerance = tolerance
    try:
        verifier.verify(
            _Message(method, url, headers), max_age=None, require_components=COVERED, body=body
        )
    except (HTTPMessageSignaturesException, ValueError, TypeError, KeyError) as error:
        raise BadSignature(type(error).__name__) from error


def _raw(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a key is 32 bytes in base64") from error
    if len(raw) != 32:
        raise ValueError("a key is 32 bytes in base64")
    return raw


def _moment(value: Any) -> datetime | None:
    if type(value) is not int:
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
