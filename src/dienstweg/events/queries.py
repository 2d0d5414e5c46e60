"""Reads: the timeline of a case, and what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from procrastinate.contrib.django.models import ProcrastinateJob

from dienstweg.events.models import Due, Event

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a timeline."""

    id: UUID
    name: str
    happened_at: datetime
    actor: str
    data: Mapping[str, Any]


def timeline(case_id: UUID) -> list[Entry]:
    """Return the events of a case in their order."""
    rows = Event.objects.filter(case_id=case_id).order_by("id")
    return [Entry(row.id, row.name, row.happened_at, row.actor, row.data) for row in rows]


def without_job(rows: QuerySet[Row], *, job: str, named: str = "object_id") -> QuerySet[Row]:
    """Return those of ``rows`` for which ``job`` neither waits, nor runs, nor comes again.

    What sweepers ask, so that they never multiply a job that fails. ``named`` is the job's
    argument with the row's id.
    """
    about = Cast(KeyTextTransform(named, "args"), UUIDField())
    due = Due.objects.filter(job=job).annotate(about=Coalesce(about, "object_id"))
    queued = ProcrastinateJob.objects.filter(
        task_name=job, status__in=["todo", "doing"], args__has_key=named
    ).annotate(about=about)
    return rows.exclude(id__in=due.values("about")).exclude(id__in=queued.values("about"))


def due_at(*, job: str, object_id: UUID, key: str = "") -> datetime | None:
    """Return when ``job`` is due for the object, if it is."""
    rows = Due.objects.filter(job=job, object_id=object_id, key=key)
    return rows.values_list("due_at", flat=True).first()


def waiting(job: str, **args: str) -> list[Mapping[str, Any]]:
    """Return the arguments of each ``job`` with these that waits, runs, or comes again."""
    rows = ProcrastinateJob.objects.filter(
        task_name=job, status__in=["todo", "doing"], args__contains=args
    )
    due = Due.objects.filter(job=job, args__contains=args)
    return [*rows.values_list("args", flat=True), *due.values_list("args", flat=True)]


_WAITING = """
SELECT count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND args->>'case_id' = %(case)s AND task_name <> %(besides)s
"""


def jobs_of_case(case_id: UUID, *, besides: str = "") -> int:
    """Return how many jobs wait or run that tell of a case, failed ones that come back included.

    The job ``besides`` is not counted: the one that asks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"case": str(case_id), "besides": besides})
        (waiting,) = cursor.fetchone()
    failed = Due.objects.filter(args__case_id=str(case_id)).exclude(job=besides).count()
    return int(waiting) + failed
