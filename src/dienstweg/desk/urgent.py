"""What is late, what will be soon and what was escalated: periods, parties and tasks together."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.urls import reverse

from dienstweg.authorities import queries as authorities
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.design.words import say
from dienstweg.desk import filters as filtering
from dienstweg.desk import tasknames
from dienstweg.desk.door import Desk
from dienstweg.desk.periods import days_left, in_words
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.processes import queries as processes
from dienstweg.processes.queries import SOON

Kind = Literal["", "ueberfaellig", "bald", "gemeldet"]
KINDS: tuple[Kind, ...] = ("ueberfaellig", "bald", "gemeldet")
_FAR = timedelta(days=3650)
"""What was escalated is shown, whenever it ends."""

_DUE: Mapping[Kind, cases.Due] = {"": "due", "ueberfaellig": "over", "bald": "soon"}
"""Name of a list -> which tasks stand in it."""
_COUNTED: Mapping[str, Kind] = {"over": "ueberfaellig", "soon": "bald"}

Mark = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is due: ``what`` it is, until when, and how it stands."""

    id: UUID
    due_at: datetime
    case_id: UUID
    number: str
    service: str
    what: str
    last_day: str
    left: str
    authority: str
    state: str
    look: str
    told: bool = False

    @property
    def mark(self) -> Mark:
        """Return where a page ends that ends with this row."""
        return self.due_at, self.id


