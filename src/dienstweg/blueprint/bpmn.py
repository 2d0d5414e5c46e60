"""Reads a process.bpmn strictly: what we conduct is read, everything else is refused by its name.

BPMN 2.0 (OMG formal/2013-12-09), one flat process. Attributes of our own stand in the namespace
`OWN`; the list of supported elements is published in docs/processes.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from .problems import Problem

FILE = "process.bpmn"
OWN = "https://dienstweg.example/bpmn/1"
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
POINTS = "http://www.omg.org/spec/DD/20100524/DI"
LIMIT = 1 << 20
"""Bytes of a process file."""
ELEMENTS = 200
"""Elements of a process: more cannot be understood by anyone, and the engine's trees stay small."""

Kind = Literal[
    "startEvent",
    "endEvent",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "receiveTask",
    "intermediateCatchEvent",
    "boundaryEvent",
    "exclusiveGateway",
    "inclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
]
Awaited = Literal["ask", "collect", "deliver", "write", "report", "timer"]
_INTENTS: dict[str, Awaited] = {"collect": "collect", "deliver": "deliver", "write": "write"}
KINDS: frozenset[str] = frozenset(Kind.__args__)  # type: ignore[attr-defined]  # a Literal's values
GATEWAYS = frozenset(kind for kind in KINDS if kind.endswith("Gateway"))
CATCHING = frozenset({"receiveTask", "intermediateCatchEvent", "boundaryEvent"})
DRAWN = frozenset(
    {
        "documentation",
        "textAnnotation",
        "association",
        "laneSet",
        "lane",
        "flowNodeRef",
        "incoming",
        "outgoing",
        "extensionElements",
        "text",
        "group",
    }
)
ATTRIBUTES: dict[str, frozenset[str]] = {
    "userTask": frozenset({"role", "outcomes", "due"}),
    "serviceTask": frozenset(
        {"intent", "amount", "purpose", "mapping", "document", "message", "documents", "outcome"}
    ),
    "businessRuleTask": frozenset({"decision"}),
    "receiveTask": frozenset({"message"}),
    "intermediateCatchEvent": frozenset({"message"}),
    "boundaryEvent": frozenset({"message"}),
}


@dataclass(frozen=True, slots=True)
class Element:
    """One node of the process with our attributes (`own`), its line and its timer or message."""

    id: str
    kind: str
    name: str
    line: int
    own: dict[str, str]
    timer: str | None = None
    message: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    default: str | None = None
    terminates: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """One arrow from `source` to `target`, with a CEL condition or none."""

    id: str
    source: str
    target: str
    line: int
    name: str = ""
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """A process as read: elements and flows by id, and where they are drawn if the file says so.

    `bounds`: x, y, width, height; `points`: the corners of a flow.
    """

    process_id: str
    name: str
    elements: dict[str, Element]
    flows: dict[str, Flow]
    root: etree._Element
    bounds: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    points: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    def outgoing(self, element: str) -> list[Flow]:
        """Give the flows that leave an element, in the order of the file."""
        return [flow for flow in self.flows.values() if flow.source == element]

    def incoming(self, element: str) -> list[Flow]:
        """Give the flows that reach an element."""
        return [flow for flow in self.flows.values() if flow.target == element]


def awaited(element: Element) -> Awaited:
    """Give the word for what is waited for at an element: ask, collect, timer, report ..."""
    if element.timer is not None:
        return "timer"
    if element.kind == "serviceTask":
        return _INTENTS[element.own["intent"]]
    return "ask" if element.kind == "userTask" else "report"


