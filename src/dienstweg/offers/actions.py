"""Writes: an online service goes live, or is withdrawn."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.blueprint import archive as archives
from dienstweg.blueprint import release as releases
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
    authority_id: UUID,
    archive: bytes | None = None,
    digest: str | None = None,
    overlay: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any],
) -> UUID:
    """Offer a release (by its ``archive``, or by ``digest`` from the library) with an overlay.

    The blueprint's id is the slug of the offer: what is offered under it already is upgraded, and
    drafts and cases keep what they began under. Whoever calls has run the acceptance cases with
    this overlay. Raises `NothingToOffer`, `dienstweg.library.errors.NoSuchRelease`, and
    `dienstweg.blueprint.problems.Invalid`.
    """
    if archive is not None:
        digest = library.add(archive=archive).digest
    if digest is None:
        raise NothingToOffer
    release = releases.compile(archives.unpack(shelves.archive(digest)), overlay or None)
    pinned = rules.pinned_digest(digest, overlay)
    listing = json.dumps(rules.listing(release), ensure_ascii=False)
    with transaction.atomic():
        _pin(authority_id, pinned, digest, overlay)
        offer, _ = Offer.objects.update_or_create(
            authority_id=authority_id,
            slug=release.id,
            defaults={
                "digest": pinned,
                "title": rules.title(release),
                "settings": dict(settings),
                "draft_days": int(release.manifest.get("draft_days", 30)),
                "state": "live",
                "went_live_at": clock.now(),
            },
        )
        fact = OfferWentLive(
            authority_id=authority_id,
            offer_id=offer.id,
            slug=offer.slug,
            digest=pinned,
            listing=listing,
        )
        events.record(fact)
    queries.forget()
    offer_id: UUID = offer.id
    return offer_id


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


def _pin(authority_id: UUID, pinned: str, digest: str, overlay: Mapping[str, Any] | None) -> None:
    pin = Pin(
        authority_id=authority_id,
        digest=pinned,
        release_id=digest,
        overlay=dict(overlay) if overlay else None,
        pinned_at=clock.now(),
    )
    Pin.objects.bulk_create([pin], ignore_conflicts=True)
