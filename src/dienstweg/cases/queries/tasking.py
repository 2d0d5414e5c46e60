"""Reads about tasks: what waits for a caseworker, one task, all of a case."""

from collections.abc import Collection, Mapping
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from dienstweg.cases.errors import NoSuchTask
from dienstweg.cases.models import Task
from dienstweg.cases.queries.lists import PAGE
from dienstweg.cases.queries.rows import key_of, task_card, task_file
from dienstweg.cases.queries.views import TaskCard, TaskFile


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
