"""A case that has waited since an earlier version goes on with this one, from wherever it waits."""

import copy
import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from dienstweg.blueprint import archive, process, release
from processes.state_keeping import Played, event_of, outcome_of, small

FOLDER = Path(__file__).parent / "states"
FILES = sorted(FOLDER.glob("format-*/*.json"))


@lru_cache(maxsize=4)
def _release(path: Path) -> Any:
    kept = path.with_suffix(".blaupause")
    if kept.exists():
        return release.compile(archive.unpack(kept.read_bytes()))
    return small(path.with_suffix(".bpmn").read_bytes(), {}).release


def states(path: Path) -> list[tuple[Played, dict[str, Any]]]:
    found = json.loads(path.read_text())
    return [
        (Played(_release(path), one["application"], datetime.fromisoformat(one["submitted"])), one)
        for one in found
    ]


def test_every_earlier_format_is_kept() -> None:
    kept = {int(path.parent.name.removeprefix("format-")) for path in FILES}
    assert set(range(1, process.FORMAT)) <= kept
    assert len(FILES) >= 8


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_state_of_an_earlier_version_can_go_on(path: Path) -> None:
    tried = 0
    for played, kept in states(path):
        assert kept["state"]["format"] == int(path.parent.name.removeprefix("format-"))
        for then in kept["then"]:
            before = copy.deepcopy(kept["state"])
            event, now = event_of(then["event"]), datetime.fromisoformat(then["now"])
            done = played.step(kept["state"], event, now)
            expected = {name: then[name] for name in ("intents", "waiting", "finished", "outcome")}
            assert outcome_of(done) == expected, (path.stem, then["event"])
            assert kept["state"] == before, "the stored state is never changed"
            if done.state != kept["state"]:
                assert done.state["format"] == process.FORMAT
            again = played.step(done.state, event, now)
            assert again.intents == (), "a repeat wants nothing"
            tried += 1
    assert tried
