"""Walks through any assistant: its acceptance cases say what to answer, page by page.

Nothing of a blueprint is written down here, so that a new one is walked without a line of test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from applications import attach
from street_party import choose, with_map

if TYPE_CHECKING:
    from browsing import Person
    from dienstweg.blueprint.release import Release

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted(path for path in (ROOT / "leistungen").iterdir() if path.is_dir())
MOST_PAGES = 120
MOST_TURNS = 3
"""How often a page may come again: without scripts answers bring up questions one by one."""
OUT = ("kontakt", "ende")
NEAR = timedelta(days=800)
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

TOWNS = ("muehlbrueck", "sankt-wendelin", "oberlohe", "kranichsee")

Answer = Callable[["Person", str, str], None]


@dataclass(frozen=True)
class Walk:
    """What somebody answers: page id -> field id -> value; of a group a list of such answers.

    ``case`` is the acceptance case that says so, ``pages`` are those it goes through. It leads to
    an application, or to the ``ending`` of that name, or to the ``wrong`` answers of its last page.
    """

    release: Release
    answers: Mapping[str, Any]
    case: str
    pages: tuple[str, ...]
    ending: str | None = None
    wrong: tuple[str, ...] = ()


@cache
def released(folder: Path) -> Release:
    """Return a blueprint as it stands in its folder."""
    from dienstweg.blueprint import release as releases

    files = {
        str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }
    return releases.compile(files)


@cache
def walks_of(folder: Path) -> tuple[Walk, ...]:
    """Return a way through the assistant for each acceptance case, as it is walked today.

    Cases with the same answers (they differ in what the office does later) are one walk.
    """
    release, walks = released(folder), dict[str, Walk]()
    for path in sorted((folder / "cases").glob("*.yaml")):
        walk = _walk(release, path)
        if walk is not None:
            walks.setdefault(repr(walk.answers), walk)
    return tuple(walks.values())


def _walk(release: Release, path: Path) -> Walk | None:
    """Return the walk of a case; none where it posts what no page offers to choose."""
    from dienstweg.blueprint import playing
    from dienstweg.kernel import clock

    case = YAML(typ="safe").load(path)
    then = date.fromisoformat(str(case.get("today") or clock.today()))
    answers = _moved(case.get("answers") or {}, then, clock.today() - then)
    played = playing.play(release, answers, today=clock.today())
    assert not played.deviations, f"{path}: {played.deviations}"
    if any("allowed" in problems.values() for problems in played.problems.values()):
        return None
    wrong = tuple(name for problems in played.problems.values() for name in problems)
    return Walk(release, answers, path.stem, tuple(played.pages), played.ending, wrong)


def covering(folder: Path) -> list[Walk]:
    """Return few walks that see every page of a blueprint: the longest, and what it leaves out."""
    left = {page.id for page in released(folder).assistant.pages}
    walks: list[Walk] = []
    for one in (walk_of(folder), *walks_of(folder)):
        if left & set(one.pages):
            walks.append(one)
            left -= set(one.pages)
    assert not left, f"no acceptance case of {folder.name} walks to {sorted(left)}"
    return walks


def walk_of(folder: Path, beginning: str = "") -> Walk:
    """Return the walk to an application that sees most pages.

    Only of those cases whose file name has this ``beginning``.
    """
    sent = [
        one
        for one in walks_of(folder)
        if one.case.startswith(beginning) and not one.ending and not one.wrong
    ]
    assert sent, f"no acceptance case of {folder.name} leads to an application today"
    return max(sent, key=lambda one: len(one.pages))


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
    arriving: Callable[[str], None] = lambda _page: None,
    at_page: Callable[[str], None] = lambda _page: None,
) -> list[str]:
    """Answer every page up to the question of contact; return the pages in their order.

    It ends earlier where the assistant does, and where a page comes again with its errors.
    ``answer`` gives one answer by its HTML name, ``press`` uses the button that a selector names;
    ``arriving`` sees a page as it comes, ``at_page`` when it is filled in.
    """
    seen: list[str] = []
    for _ in range(MOST_PAGES):
        here = place_of(someone)
        place = here.partition("?")[0].split("/")
        if place[0] in OUT or seen[-MOST_TURNS:] == [here] * MOST_TURNS:
            return seen
        seen.append(here)
        arriving(here)
        page, entry = walk.release.assistant.page[place[0]], tuple(int(one) for one in place[1:])
        given = _given(walk, page.id, entry)
        if len(entry) < page.depth:
            at_page(seen[-1])
            there = someone.page.locator(".dw-item").count()
            press("button[name=hinzufuegen]" if there < len(given) else "button[value=weiter]")
            continue
        for name, text in _posted(page, given):
            if someone.field(name).count():
                answer(someone, name, text)
        attach(someone, {each.id for each in page.fields if given.get(each.id)})
        at_page(seen[-1])
        press("button[value=weiter]")
    raise AssertionError(f"the assistant does not come to its end: {seen[-10:]}")


def place_of(someone: Person) -> str:
    """Return the page of the assistant, with its entry and screen: "hunde/0", "bau?teil=2"."""
    address = urlsplit(someone.page.url)
    screen = [one for one in address.query.split("&") if one.startswith("teil=")]
    return "?".join(["/".join(address.path.split("/")[3:]), *screen])


def ended(someone: Person, walk: Walk) -> bool:
    """Whether the walk was not meant to lead to an application; fail if it ended elsewhere."""
    last = someone.path.split("/")[3]
    if walk.wrong:
        assert last == walk.pages[-1], someone.text[:500]
        ways = [one.get_attribute("href") or "" for one in someone.page.locator("#fehler a").all()]
        for name in walk.wrong:
            assert any(way.startswith(f"#feld-{name}") for way in ways), f"{name}: {ways}"
        return True
    assert last == ("ende" if walk.ending else "kontakt"), someone.text[:500]
    return bool(walk.ending)


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
    from dienstweg.blueprint.kinds.choices import choice_label

    posted: list[tuple[str, str]] = []
    for field in page.fields:
        value = given.get(field.id)
        if value is None or field.widget == "file":
            continue
        if field.widget == "search":  # what is typed; an entry's exact name chooses it
            posted.append((f"{field.id}-suche", choice_label(field, value, "de")))
            continue
        for name, texts in field.kind.sent(field, value).items():
            several = texts if field.widget == "checkboxes" else texts[:1]
            posted += [(name, text) for text in several]
    return posted
