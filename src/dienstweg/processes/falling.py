"""Reads of legal periods: those of a case, what falls due, and how many there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.kernel import clock
from dienstweg.processes.models import Deadline
from dienstweg.processes.periods import standing_of

LISTED = 100
"""Rows that a list shows at once."""
SOON = timedelta(days=14)
"""What ends within this time counts as falling due."""
Roles = Mapping[UUID, Collection[str]]
"""Authority -> roles that somebody has there."""
_ENDED_LATE = Q(state="missed", met_at__isnull=True)
_OPEN = Q(case__state="open")
_ALONG = """
SELECT one.id FROM {pairs} CROSS JOIN LATERAL (
    SELECT d.id FROM processes_deadline d JOIN cases_case c ON c.id = d.case_id
    WHERE d.authority_id = pair.place AND c.state = 'open' AND {which}
    AND (d.state IN ('running', 'suspended') OR d.state = 'missed' AND d.met_at IS NULL)
    ORDER BY d.due_at LIMIT %(limit)s
) one LIMIT %(limit)s
"""
"""Ids of what `_at_work` reads, along an index for each authority."""
_MOVING = _ALONG.format(
    pairs="unnest(%(places)s::uuid[]) AS pair (place)",
    which="d.state <> 'suspended' AND d.due_at < %(before)s::timestamptz"
    " AND d.due_at >= coalesce(%(since)s::timestamptz, '-infinity')",
)
_TOLD = _ALONG.format(
    pairs="unnest(%(places)s::uuid[], %(roles)s::text[]) AS pair (place, role)",
    which="d.escalated_to = pair.role",
)


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
class Urgent:
    """The periods that are ``over`` without a decision, end ``soon``, were ``told`` to somebody."""

    over: cases.Counted
    soon: cases.Counted
    told: cases.Counted


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
    since: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    places: Collection[UUID] | None = None,
    told: Roles | None = None,
    suspended: bool = True,
    limit: int = LISTED,
) -> list[DeadlineView]:
    """Return the periods that end ``before`` a time, those over included, by their ends.

    Without ``before`` those that end within `SOON`. With ``since`` not those over by then, with
    ``places`` those of these authorities (else of the scope), with ``told`` what somebody with
    these roles was told of, without ``suspended`` what does not stand still. ``after`` is end and
    id of the last one of a page.
    """
    rows = _at_work().filter(due_at__lt=before or clock.now() + SOON)
    if since is not None:
        rows = rows.filter(due_at__gte=since)
    if places is not None:
        rows = rows.filter(authority_id__in=list(places))
    if told is not None:
        rows = rows.filter(_told(told))
    if not suspended:
        rows = rows.exclude(state="suspended")
    if after is not None:
        rows = rows.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], id__gt=after[1]))
    return [_view(row) for row in rows.order_by("due_at", "id")[:limit]]


def urgent_counted(roles: Roles, places: Collection[UUID]) -> Urgent:
    """Return what counts what is over, ends soon, and was told to somebody with these ``roles``.

    Together with other lists, each along an index; what stands still does not end.
    """
    now, inside = clock.now(), scope.current().authorities
    here = [one for one in places if one in inside]
    pairs = [(one, role) for one in here for role in sorted(roles.get(one, ()))]
    within = {"places": here, "limit": cases.COUNTED}
    told = {
        "places": [place for place, _ in pairs],
        "roles": [role for _, role in pairs],
        "limit": cases.COUNTED,
    }
    return Urgent(
        over=cases.Counted(_MOVING, within | {"since": None, "before": now}),
        soon=cases.Counted(_MOVING, within | {"since": now, "before": now + SOON}),
        told=cases.Counted(_TOLD, told),
    )


def _told(roles: Roles) -> Q:
    """Return the condition that somebody with these roles was told."""
    found = Q(pk__in=[])
    for place, names in roles.items():
        found |= Q(authority_id=place, escalated_to__in=sorted(names))
    return found


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
