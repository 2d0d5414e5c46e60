"""Checks that a process can be conducted: complete attributes, arrows, references, expressions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import paths, timers
from .bpmn import FILE, GATEWAYS, Diagram, Element, Flow
from .expressions import BadExpression, compile_expression
from .notation import read_yaml
from .problems import Files, Invalid, Problem

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "collect": ("amount", "purpose"),
    "deliver": ("mapping",),
    "write": ("document",),
    "tell": ("message",),
    "close": ("outcome",),
}
VARIABLES = frozenset(
    {"data", "facts", "decision", "task", "payment", "delivery", "report", "lists", "today"}
)


def expressions(diagram: Diagram) -> Iterator[tuple[str, str, int]]:
    """Yield every CEL expression of a process: where it stands, its text, its line."""
    for flow in diagram.flows.values():
        if flow.condition:
            yield flow.id, flow.condition, flow.line
    for element in diagram.elements.values():
        for word in ("due", "outcome"):
            if element.own.get(word, "").startswith("="):
                yield element.id, element.own[word][1:], element.line
        if "amount" in element.own:
            yield element.id, element.own["amount"], element.line
        if element.timer and element.timer.startswith("="):
            yield element.id, element.timer[1:], element.line


def check(diagram: Diagram, files: Files) -> list[Problem]:
    """Say what keeps a process that was read from being conducted."""
    return _Check(diagram, _References.of(files)).run()


@dataclass(frozen=True, slots=True)
class _References:
    """What the rest of the blueprint offers a process; None where that file cannot be read."""

    roles: frozenset[str] | None
    documents: frozenset[str] | None
    texts: dict[str, Any] | None
    decisions: frozenset[str]
    mappings: frozenset[str]

    @classmethod
    def of(cls, files: Files) -> "_References":
        manifest = _data(files, "blueprint.yaml")
        texts = _data(files, "texts/de.yaml")
        return cls(
            roles=None if manifest is None else frozenset(manifest.get("roles") or ()),
            documents=None
            if manifest is None
            else frozenset(manifest.get("documents") or ()) | {"receipt"},
            texts=texts,
            decisions=_stems(files, "decisions/", ".dmn"),
            mappings=_stems(files, "mappings/", ".yaml"),
        )

    def text(self, group: str) -> frozenset[str] | None:
        """Give the ids that have a text in a group such as "messages"."""
        if self.texts is None:
            return None
        found = self.texts.get(group)
        return frozenset(found) if isinstance(found, dict) else frozenset()


def _data(files: Files, name: str) -> dict[str, Any] | None:
    """Read a YAML file as far as it can be read; its own faults are reported elsewhere."""
    if name not in files:
        return None
    try:
        data = read_yaml(name, files[name]).data
    except Invalid:
        return None
    return data if isinstance(data, dict) else None


def _stems(files: Files, folder: str, ending: str) -> frozenset[str]:
    return frozenset(
        name.removeprefix(folder).removesuffix(ending)
        for name in files
        if name.startswith(folder) and name.endswith(ending)
    )


class _Check:
    """Collects the problems of one diagram."""

    def __init__(self, diagram: Diagram, known: _References) -> None:
        self.diagram = diagram
        self.known = known
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        """Check everything."""
        for element in self.diagram.elements.values():
            self._attributes(element)
            self._flows(element)
        self._ends()
        self._conditions()
        return [*self.problems, *paths.check(self.diagram)]

    def add(self, code: str, message: str, at: Element | Flow | None, remedy: str = "") -> None:
        """Note a problem."""
        line = at.line if at else None
        self.problems.append(Problem(code, message, file=FILE, line=line, remedy=remedy or None))

    # Attributes

    def _attributes(self, element: Element) -> None:
        checks: dict[str, Callable[[Element], None]] = {
            "userTask": self._user_task,
            "serviceTask": self._service_task,
            "businessRuleTask": self._rule_task,
            "receiveTask": self._catching,
            "intermediateCatchEvent": self._catching,
            "boundaryEvent": self._boundary,
        }
        if element.kind in checks:
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
        if known is not None and value not in known:
            self.add(
                "bpmn-reference",
                f"{element.id}: {word} „{value}“ gibt es in dieser Blaupause nicht.",
                element,
                f"Es gibt: {', '.join(sorted(known)) or 'nichts'}.",
            )

    def _user_task(self, element: Element) -> None:
        if self._needs(element, "role", "outcomes"):
            self._refers(element, "dw:role", element.own["role"], self.known.roles)
        self._time(element, element.own.get("due"))

    def _service_task(self, element: Element) -> None:
        if not self._needs(element, "intent"):
            return
        intent = element.own["intent"]
        if intent not in ARGUMENTS:
            self.add(
                "bpmn-intent",
                f"{element.id}: dw:intent „{intent}“ gibt es nicht.",
                element,
                f"Es gibt: {', '.join(sorted(ARGUMENTS))}.",
            )
            return
        if not self._needs(element, *ARGUMENTS[intent]):
            return
        own, known = element.own, self.known
        match intent:
            case "collect":
                self._refers(element, "dw:purpose", own["purpose"], known.text("payments"))
            case "deliver":
                self._refers(element, "dw:mapping", own["mapping"], known.mappings)
            case "write":
                self._refers(element, "dw:document", own["document"], known.documents)
            case "tell":
                self._refers(element, "dw:message", own["message"], known.text("messages"))
                for name in own.get("documents", "").split():
                    self._refers(element, "dw:documents", name, self._written())
            case "close" if not own["outcome"].startswith("="):
                self._refers(element, "dw:outcome", own["outcome"], known.text("outcomes"))

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

    def _catching(self, element: Element) -> None:
        if element.timer is None and element.message is None:
            self.add(
                "bpmn-event",
                f"{element.id} wartet auf nichts.",
                element,
                "Geben Sie einen timer oder dw:message an.",
            )
        elif element.timer is not None:
            self._time(element, element.timer)
        elif not element.message:
            self._needs(element, "message")

    def _boundary(self, element: Element) -> None:
        self._catching(element)
        host = self.diagram.elements.get(element.attached_to or "")
        waits = host is not None and (
            host.kind in ("userTask", "receiveTask")
            or host.own.get("intent") in (paths.WAITING | {"collect"})
        )
        if not waits:
            self.add(
                "bpmn-boundary",
                f"{element.id} hängt an {element.attached_to or 'nichts'}, das nicht wartet.",
                element,
                "Hängen Sie das Ereignis an eine Aufgabe, die wartet.",
            )

    def _time(self, element: Element, text: str | None) -> None:
        if text is None or text.startswith("="):
            return
        try:
            timers.due(text, now=datetime(2000, 1, 1, tzinfo=UTC))
        except timers.BadTimer:
            self.add(
                "bpmn-timer",
                f"{element.id}: „{text}“ ist weder Dauer noch Zeitpunkt nach ISO 8601.",
                element,
                "Schreiben Sie zum Beispiel P14D, PT2H oder 2026-12-31.",
            )

    # Flows

    def _flows(self, element: Element) -> None:
        leaving = self.diagram.outgoing(element.id)
        targets = [flow.target for flow in leaving]
        if len(set(targets)) < len(targets):
            self.add("bpmn-flow", f"Zwei Pfeile führen von {element.id} zum selben Ziel.", element)
        if element.kind == "endEvent":
            if leaving:
                self.add("bpmn-flow", f"Nach {element.id} geht es nicht weiter.", element)
            return
        if not leaving:
            self.add(
                "bpmn-flow",
                f"Von {element.id} führt kein Pfeil weiter.",
                element,
                "Führen Sie den Weg bis zu einem endEvent.",
            )
        if len(leaving) > 1 and element.kind not in GATEWAYS:
            self.add(
                "bpmn-flow",
                f"Von {element.id} führen mehrere Pfeile weiter.",
                element,
                "Verzweigen Sie mit einem Gateway.",
            )
        if element.kind in ("exclusiveGateway", "inclusiveGateway") and len(leaving) > 1:
            self._choice(element, leaving)
        if element.kind == "eventBasedGateway":
            for flow in leaving:
                if self.diagram.elements[flow.target].kind not in (
                    "intermediateCatchEvent",
                    "receiveTask",
                ):
                    self.add(
                        "bpmn-event-gateway",
                        f"Nach {element.id} darf nur ein Ereignis folgen.",
                        flow,
                    )

    def _choice(self, element: Element, leaving: list[Flow]) -> None:
        if element.default not in {flow.id for flow in leaving}:
            self.add(
                "bpmn-default",
                f"{element.id} hat keinen Standardweg.",
                element,
                'Nennen Sie mit default="..." den Pfeil, der sonst gilt.',
            )
        for flow in leaving:
            if flow.id != element.default and not flow.condition:
                self.add("bpmn-condition", f"Dem Pfeil {flow.id} fehlt die Bedingung.", flow)

    def _ends(self) -> None:
        kinds = [element.kind for element in self.diagram.elements.values()]
        if kinds.count("startEvent") != 1:
            self.add("bpmn-start", "Der Ablauf braucht genau ein startEvent.", None)
        if "endEvent" not in kinds:
            self.add("bpmn-end", "Der Ablauf braucht ein endEvent.", None)
        if not any(each.own.get("intent") == "close" for each in self.diagram.elements.values()):
            self.add(
                "bpmn-close",
                "Der Ablauf schließt den Vorgang nie.",
                None,
                'Ergänzen Sie einen serviceTask mit dw:intent="close".',
            )

    def _conditions(self) -> None:
        for where, text, line in expressions(self.diagram):
            try:
                used = compile_expression(text).paths
            except BadExpression as error:
                self.problems.append(
                    Problem("cel", f"{where}: {error}", FILE, line, remedy=error.remedy)
                )
                continue
            for path in sorted(used):
                self._path(where, path, line)

    def _path(self, where: str, path: tuple[str, ...], line: int) -> None:
        """Note an expression that refers to something that can never be there."""
        known: frozenset[str] | None = VARIABLES
        name = path[0]
        if name in VARIABLES and len(path) > 1:
            name = path[1]
            elements = self.diagram.elements.values()
            offered: dict[str, frozenset[str]] = {
                "decision": frozenset(each.own.get("decision", "") for each in elements),
                "task": frozenset(each.id for each in elements if each.kind == "userTask"),
                "payment": frozenset(
                    each.id for each in elements if each.own.get("intent") == "collect"
                ),
                "delivery": frozenset(
                    each.id for each in elements if each.own.get("intent") == "deliver"
                ),
                "report": frozenset(each.message or "" for each in elements),
                "facts": frozenset({"case_number", "submitted_at"}),
            }
            known = offered.get(path[0])
        if known is not None and name not in known:
            message = f"{where}: {'.'.join(path)} gibt es im Ablauf nicht."
            remedy = f"Es gibt: {', '.join(sorted(known - {''})) or 'nichts'}."
            self.problems.append(Problem("cel-unknown", message, FILE, line, remedy=remedy))
