"""Plays an acceptance case through its process: real steps, a stepping clock, real documents."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import (
    appeals,
    decisions,
    documents,
    intents,
    mapping,
    pages,
    process,
)
from dienstweg.blueprint.pdftext import text_of
from dienstweg.blueprint.staging import NUMBER, Happening, Stage
from dienstweg.blueprint.typesetter import DocumentFailed, Typesetter
from dienstweg.blueprint.values import surroundings
from dienstweg.blueprint.verification import verification

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

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
    intents.Refund: "refund",
    intents.Sign: "sign",
    intents.Invite: "invite",
}


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
        land: str = "",
        fails: frozenset[str] = frozenset(),
    ) -> None:
        self.release, self.lang, self.today = release, lang, today
        self._stage = Stage(release, application, today=today, land=land)
        self._happening = Happening(self._stage, lambda: self.waiting)
        self._fails = fails
        self.fresh: list[intents.Intent] = []
        self.documents: dict[str, bytes] = {}
        self.messages: list[str] = []
        self.deliveries: list[tuple[str, Any]] = []
        self.deviations: list[str] = []
        self._state: dict[str, Any] | None = None
        self._typesetter = typesetter
        self._rows = [
            asdict(section) for section in pages.summary(release, answers, lang=lang, today=today)
        ]
        self._set("receipt", {})
        self._step(intents.Submitted())

    @property
    def application(self) -> dict[str, Any]:
        """Give the application as it was corrected last."""
        return self._stage.application

    @property
    def facts(self) -> dict[str, Any]:
        """Give what the process sees besides."""
        return self._stage.facts

    @property
    def now(self) -> datetime:
        """Give the time on the case's clock."""
        return self._stage.now

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
        return [
            element for key, element in self.waiting.items() if self._happening.word(key) == "ask"
        ]

    def waits(self, *, timers: bool) -> list[str]:
        """Give the keys of timers, or of everything else that is waited for."""
        return [key for key in self.waiting if (self._happening.word(key) == "timer") is timers]

    def happen(self, event: Mapping[str, Any]) -> None:
        """Let an event of the case happen; raises `Impossible`."""
        self.fresh = []
        self._step(self._happening.event(event, self.state["timers"]))

    def reached(self) -> set[str]:
        """Give the elements, arrows and rows that this case has reached."""
        found = {f"flow:{name}" for name in process.passed(self.release, self.state)}
        known, lists = self.state["values"], self.release.lists
        around = surroundings(self.application, self.facts, known, lists)
        for name, decision in self.release.decisions.items():
            found |= {f"row:{name}:{key}" for key in decisions.reached(decision, around)}
        found |= {f"message:{name}" for name in self.messages}
        found |= {f"document:{name}" for name in self.documents}
        return found

    def wanted(self) -> list[str]:
        """Give the kinds of intents since the last event, in order."""
        return [_WORDS[type(each)] for each in self.fresh if type(each) in _WORDS]

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
            self._stage.concluded(done)
            self.fresh += done.intents
            for intent in done.intents:
                if isinstance(intent, intents.Write) and self._element(intent.key) in self._fails:
                    continue
                if isinstance(intent, intents.Write):
                    self._set(intent.document, intent.data)
                    pending.append(intents.DocumentWritten(intent.key))
                elif isinstance(intent, intents.Deliver):
                    self._deliver(intent.mapping, intent.data)
                elif isinstance(intent, intents.Tell):
                    self.messages.append(intent.message)

    def _element(self, key: str) -> str:
        return self.waiting.get(key, "")

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
