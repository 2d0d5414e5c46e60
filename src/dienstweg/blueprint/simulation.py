"""Plays a process step by step with a stepping clock, for whoever designs it; no database.

The same engine, documents and mappings as in an acceptance case (`rehearsal`). What happens next
is chosen by the caller: from the events of a file, or from `choices`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import catching, intents
from dienstweg.blueprint.bpmn import Element, awaited
from dienstweg.blueprint.rehearsal import Rehearsal
from dienstweg.blueprint.timers import LOCAL
from dienstweg.blueprint.typesetter import Typesetter

if TYPE_CHECKING:
    from dienstweg.blueprint.playing import Played
    from dienstweg.blueprint.release import Release


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that the process asked for: its kind, and what it says in a few words."""

    kind: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that the process waits for, and until when (ISO time) if it is a timer."""

    key: str
    element: str
    name: str
    awaits: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one event brought: when it happened, what was wanted, what is waited for now."""

    at: str
    event: Mapping[str, Any]
    wanted: tuple[Wanted, ...]
    waits: tuple[Waits, ...]
    deadlines: Mapping[str, Mapping[str, Any]]
    finished: bool
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can happen next: the words of an acceptance case, and a text for people."""

    event: Mapping[str, Any]
    text: str


@dataclass(slots=True)
class Simulation:
    """One case on its way."""

    release: "Release"
    rehearsal: Rehearsal
    scenes: list[Scene] = field(default_factory=list)

    def happen(self, event: Mapping[str, Any]) -> Scene:
        """Let an event happen, with `after` some time later; gives what it brought.

        Raises `dienstweg.blueprint.staging.Impossible` and `dienstweg.blueprint.intents.Stuck`;
        then nothing has happened.
        """
        self.rehearsal.happen(event)
        return self._note(event)

    def choices(self) -> list[Choice]:
        """Give what can happen next; nothing, when the process has ended."""
        if self.scenes[-1].finished:
            return []
        found = [
            choice
            for waits in self.scenes[-1].waits
            for choice in self._answers(waits, self._element(waits.element))
        ]
        found += self._periods()
        found.append(Choice({"withdrawn": True}, "Der Antrag wird zurückgezogen"))
        return found

    def _answers(self, waits: Waits, element: Element) -> Iterator[Choice]:
        """Yield what can come of one thing that is waited for."""
        of, name = {"of": waits.key}, waits.name
        match waits.awaits:
            case "ask":
                for outcome in element.own.get("outcomes", "").split():
                    label = self.release.text(
                        "de", f"tasks.{element.id}.outcomes.{outcome}", outcome
                    )
                    yield Choice({"task": waits.key, "outcome": outcome}, f"{name}: {label}")
            case "collect":
                yield Choice({"payment": "paid", **of}, f"{name}: bezahlt")
                yield Choice({"payment": "failed", **of}, f"{name}: fehlgeschlagen")
            case "deliver":
                yield Choice({"delivery": "accepted", **of}, f"{name}: angenommen")
            case "refund":
                yield Choice({"refunded": True, **of}, f"{name}: erstattet")
            case "sign":
                yield Choice({"signed": True, **of}, f"{name}: alle haben unterschrieben")
                yield Choice({"signed": False, **of}, f"{name}: jemand lehnt ab")
            case "timer":
                yield Choice({"timer": waits.key}, f"{name}: die Zeit ist um ({waits.until})")
            case "report" if element.message:
                yield Choice({"report": element.message}, f"{name}: Meldung kommt")
            case "signal":
                yield Choice({"signal": element.ref}, f"{name}: Signal kommt")
        for code in catching.CODES.get(element.own.get("intent", ""), ()):
            if code != "sign.declined" and catching.catches(
                self.release.process.diagram, element.id, code
            ):
                yield Choice({"refused": code, **of}, f"{name}: scheitert ({code})")

    def _periods(self) -> Iterator[Choice]:
        """Yield how legal periods can stand still and run again."""
        for name, period in self.scenes[-1].deadlines.items():
            title = self.release.text("de", f"deadlines.{name}.title", name)
            if period["state"] == "running":
                yield Choice({"suspended": name}, f"Frist {title}: ruht")
            elif period["state"] == "suspended":
                yield Choice({"resumed": name}, f"Frist {title}: läuft weiter")

    def _element(self, name: str) -> Element:
        element: Element = self.release.process.diagram.elements[name]
        return element

    def _note(self, event: Mapping[str, Any]) -> Scene:
        rehearsal = self.rehearsal
        scene = Scene(
            at=rehearsal.now.astimezone(LOCAL).isoformat(),
            event=dict(event),
            wanted=tuple(
                _in_words(each)
                for each in rehearsal.fresh
                if not isinstance(each, intents.Wait | intents.NoLongerWait)
            ),
            waits=tuple(self._waits()),
            deadlines=rehearsal.facts["deadlines"],
            finished=bool(rehearsal.state["finished"]),
            outcome=rehearsal.outcome,
        )
        self.scenes.append(scene)
        return scene

    def _waits(self) -> Iterator[Waits]:
        for key, name in self.rehearsal.waiting.items():
            element = self._element(name)
            at = self.rehearsal.state["timers"].get(key)
            until = f"{datetime.fromisoformat(at).astimezone(LOCAL):%d.%m.%Y %H:%M}" if at else ""
            yield Waits(key, name, element.name or name, awaited(element), until)


def begin(
    release: "Release",
    played: "Played",
    typesetter: Typesetter,
    *,
    today: date,
    lang: str = "de",
    land: str = "",
) -> Simulation:
    """Submit what an assistant was answered with; gives the case at its first wait.

    Raises `dienstweg.blueprint.intents.Stuck`.
    """
    assert played.application is not None, "what ended without an application has no process"
    rehearsal = Rehearsal(
        release,
        played.application,
        played.answers,
        typesetter,
        today=today,
        lang=lang,
        land=land,
    )
    simulation = Simulation(release, rehearsal)
    simulation._note({"submitted": True})
    return simulation


def _in_words(intent: intents.Intent) -> Wanted:
    """Say what an intent wants, without what an applicant wrote."""
    match intent:
        case intents.Collect():
            text = f"{intent.amount // 100},{intent.amount % 100:02} € einziehen ({intent.purpose})"
        case intents.Refund():
            text = f"erstatten, was unter {intent.of} bezahlt wurde"
        case intents.Deliver():
            text = f"übergeben nach {intent.mapping}"
        case intents.Write():
            text = f"Dokument {intent.document} schreiben"
        case intents.Tell():
            to = f" an {intent.party}" if intent.party else ""
            text = f"Nachricht {intent.message}{to} senden"
        case intents.Ask():
            who = f"Beteiligte {intent.party}" if intent.party else intent.role
            due = f", bis {intent.due.astimezone(LOCAL):%d.%m.%Y}" if intent.due else ""
            text = f"{who} fragen: {' oder '.join(intent.outcomes)}{due}"
        case intents.Sign():
            text = f"unterschreiben lassen: {', '.join(intent.parties)}"
        case intents.Invite():
            text = f"{intent.party} einladen"
        case intents.Close():
            text = f"Vorgang schließen: {intent.outcome}"
        case _:
            text = ""
    return Wanted(type(intent).__name__.lower(), intent.key, text)
