"""Plays an acceptance case through its process: real steps, a stepping clock, real documents."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import (
    appeals,
    decisions,
    documents,
    intents,
    mapping,
    pages,
    process,
    timers,
)
from dienstweg.blueprint.bpmn import awaited
from dienstweg.blueprint.expressions import Surroundings
from dienstweg.blueprint.pdftext import text_of
from dienstweg.blueprint.timers import LOCAL
from dienstweg.blueprint.typesetter import DocumentFailed, Typesetter
from dienstweg.blueprint.verification import verification

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

NUMBER = "MUS-0000-0000-0"
"""The number of a case that never was."""
AUTHORITY = {
    "name": "Musterbehörde",
    "address": ["Musterstraße 1", "12345 Musterstadt"],
    "phone": "01234 5678",
    "email": "post@behoerde.example",
    "accent": "#1f5a8a",
    "appeal": appeals.notice("Musterbehörde", ["Musterstraße 1", "12345 Musterstadt"]),
}
VERIFICATION = ("MUST-0000-0000-0000", "https://behoerde.example/pruefen")
"""Code and page with which a document of this case could be verified."""
MOST_DOCUMENTS = 50
_WORDS: dict[type, str] = {
    intents.Collect: "collect",
    intents.Deliver: "deliver",
    intents.Write: "write",
    intents.Tell: "tell",
    intents.Close: "close",
    intents.Ask: "ask",
}


class Impossible(Exception):
    """The process cannot take the event that the case names."""


class Rehearsal:
    """One case on its way: what it wanted, wrote, told and delivered so far."""

    def __init__(
        self,
        release: "Release",
        application: dict[str, Any],
        answers: dict[str, Any],
        typesetter: Typesetter,
        *,
        today: date,
        lang: str,
    ) -> None:
        self.release, self.application, self.lang = release, application, lang
        self.today = today
        self.now = datetime.combine(today, time(10), LOCAL)
        self.facts = {"case_number": NUMBER, "submitted_at": self.now.isoformat()}
        self.fresh: list[intents.Intent] = []
        self.documents: dict[str, bytes] = {}
        self.messages: list[str] = []
        self.deliveries: list[tuple[str, Any]] = []
        self.deviations: list[str] = []
        self._state: dict[str, Any] | None = None
        self._typesetter = typesetter
        self._reports = 0
        self._rows = [
            asdict(section) for section in pages.summary(release, answers, lang=lang, today=today)
        ]
        self._set("receipt", {})
        self._step(intents.Submitted())

    @property
    def waiting(self) -> dict[str, str]:
        """Give what is waited for: key -> element."""
        return dict(self._state["open"]) if self._state else {}

    @property
    def outcome(self) -> str | None:
        """Give how the case was closed."""
        return self._state["outcome"] if self._state else None

    @property
    def state(self) -> dict[str, Any]:
        """Give the state of the process."""
        return self._state or {}

    def tasks(self) -> list[str]:
        """Give the user tasks that wait."""
        return [element for key, element in self.waiting.items() if self._word(key) == "ask"]

    def waits(self, *, timers: bool) -> list[str]:
        """Give the keys of timers, or of everything else that is waited for."""
        return [key for key in self.waiting if (self._word(key) == "timer") is timers]

    def happen(self, event: Mapping[str, Any]) -> None:
        """Let an event of the case happen; raises `Impossible`."""
        if "after" in event:
            self.now = timers.due(str(event["after"]), now=self.now)
        self.fresh = []
        self._step(self._event(event))

    def reached(self) -> set[str]:
        """Give the elements, arrows and rows that this case has reached."""
        found = {f"flow:{name}" for name in process.passed(self.release, self.state)}
        around = Surroundings(
            {"data": self.application, "facts": self.facts, **self.state["values"]},
            self.today,
            self.release.lists,
        )
        for name, decision in self.release.decisions.items():
            for place in decisions.matching(decision, around):
                found.add(f"row:{name}:{place + 1}")
        found |= {f"message:{name}" for name in self.messages}
        found |= {f"document:{name}" for name in self.documents}
        return found

    def wanted(self) -> list[str]:
        """Give the kinds of intents since the last event, in order."""
        return [_WORDS[type(each)] for each in self.fresh if type(each) in _WORDS]

    def _word(self, key: str) -> str:
        return awaited(self.release.process.diagram.elements[self.waiting[key]])

    def _key(self, word: str, element: str | None = None) -> str:
        """Find what waits for a kind of event, at an element if the case names one."""
        for key, name in self.waiting.items():
            if self._word(key) == word and element in (None, key, name):
                return key
        message = f"Auf {element or word} wird nicht gewartet."
        raise Impossible(message)

    def _event(self, event: Mapping[str, Any]) -> intents.Event:
        """Turn the words of a case into an event."""
        of = event.get("of")
        if "payment" in event:
            return intents.PaymentSettled(self._key("collect", of), str(event["payment"]))
        if "delivery" in event:
            return intents.Delivered(self._key("deliver", of), "EMPFANG-1")
        if "task" in event:
            return intents.TaskCompleted(
                self._key("ask", str(event["task"])),
                str(event.get("outcome")),
                dict(event.get("data") or {}),
                str(event.get("reason") or ""),
            )
        if "report" in event:
            self._reports += 1
            data = dict(event.get("data") or {})
            return intents.Reported(str(event["report"]), data, f"report-{self._reports}")
        if "timer" in event:
            key = self._key("timer", str(event["timer"]))
            self.now = max(self.now, datetime.fromisoformat(self.state["timers"][key]))
            return intents.TimerDue(key)
        if event.get("withdrawn"):
            return intents.Withdrawn()
        message = f"Das Ereignis {sorted(event)} gibt es nicht."
        raise Impossible(message)

    def _step(self, event: intents.Event) -> None:
        """Make a step, carry out what it wants, and report documents as written."""
        pending: list[intents.Event] = [event]
        while pending and len(self.documents) < MOST_DOCUMENTS:
            done = process.step(
                self.release,
                self._state,
                pending.pop(0),
                application=self.application,
                facts=self.facts,
                now=self.now,
            )
            self._state = done.state
            self.fresh += done.intents
            for intent in done.intents:
                if isinstance(intent, intents.Write):
                    self._set(intent.document, intent.data)
                    pending.append(intents.DocumentWritten(intent.key))
                elif isinstance(intent, intents.Deliver):
                    self._deliver(intent.mapping, intent.data)
                elif isinstance(intent, intents.Tell):
                    self.messages.append(intent.message)

    def _deliver(self, name: str, known: dict[str, Any]) -> None:
        content = mapping.result(self.release, name, self.application, self.facts, known=known)
        self.deviations += [
            f"Die Übergabe {name} passt nicht zu ihrem Schema: {text}"
            for text in mapping.deviations(self.release, name, content)
        ]
        self.deliveries.append((name, content))

    def text(self, name: str) -> str | None:
        """Give what stands in a document, None where it was not written."""
        content = self.documents.get(name)
        if content is None:
            return None
        return text_of(content) if content else ""

    def _set(self, name: str, data: dict[str, Any]) -> None:
        """Set a document and keep it; a template that fails is a deviation."""
        context = {
            "case_number": NUMBER,
            "authority": AUTHORITY,
            "application": self.application,
            "rows": self._rows,
            "submitted_at": f"{self.today.day}.{self.today.month}.{self.today.year}, 10:00 Uhr",
            "date": self.now,
            "data": data,
            "outcome": data.get("outcome"),
            "reason": data.get("reason"),
            "lang": self.lang,
            "verification": verification(*VERIFICATION),
        }
        try:
            source = documents.source(self.release, name, context)
            self.documents[name] = self._typesetter.pdf(source)
        except DocumentFailed as error:
            self.documents[name] = b""
            text = " ".join(str(error).split())[:300]
            self.deviations.append(f"Das Dokument {name} lässt sich nicht setzen: {text}")
