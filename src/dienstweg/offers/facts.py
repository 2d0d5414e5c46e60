"""What has happened to online services."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWentLive(Fact):
    """An online service went live, or changed to another release.

    ``listing`` is JSON text with what a catalogue says about it (see `offers.rules.listing`):
    public words of the blueprint, since the rooms below cannot ask for them.
    """

    name: ClassVar[str] = "offer.went_live"

    offer_id: UUID
    slug: str
    digest: str
    listing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn(Fact):
    """An online service is no longer offered; drafts and cases of it go on."""

    name: ClassVar[str] = "offer.withdrawn"

    offer_id: UUID
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWithdrawn(Fact):
    """A release was found wrong: drafts of it can be carried over, but not submitted any more."""

    name: ClassVar[str] = "release.withdrawn"

    digest: str
