"""Writes: a fact and what follows from it, and what falls due."""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from dienstweg.authorities import scope
from dienstweg.events.facts import Fact
from dienstweg.events.job import Order, defer_all, known_jobs, wish
from dienstweg.events.models import Beat, Due, Event
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id

BATCH = 500
"""Due rows that one tick takes: the rest is taken by the next, a moment later."""
PUT_OFF = timedelta(hours=1)
_FALLS_DUE = (
    "INSERT INTO events_due (id, due_at, job, authority_id, object_id, key)"
    " SELECT id, at, %s::text, %s::uuid, %s::uuid, key"
    " FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) AS new(id, at, key)"
    " ON CONFLICT (object_id, job, key) DO UPDATE"
    " SET due_at = excluded.due_at, args = NULL"
)
_NO_MORE_DUE = "DELETE FROM events_due WHERE object_id = %s AND job = %s AND key = ANY(%s)"
FARTHEST = timedelta(days=7)
"""What looks after an authority is never due later: the longest holidays are shorter."""

log = logging.getLogger("dienstweg.events")


def record(fact: Fact, *, actor: str = "system") -> UUID:
    """Write down ``fact`` and ask for the jobs that the journey says follow from it.

    Must run inside the transaction that makes the fact true. ``actor`` is a role and an id
    (``applicant``, ``staff:<uuid>``, ``system``), never a name. Returns the event's id.
    """
    return record_all([fact], actor=actor)[0]


def record_all(facts: list[Fact], *, actor: str = "system") -> list[UUID]:
    """Write down several ``facts`` of one transaction in their order; see `record`."""
    at = clock.now()
    events = [
        Event(
            id=new_id(),
            authority_id=fact.authority_id,
            case_id=fact.case_id,
            name=fact.name,
            happened_at=at,
            actor=actor,
            data=dict(fact.data()),
        )
        for fact in facts
    ]
    Event.objects.add_by_hand(events)
    defer_all(
        [
            order
            for fact, event in zip(facts, events, strict=True)
            for order in _orders(fact, event.id)
        ]
    )
    return [event.id for event in events]


def due(*, at: datetime, job: str, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Have ``job`` done for the object ``object_id`` at the time ``at``; replaces an earlier wish.

    The job is called with ``object_id`` and ``key``.
    """
    due_each({key: at}, job=job, authority_id=authority_id, object_id=object_id)


def due_each(
    times: Mapping[str, datetime], *, job: str, authority_id: UUID, object_id: UUID
) -> None:
    """Have ``job`` done for the object at each of the ``times``, by key; one statement."""
    ids = [new_id() for _ in times]
    with connection.cursor() as cursor:
        cursor.execute(
            scope.prepared(_FALLS_DUE),
            [job, authority_id, object_id, ids, list(times.values()), list(times)],
        )


def look_again(*, job: str, authority_id: UUID, after: timedelta) -> None:
    """Have the sweeper ``job`` look at its authority again ``after`` a while."""
    due(at=clock.now() + after, job=job, authority_id=authority_id, object_id=authority_id)


def no_longer_due(*, job: str, object_id: UUID, keys: Collection[str] = ("",)) -> None:
    """Forget that ``job`` was to be done for ``object_id`` with any of these ``keys``."""
    with connection.cursor() as cursor:
        cursor.execute(scope.prepared(_NO_MORE_DUE), [object_id, job, list(keys)])


def tick(*, now: datetime) -> int:
    """Turn what is due at ``now`` into jobs for now, in one transaction; return how many.

    Several tickers may run: each takes rows that no other holds.
    """
    with transaction.atomic():
        rows = list(
            Due.objects.select_for_update(skip_locked=True)
            .filter(due_at__lte=now)
            .order_by("due_at")[:BATCH]
        )
        if not rows:
            return 0
        jobs = known_jobs()
        known = [row for row in rows if row.job in jobs]
        _put_off([row for row in rows if row.job not in jobs], now)
        defer_all(
            [
                Order(
                    job=row.job,
                    authority_id=row.authority_id,
                    args=_due_args(row),
                    wish=wish(row) if row.args is None else None,
                )
                for row in known
            ]
        )
        Due.objects.filter(id__in=[row.id for row in known]).delete()
    return len(known)


def _put_off(rows: list[Due], now: datetime) -> None:
    """Keep what no room offers (any more) for the release that does; it must hold up nothing."""
    for name in {row.job for row in rows}:
        log.error("due_job_unknown job=%s", name)
    Due.objects.filter(id__in=[row.id for row in rows]).update(due_at=now + PUT_OFF)


def _due_args(row: Due) -> tuple[tuple[str, str], ...]:
    if row.args is not None:
        return tuple(row.args.items())
    return (("object_id", str(row.object_id)), ("key", row.key))


def bring_back(*, now: datetime) -> int:
    """Have what looks after an authority regularly look now, if that is put off too far.

    A clock that ran ahead for a while has done so; without this nobody would look before that
    time. Returns how many those were.
    """
    off = Due.objects.filter(due_at__gt=now + FARTHEST, object_id=F("authority_id"))
    found = off.update(due_at=now)
    if found:
        log.warning("sweepers_brought_back number=%d", found)
    return found


def beat(*, worker: str) -> None:
    """Note that the worker of this name is alive."""
    Beat.objects.update_or_create(worker=worker, defaults={"at": clock.now()})


def _orders(fact: Fact, event_id: UUID) -> list[Order]:
    """Return the jobs that the journey names for ``fact``."""
    journey = import_module(settings.DIENSTWEG_JOURNEY)
    args = [("event_id", str(event_id))]
    if fact.case_id is not None:
        args.append(("case_id", str(fact.case_id)))
    args += [(key, str(value)) for key, value in fact.data().items() if value is not None]
    return [
        Order(job=name, authority_id=fact.authority_id, args=tuple(args))
        for name in journey.AFTER.get(type(fact), ())
    ]


def copy_timeline(
    *, case_id: UUID, to_authority: UUID, new_case_id: UUID, rename: Callable[[Any], Any]
) -> None:
    """Copy the timeline of a case to that of its copy at another authority; nothing follows of it.

    Runs in the scope of the authority that gives, and enters the other to write. ``rename`` says
    what an id in the data is called there. Times and actors stay as they were.
    """
    rows = list(Event.objects.filter(case_id=case_id).order_by("id"))
    copies = [
        Event(
            id=new_id(),
            authority_id=to_authority,
            case_id=new_case_id,
            name=row.name,
            happened_at=row.happened_at,
            actor=rename_actor(row.actor, rename),
            data=rename(row.data),
        )
        for row in rows
    ]
    with scope.enter(scope.of(to_authority)):
        Event.objects.bulk_create(copies)


def rename_actor(actor: str, rename: Callable[[Any], Any]) -> str:
    """Return an actor (``party:<id>``) as the copy of a case calls it."""
    kind, colon, own = actor.partition(":")
    return f"{kind}{colon}{rename(own)}" if colon else actor


def move_due(*, ids: Mapping[UUID, UUID], to_authority: UUID) -> int:
    """Let what is due for these objects be due for their copies instead; return how much it is."""
    rows = list(Due.objects.filter(object_id__in=list(ids)))
    for row in rows:
        Due.objects.filter(id=row.id).update(
            object_id=ids[row.object_id], authority_id=to_authority
        )
    return len(rows)
