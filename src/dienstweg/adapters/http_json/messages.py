"""The JSON of a delivery, of its receipt and of news; version 1.

A receipt is signed by itself, apart from the answer that carries it, so that it stays a proof when
it is filed away.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dienstweg.deliveries.port import Notice, Parcel, Refused, Untrusted

FORMAT = "dienstweg-delivery/1"
RECEIPT = "dienstweg-receipt/1"
_REFERENCE_LENGTH = 200
_NOTICE_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Expected:
    """What a receipt must speak of: the parcel's key and the hashes of all it held."""

    key: str
    sha256: str
    attachments: tuple[str, ...]


def delivery(parcel: Parcel, *, limit: int, answer_to: str | None) -> tuple[bytes, Expected]:
    """Return the JSON of ``parcel`` and what its receipt must say.

    Raises `Refused` when it is bigger than ``limit`` bytes, or an attachment is not what its hash
    says. The bytes are the same for every try.
    """
    files = [_file(one, limit) for one in parcel.attachments]
    expected = Expected(
        key=parcel.key,
        sha256=hashlib.sha256(parcel.content).hexdigest(),
        attachments=tuple(one["sha256"] for one in files),
    )
    message: dict[str, Any] = {
        "format": FORMAT,
        "key": parcel.key,
        "kind": parcel.kind,
        "case": {
            "id": str(parcel.case_id),
            "number": parcel.case_number,
            "service": parcel.service,
            "submitted_at": parcel.submitted_at.isoformat(),
        },
        "schema": parcel.schema_digest,
        "media_type": parcel.media_type,
        "sha256": expected.sha256,
        "content": base64.b64encode(parcel.content).decode(),
        "attachments": files,
    }
    if answer_to is not None:
        message["answer_to"] = answer_to
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    if len(body) > limit:
        raise Refused(f"bigger than {limit} bytes")
    return body, expected


def receipt(body: bytes, expected: Expected, key: Ed25519PublicKey) -> tuple[str, datetime]:
    """Return reference and time of the receipt in ``body``; raises `Untrusted` for any lie."""
    told = _object(body)
    reference, at, signature = told.get("reference"), told.get("at"), told.get("signature")
    if not isinstance(reference, str) or not isinstance(at, str) or not isinstance(signature, str):
        raise Untrusted("the receipt is incomplete")
    if not 0 < len(reference) <= _REFERENCE_LENGTH or not reference.isprintable():
        raise Untrusted("the receipt's reference is unusable")
    if told.get("key") != expected.key:
        raise Untrusted("the receipt is for another delivery")
    if told.get("sha256") != expected.sha256:
        raise Untrusted("the receipt is for other content")
    if told.get("attachments") != list(expected.attachments):
        raise Untrusted("the receipt is for other attachments")
    text = signed_text(expected, reference, at)
    try:
        key.verify(base64.b64decode(signature, validate=True), text)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise Untrusted("the receipt is not signed by the back office") from error
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise Untrusted("the receipt has no time") from error
    if moment.tzinfo is None:
        raise Untrusted("the receipt has no time zone")
    return reference, moment


def signed_text(expected: Expected, reference: str, at: str) -> bytes:
    """Return the lines that a back office signs: format, key, hashes, reference, time."""
    lines: Sequence[str] = (
        RECEIPT,
        expected.key,
        expected.sha256,
        *expected.attachments,
        reference,
        at,
    )
    return "\n".join(lines).encode()


def notice(body: bytes) -> Notice:
    """Return the news in ``body``; raises `Untrusted` when it is malformed."""
    told = _object(body)
    words = [told.get(name) for name in ("id", "key", "kind")]
    if not all(isinstance(one, str) and 0 < len(one) <= 100 and one.isprintable() for one in words):
        raise Untrusted("the notice is incomplete")
    identifier, key, kind = (str(one) for one in words)
    if not kind.isascii() or not kind.replace("_", "").isalpha() or len(kind) > 40:
        raise Untrusted("the notice is of an unknown kind")
    data = told.get("data", {})
    if not isinstance(data, dict) or not _shallow(data, _NOTICE_DEPTH):
        raise Untrusted("the notice's data is unusable")
    return Notice(id=identifier, key=key, kind=kind, data=data)


def _file(enclosure: Any, limit: int) -> dict[str, Any]:
    content = enclosure.open()
    if len(content) > limit:
        raise Refused(f"bigger than {limit} bytes")
    digest = hashlib.sha256(content).hexdigest()
    if digest != enclosure.sha256:
        raise Refused("an attachment is not what was submitted")
    return {
        "id": enclosure.id,
        "name": enclosure.name,
        "media_type": enclosure.media_type,
        "sha256": digest,
        "content": base64.b64encode(content).decode(),
    }


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Untrusted("not JSON") from error
    if not isinstance(value, dict):
        raise Untrusted("not a JSON object")
    return value


def _shallow(value: Any, depth: int) -> bool:
    """Tell whether ``value`` has at most ``depth`` levels."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_shallow(one, depth - 1) for one in inner)