@dataclass(frozen=True, slots=True)
class Window:
    """Which moments a list shows."""

    before: datetime
    since: datetime | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of one of the lists: behind ``after``, at most ``limit`` rows."""

    kind: Kind
    window: Window
    after: Mark | None
    limit: int


def window_of(kind: Kind) -> Window:
    """Return the moments of one of the lists; without a name those of over and soon."""
    now = clock.now()
    match kind:
        case "ueberfaellig":
            return Window(now)
        case "bald":
            return Window(now + SOON, now)
        case "gemeldet":
            return Window(now + _FAR, told=True)
    return Window(now + SOON)


def rows(desk: Desk, kind: Kind, lang: str, *, after: Mark | None, limit: int) -> list[Row]:
    """Return what is due at this person's authorities, what is due first before the others.

    Tasks are those of this person and their team; what was escalated are periods alone.
    """
    asked = Asked(kind, window_of(kind), after, limit)
    found: list[Iterable[Row]] = [_periods(desk, asked, lang)]
    if not asked.window.told:
        found += [_parties(desk, asked, lang), _tasks(desk, asked, lang)]
    return list(heapq.merge(*found, key=lambda row: row.mark))[:limit]


def lists(
    desk: Desk, lang: str, *, here: str = "", found: Mapping[str, int] | None = None
) -> list[dict[str, object]]:
    """Return the lists to choose from, each with its name, its address and its count.

    ``found`` is what `cases.counts` says of `counted`, where it is known already: on the work list.
    What is empty is left out, but of its own page.
    """
    numbers = _numbers(found or cases.counts(tasks_counted(desk), beside=counted(desk)))
    return [
        {
            "name": say(lang, f"desk.urgent.{kind}"),
            "href": f"{reverse('desk:deadlines')}?stand={kind}",
            "count": numbers[kind],
            "here": kind == here,
        }
        for kind in KINDS
        if numbers[kind] != "0" or kind == here
    ]


def tasks_counted(desk: Desk) -> dict[str, cases.Wanted]:
    """Return the lists of tasks that are counted for what is over and soon."""
    wanted = filtering.wanted(filtering.Filters(), desk)
    return {"over:tasks": replace(wanted, due="over"), "soon:tasks": replace(wanted, due="soon")}


def counted(desk: Desk) -> dict[str, cases.Counted]:
    """Return periods and what parties owe, to be counted with tasks."""
    periods = processes.urgent_counted(desk.roles, desk.workplaces)
    found = {
        "over:periods": periods.over,
        "soon:periods": periods.soon,
        "told:periods": periods.told,
    }
    for name, kind in _COUNTED.items():
        window = window_of(kind)
        owed = cases.awaited_counted(
            before=window.before, since=window.since, places=desk.workplaces
        )
        found.update({f"{name}:{number}": one for number, one in enumerate(owed)})
    return found


def _numbers(found: Mapping[str, int]) -> Mapping[Kind, str]:
    """Return how much stands in each of the lists, as people read it: more than 100 is "100+"."""

    def beside(name: str) -> int:
        return sum(number for key, number in found.items() if key.startswith(f"{name}:"))

    return {
        "ueberfaellig": _number(beside("over")),
        "bald": _number(beside("soon")),
        "gemeldet": _number(beside("told")),
    }


def _number(found: int) -> str:
    return f"{cases.COUNTED}+" if found >= cases.COUNTED else str(found)


def _periods(desk: Desk, asked: Asked, lang: str) -> list[Row]:
    window = asked.window
    views = processes.falling_due(
        before=window.before,
        since=window.since,
        after=asked.after,
        places=desk.workplaces,
        told=desk.roles if window.told else None,
        suspended=asked.kind in {"", "gemeldet"},
        limit=asked.limit,
    )
    return [_period_row(view, desk, lang) for view in views]


def _period_row(view: processes.DeadlineView, desk: Desk, lang: str) -> Row:
    release = offers.release(view.digest)
    period = in_words(view, release, lang)
    return Row(
        id=view.id,
        due_at=view.due_at,
        case_id=view.case_id,
        number=view.number,
        service=release.text(lang, "service.title", ""),
        what=period.title,
        last_day=period.last_day,
        left=period.left,
        authority=authorities.card(view.authority_id).short_name,
        state=period.state,
        look=period.kind,
        told=desk.may(view.authority_id, view.escalated_to),
    )


def _parties(desk: Desk, asked: Asked, lang: str) -> list[Row]:
    found = cases.awaited(
        before=asked.window.before,
        since=asked.window.since,
        after=asked.after,
        places=desk.workplaces,
        limit=asked.limit,
    )
    return [_party_row(one, lang) for one in found]


def _party_row(one: cases.Awaited, lang: str) -> Row:
    release = offers.release(one.digest)
    role = release.text(lang, f"parties.{one.role}.title", one.role)
    what = say(lang, f"desk.urgent.{one.what}", role=role)
    return _row(one, one.due_at, release, what, lang)


def _tasks(desk: Desk, asked: Asked, lang: str) -> list[Row]:
    due = _DUE[asked.kind]
    wanted = replace(filtering.wanted(filtering.Filters(), desk), due=due, by_due=True)
    mark = cases.Mark(asked.after[1], asked.after[0]) if asked.after else None
    cards = cases.work_list(wanted, after=mark, limit=asked.limit)
    about = cases.items(cards)
    rows = []
    for card in cards:
        release = offers.release(card.digest)
        what = tasknames.title(release, lang, card.task, about.get(card.id))
        rows += [_row(card, card.due_at, release, what, lang)] if card.due_at else []
    return rows


def _row(
    one: cases.Awaited | cases.TaskCard, due_at: datetime, release: Release, what: str, lang: str
) -> Row:
    """Return what has a day but is no legal period: it is over, or will be soon."""
    now, last_day = clock.now(), clock.local(due_at).date()
    word = "over" if due_at < now else "soon"
    return Row(
        id=one.id,
        due_at=due_at,
        case_id=one.case_id,
        number=one.number,
        service=release.text(lang, "service.title", ""),
        what=what,
        last_day=f"{last_day:%d.%m.%Y}",
        left=days_left(last_day, clock.today(), lang),
        authority=authorities.card(one.authority_id).short_name,
        state=say(lang, f"desk.urgent.state.{word}"),
        look="danger" if word == "over" else "warning",
    )
