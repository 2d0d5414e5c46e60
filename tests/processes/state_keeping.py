"""Makes the stored process states that every later version must be able to go on from.

As a program (`python -m processes.state_keeping FOLDER`, with `src` and `tests` on the path) it
plays small processes and the shipped blueprints through everything that can happen to them, and
writes each place at which they wait into FOLDER, with what this version does next from there.
Run once for each format of the state, with the code of that time; the files are never made anew.
`NESTED` came with format 2.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from blueprint.process_building import ASK, CLOSE, bpmn
from blueprint.process_building import release as small_release
from dienstweg.blueprint import acceptance, archive, folder, playing, process, release
from dienstweg.blueprint import bpmn as notation
from dienstweg.blueprint.timers import LOCAL
from processes.nested_processes import NESTED

LEISTUNGEN = Path(__file__).parents[2] / "leistungen"
SHIPPED = ("bewohnerparkausweis", "hundesteuer-anmeldung")
MOST = 400
"""States of one process that are looked at: the small ones have far fewer."""
SAID = ("key", "amount", "mapping", "document", "message", "documents", "task", "role", "due",
        "outcomes", "outcome", "at", "kind", "of", "parties", "order")  # fmt: skip
"""What is compared of an intent; the data that goes with it may grow."""

_TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
_REPORT = '<intermediateCatchEvent id="meldung" dw:message="amt.entschieden">' + (
    "<messageEventDefinition/></intermediateCatchEvent>"
)
SMALL: Mapping[str, tuple[bytes, tuple[dict[str, Any], ...]]] = {
    "nacheinander": (
        bpmn(
            '<serviceTask id="zahlen" dw:intent="collect" dw:amount="data.preis" dw:purpose="g"/>'
            '<serviceTask id="geben" dw:intent="deliver" dw:mapping="standard"/>'
            + ASK
            + '<serviceTask id="schreiben" dw:intent="write" dw:document="receipt"/>'
            '<serviceTask id="sagen" dw:intent="tell" dw:message="gut" dw:documents="receipt"/>'
            + CLOSE,
            "start>zahlen", "zahlen>geben", "geben>pruefen", "pruefen>schreiben",
            "schreiben>sagen", "sagen>zu", "zu>ende",
        ),
        ({"preis": 500}, {"preis": 0}),
    ),
    "zugleich": (
        bpmn(
            ASK.replace("pruefen", "a")
            + ASK.replace("pruefen", "b")
            + f'<intermediateCatchEvent id="zeit">{_TIMER.format("P3D")}</intermediateCatchEvent>'
            + '<parallelGateway id="auf"/><parallelGateway id="zusammen"/>'
            + CLOSE,
            "start>auf", "auf>a", "auf>b", "auf>zeit", "a>zusammen", "b>zusammen",
            "zeit>zusammen", "zusammen>zu", "zu>ende",
        ),
        ({},),
    ),
    "auswahl": (
        bpmn(
            ASK.replace("pruefen", "a")
            + ASK.replace("pruefen", "b")
            + ASK.replace("pruefen", "c")
            + '<inclusiveGateway id="auf" default="f3"/><inclusiveGateway id="zusammen"/>'
            + CLOSE,
            "start>auf", "auf>a: data.n > 1", "auf>b: data.n > 2", "auf>c", "a>zusammen",
            "b>zusammen", "c>zusammen", "zusammen>zu", "zu>ende",
        ),
        ({"n": 0}, {"n": 2}, {"n": 3}),
    ),
    "was-zuerst-kommt": (
        bpmn(
            '<serviceTask id="geben" dw:intent="deliver" dw:mapping="standard"/>'
            '<eventBasedGateway id="was"/>'
            + _REPORT
            + f'<intermediateCatchEvent id="zeit">{_TIMER.format("P1M")}</intermediateCatchEvent>'
            + '<serviceTask id="ohne" dw:intent="close" dw:outcome="ohne"/>'
            + CLOSE,
            "start>geben", "geben>was", "was>meldung", "was>zeit", "meldung>zu", "zeit>ohne",
            "zu>ende", "ohne>ende",
        ),
        ({},),
    ),
    "am-rand": (
        bpmn(
            ASK
            + '<boundaryEvent id="frist" attachedToRef="pruefen">'
            + _TIMER.format("P7D")
            + '</boundaryEvent><boundaryEvent id="mahnen" attachedToRef="pruefen"'
            + f' cancelActivity="false">{_TIMER.format("P3D")}</boundaryEvent>'
            + '<serviceTask id="erinnern" dw:intent="tell" dw:message="m"/><endEvent id="ende2"/>'
            + ASK.replace("pruefen", "chef")
            + CLOSE,
            "start>pruefen", "pruefen>zu", "frist>chef", "chef>zu", "mahnen>erinnern",
            "erinnern>ende2", "zu>ende",
        ),
        ({},),
    ),
    "schleife": (
        bpmn(
            ASK + '<exclusiveGateway id="weg" default="f3"/>' + CLOSE,
            "start>pruefen", "pruefen>weg", 'weg>pruefen: task.pruefen.outcome == "nein"',
            "weg>zu", "zu>ende",
        ),
        ({},),
    ),
}  # fmt: skip
"""Processes for what the shipped ones do not do, each with the applications it is played with."""


@dataclass(frozen=True)
class Played:
    """A release that can be played, and an application for it."""

    release: Any
    application: dict[str, Any]
    submitted: datetime

    @property
    def facts(self) -> dict[str, Any]:
        """Return what every step is told."""
        return {"case_number": "MUS-0000", "submitted_at": self.submitted.isoformat()}

    def step(self, state: dict[str, Any] | None, event: process.Event, now: datetime) -> Any:
        """Take one step."""
        return process.step(
            self.release, state, event, application=self.application, facts=self.facts, now=now
        )


def event_of(words: Mapping[str, Any]) -> process.Event:
    """Return the event that stands in a file."""
    given = {name: value for name, value in words.items() if name != "event"}
    event: process.Event = getattr(process, words["event"])(**given)
    return event


def plain(thing: Any, *only: str) -> dict[str, Any]:
    """Return an event or an intent as JSON: its kind, and its fields (or those of ``only``)."""
    own = {each.name: getattr(thing, each.name) for each in fields(thing)}
    chosen = {name: value for name, value in own.items() if not only or name in only}
    return json.loads(json.dumps({"event": type(thing).__name__, **chosen}, default=_text))


def outcome_of(done: Any) -> dict[str, Any]:
    """Return what a step led to, as the files keep it."""
    return {
        "intents": sorted(
            (plain(each, *SAID) for each in done.intents),
            key=lambda each: (each["event"], each["key"]),
        ),
        "waiting": sorted(done.waiting),
        "finished": done.finished,
        "outcome": done.outcome,
    }


def possible(played: Played, state: dict[str, Any]) -> Iterator[tuple[process.Event, timedelta]]:
    """Yield what can happen next, and how much time passes before it."""
    elements = played.release.process.diagram.elements
    for key, name in state["open"].items():
        if notation.awaited(elements[name]) != "timer":
            yield from _answers(key, elements[name])
        elif key in state["timers"]:
            at = datetime.fromisoformat(state["timers"][key])
            begun = datetime.fromisoformat(played.facts["submitted_at"])
            yield process.TimerDue(key), max(at - begun, timedelta())
    for name in {each.message for each in elements.values() if each.message}:
        for outcome in ("registered", "refused"):
            data = {"outcome": outcome, "reference": "KZ-1", "data": {"amount": 100}}
            yield process.Reported(name, data, f"n-{outcome}"), timedelta(minutes=2)


def _answers(key: str, element: Any) -> Iterator[tuple[process.Event, timedelta]]:
    """Yield what can answer one thing that is waited for."""
    soon, later = timedelta(minutes=1), timedelta(hours=1)
    match notation.awaited(element):
        case "collect":
            yield process.PaymentSettled(key, "failed"), soon
            yield process.PaymentSettled(key, "paid"), soon
        case "deliver":
            yield process.Delivered(key, "R-1"), soon
            if process.FORMAT > 1:
                yield process.Refused(key, "delivery.refused"), soon
        case "write":
            yield process.DocumentWritten(key), timedelta(seconds=5)
        case "refund":
            yield process.Refunded(key), soon
        case "sign":
            yield process.Signed(key, "signed"), soon
            yield process.Signed(key, "declined"), soon
        case "ask":
            for outcome in element.own["outcomes"].split():
                yield process.TaskCompleted(key, outcome, {"note": "gesehen"}, "passt"), later


def waiting_points(played: Played) -> Iterator[tuple[dict[str, Any], datetime]]:
    """Yield every state in which the process waits, and the time at which it got there."""
    first = played.step(None, process.Submitted(), played.submitted).state
    pending, seen = [(first, played.submitted)], set()
    while pending and len(seen) < MOST:
        state, now = pending.pop(0)
        loops = max(state["counts"].values(), default=0)
        place = json.dumps([_rows(state), sorted(state["open"]), state["early"]])
        if place in seen or state["finished"] or loops > 3:
            continue
        seen.add(place)
        yield state, now
        for event, pause in possible(played, state):
            later = max(now, played.submitted + pause)
            pending.append((played.step(state, event, later).state, later))


def _rows(state: dict[str, Any]) -> list[Any]:
    """Return the engine's rows of a state, in whichever format."""
    if state["format"] == 1:
        return list(state["tasks"])
    return [each["rows"] for each in state["passages"].values()]


