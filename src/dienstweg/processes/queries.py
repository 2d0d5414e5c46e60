"""Reads: where the processes of cases stand, what stops them, which periods they have to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from dienstweg.blueprint import arrivals, process
from dienstweg.blueprint.arrivals import Arrival
from dienstweg.blueprint.happening import name_of
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.offers import queries as offers
from dienstweg.processes import foresight, halts, places
from dienstweg.processes.falling import (
    SOON,
    DeadlineCount,
    DeadlineView,
    Urgent,
    deadline_counts,
    deadlines,
    falling_due,
    urgent_counted,
)
from dienstweg.processes.models import Conduct, Halt, Move

__all__ = [
    "LISTED",
    "SOON",
    "DeadlineCount",
    "DeadlineView",
    "MoveView",
    "Trouble",
    "Urgent",
    "awaited",
    "deadline_counts",
    "deadlines",
    "falling_due",
    "foreseen",
    "has_begun",
    "moves",
    "number_stuck",
    "reason",
    "stuck",
    "urgent_counted",
]

LISTED = 100
"""Rows that a list shows at once."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a process could not take; ``event`` names it, ``code`` is a word of ours."""

    id: UUID
    case_id: UUID
    authority_id: UUID
    number: str
    offer_id: UUID
    digest: str
    event: str
    code: str
    where: str
    first_at: datetime
    tried_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move of a case to another release."""

    id: UUID
    case_id: UUID
    from_digest: str
    to_digest: str
    mapping: Mapping[str, str]
    moved_at: datetime
    actor: str
    undone_at: datetime | None


foreseen = foresight.foreseen


def has_begun(case_id: UUID) -> bool:
    """Tell whether the process of a case has taken its first step."""
    return Conduct.objects.filter(id=case_id).exists()


def awaited(case_id: UUID, *, file: tuple[bytes, Release] | None = None) -> list[Arrival]:
    """Return what the desk can note of a case now, since its process waits for it.

    ``file`` are the case's key and release where they are known. Raises
    `dienstweg.cases.errors.NoSuchCase`, `Erased`.
    """
    key, release = file or (cases.key(case_id), offers.release(cases.case(case_id).digest))
    if not arrivals.declared(release):
        return []
    conduct = Conduct.objects.filter(id=case_id).first()
    if conduct is None or conduct.finished:
        return []
    heard = process.heard(release, places.unsealed_state(key, conduct))
    return arrivals.awaited(release, heard)


def stuck(*, case_id: UUID | None = None, limit: int = LISTED) -> list[Trouble]:
    """Return what processes of the scope could not take, the oldest first; or that of one case."""
    rows = _halts()
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    return [
        Trouble(
            id=row.id,
            case_id=row.case_id,
            authority_id=row.authority_id,
            number=row.case.number,
            offer_id=row.case.offer_id,
            digest=row.case.digest,
            event=row.event,
            code=row.code,
            where=row.where,
            first_at=row.first_at,
            tried_at=row.tried_at,
            tries=row.tries,
        )
        for row in rows.order_by("id")[:limit]
    ]


def number_stuck() -> int:
    """Return how many cases of the scope stand still because of an error."""
    return _halts().values("case_id").distinct().count()


def reason(trouble: Trouble) -> str:
    """Return what was wrong in words of the interpreter; raises `Erased`."""
    row = Halt.objects.get(id=trouble.id)
    event, text = halts.content_of(row, key=cases.key(trouble.case_id))
    assert name_of(event) == trouble.event, "what is sealed belongs to its row"
    return text


def moves(case_id: UUID) -> list[MoveView]:
    """Return the moves of a case to other releases, the newest first."""
    return [
        MoveView(
            id=row.id,
            case_id=row.case_id,
            from_digest=row.from_digest,
            to_digest=row.to_digest,
            mapping=row.mapping,
            moved_at=row.moved_at,
            actor=row.actor,
            undone_at=row.undone_at,
        )
        for row in Move.objects.filter(case_id=case_id).order_by("-id")
    ]


def _halts() -> QuerySet[Halt]:
    return Halt.objects.select_related("case").exclude(case__state="erased")
