"""Makes rows that a test stands on, where the way through the assistant would say nothing more."""

from typing import Any
from uuid import UUID

from dienstweg.authorities import queries as authorities
from dienstweg.cases.models import Application, Case
from dienstweg.cases.places import application_place
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import case_number, new_id
from dienstweg.offers.models import Offer


def make_case(authority_id: UUID, *, data: dict[str, Any] | None = None) -> UUID:
    """Return the id of a submitted case of this authority; call it inside the scope."""
    offer, _ = Offer.objects.get_or_create(
        authority_id=authority_id,
        slug="probe",
        defaults={
            "digest": "ab" * 32,
            "title": "Probe",
            "draft_days": 30,
            "went_live_at": clock.now(),
        },
    )
    case_id = new_id()
    key, wrapped = authorities.new_wrapped_key(authority_id, "draft-key", str(case_id))
    Case.objects.create(
        id=case_id,
        authority_id=authority_id,
        number=case_number("KRA"),
        offer=offer,
        digest=offer.digest,
        lang="de",
        wrapped_key=wrapped,
        submitted_at=clock.now(),
    )
    application = Application(
        authority_id=authority_id,
        case_id=case_id,
        version=1,
        sha256=b"",
        made_at=clock.now(),
        actor="applicant",
    )
    content = {"data": data or {"name": "Änne"}, "declaration": {}}
    application.sealed = encryption.seal_json(key, content, *application_place(application))
    application.save(force_insert=True)
    return case_id
