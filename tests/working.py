"""Does what a worker does, in the test's own process and at the test's own time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app as queue

from dienstweg.events import actions
from dienstweg.events.models import Due
from dienstweg.kernel import clock

Rooms = tuple[str, ...]


def work(*rooms: str, limit: int = 5000) -> int:
    """Do the waiting jobs of these rooms, and those that follow; return how many were done."""
    done = 0
    while done < limit:
        job = _take(rooms)
        if job is None:
            return done
        name, args, fulfils = job
        queue.tasks[name].func(told(fulfils), **args)
        done += 1
    raise AssertionError("the jobs do not come to an end")


def told(fulfils: str | None) -> Any:
    """Return what the queue tells a job of itself, as far as ours ask: the wish it fulfils."""
    return SimpleNamespace(job=SimpleNamespace(queueing_lock=fulfils))


def live_through(duration: timedelta, *rooms: str) -> int:
    """Let time pass: do what falls due at its time; return how many jobs were done."""
    with _until(clock.now() + duration) as end:
        done = work(*rooms)
        while (at := _next_due(rooms, end)) is not None:
            with clock.shifted(max(at - clock.now(), timedelta())):
                actions.tick(now=clock.now())
                done += work(*rooms)
        return done


def waiting(*rooms: str) -> list[str]:
    """Return the names of the jobs that wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        names = [str(row[0]) for row in cursor.fetchall()]
    return [name for name in names if name.split(".")[0] in rooms]


def _take(rooms: Rooms) -> tuple[str, dict[str, str], str | None] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs"
            " WHERE status = 'todo' AND split_part(task_name, '.', 1) = ANY(%s)"
            " ORDER BY id LIMIT 1) RETURNING task_name, args, queueing_lock",
            [list(rooms)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    import json

    args = row[1] if isinstance(row[1], dict) else json.loads(row[1])
    return str(row[0]), args, row[2]


def _next_due(rooms: Rooms, end: datetime) -> datetime | None:
    rows = Due.objects.filter(due_at__lte=end).order_by("due_at").values_list("due_at", "job")
    return next((at for at, job in rows if job.split(".")[0] in rooms), None)


@contextmanager
def _until(end: datetime) -> Iterator[datetime]:
    yield end
