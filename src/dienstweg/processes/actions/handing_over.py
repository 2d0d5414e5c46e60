"""Hands a case over to another authority with everything: one commit, and it is there, not here.

A caseworker orders it; a job does it as soon as nothing of the case is under way. All is read in
the scope of the authority that gives and written in that of the one that takes, each statement in
one of them alone, in one transaction: there is never an open case at both, nor at none. A worker
that is killed leaves everything as it was, and bytes that no row speaks of, which are swept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.cases import queries as case_queries
from dienstweg.cases.actions import Copier
from dienstweg.cases.errors import NotAllowed
from dienstweg.deliveries import queries as deliveries
from dienstweg.documents import actions as documents
from dienstweg.documents import queries as document_queries
from dienstweg.events import actions as events
from dienstweg.events import queries as recorded
from dienstweg.files import actions as files
from dienstweg.files import queries as file_queries
from dienstweg.inbox import actions as inbox
from dienstweg.inbox import queries as messages
from dienstweg.kernel import failpoints
from dienstweg.offers import actions as offer_actions
from dienstweg.offers import queries as offers
from dienstweg.payments import actions as payment_actions
from dienstweg.payments import queries as payments
from dienstweg.processes import periods, places
from dienstweg.processes.models import Conduct, Deadline, Halt

JOB = "processes.hand_over"
BACK_OFFICE = "backoffice."
"""How the names of the messages begin that come from the system that a case was handed to."""
PASSING = frozenset({"file", "document", "job", "decision"})
"""What hinders for a moment only: the order may be given, and the job waits for it."""


class NotYet(Exception):
    """Something of the case is under way; the job comes back."""


@dataclass(frozen=True, slots=True)
class HandingOver:
    """What goes to another authority, who is told, and what stands in the way.

    ``offered``: whether the authority offers the service itself. Numbers count things.
    """

    offered: bool
    versions: int
    files: int
    documents: int
    messages: int
    tasks: int
    parties: int
    payments: int
    told_by_mail: bool
    hindrances: tuple[str, ...]


def order(*, case_id: UUID, to: UUID, account_id: UUID) -> None:
    """Order that a case goes to another authority; see `hand_over`.

    Raises `dienstweg.cases.errors.NoSuchCase`, `dienstweg.cases.errors.Erased`, and
    `dienstweg.cases.errors.NotAllowed` where more than a moment stands in the way.
    """
    if set(hindrances(case_id)) - PASSING:
        raise NotAllowed
    cases.order_handing_over(case_id=case_id, to=to, account_id=account_id)


def preview_handing_over(*, case_id: UUID, to: UUID) -> HandingOver:
    """Return what would go to the authority ``to``; raises `dienstweg.cases.errors.NoSuchCase`."""
    opened = case_queries.opened(case_id)
    slug = offers.offer(opened.case.offer_id).slug
    with scope.enter(scope.of(to)):
        offered = offers.live(slug) is not None
    contact = case_queries.contact(case_id)
    return HandingOver(
        offered=offered,
        versions=opened.application.version,
        files=len(file_queries.states(case_id)),
        documents=len(document_queries.of_case(case_id)),
        messages=len(messages.of_case(case_id, key=opened.key)),
        tasks=len(case_queries.tasks(case_id, key=opened.key)),
        parties=len(case_queries.parties(case_id, key=opened.key)),
        payments=len(payments.of_case(case_id)),
        told_by_mail=contact.confirmed,
        hindrances=hindrances(case_id),
    )


def hindrances(case_id: UUID) -> tuple[str, ...]:
    """Return by words of our own what of a case is under way and must come to its end first."""
    key = case_queries.key(case_id)
    conduct = Conduct.objects.filter(id=case_id).first()
    handed = deliveries.of_case(case_id)
    states = {one.card.state for one in case_queries.tasks(case_id, key=key)}
    found = {
        "closed": case_queries.case(case_id).state != "open",
        "decision": "decided" in states,
        "payment": _is_owed(case_id, conduct),
        "refund": any(one.state == "open" for one in payments.refunds_of_case(case_id)),
        "delivery": _goes_out(handed, conduct),
        "report": bool(handed) and _waits_for_report(case_id, key, conduct),
        "correction": bool(case_queries.awaiting([case_id])),
        "stuck": Halt.objects.filter(case_id=case_id).exists(),
        "document": document_queries.is_unwritten(case_id),
        "file": "waiting" in file_queries.states(case_id).values(),
        "job": recorded.jobs_of_case(case_id, besides=JOB) > 0,
    }
    return tuple(name for name, stands in found.items() if stands)


def _is_owed(case_id: UUID, conduct: Conduct | None) -> bool:
    """Tell whether money may still come: also what failed, while the process waits for it."""
    return any(
        one.state in ("due", "open") or (one.state != "paid" and _waits_for(one.key, conduct))
        for one in payments.of_case(case_id)
    )


def _goes_out(handed: Sequence[deliveries.DeliveryView], conduct: Conduct | None) -> bool:
    """Tell whether a delivery is not taken yet; one that was refused is over once nobody waits."""
    return any(
        one.state in ("waiting", "person")
        or (one.state == "refused" and _waits_for(one.key, conduct))
        for one in handed
    )


def _waits_for(key: str, conduct: Conduct | None) -> bool:
    return conduct is not None and key in conduct.waiting


def _waits_for_report(case_id: UUID, key: bytes, conduct: Conduct | None) -> bool:
    """Tell whether a report must come from a back office, which knows the case's number here."""
    if conduct is None or conduct.finished:
        return False
    release = offers.release(conduct.digest or case_queries.case(case_id).digest)
    names = process.heard(release, places.unsealed_state(key, conduct))
    return any(name.startswith(BACK_OFFICE) for name in names)


