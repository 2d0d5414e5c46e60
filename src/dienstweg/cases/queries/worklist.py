"""Reads of the work list: what is to be done by whom, by filters, page by page.

Each page is read by short walks along an index, one for each authority and role, in one statement:
it costs the same with a hundred tasks as with a hundred thousand.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from dienstweg.authorities import scope
from dienstweg.cases.models import Task
from dienstweg.cases.queries.lists import PAGE
from dienstweg.cases.queries.rows import task_card
from dienstweg.cases.queries.views import TaskCard
from dienstweg.kernel import clock

Whose = Literal["mine", "team", "free", "approval"]
Due = Literal["", "over", "week", "soon", "due", "none"]
COUNTED = 100
"""Tasks that a heading counts; more are "100+"."""
WEEK = timedelta(days=7)
SOON = timedelta(days=14)


_PAIRS = "unnest(%(places)s::uuid[], %(roles)s::text[]) AS pair (place, role)"
_TO_DO = "t.state IN ('open', 'proposed', 'decided')"
_WHOSE: Mapping[Whose, str] = {
    "mine": f"t.assignee = ANY(%(people)s::uuid[]) AND {_TO_DO}",
    "team": _TO_DO,
    "free": "t.state = 'open' AND t.assignee IS NULL",
    "approval": "t.state = 'proposed' AND t.proposed_by <> %(me)s::uuid",
}
_FILTERS: Mapping[str, str] = {
    "offers": "AND t.offer_id = ANY(%(offers)s::uuid[])",
    "state": "AND t.state = %(state)s::text",
    "due_before": "AND t.due_at < %(due_before)s::timestamptz",
    "due_from": "AND t.due_at >= %(due_from)s::timestamptz",
    "late": "AND t.state <> 'decided'",
    "no_due": "AND t.due_at IS NULL",
}
"""By the value that asks for it; what is not asked for does not stand in a statement."""
_BY_ID = ("AND t.id > %(after)s::uuid", "ORDER BY t.id LIMIT %(limit)s")
_BY_DUE = (
    "AND (coalesce(t.due_at, 'infinity'), t.id)"
    " > (coalesce(%(after_due)s::timestamptz, 'infinity'), %(after)s::uuid)",
    "ORDER BY t.due_at ASC NULLS LAST, t.id LIMIT %(limit)s",
)
"""What comes after the page before, and in which order."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks a list shows.

    ``roles`` is what the person may do by authority, ``people`` are the person and those for whom
    they stand in. ``whose`` is ``mine`` (assigned to one of ``people``), ``team`` (all that the
    roles allow), ``free`` (assigned to nobody) or ``approval`` (proposals that wait for one of the
    roles, and are not the person's own). ``due`` is ``over``, within a ``week`` (or over), ``soon``
    (within `SOON` and not over), ``due`` (within `SOON`, or over), or ``none`` at all.
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
class Counted:
    """A statement that reads ids, at most `COUNTED`, and its ``values`` by the names in it."""

    text: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the key of its last task in the order of the list."""

    id: UUID
    due_at: datetime | None = None


def work_list(wanted: Wanted, *, after: Mark | None = None, limit: int = PAGE) -> list[TaskCard]:
    """Return the tasks of a list, the oldest first, or the most urgent with ``by_due``."""
    given = values(wanted, after=after, limit=limit)
    with connection.cursor() as cursor:
        cursor.execute(scope.prepared(statement(wanted, given)), given)
        ids = [row[0] for row in cursor.fetchall()]
    cards = {row.id: task_card(row) for row in _rows(ids)}
    return [cards[one] for one in ids if one in cards]


def counts(
    lists: Mapping[str, Wanted], *, beside: Mapping[str, Counted] | None = None
) -> dict[str, int]:
    """Return how many tasks each of the named lists has, `COUNTED` at most; one statement.

    ``beside`` are other rows to be counted with them.
    """
    asked = [*(_counted(one) for one in lists.values()), *(beside or {}).values()]
    parts = []
    for number, one in enumerate(asked):
        own = one.text.replace("%(", f"%(l{number}_")
        parts.append(" ".join(("SELECT", str(number), "AS list, count(*) FROM (", own, ") n")))
    given = {
        f"l{number}_{name}": value
        for number, one in enumerate(asked)
        for name, value in one.values.items()
    }
    with connection.cursor() as cursor:
        cursor.execute(scope.prepared(" UNION ALL ".join(parts)), given)
        found = dict(cursor.fetchall())
    return {name: found[number] for number, name in enumerate((*lists, *(beside or {})))}


def _counted(one: Wanted) -> Counted:
    # How many there are has no order; what falls due is found fastest in that one.
    wanted = replace(one, by_due=one.due not in {"", "none"})
    given = values(wanted, limit=COUNTED)
    return Counted(statement(wanted, given), given)


def task_cards(task_ids: Collection[UUID]) -> list[TaskCard]:
    """Return those of these tasks that the scope may see, in the order of the list."""
    return [task_card(row) for row in _rows(task_ids).order_by("id")]


def mark(task_id: UUID) -> Mark | None:
    """Return where a page ended that ended with this task, if there is one."""
    row = Task.objects.filter(id=task_id).values_list("id", "due_at").first()
    return Mark(*row) if row else None


def statement(wanted: Wanted, given: Mapping[str, Any]) -> str:
    """Return the statement that reads the ids of a list; ``given`` is what `values` gives for it.

    Lists that are narrowed by the same things have the same one, which the server keeps prepared.
    """
    after, order = _BY_DUE if wanted.by_due else _BY_ID
    filters = [text for name, text in _FILTERS.items() if given[name] is not None]
    filters += [after] if given["after"] is not None else []
    rest = " ".join((_WHOSE[wanted.whose], *filters, order))
    if wanted.whose == "mine":
        mine = "SELECT t.id FROM cases_task t WHERE EXISTS (SELECT FROM"
        theirs = "WHERE pair.place = t.authority_id AND pair.role = t.role) AND"
        return " ".join((mine, _PAIRS, theirs, rest))
    role = "t.approval_role" if wanted.whose == "approval" else "t.role"
    found = "SELECT t.id, t.due_at FROM cases_task t WHERE t.authority_id = pair.place AND"
    inner = " ".join((found, role, "= pair.role AND", rest))
    return " ".join(("SELECT t.id FROM", _PAIRS, "CROSS JOIN LATERAL (", inner, ") t", order))


def values(wanted: Wanted, *, after: Mark | None = None, limit: int) -> dict[str, Any]:
    """Return the values of `statement`: only authorities of the scope, whatever is wanted."""
    now, inside = clock.now(), scope.current().authorities
    pairs = [
        (place, role)
        for place, roles in wanted.roles.items()
        for role in roles
        if place in inside and wanted.authority_id in {None, place} and wanted.role in {"", role}
    ]
    ends = {"over": now, "week": now + WEEK, "soon": now + SOON, "due": now + SOON}
    return {
        "places": [place for place, _ in pairs],
        "roles": [role for _, role in pairs],
        "people": list(wanted.people),
        "me": wanted.people[0],
        "offers": list(wanted.offers) or None,
        "state": wanted.state or None,
        "due_before": ends.get(wanted.due),
        "due_from": now if wanted.due == "soon" else None,
        "late": True if wanted.due in {"over", "soon", "due"} else None,
        "no_due": True if wanted.due == "none" else None,
        "after": after.id if after else None,
        "after_due": after.due_at if after else None,
        "limit": limit,
    }


def _rows(ids: Collection[UUID]) -> Any:
    rows = Task.objects.select_related("case").filter(id__in=ids)
    return rows.exclude(role__startswith="party:")
