"""Legal periods stand still, run again, come near their ends, and end."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dienstweg.blueprint import deadlines, process
from dienstweg.blueprint.deadlines import Rule, Standing
from dienstweg.cases import actions as cases
from dienstweg.events import actions as events
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.processes import periods
from dienstweg.processes.actions import stepping
from dienstweg.processes.facts import DeadlineEscalated, DeadlineNear
from dienstweg.processes.models import Conduct, Deadline
from dienstweg.processes.periods import DEADLINE, Periods

OPEN = "open"
"""The state of a case that has not ended."""


def suspend(*, case_id: UUID, name: str = "", because: str = "correction") -> None:
    """Let a legal period of a case stand still; without a name all that ``because`` stops.

    The timers of the process that end with it wait. A case that has ended has none. Safe to do
    twice. Raises `dienstweg.cases.errors.NoSuchCase`, `dienstweg.cases.errors.Erased`.
    """
    _change(case_id, name, because, stop=True)


def resume(*, case_id: UUID, name: str = "", because: str = "correction") -> None:
    """Let a period run again, with the days in between put behind its end; see `suspend`."""
    _change(case_id, name, because, stop=False)


def _change(case_id: UUID, name: str, because: str, *, stop: bool) -> None:
    with transaction.atomic():
        held = cases.hold(case_id=case_id)
        if held.case.state != OPEN:
            return
        kept = periods.load(held.case, offers.release(held.case.digest))
        now = clock.now()
        changed = []
        for each, rule in kept.rules.items():
            if (name and each != name) or (not name and because not in rule.suspended_by):
                continue
            before = kept.standings[each]
            kept.standings[each] = _changed(rule, before, now, kept.land, stop=stop)
            if kept.standings[each] != before:
                changed.append(each)
        periods.save(kept, now=now)
        conduct = Conduct.objects.filter(id=case_id, finished=False).first()
        for each in changed if conduct is not None else ():
            event = process.Suspended(each) if stop else process.Resumed(each)
            stepping.take(held, conduct, event)
            conduct = Conduct.objects.get(id=case_id)


def _changed(rule: Rule, standing: Standing, now: datetime, land: str, *, stop: bool) -> Standing:
    if stop:
        return deadlines.suspend(standing, now=now)
    return deadlines.resume(rule, standing, now=now, land=land)


def pass_deadline(*, case_id: UUID, key: str) -> None:
    """Look at a period whose mark or end has come: ``key`` is "name" or "name:remind:P14D".

    Come too early, since a clock has jumped, it is asked for again; what was told is not told
    again. Of a case that has ended nothing is due any more. Safe to do twice. Raises
    `dienstweg.cases.errors.NoSuchCase`, `dienstweg.cases.errors.Erased`.
    """
    name, _, mark = key.partition(":")
    with transaction.atomic():
        held = cases.hold(case_id=case_id)
        if held.case.state != OPEN:
            return
        kept = periods.load(held.case, offers.release(held.case.digest))
        standing, now = kept.standings.get(name), clock.now()
        if standing is None or standing.state != "running":
            return
        at = dict(deadlines.marks(kept.rules[name], standing)).get(mark) if mark else None
        at = at or standing.due_at
        if now < at:
            _again(kept, key, at)
        elif mark and now < standing.due_at:
            _near(kept, standing, mark, at=at, now=now)
        else:
            kept.pass_by(now)
            periods.save(kept, now=now)


def _again(kept: Periods, key: str, at: datetime) -> None:
    case = kept.case
    events.due(at=at, job=DEADLINE, authority_id=case.authority_id, object_id=case.id, key=key)


def _near(kept: Periods, standing: Standing, mark: str, *, at: datetime, now: datetime) -> None:
    """Tell that the end of a period is near, or that somebody else should know; each once.

    What stood still and runs on with the same end has its marks looked at again.
    """
    case, rule = kept.case, kept.rules[standing.name]
    row = Deadline.objects.filter(case_id=case.id, name=standing.name)
    if mark.startswith("escalate:") and rule.escalate is not None:
        role = rule.escalate[1]
        if row.exclude(escalated_to=role).update(escalated_to=role, escalated_at=now):
            events.record(
                DeadlineEscalated(
                    authority_id=case.authority_id,
                    case_id=case.id,
                    deadline=standing.name,
                    role=role,
                )
            )
        return
    if not row.exclude(reminded_at__gte=at).update(reminded_at=now):
        return
    events.record(
        DeadlineNear(
            authority_id=case.authority_id,
            case_id=case.id,
            deadline=standing.name,
            last_day=standing.last_day.isoformat(),
        )
    )
