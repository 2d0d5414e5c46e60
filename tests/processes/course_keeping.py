"""Makes the stored courses of whole cases that every later version must be able to finish.

As a program (`python -m processes.course_keeping FOLDER`, with `src` and `tests` on the path) it
plays acceptance cases of shipped blueprints and writes every step they took into FOLDER, and the
state of the process at each place where it waited for something new: in lists, in levels, called
from elsewhere, with timers at borders. Run once for each format of the state; the files are never
made anew.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from dienstweg.blueprint import acceptance, archive, folder, process, release
from processes.state_keeping import LEISTUNGEN, outcome_of, plain

COURSES = {
    "baugenehmigung": (
        "04-alle-stellen", "05-stellen-schweigen", "06-fiktion", "08-anhoerung-geaendert",
        "10-widerspruch", "11-zahlung-erinnern", "12-nicht-unterschrieben",
    ),
}  # fmt: skip
"""Blueprint -> the acceptance cases whose courses are kept: together they wait for everything."""


def played(compiled: Any, case: Any) -> list[dict[str, Any]]:
    """Return every step of a case: state, event, application, facts and time, and what came."""
    steps: list[dict[str, Any]] = []
    step = process.step

    def noted(used: Any, state: Any, event: Any, **given: Any) -> Any:
        done = step(used, state, event, **given)
        before = json.loads(json.dumps({"state": state, **given, "now": given["now"].isoformat()}))
        steps.append({**before, "event": plain(event), "then": outcome_of(done)})
        return done

    with mock.patch.object(process, "step", noted):
        found = acceptance.run(compiled, case)
    assert found.passed, found.deviations
    return steps


def kept(name: str) -> Iterator[dict[str, Any]]:
    """Yield the courses of a blueprint; a place that was waited at before has its state once."""
    files = folder.read_folder(LEISTUNGEN / name)
    compiled, seen = release.compile(files), set()
    for case in acceptance.load(files):
        if Path(case.file).stem not in COURSES[name]:
            continue
        steps = played(compiled, case)
        states = []
        for number, one in enumerate(steps):
            place = json.dumps(one["state"] and sorted(one["state"]["open"]))
            state = one.pop("state")
            if place not in seen and state is not None:
                seen.add(place)
                states.append({"before": number, "state": state})
        yield {"case": Path(case.file).stem, "steps": _short(steps), "states": states}


def _short(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out an application and facts that are those of the step before."""
    known: dict[str, Any] = {}
    short = []
    for one in steps:
        short.append({key: value for key, value in one.items() if known.get(key) != value})
        known = {name: one[name] for name in ("application", "facts")}
    return short


def whole(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps with what `_short` has left out."""
    known: dict[str, Any] = {}
    found = []
    for one in steps:
        known = {**known, **one}
        found.append(known)
    return found


def now_of(step: dict[str, Any]) -> datetime:
    """Return the time of a step."""
    return datetime.fromisoformat(step["now"])


def main(target: Path) -> None:
    """Write the courses, and the releases they were taken with, into the folder ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    for name in COURSES:
        files = folder.read_folder(LEISTUNGEN / name)
        bare = {path: each for path, each in files.items() if not path.startswith("cases/")}
        (target / f"{name}.blaupause").write_bytes(archive.pack(bare))
        text = json.dumps(list(kept(name)), ensure_ascii=False, sort_keys=True)
        (target / f"{name}.json").write_text(text.replace('{"before"', '\n{"before"') + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
