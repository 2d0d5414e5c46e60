"""Legal periods of a case: when they begin, stand still, and end. Pure; the time is an argument.

Sections 31 and 42a VwVfG, which lead to sections 187 to 193 BGB: the day of the event is not
counted; a period of weeks or months ends with the day of the same name or number; one that would
end on a Saturday, a Sunday or a public holiday of the state ends on the next working day. A period
stands still while documents are missing: the days between are put behind its end.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

from dienstweg.blueprint import intents
from dienstweg.blueprint.timers import LOCAL
from dienstweg.blueprint.workdays import (
    next_working_day,
    working_days_between,
    working_days_later,
)

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

State = Literal["running", "suspended", "met", "missed", "deemed"]
PERIOD = re.compile(r"P(?=\d)(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,3})D)?")
MORNING = time(6)
"""When reminders come, so that they are there when the office begins to work."""
AT_WORK = frozenset({"running", "suspended"})


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in calendar units."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `deadlines` in blueprint.yaml.

    `complete_when` is a task and its outcome: from then on the documents count as complete and
    the period is never begun anew. `met_by` are messages whose sending keeps the period.
    """

    name: str
    starts: Literal["submitted", "complete"]
    period: Period
    working: bool
    law: str
    remind: tuple[str, ...]
    escalate: tuple[str, str] | None
    on_end: Literal["nothing", "deemed"]
    suspended_by: frozenset[str]
    complete_when: tuple[str, str] | None
    met_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one period of one case stands; `due_at` is the moment after its last day (UTC)."""

    name: str
    state: State
    starts_at: datetime
    due_at: datetime
    suspended_at: datetime | None = None
    suspended_days: int = 0
    confirmed: bool = False
    met_at: datetime | None = None

    @property
    def last_day(self) -> date:
        """Give the last day of the period, in Germany."""
        return (self.due_at - timedelta(seconds=1)).astimezone(LOCAL).date()

    @property
    def deemed_on(self) -> date | None:
        """Give the day from which what was applied for counts as granted, the one after the last.

        "nach Ablauf einer für die Entscheidung festgelegten Frist" (section 42a (1) VwVfG).
        """
        return self.due_at.astimezone(LOCAL).date() if self.state == "deemed" else None


def period(text: str) -> Period:
    """Read an ISO 8601 period of years, months, weeks and days; raises `ValueError`."""
    found = PERIOD.fullmatch(text)
    if found is None:
        raise ValueError(text)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return Period(years * 12 + months, weeks * 7 + days)


def rules(release: "Release") -> Mapping[str, Rule]:
    """Give the periods of a blueprint by name."""
    manifest: Mapping[str, Any] = getattr(release, "manifest", {})
    return {name: _rule(name, words) for name, words in manifest.get("deadlines", {}).items()}


def _rule(name: str, words: Mapping[str, Any]) -> Rule:
    escalate, complete = words.get("escalate"), words.get("complete_when")
    return Rule(
        name=name,
        starts=words.get("starts", "submitted"),
        period=period(words["period"]),
        working=words.get("days", "calendar") == "working",
        law=words.get("law", ""),
        remind=tuple(words.get("remind", ())),
        escalate=(escalate["before"], escalate["role"]) if escalate else None,
        on_end=words.get("on_end", "nothing"),
        suspended_by=frozenset(words.get("suspended_by", ())),
        complete_when=(complete["task"], complete["outcome"]) if complete else None,
        met_by=frozenset(words.get("met_by", ())),
    )


def due(rule: Rule, *, starts_at: datetime, suspended_days: int = 0, land: str = "") -> datetime:
    """Give the moment (UTC) at which a period is over: the midnight after its last day."""
    day = starts_at.astimezone(LOCAL).date()
    if rule.working:
        last = working_days_later(day, rule.period.days + suspended_days, land=land)
    else:
        last = _months_later(day, rule.period.months)
        last += timedelta(days=rule.period.days + suspended_days)
        last = next_working_day(last, land=land)
    return _midnight(last + timedelta(days=1))


def begin(rule: Rule, *, submitted_at: datetime, land: str = "") -> Standing:
    """Let a period begin with the submission."""
    at = due(rule, starts_at=submitted_at, land=land)
    return Standing(rule.name, "running", submitted_at, at)


def suspend(standing: Standing, *, now: datetime) -> Standing:
    """Let a period stand still; nothing changes where it does not run any more."""
    if standing.state != "running" or now >= standing.due_at:
        return standing
    return replace(standing, state="suspended", suspended_at=now)


def resume(rule: Rule, standing: Standing, *, now: datetime, land: str = "") -> Standing:
    """Let a period run again, with the days in between put behind its end.

    One that begins with complete documents, and was not yet found to have them, begins anew.
    """
    if standing.state != "suspended" or standing.suspended_at is None:
        return standing
    if rule.starts == "complete" and not standing.confirmed:
        starts_at, days = max(now, standing.starts_at), 0
    else:
        starts_at = standing.starts_at
        days = standing.suspended_days + _days(rule, standing.suspended_at, now, land)
    return replace(
        standing,
        state="running",
        starts_at=starts_at,
        suspended_at=None,
        suspended_days=days,
        due_at=due(rule, starts_at=starts_at, suspended_days=days, land=land),
    )


def confirm(rule: Rule, standing: Standing, *, task: str, outcome: str) -> Standing:
    """Take note of a caseworker's outcome that says that nothing is missing."""
    if rule.complete_when != (task, outcome):
        return standing
    return replace(standing, confirmed=True)


