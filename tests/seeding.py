"""What tests start from: an offer, a draft, a case; each in the scope that is entered."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.queries import Contact, DraftView
from dienstweg.authorities import scope
from dienstweg.cases import actions as cases
from dienstweg.cases.queries import Submitted
from dienstweg.kernel import clock
from dienstweg.library.models import Release
from dienstweg.offers.models import Offer, Pin

DIGEST = "ab" * 32
APPLICATION: dict[str, Any] = {"person": {"name": "Änne Ödegård"}, "art": "auto"}
BY_MAIL = Contact(way="email", email="anna@example.org", confirmed=True)


@dataclass(frozen=True)
class GivenCase:
    """A case and what its applicant knows."""

    id: UUID
    number: str
    code: str
    secret: str


def given_offer(slug: str = "parken", digest: str = DIGEST) -> UUID:
    """Put an offer there whose release nobody opens."""
    authority_id, now = scope.one(), clock.now()
    Release.objects.get_or_create(
        digest=digest,
        defaults={"blueprint_id": slug, "version": "1.0.0", "archive": b"", "added_at": now},
    )
    Pin.objects.get_or_create(
        authority_id=authority_id,
        digest=digest,
        defaults={"release_id": digest, "pinned_at": now},
    )
    offer, _ = Offer.objects.get_or_create(
        authority_id=authority_id,
        slug=slug,
        defaults={
            "digest": digest,
            "title": "Parken",
            "settings": {"payment": "kasse", "connection": "akte"},
            "draft_days": 30,
            "went_live_at": now,
        },
    )
    return UUID(str(offer.id))


def given_draft(offer_id: UUID | None = None) -> DraftView:
    """Begin an empty draft."""
    begun = assistants.begin(offer_id=offer_id or given_offer(), lang="de")
    return drafts.opened(begun.draft_id, begun.secret)


def given_case(contact: Contact = BY_MAIL, **application: Any) -> GivenCase:
    """Submit an application."""
    draft = given_draft()
    submitted = submit(draft, contact=contact, **application)
    return GivenCase(submitted.case_id, submitted.number, submitted.code, draft.secret)


def submit(draft: DraftView, *, contact: Contact = BY_MAIL, **application: Any) -> Submitted:
    """Submit a draft that is open."""
    return cases.submit(
        draft=draft,
        application={**APPLICATION, **application},
        notify=contact,
        declaration={"confirmed": True},
    )
