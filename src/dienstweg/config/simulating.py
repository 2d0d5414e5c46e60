"""The command `blueprint simulate`: a process step by step, in a terminal or for a machine."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.problems import Files, Invalid, errors
from dienstweg.config.errors import Trouble

if TYPE_CHECKING:
    from dienstweg.blueprint.acceptance import Case
    from dienstweg.blueprint.playing import Played
    from dienstweg.blueprint.release import Release
    from dienstweg.blueprint.simulation import Scene, Simulation
    from dienstweg.blueprint.typesetter import Typesetter

FILE = "cases/simulation.yaml"
_ENDS = frozenset({"", "q", "ende"})


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("path", type=Path, metavar="PFAD")
    parser.add_argument(
        "--answers", type=Path, required=True,
        help="Datei wie cases/*.yaml; was unter expect.process als event steht, geschieht",
    )  # fmt: skip
    parser.add_argument(
        "--interactive", action="store_true",
        help="danach Schritt für Schritt wählen, was geschieht",
    )  # fmt: skip


def simulate(files: Files, answers: bytes, options: argparse.Namespace) -> int:
    """Play the case and show every step; 1 where the assistant or the process deviates.

    Raises `Invalid` for a blueprint with errors, and `Trouble` for a file without answers.
    """
    from dienstweg.blueprint import check, playing, release

    bare = {name: content for name, content in files.items() if not name.startswith("cases/")}
    bare[FILE] = _whole(answers)
    wrong = errors(check.check(bare, cases=False))
    if wrong:
        raise Invalid(wrong)
    compiled = release.compile(bare)
    case = _case(bare)
    played = playing.play(compiled, case.answers, today=case.today, lang=case.lang)
    told = _Told(options, case.title)
    told.assistant(played.pages, played.problems, played.ending)
    from dienstweg.blueprint import acceptance
    from dienstweg.blueprint.typesetter import Typesetter

    with Typesetter() as typesetter:
        deviations = acceptance.run(compiled, case, typesetter).deviations
        simulation = _begun(compiled, case, played, typesetter)
        if simulation is None:
            return told.end(deviations, choices=())
        told.scene(simulation.scenes[-1])
        stopped = _play(simulation, _events(case.expect), told)
        if stopped is None and options.interactive:
            _choose(simulation, told)
        return told.end(deviations, choices=[asdict(one) for one in simulation.choices()])


def _begun(
    release: "Release", case: "Case", played: "Played", typesetter: "Typesetter"
) -> "Simulation | None":
    """Submit what was answered; None where there is nothing to submit, or the process halts."""
    from dienstweg.blueprint.intents import Stuck
    from dienstweg.blueprint.simulation import begin

    if played.application is None:
        return None
    try:
        return begin(release, played, typesetter, today=case.today, lang=case.lang, land=case.land)
    except Stuck:
        return None


def _play(
    simulation: "Simulation", events: Iterable[Mapping[str, Any]], told: "_Told"
) -> str | None:
    """Let the events of the file happen; return what stopped them."""
    from dienstweg.blueprint.intents import Stuck
    from dienstweg.blueprint.staging import Impossible

    for event in events:
        try:
            told.scene(simulation.happen(event))
        except (Impossible, Stuck) as error:
            return f"{_event(event)}: {error}"
    return None


def _choose(simulation: "Simulation", told: "_Told") -> None:
    """Ask what happens next until nothing can happen, or nobody answers."""
    after: str | None = None
    while choices := simulation.choices():
        for number, choice in enumerate(choices, 1):
            print(f"  {number:>2}  {choice.text}")
        print("  Nummer; vorher Zeit vergehen lassen: P3D; Ende: Eingabetaste", flush=True)
        typed = sys.stdin.readline().strip()
        if typed.lower() in _ENDS:
            return
        if typed.upper().startswith("P"):
            after = typed.upper()
            print(f"  Danach geschieht etwas {after} später.")
        elif typed.isdigit() and 1 <= int(typed) <= len(choices):
            event = dict(choices[int(typed) - 1].event)
            stopped = _play(simulation, [{**event, **({"after": after} if after else {})}], told)
            after = None
            if stopped:
                print(f"  Das geht nicht: {stopped}")
        else:
            print("  Das steht nicht zur Wahl.")


def _whole(answers: bytes) -> bytes:
    """Return the file with what a case needs besides the answers."""
    from dienstweg.blueprint.notation import read_yaml
    from dienstweg.kernel import clock

    found = read_yaml(FILE, answers).data
    if not isinstance(found, dict) or "answers" not in found:
        raise Trouble("Die Datei muss answers enthalten: Seite, Feld und Antwort.")
    usual = {"title": "Simulation", "today": clock.today().isoformat(), "expect": {}}
    return json.dumps({**usual, **found}, ensure_ascii=False).encode()


def _case(files: Files) -> "Case":
    from dienstweg.blueprint import acceptance

    (case,) = acceptance.load(files)
    return case


def _events(expect: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [part["event"] for part in expect.get("process") or () if part.get("event")]


def _event(event: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in event.items())


class _Told:
    """Shows what happens: at once to people, at the end to machines."""

    def __init__(self, options: argparse.Namespace, title: str) -> None:
        self._json, self._title = bool(options.json), title
        self._told: dict[str, Any] = {"title": title, "steps": []}
        self._say(title)

    def assistant(self, pages: list[str], problems: Mapping[str, Any], ending: str | None) -> None:
        """Show the way through the assistant."""
        self._told |= {"pages": pages, "problems": problems, "ending": ending}
        self._say(f"Seiten: {' → '.join(pages)}")
        for page, found in problems.items():
            for name, code in found.items():
                self._say(f"  ✗ {page}/{name}: {code}")
        if ending:
            self._say(f"Ende ohne Antrag: {ending}")

    def scene(self, scene: "Scene") -> None:
        """Show one step."""
        self._told["steps"].append(asdict(scene))
        at = f"{datetime.fromisoformat(scene.at):%d.%m.%Y %H:%M}"
        number = len(self._told["steps"])
        happened = "abgesendet" if scene.event == {"submitted": True} else _event(scene.event)
        self._say(f"\n{number}. {at}  {happened}")
        for wanted in scene.wanted:
            self._say(f"   → {wanted.key}: {wanted.text}")
        for waits in scene.waits:
            until = f" bis {waits.until}" if waits.until else ""
            self._say(f"   … wartet auf {waits.name} ({waits.awaits}){until}")
        for name, period in scene.deadlines.items():
            last = date.fromisoformat(period["last_day"])
            self._say(f"   ⏱ Frist {name}: {period['state']}, letzter Tag {last:%d.%m.%Y}")
        if scene.finished:
            self._say(f"   ■ zu Ende: {scene.outcome or 'ohne Ergebnis'}")

    def end(self, deviations: Iterable[str], *, choices: Iterable[Any]) -> int:
        """Show what went wrong, and everything to a machine; return the exit code."""
        found = list(deviations)
        self._say(f"\n{self._title}: {'Abweichungen' if found else 'wie erwartet'}")
        for deviation in found:
            self._say(f"  - {deviation}")
        if self._json:
            self._told |= {"deviations": found, "choices": list(choices)}
            print(json.dumps(self._told, ensure_ascii=False, indent=2, default=str))
        return 1 if found else 0

    def _say(self, text: str) -> None:
        if not self._json:
            print(text)
