"""Keeps the rows of a case's legal periods in step with what the blueprint's rules say of them.

Used inside the transaction that holds the case. What falls due before and at their ends stands
in `events`; it is asked for anew whenever a period begins, stands still or runs again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from dienstweg.authorities import queries as authorities
from dienstweg.blueprint import deadlines, process
from dienstweg.blueprint.deadlines import Rule, Standing
from dienstweg.blueprint.release import Release
from dienstweg.cases.queries import CaseView
from dienstweg.events import actions as events
from dienstweg.events.facts import Fact
from dienstweg.processes.facts import DeadlineEnded, DeadlineResumed, DeadlineSuspended
from dienstweg.processes.models import Deadline

DEADLINE = "processes.after_deadline"
"""The job that looks at a period when a mark before its end, or the end itself, has come."""
_LATER = "excluded.due_at > processes_deadline.due_at"
_CHANGED = (
    "(case_id, name) DO UPDATE SET state = excluded.state, starts_at = excluded.starts_at,"
    " due_at = excluded.due_at, suspended_at = excluded.suspended_at,"
    " suspended_days = excluded.suspended_days, confirmed = excluded.confirmed,"
    " met_at = excluded.met_at,"
    f" reminded_at = CASE WHEN {_LATER} THEN NULL ELSE processes_deadline.reminded_at END,"
    f" escalated_at = CASE WHEN {_LATER} THEN NULL ELSE processes_deadline.escalated_at END,"
    f" escalated_to = CASE WHEN {_LATER} THEN '' ELSE processes_deadline.escalated_to END"
    " WHERE processes_deadline.authority_id = excluded.authority_id"
)
"""A period that ends later than before is told of anew when its time comes."""


@dataclass(slots=True)
class Periods:
    """The legal periods of one case, as they are and as they were read."""

    case: CaseView
    rules: Mapping[str, Rule]
    land: str
    standings: dict[str, Standing] = field(default_factory=dict)
    known: dict[str, Standing] = field(default_factory=dict)

    def facts(self) -> dict[str, dict[str, Any]]:
        """Return what expressions and timers see of them."""
        return deadlines.facts(self.standings.values())

    def pass_by(self, now: datetime) -> None:
        """Let those end whose time is over."""
        for name, rule in self.rules.items():
            self.standings[name] = deadlines.pass_by(rule, self.standings[name], now=now)

    def heed(self, event: process.Event, now: datetime) -> None:
        """Take note of what happens to the process, before it does."""
        self.pass_by(now)
        if isinstance(event, process.TaskCompleted):
            task = event.key.partition("#")[0].partition("@")[0]
            for name, rule in self.rules.items():
                self.standings[name] = deadlines.confirm(
                    rule, self.standings[name], task=task, outcome=event.outcome
                )

    def conclude(self, step: process.Step, release: Release, now: datetime) -> None:
        """Take note of what a step wants: a decision that is told keeps a period."""
        for name, rule in self.rules.items():
            if deadlines.is_met(rule, step, release):
                self.standings[name] = deadlines.meet(self.standings[name], now=now)


def load(case: CaseView, release: Release, rows: Sequence[Deadline] | None = None) -> Periods:
    """Return the periods of a case; one that has none yet is begun at its submission.

    ``rows`` are those of the case, where they have been read already.
    """
    rules = deadlines.rules(release)
    periods = Periods(case, rules, authorities.land(case.authority_id))
    if not rules:
        return periods
    if rows is None:
        rows = Deadline.objects.by_hand("case_id = %s", case.id)
    periods.known = {row.name: standing_of(row) for row in rows}
    periods.standings = {
        name: periods.known.get(name)
        or deadlines.begin(rule, submitted_at=case.submitted_at, land=periods.land)
        for name, rule in rules.items()
    }
    return periods


def save(periods: Periods, *, now: datetime) -> None:
    """Write down what has changed, tell of it, and have the marks before the ends looked at."""
    changed = [
        (periods.known.get(name), standing)
        for name, standing in periods.standings.items()
        if standing != periods.known.get(name)
    ]
    if not changed:
        return
    case = periods.case
    Deadline.objects.add_by_hand([_row(case, standing) for _, standing in changed], _CHANGED)
    _look_at_marks(periods, [new for old, new in changed if old is None or _moved(old, new)], now)
    facts: list[Fact] = [fact for old, new in changed for fact in _told(case, old, new)]
    if facts:
        events.record_all(facts)
    periods.known = dict(periods.standings)


def drop(case: CaseView, release: Release) -> None:
    """Forget the periods of a case that still ran: nobody waits for a decision here any more."""
    rows = Deadline.objects.filter(case_id=case.id, state__in=deadlines.AT_WORK)
    rules = deadlines.rules(release)
    for row in rows:
        if row.name in rules:
            _unschedule(case.id, rules[row.name], row.name)
    rows.delete()


def at_work(case_id: UUID) -> list[str]:
    """Return the names of a case's periods that have not ended."""
    rows = Deadline.objects.filter(case_id=case_id, state__in=deadlines.AT_WORK)
    return list(rows.values_list("name", flat=True))


