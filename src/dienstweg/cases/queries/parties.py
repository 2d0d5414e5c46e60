"""Reads about parties: who takes part in a case, what they were asked, what they have signed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from dienstweg.authorities import scope
from dienstweg.cases import places
from dienstweg.cases.errors import NoSuchParty
from dienstweg.cases.models import Party, PartyVisit, Proof, Signature, Signing, Task
from dienstweg.cases.queries.rows import key_of, task_content, task_file
from dienstweg.cases.queries.views import CaseView, TaskCard, TaskFile
from dienstweg.kernel import encryption, references

TASKS_OF = "party:"
"""Before the role of a party's task, where a caseworker's has the role of staff."""
_OF_PARTIES = "case_id = %s AND starts_with(key, %s) ORDER BY id"
_PARTS_OF_KEY = 2
"""Colons in the key of what a role is asked at first; a version follows when it is asked anew."""


@dataclass(frozen=True, slots=True)
class PartyCard:
    """A party as caseworkers see it; ``news_since``: since when a further letter waits, if one."""

    id: UUID
    case_id: UUID
    authority_id: UUID
    key: str
    role: str
    number: str
    state: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    address: tuple[str, ...] = field(repr=False)
    decline_reason: str = field(repr=False)
    by_post: bool
    posted_at: datetime | None
    invited_at: datetime
    expires_at: datetime
    due_at: datetime | None
    reminded_at: datetime | None
    joined_at: datetime | None
    code_made_at: datetime | None
    account_id: UUID | None
    proven: bool
    moved_to: str
    news_since: datetime | None
    not_meant_since: datetime | None


@dataclass(frozen=True, slots=True)
class SignatureCard:
    """A signature: what was signed is the version's SHA-256, in hex.

    ``name`` is the one signed with, ``reason`` why somebody would not.
    """

    id: UUID
    signing_key: str
    signing_state: str
    party_id: UUID
    role: str
    position: int
    version: int
    sha256: str
    state: str
    signed_at: datetime | None
    name: str = field(repr=False)
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SigningCard:
    """What is to be signed: by which roles, in which order, and how far that is."""

    key: str
    roles: tuple[str, ...]
    order: str
    state: str


@dataclass(frozen=True, slots=True)
class ProofCard:
    """A file that a party handed in."""

    file_id: UUID
    party_id: UUID
    handed_in_at: datetime


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """One line of the log of what parties looked at and did."""

    party_id: UUID
    at: datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class PartyFile:
    """Everything that one party may see and do; nothing of any other.

    ``proof_missing``: something must be handed in before they can sign.
    """

    party: PartyCard
    case: CaseView
    tasks: tuple[TaskFile, ...]
    signatures: tuple[SignatureCard, ...]
    proofs: tuple[ProofCard, ...]
    key: bytes = field(repr=False)
    proof_missing: bool


def parties(case_id: UUID, *, key: bytes) -> list[PartyCard]:
    """Return the parties of a case, in the order in which they were invited."""
    rows: list[Party] = Party.objects.by_hand("case_id = %s ORDER BY id", case_id)
    return [party_card(row, key) for row in rows]


def party(party_id: UUID) -> PartyCard:
    """Return one party; raises `NoSuchParty`, `Erased`."""
    row = party_row(id=party_id)
    return party_card(row, key_of(row.case))


def party_by_number(number: str) -> UUID | None:
    """Return the id of the party with this number, however it was typed."""
    found = Party.objects.filter(number=references.normalise(number))
    return found.values_list("id", flat=True).first()


def party_in_session(number: str, sessions: Mapping[UUID, datetime]) -> UUID | None:
    """Return the party with this number, if one of the ``sessions`` (since when) may still look."""
    row = Party.objects.filter(number=references.normalise(number)).first()
    if row is None or row.id not in sessions or not _may_look(row, sessions[row.id]):
        return None
    return UUID(str(row.id))


def _may_look(row: Party, since: datetime) -> bool:
    made = row.code_made_at
    return row.state != "removed" and made is not None and made <= since


def party_facts(case_id: UUID, *, key: bytes) -> list[dict[str, str]]:
    """Return what expressions of a process see of the parties.

    That is id, role, name, state, answer and its reason. The id is the party's key, which is the
    same at another authority that takes the case.
    """
    rows, tasks = scope.read_by_hand(
        (Party.objects, "case_id = %s AND state <> 'removed' ORDER BY id", [case_id]),
        (Task.objects, _OF_PARTIES, [case_id, TASKS_OF]),
    )
    said = _answers(tasks, key)
    return [
        {
            "id": row.key,
            "role": row.role,
            "name": str(said_of(row, key).get("name", "")),
            "state": row.state,
        }
        | dict(zip(("answer", "reason"), said.get(row.id, ("", "")), strict=True))
        for row in rows
    ]


def party_answers(case_id: UUID, *, key: bytes) -> dict[UUID, tuple[str, str]]:
    """Return what parties answered to what they were asked by their role, and why.

    Who was asked for several things is told of by the weightiest: agreement, opinion, notice. An
    answer counts no more when the same was asked anew, since the application has changed.
    """
    return _answers(Task.objects.by_hand(_OF_PARTIES, case_id, TASKS_OF), key)


def _answers(tasks: Iterable[Task], key: bytes) -> dict[UUID, tuple[str, str]]:
    newest = {(row.party_id, row.task): row for row in tasks}
    weightiest = ("acknowledge", "opinion", "agree")
    done = [row for row in newest.values() if row.state == "done"]
    done.sort(key=lambda row: weightiest.index(row.task))
    return {
        row.party_id: (row.outcome, task_content(row, key).get("reason", ""))
        for row in done
        if row.party_id is not None
    }


def asked_anew(card: TaskCard) -> bool:
    """Tell whether a party is asked something again, since the application has changed."""
    return card.key.startswith(TASKS_OF) and card.key.count(":") > _PARTS_OF_KEY


def superseded(tasks: Iterable[TaskFile]) -> frozenset[UUID]:
    """Return which of one party's tasks count no more, since the same was asked anew."""
    own = [one.card for one in tasks if one.card.key.startswith(TASKS_OF)]
    newest = {card.task: card.id for card in sorted(own, key=lambda card: card.id)}
    return frozenset(card.id for card in own if card.id != newest[card.task])


