"""How a room offers a job and how one is asked for: the queue is known here and nowhere else.

A job is a function of an authority's id and other ids. It runs inside the scope of that authority
and may be run twice: it finds out by itself what is left to do.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection
from procrastinate import JobContext
from procrastinate.contrib.django import app as queue

from dienstweg.authorities import scope
from dienstweg.events.models import Due
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id

JobFunction = Callable[..., None]

TRY_AGAIN = (5, 30, 120, 600, 1800, 7200)
"""Seconds until a job that failed for a reason of its own (a bug, a lost database) is repeated;
the last one holds from then on: nothing is dropped because it failed often."""

SOON, USUAL, LATER = 10, 0, -10
"""Which jobs the worker takes first: what somebody waits for at a screen; everything; what comes in
heaps and would hold up the rest."""

BRIEFLY = timedelta(seconds=30)
"""Clocks of two machines differ by so much at most; what jumps, jumps farther."""
_LONGER = timedelta(seconds=5)
"""How much longer than the clocks differ a job is put off: it must not come too early again."""

_ATTEMPT = "attempt"

log = logging.getLogger("dienstweg.events")


@dataclass(frozen=True, slots=True)
class Order:
    """A job to be done: its name (``room.verb``) and its arguments, all of them ids or words.

    ``wish`` is the one that is fulfilled by it (`wish`), where it fell due.
    """

    job: str
    authority_id: UUID
    args: tuple[tuple[str, str], ...] = ()
    lock: str | None = None
    wish: str | None = None


def job(
    name: str,
    *,
    void: type[Exception] | tuple[type[Exception], ...] = (),
    priority: int = USUAL,
) -> Callable[[JobFunction], JobFunction]:
    """Offer the decorated function as the job ``name`` (``room.verb``).

    It is called with ``authority_id`` and its other arguments by name, ids as UUID where the
    name ends in ``_id``. ``void`` are refusals that leave nothing to do, now or ever (the case was
    erased): a job that meets one is over, any other failure has it repeated. ``priority`` says
    which of the waiting jobs is taken first (`SOON`, `USUAL`, `LATER`).
    """

    def offer(function: JobFunction) -> JobFunction:
        def run(context: JobContext | None = None, /, **args: str) -> None:
            fulfils = context.job.queueing_lock if context is not None else None
            _run(name, function, args, void=void, fulfils=fulfils)

        queue.task(name=name, queue=name.partition(".")[0], priority=priority, pass_context=True)(
            run
        )
        return function

    return offer


def defer(name: str, *, authority_id: UUID, lock: str | None = None, **args: object) -> None:
    """Ask for the job ``name`` in the current transaction."""
    plain = tuple((key, str(value)) for key, value in args.items())
    defer_all([Order(job=name, authority_id=authority_id, args=plain, lock=lock)])


def defer_all(orders: Sequence[Order]) -> None:
    """Ask for several jobs in the current transaction, in one statement, in their order."""
    jobs = [
        queue.configure_task(
            order.job,
            queue=order.job.partition(".")[0],
            lock=order.lock,
            queueing_lock=order.wish,
            allow_unknown=False,
        ).make_new_job(authority_id=str(order.authority_id), **dict(order.args))
        for order in orders
    ]
    if jobs:
        queue.job_manager.batch_defer_jobs(jobs=jobs)


def wish(row: Due) -> str:
    """Return what a job that ``row`` has become carries: one of a kind, and when it fell due.

    It stands in the queue's own column (two that wait never share it), not among the arguments:
    a worker of an older release calls its functions with every argument there is.
    """
    return f"{row.id} {row.due_at.isoformat()}"


def known_jobs() -> frozenset[str]:
    """Return the names of all jobs that rooms offer."""
    queue.perform_import_paths()  # type: ignore[no-untyped-call]  # untyped in the library
    return frozenset(queue.tasks)


def _run(
    name: str,
    function: JobFunction,
    args: dict[str, str],
    *,
    void: type[Exception] | tuple[type[Exception], ...] = (),
    fulfils: str | None = None,
) -> None:
    """Do a job in the scope of its authority; when it fails, have it done again later.

    The queue's own retries are not used: what falls due later is a row that the ticker takes.
    """
    attempt = int(args.pop(_ATTEMPT, "0"))
    authority_id = UUID(args.pop("authority_id"))
    try:
        with scope.enter(scope.of(authority_id)):
            if fulfils and _put_back(name, authority_id, _due_at(fulfils), args):
                return
            function(authority_id=authority_id, **_ids(args))
    except void as error:
        log.info("job_void job=%s reason=%s", name, type(error).__name__)
    except Exception as error:
        # The message of a foreign error may quote personal data: only its kind and place are kept.
        log.error(
            "job_failed job=%s attempt=%d error=%s %s",
            name,
            attempt,
            type(error).__name__,
            _place(error),
        )
        _again_later(name, authority_id, args, attempt)


def _due_at(fulfils: str) -> datetime:
    return datetime.fromisoformat(fulfils.partition(" ")[2])


def _put_back(name: str, authority_id: UUID, at: datetime, args: dict[str, str]) -> bool:
    """Put a job back that is not due yet, and tell so: the clock that took it ran ahead.

    Where that is `BRIEFLY`, the clocks of two machines differ: it is put off by as much, and done
    when it comes again, so that it does not go round. A wish that was written meanwhile stands.
    """
    early = at - clock.now()
    if early <= timedelta():
        return False
    row = Due(
        due_at=at,
        job=name,
        authority_id=authority_id,
        object_id=UUID(args["object_id"]),
        key=args["key"],
    )
    if early <= BRIEFLY:
        row.due_at, row.args = at + early + _LONGER, dict(args)
    Due.objects.bulk_create([row], ignore_conflicts=True)
    log.warning("job_too_early job=%s due_at=%s", name, at.isoformat())
    return True


def _again_later(name: str, authority_id: UUID, args: dict[str, str], attempt: int) -> None:
    """Have the failed job done again after the pause that fits its ``attempt``."""
    if connection.in_atomic_block is False:
        close_old_connections()
    Due.objects.create(
        due_at=clock.now() + timedelta(seconds=TRY_AGAIN[min(attempt, len(TRY_AGAIN) - 1)]),
        job=name,
        authority_id=authority_id,
        object_id=new_id(),
        args={**args, _ATTEMPT: str(attempt + 1)},
    )


def _place(error: BaseException) -> str:
    """Return file and line of our own code nearest to where ``error`` arose."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "dienstweg" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""


def _ids(args: dict[str, str]) -> dict[str, Any]:
    return {key: UUID(value) if key.endswith("_id") else value for key, value in args.items()}
