"""Checks each element of a process by itself: complete attributes, and what they refer to."""

from collections.abc import Callable
from datetime import UTC, datetime

from . import catching, paths, timers
from .bpmn import COMPOSED, FILE, Diagram, Element, Flow
from .parties import ALL_ANSWERS, SILENT
from .problems import Problem
from .process_references import References

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "collect": ("amount", "purpose"),
    "deliver": ("mapping",),
    "write": ("document",),
    "tell": ("message",),
    "close": ("outcome",),
    "refund": ("of",),
    "sign": ("parties",),
    "invite": ("party",),
}
_ALLOWED: dict[str, frozenset[str]] = {
    "collect": frozenset({"amount", "purpose"}),
    "deliver": frozenset({"mapping"}),
    "write": frozenset({"document"}),
    "tell": frozenset({"message", "documents", "party", "answer"}),
    "close": frozenset({"outcome"}),
    "refund": frozenset({"of", "amount"}),
    "sign": frozenset({"parties", "order"}),
    "invite": frozenset({"party"}),
}


class ElementChecks:
    """Collects the problems of single elements."""

    def __init__(self, diagram: Diagram, known: References) -> None:
        self.diagram, self.known = diagram, known
        self.problems: list[Problem] = []

    def add(self, code: str, message: str, at: Element | Flow | None, remedy: str = "") -> None:
        """Note a problem."""
        line = at.line if at else None
        self.problems.append(Problem(code, message, file=FILE, line=line, remedy=remedy or None))

    def check(self, element: Element) -> None:
        """Check one element."""
        checks: dict[str, Callable[[Element], None]] = {
            "userTask": self._user_task,
            "serviceTask": self._service_task,
            "businessRuleTask": self._rule_task,
            "scriptTask": self._script_task,
            "sendTask": self._telling,
            "receiveTask": self._catching,
            "callActivity": self._call,
            "intermediateCatchEvent": self._catching,
            "intermediateThrowEvent": self._throwing,
            "endEvent": self._throwing,
            "boundaryEvent": self._boundary,
        }
        inside = self.diagram.elements.get(element.level)
        if element.kind == "startEvent" and inside is not None and inside.by_event:
            self._catching(element)
        elif element.kind in checks:
            checks[element.kind](element)

    def _needs(self, element: Element, *words: str) -> bool:
        """Note the attributes that are missing; gives whether all are there."""
        missing = [word for word in words if not element.own.get(word)]
        for word in missing:
            self.add(
                "bpmn-attribute-missing",
                f"Bei {element.kind} {element.id} fehlt dw:{word}.",
                element,
                "Ergänzen Sie das Attribut; docs/processes.md erklärt es.",
            )
        return not missing

    def _refers(
        self, element: Element, word: str, value: str, known: frozenset[str] | None
    ) -> None:
        """Note a reference to something that the blueprint does not have."""
        if known is not None and value not in known and not value.startswith("="):
            self.add(
                "bpmn-reference",
                f"{element.id}: {word} „{value}“ gibt es in dieser Blaupause nicht.",
                element,
                f"Es gibt: {', '.join(sorted(known)) or 'nichts'}.",
            )

    # Tasks

    def _user_task(self, element: Element) -> None:
        own = element.own
        if "party" in own:
            if self._needs(element, "outcomes"):
                self._refers(element, "dw:party", own["party"], self.known.parties)
            if "role" in own:
                self._either(element, "dw:role", "dw:party")
        elif self._needs(element, "role", "outcomes"):
            self._refers(element, "dw:role", own["role"], self.known.roles)
        if own.get("approval"):
            self._refers(element, "dw:approval", own["approval"], self.known.roles)
        fields = self.known.fields
        for name in own.get("form", "").split():
            known = None if fields is None else fields.get(element.id, frozenset())
            self._refers(element, "dw:form", name, known)
        self._time(element, own.get("due"))

    def _either(self, element: Element, first: str, second: str) -> None:
        self.add("bpmn-attribute", f"{element.id}: entweder {first} oder {second}.", element)

    def _service_task(self, element: Element) -> None:
        if not self._needs(element, "intent"):
            return
        intent, own = element.own["intent"], element.own
        if intent not in ARGUMENTS:
            self.add(
                "bpmn-intent",
                f"{element.id}: dw:intent „{intent}“ gibt es nicht.",
                element,
                f"Es gibt: {', '.join(sorted(ARGUMENTS))}.",
            )
            return
        for word in sorted(own.keys() - _ALLOWED[intent] - {"intent"}):
            allowed = ", ".join(sorted(_ALLOWED[intent]))
            message = f"dw:{word} bedeutet bei {intent} {element.id} nichts."
            self.add("bpmn-attribute", message, element, f"Hier gibt es: {allowed}.")
        if self._needs(element, *ARGUMENTS[intent]):
            self._intent(element, intent)

    def _intent(self, element: Element, intent: str) -> None:
        own, known = element.own, self.known
        match intent:
            case "collect":
                self._refers(element, "dw:purpose", own["purpose"], known.text("payments"))
            case "deliver":
                self._refers(element, "dw:mapping", own["mapping"], known.mappings)
            case "write":
                self._refers(element, "dw:document", own["document"], known.documents)
            case "tell":
                self._telling(element)
            case "close":
                self._refers(element, "dw:outcome", own["outcome"], known.text("outcomes"))
            case "refund":
                self._refers(element, "dw:of", own["of"], self._with("collect"))
            case "sign":
                for name in own["parties"].split():
                    self._refers(element, "dw:parties", name, known.parties)
                if own.get("order", "parallel") not in ("parallel", "sequential"):
                    order = frozenset({"parallel", "sequential"})
                    self._refers(element, "dw:order", own["order"], order)
            case "invite":
                self._refers(element, "dw:party", own["party"], known.parties)

    def _with(self, intent: str) -> frozenset[str]:
        elements = self.diagram.elements.values()
        return frozenset(each.id for each in elements if each.own.get("intent") == intent)

    def _telling(self, element: Element) -> None:
        own = element.own
        if not own.get("message") and not (element.event == "message" and element.ref):
            self._needs(element, "message")
            return
        message = own.get("message") or element.ref
        self._refers(element, "dw:message", message, self.known.text("messages"))
        for name in own.get("documents", "").split():
            self._refers(element, "dw:documents", name, self._written())
        if "party" in own:
            self._refers(element, "dw:party", own["party"], self.known.parties)
            self._bare(element)
        if "answer" in own:
            for word in own["answer"].split():
                self._refers(element, "dw:answer", word, ALL_ANSWERS | {SILENT})
            self._needs(element, "party", "answer")

    def _bare(self, element: Element) -> None:
        """Note documents for parties with which they would get the whole application."""
        for name in element.own.get("documents", "").split():
            if name not in self.known.bare:
                self.add(
                    "bpmn-document-data",
                    f"{element.id}: „{name}“ geht an Beteiligte und enthält den ganzen Antrag "
                    "als angehängte Daten.",
                    element,
                    f"Setzen Sie documents.{name}.data: false, oder schreiben Sie ein eigenes "
                    "Dokument für Beteiligte.",
                )

    def _written(self) -> frozenset[str]:
        """Give the documents that some task of the process writes."""
        return frozenset(
            element.own.get("document", "")
            for element in self.diagram.elements.values()
            if element.own.get("intent") == "write"
        )

    def _rule_task(self, element: Element) -> None:
        if self._needs(element, "decision"):
            self._refers(element, "dw:decision", element.own["decision"], self.known.decisions)

    def _script_task(self, element: Element) -> None:
        if not element.sets:
            self._needs(element, "set", "value")
        for name, text in element.sets:
            if not name.isidentifier() or not text:
                self.add(
                    "bpmn-script",
                    f"{element.id}: dw:set braucht einen Namen und einen Ausdruck.",
                    element,
                    'Schreiben Sie zum Beispiel dw:set="summe" dw:value="1 + 1".',
                )

    def _call(self, element: Element) -> None:
        if element.called not in self.diagram.levels or element.called in self.diagram.elements:
            self.add(
                "bpmn-reference",
                f"{element.id}: der Ablauf „{element.called}“ steht nicht in dieser Datei.",
                element,
                "Nennen Sie mit calledElement einen process dieser Datei.",
            )

    # Events

    def _catching(self, element: Element) -> None:
        match element.event:
            case "":
                self.add(
                    "bpmn-event",
                    f"{element.id} wartet auf nichts.",
                    element,
                    "Geben Sie einen timer oder dw:message an.",
                )
            case "timer":
                self._timer(element)
            case "message":
                if not element.ref:
                    self._needs(element, "message")
            case "signal":
                self._named(element)
            case "link":
                self._link(element)

    def _timer(self, element: Element) -> None:
        name = element.own.get("deadline")
        if name is not None:
            self._refers(element, "dw:deadline", name, self.known.deadlines)
            if element.ref:
                self._either(element, "dw:deadline", "timeDuration")
        elif element.cycle and not element.ref.startswith("="):
            try:
                timers.cycle(element.ref)
            except timers.BadTimer:
                self._bad_timer(element, element.ref, "keine Wiederholung", "R3/P7D oder R/P1M")
        else:
            self._time(element, element.ref)

    def _named(self, element: Element) -> None:
        if not element.ref:
            message = f"{element.id}: dem Ereignis fehlt ein Name ({element.event})."
            self.add("bpmn-event", message, element, "Verweisen Sie auf ein benanntes Element.")

    def _link(self, element: Element) -> None:
        same = [
            each
            for each in self.diagram.levels[element.level]
            if each.event == "link" and each.ref == element.ref and each.kind != element.kind
        ]
        alone = element.kind == "intermediateThrowEvent" or len(same) > 0
        if not element.ref or not same or not alone or self._doubled(element):
            message = f"{element.id}: zum Link „{element.ref}“ gehört kein eindeutiges Gegenstück."
            self.add("bpmn-link", message, element, "Geben Sie beiden denselben name.")

    def _doubled(self, element: Element) -> bool:
        catches = [
            each
            for each in self.diagram.levels[element.level]
            if each.event == "link"
            and each.ref == element.ref
            and each.kind == "intermediateCatchEvent"
        ]
        return len(catches) > 1

    def _throwing(self, element: Element) -> None:
        match element.event:
            case "message":
                self._telling(element)
            case "signal":
                self._named(element)
            case "link":
                self._link(element)
            case "error" | "escalation":
                self._named(element)
                self._caught(element)
            case "compensation":
                self._undoing(element)

    def _caught(self, element: Element) -> None:
        if catching.uncaught(self.diagram, element.level, element.event, element.ref):
            self.add(
                "bpmn-uncaught",
                f"{element.id}: „{element.ref}“ fängt niemand auf.",
                element,
                "Hängen Sie das passende Ereignis an den Unterablauf, in dem es entsteht.",
            )

    def _undoing(self, element: Element) -> None:
        elements = self.diagram.elements
        if element.ref and element.ref not in elements:
            self._refers(element, "activityRef", element.ref, frozenset(elements))
        elif not any(each.handler for each in elements.values()):
            message = f"{element.id} macht nichts rückgängig: es gibt nichts dafür."
            self.add("bpmn-compensation", message, element)

    def _boundary(self, element: Element) -> None:
        host = self.diagram.elements.get(element.attached_to or "")
        if element.event == "compensation":
            self._handled(element)
            return
        self._catching(element)
        if host is None or host.level != element.level or not self._may_wait(host):
            self.add(
                "bpmn-boundary",
                f"{element.id} hängt an {element.attached_to or 'nichts'}, das nicht wartet.",
                element,
                "Hängen Sie das Ereignis an eine Aufgabe, die wartet.",
            )
            return
        if element.event == "error":
            self._error(element, host)

    def _may_wait(self, host: Element) -> bool:
        waiting = paths.WAITING | {"collect", "refund"}
        return host.kind in ("userTask", "receiveTask", *COMPOSED) or (
            host.own.get("intent") in waiting
        )

    def _error(self, element: Element, host: Element) -> None:
        """An error event must interrupt, and at a task its code must be one that can come."""
        if not element.interrupting:
            self.add("bpmn-boundary", f"{element.id}: ein Fehler unterbricht immer.", element)
        if host.kind not in COMPOSED:
            known = catching.CODES.get(host.own.get("intent", ""), ())
            if not known:
                message = f"{element.id}: {host.id} kann nicht mit einem Fehler enden."
                self.add("bpmn-boundary", message, element)
            elif element.ref and element.ref not in known:
                self._refers(element, "errorCode", element.ref, frozenset(known))

    def _handled(self, element: Element) -> None:
        handler = self.diagram.elements.get(element.handler)
        if handler is None or not handler.undoes or handler.level != element.level:
            self.add(
                "bpmn-compensation",
                f"{element.id} führt zu keiner Aktivität, die rückgängig macht.",
                element,
                'Verbinden Sie es durch eine association mit isForCompensation="true".',
            )
        elif handler.many or handler.loop:
            message = f"{handler.id}: was rückgängig macht, läuft einmal."
            self.add("bpmn-compensation", message, handler)

    # Times

    def _time(self, element: Element, text: str | None) -> None:
        if element.own.get("days", "working") not in ("working", "calendar"):
            known = frozenset({"working", "calendar"})
            self._refers(element, "dw:days", element.own["days"], known)
        if text is None or text.startswith("="):
            return
        try:
            timers.due(text, now=datetime(2000, 1, 1, tzinfo=UTC))
        except timers.BadTimer:
            self._bad_timer(
                element,
                text,
                "weder Dauer noch Zeitpunkt nach ISO 8601",
                "P14D, PT2H oder 2026-12-31",
            )

    def _bad_timer(self, element: Element, text: str, what: str, example: str) -> None:
        message = f"{element.id}: „{text}“ ist {what}."
        self.add("bpmn-timer", message, element, f"Schreiben Sie zum Beispiel {example}.")
