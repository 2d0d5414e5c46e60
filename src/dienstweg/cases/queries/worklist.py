"""Reads of the work list: what is to be done by whom, by filters, page by page.

Each page is read as a union of short walks along an index, one for each authority and role, so that
it costs the same with a hundred tasks as with a hundred thousand.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField, Value

from dienstweg.cases.models import TO_DO, Task
from dienstweg.cases.queries.lists import PAGE
from dienstweg.cases.queries.rows import task_card
from dienstweg.cases.queries.views import TaskCard
from dienstweg.kernel import clock

Whose = Literal["mine", "team", "free", "approval"]
Due = Literal["", "over", "week", "none"]
COUNTED = 100
"""Tasks that a heading counts; more are "100+"."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks a list shows.

    ``roles`` is what the person may do by authority, ``people`` are the person and those for whom
    they stand in. ``whose`` is ``mine`` (assigned to one of ``people``), ``team`` (all that the
    roles allow), ``free`` (assigned to nobody) or ``approval`` (proposals that wait for one of the
    roles, and are not the person's own).
    """

    roles: Mapping[UUID, Collection[str]]
    people: tuple[UUID, ...]
    whose: Whose = "team"
    offers: tuple[UUID, ...] = ()
    authority_id: UUID | None = None
    role: str = ""
    state: str = ""
    due: Due = ""
    by_due: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the key of its last task in the order of the list."""

    id: UUID
    due_at: datetime | None = None


def work_list(wanted: Wanted, *, after: Mark | None = None, limit: int = PAGE) -> list[TaskCard]:
    """Return the tasks of a list, the oldest first, or the most urgent with ``by_due``."""
    walks = [
        rows.filter(_behind(after, wanted.by_due)) if after else rows for rows in _walks(wanted)
    ]
    if not walks:
        return []
    ids = [row["id"] for row in _first(walks, _order(wanted), limit)]
    rows = Task.objects.select_related("case").filter(id__in=ids)
    return [task_card(row) for row in rows.order_by(*_order(wanted))]


def counts(lists: Mapping[str, Wanted]) -> dict[str, int]:
    """Return how many tasks each of the named lists has, `COUNTED` at most; one statement."""
    walks = [
        walk.order_by().annotate(of=Value(name, TextField())).values_list("of", "id")[:COUNTED]
        for name, wanted in lists.items()
        for walk in _walks(wanted)
    ]
    found = Counter(name for name, _ in _together(walks)) if walks else Counter[str]()
    return {name: min(found[name], COUNTED) for name in lists}


def task_cards(task_ids: Collection[UUID]) -> list[TaskCard]:
    """Return those of these tasks that the scope may see, in the order of the list."""
    rows = Task.objects.select_related("case").filter(id__in=task_ids)
    return [task_card(row) for row in rows.exclude(role__startswith="party:").order_by("id")]


def mark(task_id: UUID) -> Mark | None:
    """Return where a page ended that ended with this task, if there is one."""
    row = Task.objects.filter(id=task_id).values_list("id", "due_at").first()
    return Mark(*row) if row else None


def _walks(wanted: Wanted) -> list[QuerySet[Task]]:
    """Return the tasks wanted, by parts that are each found along an index."""
    allowed = [
        (place, role)
        for place, roles in sorted(wanted.roles.items())
        for role in sorted(roles)
        if wanted.authority_id in {None, place} and wanted.role in {"", role}
    ]
    rows = Task.objects.filter(TO_DO, _filter(wanted))
    if wanted.whose == "mine":
        pairs = Q()
        for place, role in allowed:
            pairs |= Q(authority_id=place, role=role)
        return [rows.filter(pairs, assignee__in=wanted.people)] if allowed else []
    if wanted.whose == "approval":
        proposals = rows.filter(state="proposed").exclude(proposed_by=wanted.people[0])
        return [proposals.filter(authority_id=one, approval_role=role) for one, role in allowed]
    if wanted.whose == "free":
        rows = rows.filter(state="open", assignee__isnull=True)
    return [rows.filter(authority_id=place, role=role) for place, role in allowed]


def _filter(wanted: Wanted) -> Q:
    now, found = clock.now(), Q()
    if wanted.offers:
        found &= Q(offer_id__in=wanted.offers)
    if wanted.state:
        found &= Q(state=wanted.state)
    if wanted.due == "over":
        found &= Q(due_at__lt=now) & ~Q(state="decided")
    elif wanted.due == "week":
        found &= Q(due_at__lt=now + WEEK)
    elif wanted.due == "none":
        found &= Q(due_at__isnull=True)
    return found


def _first(walks: list[QuerySet[Task]], order: Any, limit: int) -> QuerySet[Any]:
    """Return the first tasks of all walks in their common order: each of them gives its own."""
    parts = [walk.order_by(*order).values("id", "due_at")[:limit] for walk in walks]
    return parts[0] if len(parts) == 1 else _together(parts).order_by(*order)[:limit]


def _together(parts: list[Any]) -> QuerySet[Any]:
    joined: QuerySet[Any] = parts[0].union(*parts[1:], all=True)
    return joined


def _order(wanted: Wanted) -> tuple[Any, ...]:
    return (F("due_at").asc(nulls_last=True), "id") if wanted.by_due else ("id",)


def _behind(after: Mark, by_due: bool) -> Q:
    if not by_due:
        return Q(id__gt=after.id)
    if after.due_at is None:
        return Q(due_at__isnull=True, id__gt=after.id)
    later = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, id__gt=after.id)
    return later | Q(due_at__isnull=True)
