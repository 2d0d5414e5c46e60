"""Legal periods as caseworkers read them: the last day, how they stand, how much time is left."""

from dataclasses import dataclass
from datetime import date

from dienstweg.blueprint import deadlines
from dienstweg.blueprint.release import Release
from dienstweg.design.words import say
from dienstweg.kernel import clock
from dienstweg.processes.queries import SOON, DeadlineView

LOOKS = {
    "running": "info",
    "soon": "warning",
    "suspended": "info",
    "met": "success",
    "missed": "danger",
    "late": "warning",
    "deemed": "warning",
}
"""How a period stands -> the look of its badge."""


@dataclass(frozen=True, slots=True)
class Period:
    """One legal period in words; ``kind`` is the look of its badge."""

    title: str
    law: str
    state: str
    kind: str
    last_day: str
    left: str
    remark: str


def in_words(view: DeadlineView, release: Release, lang: str) -> Period:
    """Return a period as the desk shows it."""
    word = _word(view)
    rule = deadlines.rules(release).get(view.name)
    running = view.state == "running" or view.overdue
    return Period(
        title=release.text(lang, f"deadlines.{view.name}.title", view.name),
        law=rule.law if rule is not None else "",
        state=say(lang, f"desk.deadlines.state.{word}"),
        kind=LOOKS[word],
        last_day=f"{view.last_day:%d.%m.%Y}",
        left=days_left(view.last_day, clock.today(), lang) if running else "",
        remark=_remark(view, lang),
    )


def _word(view: DeadlineView) -> str:
    if view.state == "running" and view.due_at < clock.now() + SOON:
        return "soon"
    if view.state == "missed" and view.met_at is not None:
        return "late"
    return view.state


def days_left(last_day: date, today: date, lang: str) -> str:
    """Return how many days there are until a day, or have been since."""
    days = (last_day - today).days
    if days == 0:
        return say(lang, "desk.deadlines.today")
    word = "left" if days > 0 else "over"
    if abs(days) == 1:
        return say(lang, f"desk.deadlines.{word}_one")
    return say(lang, f"desk.deadlines.{word}", number=abs(days))


def _remark(view: DeadlineView, lang: str) -> str:
    if view.suspended_at is not None:
        since = clock.local(view.suspended_at)
        return say(lang, "desk.deadlines.stands_still", since=f"{since:%d.%m.%Y}")
    if view.suspended_days == 1:
        return say(lang, "desk.deadlines.stood_still_one")
    if view.suspended_days:
        return say(lang, "desk.deadlines.stood_still", number=view.suspended_days)
    return ""