def read(content: bytes) -> tuple[Diagram | None, list[Problem]]:
    """Read a process; gives None for the diagram where the file is not a process at all."""
    if len(content) > LIMIT:
        return None, [_problem("too-large", "Die Datei des Ablaufs ist größer als 1 MiB.")]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return None, [_problem("xml", f"Das ist kein gültiges XML: {error.msg}.", error.lineno)]
    if root.getroottree().docinfo.doctype:
        return None, [_problem("xml", "Eine DOCTYPE-Deklaration ist nicht erlaubt.", 1)]
    processes = list(root.iter(f"{{{MODEL}}}process"))
    if len(processes) != 1:
        message = f"Die Datei muss genau einen Ablauf enthalten; sie enthält {len(processes)}."
        return None, [
            _problem("bpmn-process", message, remedy="Behalten Sie einen ausführbaren process.")
        ]
    reader = _Reader(root, processes[0])
    return reader.diagram(), reader.problems


def _problem(code: str, message: str, line: int | None = None, remedy: str = "") -> Problem:
    return Problem(code, message, file=FILE, line=line, remedy=remedy or None)


def _line(node: etree._Element) -> int:
    return node.sourceline or 1


def _children(node: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield the child elements of the BPMN model with their plain names."""
    for child in node:
        if isinstance(child.tag, str) and child.tag.startswith(f"{{{MODEL}}}"):
            yield child.tag.removeprefix(f"{{{MODEL}}}"), child


class _Reader:
    """Collects elements and problems while walking through one file."""

    def __init__(self, root: etree._Element, process: etree._Element) -> None:
        self.root = root
        self.process = process
        self.problems: list[Problem] = []
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.messages = {
            str(node.get("id")): str(node.get("name")) for node in root.iter(f"{{{MODEL}}}message")
        }

    def refuse(self, code: str, message: str, node: etree._Element, remedy: str = "") -> None:
        """Note a problem at a node's line."""
        self.problems.append(_problem(code, message, _line(node), remedy))

    def diagram(self) -> Diagram:
        """Read all there is."""
        if self.process.get("isExecutable", "true") != "true":
            self.refuse(
                "bpmn-executable",
                "Der Ablauf ist nicht ausführbar.",
                self.process,
                'Setzen Sie isExecutable="true".',
            )
        for kind, node in _children(self.process):
            if kind == "sequenceFlow":
                self._flow(node)
            elif kind in KINDS:
                self._element(kind, node)
            elif kind not in DRAWN:
                self._unsupported(kind, node)
        if len(self.elements) > ELEMENTS:
            self.refuse("bpmn-size", f"Der Ablauf hat mehr als {ELEMENTS} Elemente.", self.process)
        self._ends()
        return Diagram(
            process_id=self.process.get("id", "process"),
            name=self.process.get("name", ""),
            elements=self.elements,
            flows=self.flows,
            root=self.root,
            bounds=self._bounds(),
            points=self._points(),
        )

    def _unsupported(self, kind: str, node: etree._Element) -> None:
        self.refuse(
            "bpmn-unsupported",
            f"{kind} {node.get('id', '')} wird nicht unterstützt.".replace("  ", " "),
            node,
            "Welche Elemente es gibt, steht in docs/processes.md.",
        )

    def _identify(self, node: etree._Element) -> str | None:
        name = node.get("id")
        if not name:
            self.refuse("bpmn-id", "Ein Element hat keine id.", node, "Geben Sie ihm eine id.")
            return None
        if name in self.elements or name in self.flows:
            self.refuse(
                "bpmn-id", f"Die id {name} kommt zweimal vor.", node, "Vergeben Sie eine eigene id."
            )
            return None
        return name

    def _flow(self, node: etree._Element) -> None:
        name = self._identify(node)
        if name is None:
            return
        condition = node.findtext(f"{{{MODEL}}}conditionExpression")
        self.flows[name] = Flow(
            id=name,
            source=node.get("sourceRef", ""),
            target=node.get("targetRef", ""),
            line=_line(node),
            name=node.get("name", ""),
            condition=condition.strip() if condition and condition.strip() else None,
        )

    def _element(self, kind: str, node: etree._Element) -> None:
        name = self._identify(node)
        if name is None:
            return
        own = self._own(kind, node)
        timer, message, terminates = self._definition(kind, node)
        self.elements[name] = Element(
            id=name,
            kind=kind,
            name=node.get("name", ""),
            line=_line(node),
            own=own,
            timer=timer,
            message=own.get("message") if kind in CATCHING and "message" in own else message,
            attached_to=node.get("attachedToRef"),
            interrupting=node.get("cancelActivity", "true") == "true",
            default=node.get("default"),
            terminates=terminates,
        )

    def _own(self, kind: str, node: etree._Element) -> dict[str, str]:
        """Read our attributes; refuse those that mean nothing here."""
        prefix = f"{{{OWN}}}"
        allowed = ATTRIBUTES.get(kind, frozenset())
        own: dict[str, str] = {}
        for key, value in node.attrib.items():
            text = str(key)
            if not text.startswith(prefix):
                continue
            word = text.removeprefix(prefix)
            if word in allowed:
                own[word] = str(value).strip()
            else:
                self.refuse(
                    "bpmn-attribute",
                    f"dw:{word} bedeutet bei {kind} {node.get('id')} nichts.",
                    node,
                    f"Hier gibt es: {', '.join(sorted(allowed)) or 'nichts'}.",
                )
        return own

    def _definition(self, kind: str, node: etree._Element) -> tuple[str | None, str | None, bool]:
        """Read what an event is: a timer, a message, a terminating end; refuse the rest."""
        timer: str | None = None
        message: str | None = None
        terminates = False
        if kind == "receiveTask" and node.get("messageRef"):
            message = self.messages.get(str(node.get("messageRef")))
        for word, child in _children(node):
            if word in DRAWN:
                continue
            if word == "terminateEventDefinition" and kind == "endEvent":
                terminates = True
            elif word == "timerEventDefinition" and kind in CATCHING - {"receiveTask"}:
                timer = self._timer(child)
            elif word == "messageEventDefinition" and kind in CATCHING - {"receiveTask"}:
                message = self.messages.get(str(child.get("messageRef")), "")
            else:
                self._unsupported(f"{word} in {kind}", child if child.get("id") else node)
        return timer, message, terminates

    def _timer(self, node: etree._Element) -> str:
        for word, child in _children(node):
            if word in ("timeDuration", "timeDate"):
                return (child.text or "").strip()
            if word == "timeCycle":
                self._unsupported("timeCycle", child)
        return ""

    def _ends(self) -> None:
        """Every flow must begin and end at an element that exists."""
        for flow in list(self.flows.values()):
            for end in (flow.source, flow.target):
                if end not in self.elements:
                    message = f"Der Pfeil {flow.id} beginnt oder endet bei {end!r}, das fehlt."
                    self.problems.append(_problem("bpmn-flow", message, flow.line))
                    self.flows.pop(flow.id, None)

    def _bounds(self) -> dict[str, tuple[float, float, float, float]]:
        found = {}
        for shape in self.root.iter(f"{{{DIAGRAM}}}BPMNShape"):
            box = shape.find(f"{{{BOUNDS}}}Bounds")
            if box is None or shape.get("bpmnElement") not in self.elements:
                continue
            numbers = tuple(_number(box.get(word)) for word in ("x", "y", "width", "height"))
            found[str(shape.get("bpmnElement"))] = (numbers[0], numbers[1], numbers[2], numbers[3])
        return found

    def _points(self) -> dict[str, tuple[tuple[float, float], ...]]:
        return {
            str(edge.get("bpmnElement")): tuple(
                (_number(point.get("x")), _number(point.get("y")))
                for point in edge.iter(f"{{{POINTS}}}waypoint")
            )
            for edge in self.root.iter(f"{{{DIAGRAM}}}BPMNEdge")
            if edge.get("bpmnElement") in self.flows
        }


def _number(text: str | None) -> float:
    """Read a coordinate; nonsense is the origin, a drawing is never worth an error."""
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < 1e6 else 0.0
