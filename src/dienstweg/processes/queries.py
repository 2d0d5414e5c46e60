"""Reads: where the processes of cases stand, what stops them, which periods they have to keep."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from dienstweg.blueprint import arrivals, process
from dienstweg.blueprint.arrivals import Arrival
from dienstweg.blueprint.happening import name_of
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.processes import foresight, halts, places
from dienstweg.processes.models import Conduct, Deadline, Halt, Move
from dienstweg.processes.periods import standing_of

LISTED = 100
"""Rows that a list shows at once."""
SOON = timedelta(days=14)
"""What ends within this time counts as falling due."""
_ENDED_LATE = Q(state="missed", met_at__isnull=True)
_OPEN = Q(case__state="open")


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
class DeadlineView:
    """A legal period of a case. ``overdue``: it is over, and the authority has not decided."""

    id: UUID
    case_id: UUID
    authority_id: UUID
    number: str
    offer_id: UUID
    digest: str
    name: str
    state: str
    starts_at: datetime
    due_at: datetime
    last_day: date
    suspended_at: datetime | None
    suspended_days: int
    met_at: datetime | None
    reminded_at: datetime | None
    escalated_to: str

    @property
    def overdue(self) -> bool:
        """Tell whether the period was missed and what it is for is still to be done."""
        return self.state == "missed" and self.met_at is None


@dataclass(frozen=True, slots=True)
class DeadlineCount:
    """How many periods of one service are in one state; for the cockpit.

    ``overdue`` of them are over without a decision, ``soon`` end within `SOON`.
    """

    offer_id: UUID
    name: str
    state: str
    number: int
    overdue: int
    soon: int


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


def deadlines(case_ids: Collection[UUID]) -> Mapping[UUID, list[DeadlineView]]:
    """Return the periods of these cases, by case, those that end first before the others."""
    found: dict[UUID, list[DeadlineView]] = {case_id: [] for case_id in case_ids}
    rows = Deadline.objects.select_related("case").filter(case_id__in=list(case_ids))
    for row in rows.order_by("due_at"):
        found[row.case_id].append(_view(row))
    return found


def falling_due(
    *,
    before: datetime | None = None,
    after: UUID | None = None,
    escalated_to: Collection[str] | None = None,
    limit: int = LISTED,
) -> list[DeadlineView]:
    """Return the periods of the scope that end ``before`` a time, those over included.

    In order of their ends; ``after`` is the last one of a page. Without ``before`` those
    that end within `SOON`. With ``escalated_to`` only what these roles were told of.
    """
    rows = _at_work().filter(due_at__lt=before or clock.now() + SOON)
    if after is not None:
        last = Deadline.objects.filter(id=after).values_list("due_at", flat=True).first()
        if last is not None:
            rows = rows.filter(Q(due_at__gt=last) | Q(due_at=last, id__gt=after))
    if escalated_to is not None:
        rows = rows.filter(escalated_to__in=list(escalated_to))
    return [_view(row) for row in rows.order_by("due_at", "id")[:limit]]


def deadline_counts() -> list[DeadlineCount]:
    """Return how many periods there are by service, name and state; for the cockpit."""
    now = clock.now()
    rows = (
        Deadline.objects.exclude(case__state="erased")
        .values("case__offer_id", "name", "state")
        .annotate(
            number=Count("id"),
            overdue=Count("id", filter=_ENDED_LATE & _OPEN),
            soon=Count("id", filter=Q(state="running", due_at__lt=now + SOON) & _OPEN),
        )
        .order_by("case__offer_id", "name", "state")
    )
    return [
        DeadlineCount(
            offer_id=row["case__offer_id"],
            name=row["name"],
            state=row["state"],
            number=row["number"],
            overdue=row["overdue"],
            soon=row["soon"],
        )
        for row in rows
    ]


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


def _at_work() -> QuerySet[Deadline]:
    waiting = Q(state__in=["running", "suspended"]) | _ENDED_LATE
    return Deadline.objects.select_related("case").filter(waiting & _OPEN)


def _view(row: Deadline) -> DeadlineView:
    return DeadlineView(
        id=row.id,
        case_id=row.case_id,
        authority_id=row.authority_id,
        number=row.case.number,
        offer_id=row.case.offer_id,
        digest=row.case.digest,
        name=row.name,
        state=row.state,
        starts_at=row.starts_at,
        due_at=row.due_at,
        last_day=standing_of(row).last_day,
        suspended_at=row.suspended_at,
        suspended_days=row.suspended_days,
        met_at=row.met_at,
        reminded_at=row.reminded_at,
        escalated_to=row.escalated_to,
    )