def hand_over(*, case_id: UUID) -> None:
    """Carry out what was ordered, or nothing where it is done or was called off.

    Safe to do twice. Raises `NotYet` while something of the case is under way,
    `dienstweg.cases.errors.NoSuchCase`, `dienstweg.cases.errors.Erased`.
    """
    with transaction.atomic():
        held = cases.hold(case_id=case_id)
        if held.case.handing_to is None or held.case.state != "open":
            return
        if hindrances(case_id):
            raise NotYet
        failpoints.reach("processes.hand_over.before")
        # What the applicant has begun to change is not sent yet, and cannot be sent here any more.
        begun = cases.end_corrections(case_id=case_id)
        copier = cases.copy_case(case_id=case_id, offer_id=_offer_there(held.case))
        _copy_rooms(copier)
        failpoints.reach("processes.hand_over.copied")
        inbox.tell_handed_over(
            case_id=case_id,
            case_key=held.key,
            to_authority=copier.to_authority,
            number=copier.number,
            changes_lost=begun > 0,
        )
        cases.conclude_handing_over(copier=copier)
        Conduct.objects.filter(id=case_id).update(finished=True, waiting=[], next_at=None)
        periods.drop(held.case, offers.release(held.case.digest))
    failpoints.reach("processes.hand_over.after")


def _offer_there(case: case_queries.CaseView) -> UUID:
    """Return the online service at the authority that takes the case; pins what it began under."""
    offer, pinned = offers.offer(case.offer_id), offers.pinned(case.digest)
    assert case.handing_to is not None, "ordered, or we were not here"
    with scope.enter(scope.of(case.handing_to)):
        return offer_actions.adopt(
            pinned=pinned, slug=offer.slug, title=offer.title, draft_days=offer.draft_days
        )


def _copy_rooms(copier: Copier) -> None:
    """Copy what other rooms hold of the case: files, documents, messages, payments, process."""
    files.copy_owned(
        owner_id=copier.case_id,
        key=copier.key,
        to_authority=copier.to_authority,
        new_owner_id=copier.new_case_id,
        new_key=copier.new_key,
    )
    documents.copy_documents(copier=copier)
    inbox.copy_messages(copier=copier)
    payment_actions.copy_payments(copier=copier)
    copier.copy(
        Conduct.objects.filter(id=copier.case_id),
        sealed={"state": lambda row: places.state_place(row.authority_id, row.id)},
    )
    copier.copy(Deadline.objects.filter(case_id=copier.case_id).order_by("id"))
    events.copy_timeline(
        case_id=copier.case_id,
        to_authority=copier.to_authority,
        new_case_id=copier.new_case_id,
        rename=copier.renamed,
    )
    events.move_due(ids=copier.ids, to_authority=copier.to_authority)
