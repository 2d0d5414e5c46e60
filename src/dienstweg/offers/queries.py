"""Reads: what an authority offers, and the compiled release behind a digest.

Both are kept in the process: what an authority offers for seconds, releases for as long as there
is room, since what a digest stands for never changes.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from dienstweg.authorities import scope
from dienstweg.blueprint import archive as archives
from dienstweg.blueprint import release as releases
from dienstweg.blueprint.release import Release
from dienstweg.library import queries as library
from dienstweg.library.errors import NoSuchRelease
from dienstweg.offers.errors import NoSuchOffer
from dienstweg.offers.models import Offer, Pin

FRESH = 2.0
"""Seconds for which a process trusts what it has read about what is offered."""
KEPT = 64
"""Compiled releases that a process keeps."""


@dataclass(frozen=True, slots=True)
class OfferView:
    """An online service of one authority: ``settings`` name its payment and its connection."""

    id: UUID
    authority_id: UUID
    slug: str
    digest: str
    title: str
    settings: Mapping[str, Any]
    draft_days: int
    state: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Since when a release is withdrawn, and why, in words for applicants."""

    at: datetime
    why: str


def live(slug: str) -> OfferView | None:
    """Return what the authority of the scope offers under ``slug``, if anything."""
    found = (one for one in _offers().values() if one.slug == slug and one.state == "live")
    return next(found, None)


def offer(offer_id: UUID) -> OfferView:
    """Return an online service of the scope's authority, live or not; raises `NoSuchOffer`."""
    known = _offers().get(offer_id)
    if known is None:
        forget()
        known = _offers().get(offer_id)
    if known is None:
        raise NoSuchOffer
    return known


def all_live() -> list[OfferView]:
    """Return everything the authority of the scope offers, in order of titles."""
    found = (one for one in _offers().values() if one.state == "live")
    return sorted(found, key=lambda one: one.title)


def in_scope() -> list[OfferView]:
    """Return all that any authority of the scope offers or has offered, in order of titles."""
    places = scope.current().authorities
    found = _read(places, int(time.monotonic() / FRESH)).values()
    return sorted(found, key=lambda one: (one.title, one.id))


def release(digest: str) -> Release:
    """Return the compiled release that an authority of the scope has pinned under ``digest``.

    What a digest stands for is public and the same everywhere, so it is found again in any scope
    once it is known. Raises `dienstweg.library.errors.NoSuchRelease`.
    """
    base, overlay = _pinned(digest)
    return _compiled(digest, base, overlay)


def withdrawal(digest: str) -> Withdrawal | None:
    """Return since when and why the scope's authority has withdrawn a release, if it has."""
    return _withdrawals(scope.one(), int(time.monotonic() / FRESH)).get(digest)


def forget() -> None:
    """Read afresh at the next question (after a change, and in tests)."""
    _read.cache_clear()
    _withdrawals.cache_clear()
    _pinned.cache_clear()


def _offers() -> Mapping[UUID, OfferView]:
    return _read(frozenset({scope.one()}), int(time.monotonic() / FRESH))


@lru_cache(maxsize=512)
def _read(_authorities: frozenset[UUID], _interval: int) -> Mapping[UUID, OfferView]:
    return {
        row.id: OfferView(
            id=row.id,
            authority_id=row.authority_id,
            slug=row.slug,
            digest=row.digest,
            title=row.title,
            settings=row.settings,
            draft_days=row.draft_days,
            state=row.state,
        )
        for row in Offer.objects.all()
    }


@lru_cache(maxsize=512)
def _withdrawals(_authority_id: UUID, _interval: int) -> Mapping[str, Withdrawal]:
    return {
        row.digest: Withdrawal(row.withdrawn_at, row.withdrawn_why)
        for row in Pin.objects.filter(withdrawn_at__isnull=False)
    }


@lru_cache(maxsize=4096)
def _pinned(digest: str) -> tuple[str, str]:
    """Return digest of the release and overlay (JSON text, maybe empty) behind a pin."""
    pin = Pin.objects.filter(digest=digest).first()
    if pin is None:
        raise NoSuchRelease
    return pin.release_id, json.dumps(pin.overlay) if pin.overlay else ""


@lru_cache(maxsize=KEPT)
def _compiled(_digest: str, base: str, overlay: str) -> Release:
    files = archives.unpack(library.archive(base))
    return releases.compile(files, json.loads(overlay) if overlay else None)


@dataclass(frozen=True, slots=True)
class Pinned:
    """What a digest stands for: a release of the library, and the overlay it was offered with."""

    digest: str
    release: str
    overlay: Mapping[str, Any] | None


def pinned(digest: str) -> Pinned:
    """Return what a digest stands for; raises `dienstweg.library.errors.NoSuchRelease`."""
    base, overlay = _pinned(digest)
    return Pinned(digest, base, json.loads(overlay) if overlay else None)