def meet(standing: Standing, *, now: datetime) -> Standing:
    """Note that the authority has done what the period is for; late, where it was missed."""
    if standing.met_at is not None or standing.state == "deemed":
        return standing
    state: State = "missed" if standing.state == "missed" else "met"
    return replace(standing, state=state, met_at=now, suspended_at=None)


def pass_by(rule: Rule, standing: Standing, *, now: datetime) -> Standing:
    """Let a period that runs end when its time is over: missed, or what was asked for is granted.

    The latter is section 42a (1) VwVfG, where the blueprint says that a law orders it.
    """
    if standing.state != "running" or now < standing.due_at:
        return standing
    return replace(standing, state="deemed" if rule.on_end == "deemed" else "missed")


def is_met(rule: Rule, step: intents.Step, release: "Release") -> bool:
    """Tell whether a step does what a period is for: it tells the decision, or closes the case.

    The messages are those of `met_by`; without them any that brings a document of the kind
    decision.
    """
    for intent in step.intents:
        if isinstance(intent, intents.Close):
            return True
        if isinstance(intent, intents.Tell) and not intent.party:
            if intent.message in rule.met_by:
                return True
            if not rule.met_by and _decides(intent, step, release):
                return True
    return False


def _decides(tell: intents.Tell, step: intents.Step, release: "Release") -> bool:
    """Tell whether a message brings a document that decides."""
    kinds = release.manifest.get("documents", {})
    contexts = [step.state, *step.state.get("contexts", {}).values()]
    written = [each.get("values", {}).get("written", {}) for each in contexts]
    names = {key: name for each in written for name, key in each.items()}
    return any(kinds.get(names.get(key), {}).get("kind") == "decision" for key in tell.documents)


def marks(rule: Rule, standing: Standing) -> Iterator[tuple[str, datetime]]:
    """Yield what comes before the end and when: "remind:P14D", "escalate:P3D"."""
    words = [("remind", each) for each in rule.remind]
    if rule.escalate:
        words.append(("escalate", rule.escalate[0]))
    for word, text in words:
        before = period(text)
        day = _months_later(standing.last_day, -before.months) - timedelta(days=before.days)
        at = datetime.combine(day, MORNING, LOCAL)
        if at > standing.starts_at:
            yield f"{word}:{text}", at


def facts(standings: Iterable[Standing]) -> dict[str, dict[str, Any]]:
    """Give what expressions and timers of a process see: `deadlines.<name>.due`, `.state` ...

    `due` and `starts` are moments, `last_day` and `deemed_on` days; the latter is None where
    nothing counts as granted.
    """
    return {
        each.name: {
            "due": each.due_at.isoformat(),
            "state": each.state,
            "starts": each.starts_at.isoformat(),
            "last_day": each.last_day.isoformat(),
            "deemed_on": each.deemed_on.isoformat() if each.deemed_on else None,
        }
        for each in standings
    }


def printed(
    release: "Release", known: Mapping[str, Mapping[str, Any]], *, lang: str = "de"
) -> dict[str, dict[str, Any]]:
    """Give what a document's template sees of every legal period that the blueprint declares.

    `known` are the `facts`, empty for what is written before a process knows them: a period is
    then there all the same, with nothing in it. Days are ISO dates in Germany, or None.
    """
    return {
        name: {
            "title": release.text(lang, f"deadlines.{name}.title", default=name),
            "law": rule.law,
            "state": "",
            "last_day": None,
            "deemed_on": None,
            **known.get(name, {}),
            "starts": _day_of(known.get(name, {}).get("starts")),
        }
        for name, rule in rules(release).items()
    }


def _day_of(moment: object) -> str | None:
    if not isinstance(moment, str):
        return None
    return datetime.fromisoformat(moment).astimezone(LOCAL).date().isoformat()


def _days(rule: Rule, since: datetime, until: datetime, land: str) -> int:
    """Count the days that were begun while a period stood still."""
    first, last = since.astimezone(LOCAL).date(), until.astimezone(LOCAL).date()
    if rule.working:
        return working_days_between(first, last, land=land)
    return max((last - first).days, 0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


def _months_later(day: date, months: int) -> date:
    """Give the day of the same number, or the month's last one (section 188 (2), (3) BGB)."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
