"""What a party does: come in by number and code, read its part, answer, hand in files, decline."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from dienstweg.cases import party_codes, party_rules, places, queries, rules
from dienstweg.cases.actions.party_links import locked
from dienstweg.cases.actions.proving import keeps_signature, proof_missing
from dienstweg.cases.errors import (
    ApplicationChanged,
    InvitationExpired,
    NotAllowed,
    NotYours,
    NumberOrCodeOfPartyWrong,
    ProofNeeded,
    ReasonNeeded,
    TooManyTries,
    UnknownOutcome,
)
from dienstweg.cases.facts import (
    PartyAnswered,
    PartyDone,
    PartyHandedIn,
    PartyJoined,
    PartyTookBack,
    TaskCompleted,
)
from dienstweg.cases.models import Party, PartyVisit, Proof, Signature, Task
from dienstweg.cases.queries import PartyFile
from dienstweg.events import actions as events
from dienstweg.files import actions as files
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock, encryption, references

NEEDS_WORDS = frozenset({"objected", "given"})
"""Answers that say nothing without words of their own: an objection, an opinion."""
MOST_PROOFS = 20
"""Files that one party may hand in."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """Who came in; ``moved_to`` is the number of the invitation at another authority."""

    party_id: UUID
    number: str
    moved_to: str
    moved_authority: UUID | None


def let_in_party(*, number: str, code: str, account_id: UUID | None = None) -> LetIn:
    """Return the party that number and code open, however they were typed.

    ``account_id`` is who is signed in besides, if anybody: two signatures must not be one
    account's. Raises `NumberOrCodeOfPartyWrong` (the same for an unknown number), `TooManyTries`
    after `rules.TRIES` wrong codes, and `InvitationExpired` to whoever has the right code.
    """
    row = Party.objects.select_related("case").filter(number=references.normalise(number)).first()
    if row is None or row.state == "removed":
        raise NumberOrCodeOfPartyWrong
    now = clock.now()
    wrong, since, until = rules.guesses(now=now, wrong=row.wrong_codes, since=row.wrong_since)
    if until is not None:
        raise TooManyTries(until)
    if not party_codes.fits(row, code):
        _count_wrong(row, wrong, first=since is None)
        raise NumberOrCodeOfPartyWrong
    if row.expires_at <= now:
        raise InvitationExpired
    if account_id is not None:
        Party.objects.filter(id=row.id).update(account_id=account_id)
    return LetIn(row.id, row.number, row.moved_to, row.case.moved_to)


def open_for_party(*, party_id: UUID, purpose: str = "page") -> PartyFile:
    """Return what a party may see, and write down that it looked; the first time it has joined.

    ``purpose`` is a word of our own. Raises `NoSuchParty`, `Erased`.
    """
    with transaction.atomic():
        row = queries.party_row(id=party_id)
        if row.state == "invited":
            row = _joined(party_id)
        visited(row, purpose)
        return _file_of(row)


def answer_as_party(
    *,
    party_id: UUID,
    task_id: UUID,
    outcome: str,
    reason: str,
    version: int | None = None,
    by: UUID | None = None,
) -> None:
    """Answer what the party was asked; this stands at once, and the process hears of it.

    ``version`` is the one that the party has read; without one it is the newest. ``by`` is the
    caseworker who writes down an answer that came on paper (see `on_paper.answer_on_paper`). The
    same answer twice is one. Raises `NoSuchParty`, `NotYours`, `NotAllowed` where the case has
    ended, `UnknownOutcome`, `ReasonNeeded`, and `ApplicationChanged` where what they have read is
    not the newest version.
    """
    with transaction.atomic():
        row = locked(party_id)
        task = Task.objects.filter(queries.own_tasks(row), id=task_id).first()
        if task is None:
            raise NotYours
        if (task.state, task.outcome, task.party_id) == ("done", outcome, row.id):
            return
        refuse_unless_open(row)
        if task.state != "open":
            raise NotYours
        if outcome not in task.outcomes:
            raise UnknownOutcome
        if outcome in NEEDS_WORDS and not reason.strip():
            raise ReasonNeeded
        newest = queries.newest(row.case_id).version
        if version not in (None, newest):
            raise ApplicationChanged
        content = {"reason": reason.strip(), "data": {}, "version": newest}
        _complete(row, task, outcome, content, actor=actor_of(row, by))
        if by is None:
            visited(row, "answer")
        settle_standing(row)


def hand_in(
    *, party_id: UUID, name: str, chunks: Iterable[bytes], by: UUID | None = None
) -> FileCard:
    """Keep a file that a party hands in, checked like any other upload.

    ``by`` is the caseworker who has scanned it, where it came on paper. Raises `NoSuchParty`,
    `NotAllowed`, and a kind of `dienstweg.files.errors.Refused`.
    """
    row = queries.party_row(id=party_id)
    _refuse_unless_room(row)
    key = queries.key_of(row.case)
    card = files.take(owner_id=row.case_id, key=key, name=name, chunks=chunks)
    try:
        _handed_in(party_id, card, by)
    except NotAllowed:
        files.discard(owner_id=row.case_id, file_id=card.id)
        raise
    return card


def _handed_in(party_id: UUID, card: FileCard, by: UUID | None) -> None:
    """Write that a file belongs to a party; looks again: uploads at once have all seen room."""
    with transaction.atomic():
        row = locked(party_id)
        _refuse_unless_room(row)
        Proof(
            authority_id=row.authority_id,
            case_id=row.case_id,
            party_id=party_id,
            file_id=card.id,
            handed_in_at=clock.now(),
        ).save(force_insert=True)
        if by is None:
            visited(row, "upload")
        fact = PartyHandedIn(
            authority_id=row.authority_id,
            case_id=row.case_id,
            party_id=party_id,
            role=row.role,
            file_id=card.id,
        )
        events.record(fact, actor=actor_of(row, by))
        settle_standing(row)


def take_file_back(*, party_id: UUID, file_id: UUID) -> None:
    """Delete a file that the party handed in by mistake.

    Raises `NotYours`, `NotAllowed`, and `ProofNeeded` where a signature rests on it.
    """
    with transaction.atomic():
        row = locked(party_id)
        refuse_unless_open(row)
        proof = Proof.objects.filter(party_id=party_id, file_id=file_id).first()
        if proof is None:
            raise NotYours
        if keeps_signature(row, proof):
            raise ProofNeeded
        proof.delete()
        files.discard(owner_id=row.case_id, file_id=file_id)
        visited(row, "remove")
        fact = PartyTookBack(
            authority_id=row.authority_id,
            case_id=row.case_id,
            party_id=party_id,
            role=row.role,
            file_id=file_id,
        )
        events.record(fact, actor=f"party:{party_id}")


def settle_standing(row: Party) -> None:
    """Write where a party stands after something was done; for this room, under the lock."""
    tasks, signatures, answered = queries.open_things(row)
    row = queries.party_row(id=row.id)
    after = party_rules.standing(
        state=row.state, open_tasks=tasks, open_signatures=signatures, answered=answered
    )
    if after == row.state:
        return
    Party.objects.filter(id=row.id).update(state=after)
    if after == "done":
        fact = PartyDone(
            authority_id=row.authority_id, case_id=row.case_id, party_id=row.id, role=row.role
        )
        events.record(fact, actor=f"party:{row.id}")


def _complete(row: Party, task: Task, outcome: str, content: dict[str, Any], *, actor: str) -> None:
    """Write an answer and tell of it; the process hears of what it asked itself."""
    key = queries.key_of(row.case)
    kept = queries.task_file(task, key).item
    content |= {"item": kept} if kept is not None else {}
    Task.objects.filter(id=task.id).update(
        state="done",
        outcome=outcome,
        party_id=row.id,
        decided_at=clock.now(),
        sealed=encryption.seal_json(key, content, *places.task_place(task)),
    )
    answered = PartyAnswered(
        authority_id=row.authority_id,
        case_id=row.case_id,
        party_id=row.id,
        role=row.role,
        key=task.key,
        outcome=outcome,
    )
    events.record(answered, actor=actor)
    if not task.key.startswith(queries.TASKS_OF):
        fact = TaskCompleted(
            authority_id=row.authority_id,
            case_id=row.case_id,
            task_id=task.id,
            key=task.key,
            outcome=outcome,
        )
        events.record(fact, actor=actor)


def _joined(party_id: UUID) -> Party:
    """Write that somebody came in for the first time."""
    row = locked(party_id)
    if row.state == "invited":
        Party.objects.filter(id=party_id).update(state="joined", joined_at=clock.now())
        fact = PartyJoined(
            authority_id=row.authority_id, case_id=row.case_id, party_id=party_id, role=row.role
        )
        events.record(fact, actor=f"party:{party_id}")
        row = queries.party_row(id=party_id)
    return row


def _file_of(row: Party) -> PartyFile:
    key = queries.key_of(row.case)
    tasks = Task.objects.select_related("case").filter(queries.own_tasks(row))
    signatures = Signature.objects.select_related("signing", "party").filter(party_id=row.id)
    return PartyFile(
        party=queries.party_card(row, key),
        case=queries.view_of(row.case),
        tasks=tuple(
            queries.task_file(one, key) for one in tasks.exclude(state="withdrawn").order_by("id")
        ),
        signatures=tuple(queries.signature_card(one, key) for one in signatures.order_by("id")),
        proofs=tuple(one for one in queries.proofs(row.case_id) if one.party_id == row.id),
        key=key,
        proof_missing=proof_missing(row),
    )


def visited(row: Party, purpose: str) -> None:
    """Write down that a party looked at or did something; for this room."""
    PartyVisit(
        id=references.new_id(),
        authority_id=row.authority_id,
        party_id=row.id,
        case_id=row.case_id,
        at=clock.now(),
        purpose=purpose,
    ).save(force_insert=True)


def actor_of(row: Party, by: UUID | None) -> str:
    """Return who did something: the party, or the caseworker who wrote it down; for this room."""
    return f"party:{row.id}" if by is None else f"staff:{by}"


def refuse_unless_open(row: Party) -> None:
    """Raise `NotAllowed` where a party can do nothing any more; for this room."""
    if row.case.state != "open" or row.state == "removed" or row.moved_to:
        raise NotAllowed


def _refuse_unless_room(row: Party) -> None:
    refuse_unless_open(row)
    if Proof.objects.filter(party_id=row.id).count() >= MOST_PROOFS:
        raise NotAllowed


def _count_wrong(row: Party, wrong: int, *, first: bool) -> None:
    rows = Party.objects.filter(id=row.id)
    if first:
        rows.update(wrong_codes=wrong + 1, wrong_since=clock.now())
    else:
        rows.update(wrong_codes=F("wrong_codes") + 1)
