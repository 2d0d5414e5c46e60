"""A building permit that has waited since an earlier version is brought to its end by this one.

The small states (`test_old_states.py`) try everything that can happen next; here whole cases go on
from wherever they waited, step by step as that version went on: opinions asked of several bodies,
a hearing, what is called from elsewhere, periods at borders that run out.
"""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dienstweg.blueprint import archive, process, release
from processes.course_keeping import now_of, whole
from processes.state_keeping import event_of, outcome_of

FILES = sorted((Path(__file__).parent / "states").glob("format-*/courses/*.json"))


@cache
def compiled(path: Path) -> Any:
    return release.compile(archive.unpack(path.with_suffix(".blaupause").read_bytes()))


def stored() -> list[tuple[Path, dict[str, Any], dict[str, Any]]]:
    return [
        (path, course, state)
        for path in FILES
        for course in json.loads(path.read_text())
        for state in course["states"]
    ]


def named(value: Any) -> str:
    if isinstance(value, Path):
        return f"{value.parent.parent.name}-{value.stem}"
    return str(value.get("case", value.get("before")))


def go_on(path: Path, course: dict[str, Any], state: dict[str, Any] | None, begin: int) -> Any:
    """Take the steps of a course from one of them to its last; return the last one's result."""
    done: Any = None
    for step in whole(course["steps"])[begin:]:
        before = copy.deepcopy(state)
        done = process.step(
            compiled(path),
            state,
            event_of(step["event"]),
            application=step["application"],
            facts=step["facts"],
            now=now_of(step),
        )
        assert outcome_of(done) == step["then"], (course["case"], step["event"])
        assert state == before, "the stored state is never changed"
        state = json.loads(json.dumps(done.state))
    return done


def test_the_states_of_a_whole_permit_are_kept() -> None:
    waited = {key for _, _, one in stored() for key in one["state"]["open"]}
    assert {"stellungnahme@0", "anhoerungsfrist", "widerspruchsfrist", "zahlung-erinnern"} <= waited
    assert len(stored()) >= 20


@pytest.mark.parametrize(("path", "course", "kept"), stored(), ids=named)
def test_a_case_of_an_earlier_version_comes_to_its_end(
    path: Path, course: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert kept["state"]["format"] == int(path.parent.parent.name.removeprefix("format-"))
    done = go_on(path, course, kept["state"], kept["before"])
    assert done.finished
    assert done.state["format"] == process.FORMAT


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_courses_are_played_alike_from_their_beginning(path: Path) -> None:
    for course in json.loads(path.read_text()):
        assert go_on(path, course, None, 0).finished
