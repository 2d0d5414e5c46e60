"""Reads about authorities; kept in the process, since every request needs them.

An authority changes a few times a year, and a change is seen after `FRESH` seconds at the latest.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from dienstweg.authorities.errors import NoSuchAuthority
from dienstweg.authorities.models import Authority, Host
from dienstweg.kernel import encryption

FRESH = 5.0
"""Seconds for which a process trusts what it has read."""


LAENDER: Mapping[str, str] = {
    "01": "SH",
    "02": "HH",
    "03": "NI",
    "04": "HB",
    "05": "NW",
    "06": "HE",
    "07": "RP",
    "08": "BW",
    "09": "BY",
    "10": "SL",
    "11": "BE",
    "12": "BB",
    "13": "MV",
    "14": "SN",
    "15": "ST",
    "16": "TH",
}
"""The states by the first two digits of a regional key (ARS)."""


@dataclass(frozen=True, slots=True)
class AuthorityCard:
    """What every page and letter says about an authority."""

    id: UUID
    slug: str
    name: str
    short_name: str
    kind: str
    ars: str
    parent_id: UUID | None
    host: str
    accent: str
    phone: str
    email: str
    address: tuple[str, ...]
    opening_hours: tuple[str, ...]
    imprint: str
    privacy: str
    accessibility: str
    help: str
    number_prefix: str
    appeal: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class _Network:
    """All authorities, as read at one moment."""

    by_id: Mapping[UUID, AuthorityCard]
    by_host: Mapping[str, AuthorityCard]
    wrapped_keys: Mapping[UUID, bytes]


def by_host(host: str) -> AuthorityCard | None:
    """Return the authority that answers at ``host`` (without a port), if there is one."""
    return _network().by_host.get(host.lower().rstrip("."))


def card(authority_id: UUID) -> AuthorityCard:
    """Return the authority with this id; raises `NoSuchAuthority`."""
    try:
        return _network().by_id[authority_id]
    except KeyError:
        forget()
    try:
        return _network().by_id[authority_id]
    except KeyError as error:
        raise NoSuchAuthority from error


def land(authority_id: UUID) -> str:
    """Return the two letters of the authority's state ("BB"), empty if its key names none.

    The first two digits of the regional key (ARS) are those of the state (Destatis).
    """
    return LAENDER.get(card(authority_id).ars[:2], "")


def all_cards() -> list[AuthorityCard]:
    """Return every authority of the network, counties before their municipalities."""
    cards = _network().by_id.values()
    return sorted(cards, key=lambda one: (one.parent_id is not None, one.name))


def network_host() -> str:
    """Return the host on which people of every authority sign in."""
    return str(settings.DIENSTWEG_NETWORK_HOST)


def operator() -> AuthorityCard:
    """Return the authority that runs the network: the first without another above it.

    Raises `NoSuchAuthority` where there is none yet.
    """
    for one in all_cards():
        if one.parent_id is None:
            return one
    raise NoSuchAuthority


def public_url(authority_id: UUID, path: str) -> str:
    """Return the address at which people reach ``path`` (``/...``) of the authority."""
    return _address(card(authority_id).host, path)


def network_url(path: str) -> str:
    """Return the address at which people reach ``path`` (``/...``) of the host that all share."""
    return _address(network_host(), path)


def _address(host: str, path: str) -> str:
    port = f":{settings.DIENSTWEG_PUBLIC_PORT}" if settings.DIENSTWEG_PUBLIC_PORT else ""
    return f"{settings.DIENSTWEG_PUBLIC_SCHEME}://{host}{port}{path}"


def authority_key(authority_id: UUID) -> bytes:
    """Return the key under which the authority's other keys are wrapped (32 bytes)."""
    card(authority_id)
    return _unwrapped(authority_id, _network().wrapped_keys[authority_id])


def new_wrapped_key(authority_id: UUID, *context: str) -> tuple[bytes, bytes]:
    """Return a fresh key and the same, wrapped by the authority's key for ``context``."""
    key = encryption.new_key()
    wrapped = encryption.wrap(key, authority_key(authority_id), str(authority_id), *context)
    return key, wrapped


def unwrap_key(authority_id: UUID, wrapped: bytes, *context: str) -> bytes:
    """Return the key inside ``wrapped``; raises `dienstweg.kernel.encryption.Unreadable`."""
    return encryption.unwrap(wrapped, authority_key(authority_id), str(authority_id), *context)


def master_key() -> bytes:
    """Return the master key of this installation, which lies outside the database."""
    return _master_key(settings.DIENSTWEG_MASTER_KEY)


def forget() -> None:
    """Read the authorities afresh at the next question (after a change, and in tests)."""
    _read.cache_clear()
    _unwrapped.cache_clear()


def _network() -> _Network:
    return _read(int(time.monotonic() / FRESH))


@lru_cache(maxsize=1)
def _read(_interval: int) -> _Network:
    """Read all authorities: a network has hundreds, so they fit in one answer."""
    hosts: dict[UUID, str] = {}
    for host in Host.objects.order_by("-name"):
        hosts[host.authority_id] = host.name
    rows = list(Authority.objects.all())
    by_id = {row.id: _card(row, hosts.get(row.id, "")) for row in rows}
    return _Network(
        by_id=by_id,
        by_host={host.name: by_id[host.authority_id] for host in Host.objects.all()},
        wrapped_keys={row.id: bytes(row.wrapped_key) for row in rows},
    )


def _card(row: Authority, host: str) -> AuthorityCard:
    contact, texts = row.contact, row.texts
    return AuthorityCard(
        id=row.id,
        slug=row.slug,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        ars=row.ars,
        parent_id=row.parent_id,
        host=host,
        accent=row.branding.get("accent", "#1b4f8f"),
        phone=contact.get("phone", ""),
        email=contact.get("email", ""),
        address=tuple(contact.get("address", ())),
        opening_hours=tuple(contact.get("opening_hours", ())),
        imprint=texts.get("imprint", ""),
        privacy=texts.get("privacy", ""),
        accessibility=texts.get("accessibility", ""),
        help=texts.get("help", ""),
        number_prefix=row.number_prefix,
        appeal=texts.get("appeal") or {},
    )


@lru_cache(maxsize=4096)
def _unwrapped(authority_id: UUID, wrapped: bytes) -> bytes:
    return encryption.unwrap(wrapped, master_key(), "authority", str(authority_id))


@lru_cache(maxsize=1)
def _master_key(path: str) -> bytes:
    return encryption.load_master_key(Path(path))