def party_tasks(case_id: UUID, *, key: bytes) -> list[tuple[UUID | None, TaskFile]]:
    """Return what parties of a case were asked, each with the party it was asked of, if one."""
    rows = Task.objects.select_related("case").filter(case_id=case_id, role__startswith=TASKS_OF)
    return [(row.party_id, task_file(row, key)) for row in rows.order_by("id")]


def signings(case_id: UUID) -> list[SigningCard]:
    """Return what is or was to be signed in a case."""
    return [
        SigningCard(row.key, tuple(row.roles), row.order, row.state)
        for row in Signing.objects.filter(case_id=case_id).order_by("id")
    ]


def signatures(case_id: UUID, *, key: bytes) -> list[SignatureCard]:
    """Return all signatures of a case, those that are void too, in the order of asking."""
    rows = Signature.objects.select_related("signing", "party").filter(case_id=case_id)
    return [signature_card(row, key) for row in rows.order_by("id")]


def proofs(case_id: UUID) -> list[ProofCard]:
    """Return what parties of a case have handed in, the oldest first."""
    rows = Proof.objects.filter(case_id=case_id).order_by("id")
    return [ProofCard(row.file_id, row.party_id, row.handed_in_at) for row in rows]


def visits(case_id: UUID) -> list[VisitEntry]:
    """Return when parties looked at the case or did something, the oldest first."""
    rows = PartyVisit.objects.filter(case_id=case_id).order_by("id")
    return [VisitEntry(row.party_id, row.at, row.purpose) for row in rows]


