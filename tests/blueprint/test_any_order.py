"""However somebody goes through an assistant: what is answered in the end is what is sent.

The way of an acceptance case is written down as a browser goes it. Before it, and in the middle of
it, somebody strays: answers of other cases, and nonsense, on any page that there is, in any order.
Then they go the way again, and the application is the one of the straight way.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dienstweg.blueprint import acceptance, folder, pages, playing, release
from dienstweg.blueprint.fim import import_file
from dienstweg.blueprint.prefilling import trees
from dienstweg.blueprint.release import Release
from fim_documents import at, group, message
from fim_documents import field as element

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path for path in (ROOT / "leistungen").iterdir() if path.is_dir())
FOLDERS += sorted(path for path in (ROOT / "tests" / "blueprints").iterdir() if path.is_dir())
MOST_STRAYED = 12
NONSENSE = ("", "true", "1", "31.2.2020", "x" * 300)


@dataclass(frozen=True)
class Move:
    """One page sent, one entry added, or one file put (then ``page`` is the field)."""

    page: str
    entry: tuple[int, ...]
    posted: Mapping[str, list[str]]
    file: str = ""
    adds: bool = False


@dataclass
class Way:
    """A case that leads to an application, and how a browser gets there."""

    release: Release
    today: date
    moves: list[Move] = field(default_factory=list)
    application: Mapping[str, Any] | None = None

    def gone(self, answers: Any, *, files: bool = True) -> Any:
        """Return the answers of whoever goes this way from where they are, page by page."""
        for move in self.moves:
            if move.adds:
                if move.entry not in _entries(self.release, move.page, answers):
                    above = move.entry[:-1]
                    answers, _ = pages.add_item(self.release, move.page, answers, above)
                continue
            if move.file:
                if files:
                    answers = pages.put_file(
                        self.release, answers, move.page, move.file, entry=move.entry
                    )
                continue
            answers = self.take(answers, move)
        return answers

    def take(self, answers: Any, move: Move) -> Any:
        """Return the answers after a page was sent."""
        return pages.take(
            self.release, move.page, answers, move.posted, today=self.today, entry=move.entry
        ).answers

    def trimmed(self, answers: Any) -> Any:
        """Return the answers without the entries that only the detour has added."""
        wanted = {(move.page, move.entry) for move in self.moves}
        for page in reversed(self.release.pages):
            if page.repeat is None:
                continue
            for entry in sorted(_entries(self.release, page.id, answers), reverse=True):
                if (page.id, entry) not in wanted:
                    answers = pages.remove_item(self.release, page.id, answers, entry)
        return answers


def _entries(released: Release, page: str, answers: Any) -> list[tuple[int, ...]]:
    """Return every entry of a list, as the answers stand."""
    every = trees(released, released.assistant.page[page], answers.get("data", {}))
    return [entry for entry, _ in every]


def ways_of(released: Release) -> list[Way]:
    """Return the way of each acceptance case that leads to an application."""
    found = []
    for case in acceptance.load(released.files):
        way = Way(released, case.today)
        with mock.patch.object(playing, "pages", _Listening(way)):
            played = playing.play(released, case.answers, today=case.today)
        if played.application is not None and not played.deviations:
            way.application = played.application
            found.append(way)
    return found


class _Listening:
    """The pages, with an ear for what is sent."""

    def __init__(self, way: Way) -> None:
        self.way = way

    def __getattr__(self, name: str) -> Any:
        return getattr(pages, name)

    def take(self, released: Release, page: str, answers: Any, posted: Any, **more: Any) -> Any:
        self.way.moves.append(Move(page, more.get("entry", ()), deepcopy(dict(posted))))
        return pages.take(released, page, answers, posted, **more)

    def add_item(
        self, released: Release, page: str, answers: Any, above: tuple[int, ...]
    ) -> tuple[Any, int]:
        made, index = pages.add_item(released, page, answers, above)
        self.way.moves.append(Move(page, (*above, index), {}, adds=True))
        return made, index

    def put_file(
        self, released: Release, answers: Any, name: str, file: str, *, entry: tuple[int, ...]
    ) -> Any:
        self.way.moves.append(Move(name, entry, {}, file))
        return pages.put_file(released, answers, name, file, entry=entry)


@cache
def shipped(path: Path) -> tuple[Way, ...]:
    return tuple(ways_of(release.compile(folder.read_folder(path))))


def strayed(data: st.DataObject, ways: tuple[Way, ...], own: Way, answers: Any) -> Any:
    """Return the answers of somebody who has wandered about: other cases' pages, and nonsense."""
    others = [
        move
        for way in ways
        if way.today == own.today
        for move in way.moves
        if not move.file and not move.adds
    ]
    for _ in range(data.draw(st.integers(0, MOST_STRAYED), label="steps")):
        move = data.draw(st.sampled_from(others), label="move")
        posted = dict(move.posted)
        for name in posted:
            if data.draw(st.integers(0, 9)) == 0:
                posted[name] = [data.draw(st.sampled_from(NONSENSE))]
        answers = own.take(answers, Move(move.page, move.entry, posted))
    return answers


def holds(data: st.DataObject, ways: tuple[Way, ...]) -> None:
    """Check that detours before and after the way change nothing about where it leads."""
    own = data.draw(st.sampled_from(ways), label="way")
    straight = own.gone({})
    sent = pages.application(own.release, straight, today=own.today)
    assert sent == own.application
    for before in ({}, straight):
        astray = strayed(data, ways, own, before)
        # Pages that later answers have hidden come up again on the second way through.
        back = own.gone(own.trimmed(own.gone(astray, files=not before)), files=False)
        assert pages.application(own.release, own.trimmed(back), today=own.today) == sent


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_order_of_pages_and_changes_gives_the_same_application(path: Path, data: st.DataObject):
    holds(data, shipped(path))


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_there_are_ways_to_go(path: Path):
    """The property above would hold of no ways at all."""
    assert shipped(path)
    assert max(len(way.moves) for way in shipped(path)) >= 4


TYPES = st.sampled_from(["text", "num_int", "num", "date", "bool", "num_currency"])
TIMES = st.sampled_from(["1:1", "0:1"])
fields = st.builds(
    lambda number, kind: element(f"F99{number:06}", f"Frage {number}", datatype=kind),
    st.integers(1, 30),
    TYPES,
)
groups = st.builds(
    lambda number, times, inner: at(times, group(f"G99{number:06}", f"Gruppe {number}", *inner)),
    st.integers(1, 9),
    st.sampled_from(["1:1", "0:1", "1:3", "0:*"]),
    st.lists(st.builds(at, TIMES, fields), min_size=1, max_size=4),
)


@given(st.lists(groups | st.builds(at, TIMES, fields), min_size=1, max_size=5), st.data())
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # shrinking imports schemas for minutes
)
def test_it_holds_of_generated_assistants(children: list[str], data: st.DataObject):
    files = import_file(message(*children), "test.xml").files
    ways = tuple(ways_of(release.compile(files)))
    assert ways, "the import makes a case that leads to an application"
    holds(data, ways)
