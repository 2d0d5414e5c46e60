"""Reads of what is late: answers of parties that are due, and who answers for a case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from dienstweg.authorities import scope
from dienstweg.cases.models import Party, Signature, Task
from dienstweg.cases.queries.parties import TASKS_OF
from dienstweg.cases.queries.worklist import COUNTED, Counted

LATE = 1000
"""Rows that one look takes at most."""
_ALONG = """
SELECT one.id FROM unnest(%(places)s::uuid[]) AS place CROSS JOIN LATERAL (
    SELECT x.id FROM {table} x JOIN cases_case c ON c.id = x.case_id
    WHERE x.authority_id = place AND c.state = 'open' AND x.due_at < %(before)s::timestamptz
    AND x.due_at >= coalesce(%(since)s::timestamptz, '-infinity') AND {which}
    ORDER BY x.due_at LIMIT %(limit)s
) one LIMIT %(limit)s
"""
_OWING = _ALONG.format(
    table="cases_party",
    which="x.state IN ('invited', 'joined') AND (x.state = 'invited'"
    " OR EXISTS (SELECT FROM cases_signature s WHERE s.party_id = x.id AND s.state = 'asked')"
    " OR EXISTS (SELECT FROM cases_task t"
    " WHERE t.party_id = x.id AND t.state = 'open' AND t.due_at IS NULL))",
)
"""Ids of what `_parties` reads, along an index for each authority."""
_OWED = _ALONG.format(table="cases_task", which=f"x.state = 'open' AND x.role LIKE '{TASKS_OF}%%'")
"""Ids of what `_tasks` reads, likewise."""
_OF_PARTIES = Q(role__startswith=TASKS_OF)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a party was asked for and when the answer is due; ``id`` is the party's or the task's.

    ``what`` is ``invitation`` (they have not come yet), ``stranger`` (it reached somebody else),
    ``signature`` or ``task``.
    """

    id: UUID
    due_at: datetime
    what: Literal["invitation", "stranger", "signature", "task"]
    case_id: UUID
    authority_id: UUID
    number: str
    digest: str
    role: str


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answers for a case: these people, and everybody with one of these roles."""

    people: set[UUID] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)


def awaited(
    *,
    before: datetime,
    since: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    places: Collection[UUID] | None = None,
    limit: int = LATE,
    newest_first: bool = False,
) -> list[Awaited]:
    """Return what parties of open cases owe, due ``since`` one time and ``before`` another.

    In the order of their days, or ``newest_first``, so that what the limit leaves out is the
    oldest; ``after`` is day and id of the last one of a page. ``places`` are the authorities, else
    those of the scope.
    """
    window = _window(before, places)
    if since is not None:
        window &= Q(due_at__gte=since)
    if after is not None:
        window &= Q(due_at__gt=after[0]) | Q(due_at=after[0], id__gt=after[1])
    order = ("-due_at", "-id") if newest_first else ("due_at", "id")
    rows = [row for each in (_parties(window), _tasks(window)) for row in _read(each, order, limit)]
    return sorted(rows, key=lambda one: (one.due_at, one.id), reverse=newest_first)[:limit]


def awaited_counted(
    *, before: datetime, since: datetime | None = None, places: Collection[UUID]
) -> list[Counted]:
    """Return what counts the rows that `awaited` reads, together with the lists (`counts`)."""
    inside = scope.current().authorities
    given = {
        "places": [place for place in places if place in inside],
        "before": before,
        "since": since,
        "limit": COUNTED,
    }
    return [Counted(_OWING, given), Counted(_OWED, given)]


def _window(before: datetime, places: Collection[UUID] | None) -> Q:
    window = Q(due_at__lt=before, case__state="open")
    return window if places is None else window & Q(authority_id__in=list(places))


def _parties(window: Q) -> QuerySet[Party]:
    """Return the parties that have not come, or have not signed, or owe what has no day."""
    asked = Exists(Signature.objects.filter(party_id=OuterRef("id"), state="asked"))
    owed = Exists(Task.objects.filter(party_id=OuterRef("id"), state="open", due_at=None))
    what = Choice(
        When(not_meant_since__isnull=False, then=Value("stranger")),
        When(asked, then=Value("signature")),
        When(state="invited", then=Value("invitation")),
        default=Value("task"),
        output_field=CharField(),
    )
    waits = Q(state="invited") | asked | owed
    rows: QuerySet[Party] = Party.objects.filter(window, state__in=["invited", "joined"])
    return rows.annotate(what=what).filter(waits)


def _tasks(window: Q) -> QuerySet[Task]:
    """Return the tasks of parties that have a day of their own."""
    rows: QuerySet[Task] = Task.objects.filter(window, _OF_PARTIES, state="open")
    return rows.annotate(what=Value("task", output_field=CharField()))


def _read(rows: Any, order: tuple[str, str], limit: int) -> list[Awaited]:
    columns = rows.order_by(*order).values(
        "id", "due_at", "what", "case_id", "authority_id", "case__number", "case__digest", "role"
    )
    return [
        Awaited(
            id=row["id"],
            due_at=row["due_at"],
            what=row["what"],
            case_id=row["case_id"],
            authority_id=row["authority_id"],
            number=row["case__number"],
            digest=row["case__digest"],
            role=row["role"].removeprefix(TASKS_OF),
        )
        for row in columns[:limit]
    ]


def answerable(case_ids: Collection[UUID]) -> Mapping[UUID, Answerable]:
    """Return who answers for these cases: whose their open tasks are, or whoever may do them.

    While a case waits for somebody else, whoever could do what was done before.
    """
    found = {case_id: Answerable() for case_id in case_ids}
    before = {case_id: Answerable() for case_id in case_ids}
    rows = Task.objects.filter(~_OF_PARTIES, case_id__in=list(case_ids))
    for row in rows.only("case_id", "state", "role", "approval_role", "assignee"):
        if row.state == "proposed":
            found[row.case_id].roles.add(row.approval_role)
        elif row.state == "open" and row.assignee:
            found[row.case_id].people.add(row.assignee)
        elif row.state == "open":
            found[row.case_id].roles.add(row.role)
        else:
            before[row.case_id].roles.add(row.role)
    return {
        case_id: one if one.people or one.roles else before[case_id]
        for case_id, one in found.items()
    }


@dataclass(frozen=True, slots=True)
class OverdueTask:
    """A task whose day is over, and whose it is: ``assignee``, or everybody with ``role``.

    ``at`` is since when that is so for them: its day, or when it came to them later than that.
    """

    authority_id: UUID
    due_at: datetime
    assignee: UUID | None
    role: str
    at: datetime


def overdue_tasks(*, since: datetime, now: datetime) -> list[OverdueTask]:
    """Return the tasks of caseworkers that became theirs and overdue between two times, and wait.

    The newest first.
    """
    came = Choice(
        When(state="proposed", then=Greatest("due_at", "proposed_at")),
        When(assignee__isnull=False, then=Greatest("due_at", "claimed_at")),
        default=Greatest("due_at", "asked_at"),
    )
    late = Q(due_at__lte=now, came__gt=since, state__in=["open", "proposed"])
    rows = Task.objects.annotate(came=came).filter(late, ~_OF_PARTIES)
    return [
        OverdueTask(row.authority_id, row.due_at, None, row.approval_role, row.came)
        if row.state == "proposed"
        else OverdueTask(row.authority_id, row.due_at, row.assignee, row.role, row.came)
        for row in rows.order_by("-came")[:LATE]
        if row.due_at is not None
    ]
