"""Finds what was lost on the way: processes that never began, timers and periods nobody ended."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from dienstweg.blueprint import process
from dienstweg.cases import queries as cases
from dienstweg.events import actions as events
from dienstweg.kernel import clock
from dienstweg.processes import places
from dienstweg.processes.actions import deadlines, reminding, stepping
from dienstweg.processes.models import Conduct, Deadline, Halt

SWEPT_EVERY = timedelta(minutes=15)
LOST_AFTER = timedelta(minutes=5)
"""What should have been done this long ago has been lost sight of."""
SWEPT_AT_ONCE = 500

log = logging.getLogger("dienstweg.processes")


def sweep(*, authority_id: UUID) -> int:
    """Drive on what the scope's processes have lost; return how many cases those were.

    There are none, unless a job has been lost. What waits for a person (a `Halt`) is left alone.
    Has the staff reminded, too. Looks again after `SWEPT_EVERY`.
    """
    lost_before = clock.now() - LOST_AFTER
    found = _each(_never_begun(lost_before), _begin)
    found += _each(_timers(lost_before), _ring)
    found += _each(_periods(lost_before), _end)
    reminding.begin_reminding(authority_id=authority_id)
    events.look_again(job="processes.sweep", authority_id=authority_id, after=SWEPT_EVERY)
    return found


def _each(case_ids: Iterable[UUID], drive: Callable[[UUID], None]) -> int:
    """Drive each case on; one that fails must not keep the others from being found."""
    found = 0
    for case_id in case_ids:
        found += 1
        try:
            drive(case_id)
        except Exception as error:
            log.error("process_not_driven case=%s error=%s", case_id, type(error).__name__)
    return found


def _never_begun(before: datetime) -> Iterable[UUID]:
    ids = cases.unfinished(submitted_before=before)
    while ids:
        begun = set(Conduct.objects.filter(id__in=ids).values_list("id", flat=True))
        begun |= set(Halt.objects.filter(case_id__in=ids).values_list("case_id", flat=True))
        yield from (one for one in ids if one not in begun)
        ids = cases.unfinished(submitted_before=before, after=ids[-1])


def _begin(case_id: UUID) -> None:
    stepping.go_on(case_id=case_id, event=process.Submitted())


def _timers(before: datetime) -> list[UUID]:
    late = Conduct.objects.filter(finished=False, stuck_at__isnull=True, next_at__lt=before)
    return list(late.order_by("next_at").values_list("id", flat=True)[:SWEPT_AT_ONCE])


def _ring(case_id: UUID) -> None:
    """Let a process take the timers whose time is over."""
    conduct, now = Conduct.objects.get(id=case_id), clock.now()
    timers = places.unsealed_state(cases.key(case_id), conduct).get("timers", {})
    for key, at in timers.items():
        if datetime.fromisoformat(at) <= now:
            stepping.go_on(case_id=case_id, event=process.TimerDue(key))


def _periods(before: datetime) -> list[UUID]:
    late = Deadline.objects.filter(state="running", due_at__lt=before)
    ids = late.order_by("due_at").values_list("case_id", flat=True)[:SWEPT_AT_ONCE]
    return list(dict.fromkeys(ids))


def _end(case_id: UUID) -> None:
    names = Deadline.objects.filter(case_id=case_id, state="running").values_list("name", flat=True)
    for name in list(names):
        deadlines.pass_deadline(case_id=case_id, key=name)