def forget(case_id: UUID, release: Release, *, besides: Release) -> None:
    """Forget the periods that a release has and another one has not."""
    known = deadlines.rules(besides)
    for name, rule in deadlines.rules(release).items():
        if name not in known:
            _unschedule(case_id, rule, name)
            Deadline.objects.filter(case_id=case_id, name=name).delete()


def standing_of(row: Deadline) -> Standing:
    """Return a row as the pure rules see it."""
    return Standing(
        name=row.name,
        state=cast("deadlines.State", row.state),
        starts_at=row.starts_at,
        due_at=row.due_at,
        suspended_at=row.suspended_at,
        suspended_days=row.suspended_days,
        confirmed=row.confirmed,
        met_at=row.met_at,
    )


def _moved(old: Standing, new: Standing) -> bool:
    return (new.state, new.due_at) != (old.state, old.due_at)


def _row(case: CaseView, standing: Standing) -> Deadline:
    return Deadline(
        authority_id=case.authority_id,
        case_id=case.id,
        name=standing.name,
        state=standing.state,
        starts_at=standing.starts_at,
        due_at=standing.due_at,
        suspended_at=standing.suspended_at,
        suspended_days=standing.suspended_days,
        confirmed=standing.confirmed,
        met_at=standing.met_at,
    )


def _look_at_marks(periods: Periods, standings: Iterable[Standing], now: datetime) -> None:
    """Have periods that run looked at before and at their ends, and others no more."""
    case, looks = periods.case, dict[str, datetime]()
    for standing in standings:
        rule, name = periods.rules[standing.name], standing.name
        if standing.state != "running":
            _unschedule(case.id, rule, name)
            continue
        looks |= {f"{name}:{mark}": at for mark, at in deadlines.marks(rule, standing)}
        looks[name] = standing.due_at
    if looks:
        events.due_each(
            {key: max(at, now) for key, at in looks.items()},
            job=DEADLINE,
            authority_id=case.authority_id,
            object_id=case.id,
        )


def _unschedule(case_id: UUID, rule: Rule, name: str) -> None:
    marks = [f"remind:{each}" for each in rule.remind]
    marks += [f"escalate:{rule.escalate[0]}"] if rule.escalate else []
    keys = (name, *(f"{name}:{mark}" for mark in marks))
    events.no_longer_due(job=DEADLINE, object_id=case_id, keys=keys)


def _told(case: CaseView, before: Standing | None, standing: Standing) -> Iterator[Fact]:
    """Yield what there is to tell of a change; that a period begins goes without saying."""
    state = before.state if before is not None else "running"
    if standing.state == state:
        return
    about: dict[str, Any] = {
        "authority_id": case.authority_id,
        "case_id": case.id,
        "deadline": standing.name,
    }
    if standing.state == "suspended":
        yield DeadlineSuspended(**about)
    elif standing.state == "running":
        yield DeadlineResumed(**about, last_day=standing.last_day.isoformat())
    else:
        yield DeadlineEnded(**about, state=standing.state)
