"""Writes: a service is listed, or no longer."""

import json
from uuid import UUID

from dienstweg.catalogue import queries
from dienstweg.catalogue.models import Listing


def list_offer(*, authority_id: UUID, offer_id: UUID, slug: str, listing: str) -> None:
    """List an online service, or list it anew; ``listing`` is JSON text.

    Its keys are ``subject``, ``keywords``, ``titles`` and ``summaries`` (texts by language).
    """
    words = json.loads(listing)
    Listing.objects.update_or_create(
        authority_id=authority_id,
        offer_id=offer_id,
        defaults={
            "slug": slug,
            "subject": words["subject"],
            "keywords": words["keywords"],
            "titles": words["titles"],
            "summaries": words["summaries"],
        },
    )
    queries.forget()


def unlist_offer(*, offer_id: UUID) -> None:
    """List an online service no longer."""
    Listing.objects.filter(offer_id=offer_id).delete()
    queries.forget()
