"""Writes: an online service goes live, it or one of its releases is withdrawn."""

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
from dienstweg.offers.errors import NoSuchOffer, NoSuchVersion, NothingToOffer
from dienstweg.offers.facts import OfferWentLive, OfferWithdrawn, ReleaseWithdrawn
from dienstweg.offers.models import Offer, Pin
from dienstweg.offers.queries import Pinned


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
    is the same already, nothing happens. A release that was withdrawn is valid again. Whoever calls
    has run the acceptance cases with this overlay. Raises `NothingToOffer`,
    `dienstweg.library.errors.NoSuchRelease`, and
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
        Pin.objects.filter(digest=pin.digest).update(withdrawn_at=None, withdrawn_why="")
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
        _offer_no_longer(offer)
    queries.forget()


def withdraw_release(*, slug: str, version: str = "", reason: str) -> list[str]:
    """Withdraw a release that an online service offers or has offered; return its digests.

    In the scope of one authority. ``version`` is the present one if it is not given; every overlay
    with which it was offered is withdrawn with it. Drafts of it are told ``reason`` (words for
    applicants) and can be carried over to the present release, but not submitted any more; cases
    go on. What offers just this release is withdrawn too, until another goes live. Raises
    `NoSuchOffer`, `NoSuchVersion`.
    """
    with transaction.atomic():
        offer = Offer.objects.select_for_update().filter(slug=slug).first()
        if offer is None:
            raise NoSuchOffer
        present = Pin.objects.select_related("release").get(digest=offer.digest).release
        pins = Pin.objects.filter(
            release__blueprint_id=present.blueprint_id,
            release__version=version or present.version,
        )
        digests = sorted(pins.values_list("digest", flat=True))
        if not digests:
            raise NoSuchVersion
        pins.update(withdrawn_at=clock.now(), withdrawn_why=" ".join(reason.split())[:500])
        for digest in digests:
            events.record(ReleaseWithdrawn(authority_id=offer.authority_id, digest=digest))
        for each in Offer.objects.select_for_update().filter(digest__in=digests, state="live"):
            _offer_no_longer(each)
    queries.forget()
    return digests


def _offer_no_longer(offer: Offer) -> None:
    """Write that an online service is withdrawn, and record the fact."""
    Offer.objects.filter(id=offer.id).update(state="withdrawn")
    fact = OfferWithdrawn(authority_id=offer.authority_id, offer_id=offer.id, slug=offer.slug)
    events.record(fact)


def _pin(pinned: str, digest: str, overlay: Mapping[str, Any] | None) -> Pin:
    return Pin(
        authority_id=scope.one(),
        digest=pinned,
        release_id=digest,
        overlay=dict(overlay) if overlay else None,
        pinned_at=clock.now(),
    )


def adopt(*, pinned: Pinned, slug: str, title: str, draft_days: int) -> UUID:
    """Return the online service of the scope's authority for a case that it takes over.

    What the case began under is pinned here too. Where the authority does not offer the service,
    an offer that is withdrawn is made for it: the case goes on, and nobody can apply.
    """
    authority_id = scope.one()
    Pin.objects.bulk_create(
        [_pin(pinned.digest, pinned.release, pinned.overlay)], ignore_conflicts=True
    )
    offer, _ = Offer.objects.get_or_create(
        authority_id=authority_id,
        slug=slug,
        defaults={
            "digest": pinned.digest,
            "title": title,
            "settings": {},
            "draft_days": draft_days,
            "state": "withdrawn",
            "went_live_at": clock.now(),
        },
    )
    queries.forget()
    return UUID(str(offer.id))
