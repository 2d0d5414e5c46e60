"""Checks that a process can be conducted: complete attributes, arrows, references, expressions."""

from . import markings, paths, process_expressions
from .bpmn import ACTIVITIES, FILE, GATEWAYS, Diagram, Element, Flow
from .element_checks import ElementChecks
from .problems import Files, Problem
from .process_references import References


def check(diagram: Diagram, files: Files) -> list[Problem]:
    """Say what keeps a process that was read from being conducted."""
    return _Check(diagram, References.of(files)).run()


class _Check:
    """Collects the problems of one diagram."""

    def __init__(self, diagram: Diagram, known: References) -> None:
        self.diagram = diagram
        self.elements = ElementChecks(diagram, known)

    def run(self) -> list[Problem]:
        """Check everything."""
        for element in self.diagram.elements.values():
            self.elements.check(element)
            self._flows(element)
        for level in self.diagram.levels:
            self._ends(level)
        if not any(each.own.get("intent") == "close" for each in self.diagram.elements.values()):
            self._at(
                self.diagram.lines[self.diagram.process_id],
                "bpmn-close",
                "Der Ablauf schließt den Vorgang nie.",
                'Ergänzen Sie einen serviceTask mit dw:intent="close".',
            )
        problems = [*self.elements.problems, *process_expressions.check(self.diagram)]
        problems += paths.check(self.diagram)
        # Only a drawing whose paths are whole can be played.
        return problems or list(markings.check(self.diagram))

    def add(self, code: str, message: str, at: Element | Flow | None, remedy: str = "") -> None:
        """Note a problem."""
        self.elements.add(code, message, at, remedy)

    def _flows(self, element: Element) -> None:
        leaving = self.diagram.outgoing(element.id)
        targets = [flow.target for flow in leaving]
        if len(set(targets)) < len(targets):
            self.add("bpmn-flow", f"Zwei Pfeile führen von {element.id} zum selben Ziel.", element)
        if self._apart(element):
            if leaving or self.diagram.incoming(element.id):
                self.add("bpmn-flow", f"Zu und von {element.id} führt kein Pfeil.", element)
            return
        if element.kind == "endEvent" or self._away(element):
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
        if element.kind == "startEvent" and self.diagram.incoming(element.id):
            self.add("bpmn-flow", f"Zu {element.id} führt kein Pfeil.", element)
        self._several(element, leaving)

    @staticmethod
    def _apart(element: Element) -> bool:
        """Say whether no arrow may touch an element."""
        undoing = element.kind == "boundaryEvent" and element.event == "compensation"
        return element.by_event or element.undoes or undoing

    @staticmethod
    def _away(element: Element) -> bool:
        return element.kind == "intermediateThrowEvent" and element.event == "link"

    def _several(self, element: Element, leaving: list[Flow]) -> None:
        if len(leaving) > 1 and element.kind not in GATEWAYS:
            self.add(
                "bpmn-flow",
                f"Von {element.id} führen mehrere Pfeile weiter.",
                element,
                "Verzweigen Sie mit einem Gateway.",
            )
        if element.kind in ACTIVITIES:
            for flow in leaving:
                if flow.condition:
                    message = f"{flow.id}: eine Bedingung gehört an ein Gateway."
                    self.add("bpmn-condition", message, flow)
        if element.kind in ("exclusiveGateway", "inclusiveGateway") and len(leaving) > 1:
            self._choice(element, leaving)
        if element.kind == "eventBasedGateway":
            for flow in leaving:
                target = self.diagram.elements[flow.target]
                if not self._event(target):
                    message = f"Nach {element.id} darf nur ein Ereignis folgen."
                    self.add("bpmn-event-gateway", message, flow)

    def _event(self, target: Element) -> bool:
        if target.kind == "receiveTask":
            plain = target.many is None and target.loop is None
            return plain and not self.diagram.attached(target.id)
        return target.kind == "intermediateCatchEvent" and target.event != "link"

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

    def _ends(self, level: str) -> None:
        kinds = [element.kind for element in self.diagram.levels[level]]
        what, line = f"Der Unterablauf {level}", self.diagram.lines[level]
        if level == self.diagram.process_id:
            what = "Der Ablauf"
        if kinds.count("startEvent") != 1:
            self._at(line, "bpmn-start", f"{what} braucht genau ein startEvent.")
        if "endEvent" not in kinds:
            self._at(line, "bpmn-end", f"{what} braucht ein endEvent.")

    def _at(self, line: int, code: str, message: str, remedy: str | None = None) -> None:
        self.elements.problems.append(Problem(code, message, FILE, line, remedy=remedy))
