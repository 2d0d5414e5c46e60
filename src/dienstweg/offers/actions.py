"""Writes: an online service goes live, or is withdrawn."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.blueprint import archive as archives
from dienstweg.blueprint import release as releases
from dienstweg.blueprint.release import Release
from dienstweg.events import actions as events
from dienstweg.kernel import clock
from dienstweg.library import actions as library
from dienstweg.library import queries as shelves
from dienstweg.offers import queries, rules
from dienstweg.offers.errors import NoSuchOffer, NothingToOffer
from dienstweg.offers.facts import OfferWentLive, OfferWithdrawn
from dienstweg.offers.models import Offer, Pin


def go_live(
    *,
    archive: bytes | None = None,
    digest: str | None = None,
    slug: str = "",
    overlay: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any],
) -> UUID:
    """Offer a release (by its ``archive``, or by ``digest`` from the library) with an overlay.

    In the scope of one authority. ``slug`` is the blueprint's id where it is not given: what is
    offered under it already is upgraded, and drafts and cases keep what they began under; if it
    is the same already, nothing happens. Whoever calls has run the acceptance cases with this
    overlay. Raises `NothingToOffer`, `dienstweg.library.errors.NoSuchRelease`, and
    `dienstweg.blueprint.problems.Invalid`.
    """
    if archive is not None:
        digest = library.add(archive=archive).digest
    if digest is None:
        raise NothingToOffer
    pinned = rules.pinned_digest(digest, overlay)
    same = _same(pinned, slug, settings)
    if same is not None:
        return same
    release = releases.compile(archives.unpack(shelves.archive(digest)), overlay or None)
    offer_id = _store(
        release,
        slug=slug or release.id,
        pin=_pin(pinned, digest, overlay),
        settings=settings,
    )
    queries.forget()
    return offer_id


def _same(pinned: str, slug: str, settings: Mapping[str, Any]) -> UUID | None:
    """Return the offer that is live with just this release, overlay and settings."""
    rows = Offer.objects.filter(digest=pinned, state="live", settings=dict(settings))
    found = (rows.filter(slug=slug) if slug else rows).values_list("id", flat=True).first()
    return UUID(str(found)) if found else None


def _store(release: Release, *, slug: str, pin: Pin, settings: Mapping[str, Any]) -> UUID:
    """Write the pin and the offer, and record the fact."""
    authority_id = scope.one()
    with transaction.atomic():
        Pin.objects.bulk_create([pin], ignore_conflicts=True)
        offer, _ = Offer.objects.update_or_create(
            authority_id=authority_id,
            slug=slug,
            defaults={
                "digest": pin.digest,
                "title": rules.title(release),
                "settings": dict(settings),
                "draft_days": int(release.manifest.get("draft_days", 30)),
                "state": "live",
                "went_live_at": clock.now(),
            },
        )
        events.record(
            OfferWentLive(
                authority_id=authority_id,
                offer_id=offer.id,
                slug=slug,
                digest=pin.digest,
                listing=json.dumps(rules.listing(release), ensure_ascii=False),
            )
        )
    return UUID(str(offer.id))


def withdraw(*, offer_id: UUID) -> None:
    """Offer the online service no longer; drafts and cases go on. Raises `NoSuchOffer`."""
    with transaction.atomic():
        offer = Offer.objects.select_for_update().filter(id=offer_id).first()
        if offer is None:
            raise NoSuchOffer
        if "withdrawn" not in rules.STATES[offer.state]:
            return
        Offer.objects.filter(id=offer_id).update(state="withdrawn")
        fact = OfferWithdrawn(authority_id=offer.authority_id, offer_id=offer_id, slug=offer.slug)
        events.record(fact)
    queries.forget()


def _pin(pinned: str, digest: str, overlay: Mapping[str, Any] | None) -> Pin:
    return Pin(
        authority_id=scope.one(),
        digest=pinned,
        release_id=digest,
        overlay=dict(overlay) if overlay else None,
        pinned_at=clock.now(),
    )