def kept(name: str, played: Played) -> Iterator[dict[str, Any]]:
    """Yield what is written of each waiting point of a process."""
    for state, now in waiting_points(played):
        nexts = []
        for event, pause in possible(played, state):
            later = max(now, played.submitted + pause)
            done = played.step(state, event, later)
            nexts.append({"event": plain(event), "now": later.isoformat(), **outcome_of(done)})
        yield {
            "blueprint": name,
            "application": played.application,
            "submitted": played.submitted.isoformat(),
            "state": state,
            "then": nexts,
        }


def small(content: bytes, application: dict[str, Any]) -> Played:
    """Return one of the small processes with an application."""
    made = small_release(content, {"mappings/standard.yaml": b"format: json\ncontent: {}\n"})
    return Played(made, application, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


def shipped(files: Mapping[str, bytes]) -> Iterator[Played]:
    """Yield a whole blueprint with the applications of its acceptance cases."""
    compiled, seen = release.compile(files), set()
    for case in acceptance.load(files):
        played = playing.play(compiled, case.answers, today=case.today, lang=case.lang)
        if played.application is None or case.expect.get("problems"):
            continue
        application = json.loads(json.dumps(played.application))
        submitted = datetime.combine(case.today, time(10), LOCAL).astimezone(UTC)
        one = Played(compiled, application, submitted)
        way = json.dumps([one.step(None, process.Submitted(), submitted).state["values"]])
        if way not in seen and isinstance(case.today, date):
            seen.add(way)
            yield one


def main(target: Path) -> None:
    """Write everything into the folder ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    for name, (content, applications) in {**SMALL, **NESTED}.items():
        (target / f"{name}.bpmn").write_bytes(content)
        states = [one for data in applications for one in kept(name, small(content, data))]
        _write(target / f"{name}.json", states)
    for name in SHIPPED if process.FORMAT == 1 else ():
        files = folder.read_folder(LEISTUNGEN / name)
        bare = {path: each for path, each in files.items() if not path.startswith("cases/")}
        (target / f"{name}.blaupause").write_bytes(archive.pack(bare))
        states = [one for played in shipped(files) for one in kept(name, played)]
        _write(target / f"{name}.json", _different(states))


def _different(states: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep two of the states that wait for the same things."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in states:
        found.setdefault(json.dumps(sorted(one["state"]["open"])), []).append(one)
    return [one for some in found.values() for one in some[:2]]


def _write(path: Path, states: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(states, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
