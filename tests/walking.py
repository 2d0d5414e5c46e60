"""Walks through any assistant: its acceptance cases say what to answer, page by page.

Nothing of a blueprint is written down here, so that a new one is walked without a line of test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from applications import attach
from street_party import choose, with_map

if TYPE_CHECKING:
    from browsing import Person
    from dienstweg.blueprint.release import Release

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted(path for path in (ROOT / "leistungen").iterdir() if path.is_dir())
MOST_PAGES = 120
NEAR = timedelta(days=800)
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

TOWNS = ("muehlbrueck", "sankt-wendelin", "oberlohe", "kranichsee")

Answer = Callable[["Person", str, str], None]


@dataclass(frozen=True)
class Walk:
    """What somebody answers: page id -> field id -> value; of a group a list of such answers."""

    release: Release
    answers: Mapping[str, Any]


def walk_of(folder: Path, beginning: str = "") -> Walk:
    """Return the first acceptance case of a blueprint that leads to an application today.

    Only those whose file name has this ``beginning``.
    """
    from dienstweg.blueprint import playing
    from dienstweg.blueprint import release as releases
    from dienstweg.kernel import clock

    files = {
        str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }
    release = releases.compile(files)
    for path in sorted((folder / "cases").glob(f"{beginning}*.yaml")):
        case = YAML(typ="safe").load(path)
        then = date.fromisoformat(str(case.get("today") or clock.today()))
        answers = _moved(case.get("answers") or {}, then, clock.today() - then)
        played = playing.play(release, answers, today=clock.today())
        if played.application is not None and not played.problems and not played.deviations:
            return Walk(release, answers)
    raise AssertionError(f"no acceptance case of {folder.name} leads to an application today")


def _moved(value: Any, then: date, by: timedelta) -> Any:
    """Move the days near the case's own day on to ours; birthdays stay where they are."""
    if isinstance(value, dict):
        return {key: _moved(one, then, by) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, then, by) for one in value]
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    day = date(int(found[3]), int(found[2]), int(found[1]))
    if abs(day - then) > NEAR:
        return value
    moved = day + by
    return f"{moved.day}.{moved.month}.{moved.year}"


def offered(seat: Callable[..., Person], slug: str, **options: object) -> Person:
    """Seat somebody where the service is offered, at its start page, with a map if one comes."""
    for town in TOWNS:
        someone = with_map(seat(town, **options))
        someone.go(f"/leistungen/{slug}")
        if someone.page.locator('form[action$="/beginnen"]').count():
            return someone
    raise AssertionError(f"nobody in the demo offers {slug}")


def typed(someone: Person, name: str, text: str) -> None:
    """Give one answer by its HTML name; a list that became something to type into by its label."""
    listed = someone.page.locator(f'main [data-listed] [hidden] select[name="{name}"]')
    if listed.count():
        label = listed.locator(f'option[value="{text}"]').text_content() or ""
        choose(someone, name, label.strip(), text)
    else:
        someone.fill_in({name: text})


def through(
    someone: Person,
    walk: Walk,
    *,
    answer: Answer,
    press: Callable[[str], None],
    at_page: Callable[[str], None] = lambda _page: None,
) -> list[str]:
    """Answer every page up to the question of contact; return the pages in their order.

    ``answer`` gives one answer by its HTML name, ``press`` uses the button that a selector names.
    """
    seen: list[str] = []
    for _ in range(MOST_PAGES):
        place = someone.path.split("/")[3:]
        if place[0] == "kontakt":
            return seen
        seen.append("/".join(place))
        page, entry = walk.release.assistant.page[place[0]], tuple(int(one) for one in place[1:])
        if len(entry) < page.depth:
            wanted = _given(walk, page.id, entry)
            at_page(seen[-1])
            there = someone.page.locator(".dw-item").count()
            press("button[name=hinzufuegen]" if there < len(wanted) else "button[value=weiter]")
            continue
        for name, text in _posted(page, _given(walk, page.id, entry)):
            if someone.field(name).count():
                answer(someone, name, text)
        attach(someone)
        at_page(seen[-1])
        press("button[value=weiter]")
    raise AssertionError(f"the assistant does not come to its end: {seen[-10:]}")


def _given(walk: Walk, page: str, entry: tuple[int, ...]) -> Any:
    """Return the answers of a page, of an entry, or the list of entries."""
    outer = walk.release.assistant.page[page].outer
    if outer is None:
        found = walk.answers.get(page, [] if walk.release.assistant.page[page].repeat else {})
        for number in entry:
            found = found[number]
        return found
    around = walk.answers[outer][entry[0]].get(page, [])
    return around[entry[1]] if len(entry) > 1 else around


def _posted(page: Any, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what stands in the inputs with their HTML names; composed answers by their parts.

    Of boxes each that is ticked stands by itself.
    """
    posted: list[tuple[str, str]] = []
    for field in page.fields:
        value = given.get(field.id)
        if value is None or field.widget == "file":
            continue
        for name, texts in field.kind.sent(field, value).items():
            several = texts if field.widget == "checkboxes" else texts[:1]
            posted += [(name, text) for text in several]
    return posted
