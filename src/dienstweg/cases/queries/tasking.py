"""Reads about tasks: what waits for a caseworker, one task, all of a case."""

from collections.abc import Collection, Mapping
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from dienstweg.cases.errors import NoSuchTask
from dienstweg.cases.models import Application, Task
from dienstweg.cases.queries.lists import PAGE
from dienstweg.cases.queries.rows import key_of, task_card, task_file
from dienstweg.cases.queries.views import TaskCard, TaskFile

ENTRY = "@"
"""Stands in the key of a task before the place of the entry that it is about."""


def open_tasks(
    *,
    after: UUID | None = None,
    limit: int = PAGE,
    roles: Mapping[UUID, Collection[str]] | None = None,
) -> list[TaskCard]:
    """Return what waits for a caseworker, the oldest first, or those ``after`` a page's last.

    With ``roles`` (by authority) only what is for somebody who has them. Decided tasks are among
    them for as long as they can be undone.
    """
    rows = Task.objects.select_related("case").filter(state__in=["open", "decided"])
    if after is not None:
        rows = rows.filter(id__gt=after)
    if roles is not None:
        own = [Q(authority_id=place, role__in=list(names)) for place, names in roles.items()]
        rows = rows.filter(reduce(or_, own)) if own else rows.none()
    return [task_card(row) for row in rows.order_by("id")[:limit]]


def items(cards: Collection[TaskCard]) -> dict[UUID, Any]:
    """Return by task the entry of a list that it is about, of those that are about one.

    One statement; none where no key of a task names an entry.
    """
    ids = [card.id for card in cards if ENTRY in card.key]
    if not ids:
        return {}
    rows = Task.objects.select_related("case").filter(id__in=ids, case__wrapped_key__isnull=False)
    return {row.id: task_file(row, key_of(row.case)).item for row in rows}


def newest_versions(case_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return by case the newest version of its application; one statement."""
    rows = Application.objects.filter(case_id__in=list(case_ids)).values("case_id")
    return {row["case_id"]: row["newest"] for row in rows.annotate(newest=Max("version"))}


def task(task_id: UUID) -> TaskFile:
    """Return a task with its decision; raises `NoSuchTask`, `Erased`."""
    row = Task.objects.select_related("case").filter(id=task_id).first()
    if row is None:
        raise NoSuchTask
    return task_file(row, key_of(row.case))


def tasks(case_id: UUID, *, key: bytes) -> list[TaskFile]:
    """Return all tasks that a case had for caseworkers, the oldest first.

    What parties were asked is told by `dienstweg.cases.queries.party_tasks`.
    """
    rows = Task.objects.select_related("case").filter(case_id=case_id).order_by("id")
    rows = rows.exclude(role__startswith="party:")
    return [task_file(row, key) for row in rows]