def parties_to_post(limit: int = 100) -> list[tuple[UUID, UUID, UUID, datetime]]:
    """Return party, case, authority and since when, of the letters that wait for the post.

    Invitations, and further letters to those who had one: that there is something new, or that
    they take no part any more. No letter goes to where the wrong person has answered.
    """
    rows = Party.objects.filter(
        by_post=True, posted_at=None, not_meant_since=None, case__state="open"
    )
    rows = rows.exclude(state="removed", news_since=None).order_by("id")[:limit]
    since = [(row, row.news_since or row.invited_at) for row in rows]
    return [(row.id, row.case_id, row.authority_id, at) for row, at in since]


def party_row(*, lock: bool = False, **wanted: Any) -> Party:
    """Return the row of a party, read with its case, for this room; raises `NoSuchParty`."""
    rows = Party.objects.select_related("case").filter(**wanted)
    row: Party | None = (
        rows.select_for_update(of=("self",), no_key=True) if lock else rows
    ).first()
    if row is None:
        raise NoSuchParty
    return row


def own_tasks(row: Party) -> Q:
    """Return the condition on tasks that are this party's: its own, and its role's as a whole."""
    for_all = Q(party_id=None, role=f"{TASKS_OF}{row.role}")
    return Q(case_id=row.case_id) & (Q(party_id=row.id) | for_all)


def said_of(row: Party, key: bytes) -> Mapping[str, Any]:
    """Return what is sealed about a party, for this room; nothing of an erased one."""
    if row.sealed is None:
        return {}
    content: Mapping[str, Any] = encryption.unseal_json(
        key, bytes(row.sealed), *places.party_place(row)
    )
    return content


def named_of(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return name, email and address as the application named somebody, for this room.

    A caseworker may have noted another address since.
    """
    return said.get("named") or {
        "name": said.get("name", ""),
        "email": said.get("email", ""),
        "address": list(said.get("address", ())),
    }


def party_card(row: Party, key: bytes) -> PartyCard:
    """Return a row as frozen data."""
    said = said_of(row, key)
    return PartyCard(
        id=row.id,
        case_id=row.case_id,
        authority_id=row.authority_id,
        key=row.key,
        role=row.role,
        number=row.number,
        state=row.state,
        name=said.get("name", ""),
        email=said.get("email", ""),
        address=tuple(said.get("address", ())),
        decline_reason=said.get("declined", ""),
        by_post=row.by_post,
        posted_at=row.posted_at,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        due_at=row.due_at,
        reminded_at=row.reminded_at,
        joined_at=row.joined_at,
        code_made_at=row.code_made_at,
        account_id=row.account_id,
        proven=row.proven_by is not None,
        moved_to=row.moved_to,
        news_since=row.news_since,
        not_meant_since=row.not_meant_since,
    )


def signature_card(row: Signature, key: bytes) -> SignatureCard:
    """Return a row, read with its signing and party, as frozen data."""
    said: Mapping[str, str] = {}
    if row.sealed is not None:
        said = encryption.unseal_json(key, bytes(row.sealed), *places.signature_place(row))
    return SignatureCard(
        id=row.id,
        signing_key=row.signing.key,
        signing_state=row.signing.state,
        party_id=row.party_id,
        role=row.party.role,
        position=row.position,
        version=row.version,
        sha256=bytes(row.sha256).hex(),
        state=row.state,
        signed_at=row.signed_at,
        name=said.get("name", ""),
        reason=said.get("reason", ""),
    )


def open_things(row: Party) -> tuple[int, int, int]:
    """Return how many tasks and signatures are open for a party, and how many things it did."""
    tasks = Task.objects.filter(own_tasks(row)).values_list("state", flat=True)
    own = Signature.objects.filter(party_id=row.id).values_list("state", flat=True)
    signed = list(own)
    done = Task.objects.filter(party_id=row.id, state="done").count()
    handed_in = Proof.objects.filter(party_id=row.id).count()
    return (
        sum(1 for state in tasks if state == "open"),
        sum(1 for state in signed if state == "asked"),
        done + handed_in + sum(1 for state in signed if state in ("signed", "declined")),
    )
