"""What the catalogue does when an online service goes live or is withdrawn."""

from uuid import UUID

from dienstweg.catalogue import actions
from dienstweg.events.job import job


@job("catalogue.list_offer")
def list_offer(
    *,
    authority_id: UUID,
    offer_id: UUID,
    slug: str,
    listing: str,
    **_fact: object,
) -> None:
    """List the online service that went live."""
    actions.list_offer(authority_id=authority_id, offer_id=offer_id, slug=slug, listing=listing)


@job("catalogue.unlist_offer")
def unlist_offer(*, authority_id: UUID, offer_id: UUID, **_fact: object) -> None:
    """List the withdrawn online service no longer."""
    actions.unlist_offer(offer_id=offer_id)
