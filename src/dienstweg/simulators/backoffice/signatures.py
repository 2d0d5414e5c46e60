"""HTTP message signatures (RFC 9421, RFC 9530), written a second time from the standard.

On purpose not the code, and not the library, that the adapter uses.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

_INPUT = re.compile(r"^([a-z][a-z0-9_-]*)=(\((?:\"[@a-z-]+\"(?: (?=\"))?)+\)[^,]*)$")
_PARAMETER = re.compile(r';([a-z]+)=(?:"([^"]*)"|(\d+))')
_MUST_COVER = frozenset({"@method", "@authority", "@path", "content-digest", "idempotency-key"})


class Forged(Exception):
    """The call is not signed by a known key, or not over all that counts."""


def own_key(seed: int) -> Ed25519PrivateKey:
    """Return the simulator's own key, which follows from its seed: it guards nothing real."""
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(f"backoffice:{seed}".encode()).digest()
    )


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public half of ``key`` as base64."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def verify(
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    peers: Mapping[str, str],
    *,
    now: float,
    tolerance: float,
) -> None:
    """Make sure that one of ``peers`` has signed the call; raises `Forged`."""
    found = _INPUT.match(headers.get("signature-input", ""))
    if found is None:
        raise Forged("no signature")
    label, params = found[1], found[2]
    covered = re.findall(r'"([@a-z-]+)"', params.partition(")")[0])
    if _MUST_COVER - set(covered):
        raise Forged("not everything is signed")
    if digest_of(body) not in headers.get("content-digest", ""):
        raise Forged("another digest")
    named = {name: text or number for name, text, number in _PARAMETER.findall(params)}
    if abs(now - int(named.get("created", "0"))) > tolerance:
        raise Forged("signed too long ago")
    peer = peers.get(named.get("keyid", ""))
    if peer is None:
        raise Forged("unknown key")
    base = _base(covered, params, method, path, headers)
    try:
        signature = headers.get("signature", "").removeprefix(f"{label}=").strip(":")
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(peer)).verify(raw, base)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise Forged("wrong signature") from error


def sign(
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    key: Ed25519PrivateKey,
    *,
    key_id: str,
    now: float,
) -> dict[str, str]:
    """Return the lower-case ``headers`` of a POST with digest and signature; needs ``host``."""
    signed = {**headers, "content-digest": digest_of(body)}
    covered = ["@method", "@authority", "@path", "content-type", "content-digest"]
    covered.append("idempotency-key")
    listed = " ".join(f'"{name}"' for name in covered)
    params = f'({listed});created={int(now)};keyid="{key_id}";alg="ed25519"'
    signature = base64.b64encode(key.sign(_base(covered, params, "POST", path, signed))).decode()
    return {**signed, "signature-input": f"office={params}", "signature": f"office=:{signature}:"}


def digest_of(body: bytes) -> str:
    """Return the content digest of ``body`` as RFC 9530 writes it."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _base(
    covered: list[str], params: str, method: str, path: str, headers: Mapping[str, str]
) -> bytes:
    """Return what is signed: one line for each component, then the parameters."""
    derived = {
        "@method": method,
        "@authority": headers.get("host", "").lower().removesuffix(":80"),
        "@path": path,
    }
    lines = [f'"{name}": {derived.get(name, headers.get(name, "").strip())}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {params}']).encode()
