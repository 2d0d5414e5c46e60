"""Reads a process.bpmn strictly: what is not conducted is refused by its name and line."""

from dataclasses import replace

from lxml import etree

from . import bpmn_events
from .bpmn import ACTIVITIES, ELEMENTS, FILE, KINDS, LIMIT, MODEL, OWN, Diagram, Element, Flow
from .bpmn_xml import children, own_attributes, unprefixed
from .problems import Problem

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
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataInputAssociation",
        "dataOutputAssociation",
        "ioSpecification",
        "property",
    }
)
"""What is drawn or said beside the process and moves nothing in it."""
ATTRIBUTES: dict[str, frozenset[str]] = {
    "userTask": frozenset({"role", "outcomes", "due", "days", "form", "approval", "party"}),
    "serviceTask": frozenset(
        {"intent", "amount", "purpose", "mapping", "document", "message", "documents", "outcome"}
        | {"of", "parties", "order", "party", "answer"}
    ),
    "businessRuleTask": frozenset({"decision"}),
    "scriptTask": frozenset({"set", "value"}),
    "sendTask": frozenset({"message", "documents", "party", "answer"}),
    "receiveTask": frozenset({"message"}),
    "startEvent": frozenset({"message", "days", "deadline"}),
    "intermediateCatchEvent": frozenset({"message", "days", "deadline"}),
    "intermediateThrowEvent": frozenset({"message", "documents", "party", "answer"}),
    "endEvent": frozenset({"message", "documents", "party", "answer"}),
    "boundaryEvent": frozenset({"message", "days", "deadline"}),
}


def read(content: bytes) -> tuple[Diagram | None, list[Problem]]:
    """Read a process; gives None for the diagram where the file is not a process at all."""
    root, problems = parsed(content)
    return (None, problems) if root is None else read_tree(root)


def read_tree(root: etree._Element) -> tuple[Diagram | None, list[Problem]]:
    """Read a process from a file that was parsed."""
    processes = list(root.iter(f"{{{MODEL}}}process"))
    reader = Reader(root)
    main = _main(root, processes)
    if main is None:
        message = f"Die Datei muss genau einen Ablauf enthalten; sie enthält {len(processes)}."
        if len(processes) > 1:
            message = "Es ist nicht klar, welcher Ablauf der Datei der des Vorgangs ist."
        remedy = "Behalten Sie einen ausführbaren process, den kein callActivity aufruft."
        line = line_of(processes[-1] if processes else root)
        return None, [problem("bpmn-process", message, line, remedy)]
    return reader.diagram(main, processes), reader.problems


def parsed(content: bytes) -> tuple[etree._Element | None, list[Problem]]:
    """Parse a file from anywhere: nothing is fetched, nothing is expanded, its size is bounded."""
    if len(content) > LIMIT:
        return None, [problem("too-large", "Die Datei des Ablaufs ist größer als 1 MiB.")]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return None, [problem("xml", f"Das ist kein gültiges XML: {error.msg}.", error.lineno)]
    if root.getroottree().docinfo.doctype:
        return None, [problem("xml", "Eine DOCTYPE-Deklaration ist nicht erlaubt.", 1)]
    return root, []


def problem(code: str, message: str, line: int | None = None, remedy: str = "") -> Problem:
    """Make a problem of the process file."""
    return Problem(code, message, file=FILE, line=line, remedy=remedy or None)


def line_of(node: etree._Element) -> int:
    """Give the line of a node."""
    return node.sourceline or 1


def _called(root: etree._Element) -> set[str]:
    return {unprefixed(node.get("calledElement")) for node in root.iter(f"{{{MODEL}}}callActivity")}


def _main(root: etree._Element, processes: list[etree._Element]) -> etree._Element | None:
    """Find the process of the case: the executable one that nothing calls."""
    if len(processes) == 1:
        return processes[0]
    called = _called(root)
    found = [
        each
        for each in processes
        if each.get("id") not in called and each.get("isExecutable", "true") == "true"
    ]
    return found[0] if len(found) == 1 else None


class Reader:
    """Collects elements and problems while walking through one file."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.names: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.main = ""
        self.events = bpmn_events.Events(root, self.unsupported)
        self.handlers = {
            str(node.get("sourceRef")): str(node.get("targetRef"))
            for node in root.iter(f"{{{MODEL}}}association")
        }

    def refuse(self, code: str, message: str, node: etree._Element, remedy: str = "") -> None:
        """Note a problem at a node's line."""
        self.problems.append(problem(code, message, line_of(node), remedy))

    def unsupported(self, kind: str, node: etree._Element) -> None:
        """Refuse an element by its name and line."""
        self.refuse(
            "bpmn-unsupported",
            f"{kind} {node.get('id', '')} wird nicht unterstützt.".replace("  ", " "),
            node,
            "Welche Elemente es gibt, steht in docs/processes.md.",
        )

    def diagram(self, main: etree._Element, processes: list[etree._Element]) -> Diagram:
        """Read the process of the case and those that it calls."""
        if main.get("isExecutable", "true") != "true":
            self.refuse(
                "bpmn-executable",
                "Der Ablauf ist nicht ausführbar.",
                main,
                'Setzen Sie isExecutable="true".',
            )
        process_id = self.main = main.get("id", "process")
        called = _called(self.root) - {process_id}
        self._level(main, process_id)
        for each in processes:
            if each is not main and each.get("id") in called:
                self._level(each, str(each.get("id")))
        if len(self.elements) > ELEMENTS:
            self.refuse("bpmn-size", f"Der Ablauf hat mehr als {ELEMENTS} Elemente.", main)
        self._ends()
        self._handled()
        return Diagram(
            process_id=process_id,
            name=main.get("name", ""),
            elements=self.elements,
            flows=self.flows,
            root=self.root,
            names=self.names,
            lines=self.lines,
        )

    def _level(self, node: etree._Element, level: str) -> None:
        """Read what stands in a process or sub-process."""
        self.names[level], self.lines[level] = node.get("name", ""), line_of(node)
        for kind, child in children(node):
            if kind == "sequenceFlow":
                self._flow(child, level)
            elif kind in KINDS:
                self._element(kind, child, level)
            elif kind not in DRAWN and not kind.endswith("LoopCharacteristics"):
                self.unsupported(kind, child)

    def _identify(self, node: etree._Element) -> str | None:
        name = node.get("id")
        if not name or name.startswith("~"):
            self.refuse("bpmn-id", "Ein Element hat keine id.", node, "Geben Sie ihm eine id.")
            return None
        if name in self.elements or name in self.flows or name in self.lines:
            self.refuse(
                "bpmn-id", f"Die id {name} kommt zweimal vor.", node, "Vergeben Sie eine eigene id."
            )
            return None
        return name

    def _flow(self, node: etree._Element, level: str) -> None:
        name = self._identify(node)
        if name is None:
            return
        condition = node.findtext(f"{{{MODEL}}}conditionExpression")
        self.flows[name] = Flow(
            id=name,
            source=node.get("sourceRef", ""),
            target=node.get("targetRef", ""),
            line=line_of(node),
            name=node.get("name", ""),
            condition=condition.strip() if condition and condition.strip() else None,
            level=level,
        )

    def _element(self, kind: str, node: etree._Element, level: str) -> None:
        name = self._identify(node)
        if name is None:
            return
        triggered = node.get("triggeredByEvent") == "true"
        within = self.elements.get(level)
        inside = within is not None and within.by_event
        own = self._own(kind, node)
        if kind == "startEvent" and level == self.main:
            own.pop("message", None)  # the message with which a case begins is its submission
            read = self.events.begin(node)
        else:
            read = self.events.read(kind, node, own, inside=inside)
        whole = "isInterrupting" if kind == "startEvent" else "cancelActivity"
        self.elements[name] = Element(
            id=name,
            kind=kind,
            name=node.get("name", ""),
            line=line_of(node),
            own=own,
            event=read.event,
            ref=read.ref,
            cycle=read.cycle,
            attached_to=node.get("attachedToRef"),
            interrupting=node.get(whole, "true") == "true",
            default=node.get("default"),
            level=level,
            many=self.events.many(node) if kind in ACTIVITIES else None,
            loop=self.events.loop(node) if kind in ACTIVITIES else None,
            called=unprefixed(node.get("calledElement")) if kind == "callActivity" else "",
            by_event=kind == "subProcess" and triggered,
            undoes=node.get("isForCompensation") == "true",
            sets=self._sets(node) if kind == "scriptTask" else (),
        )
        if kind == "subProcess":
            self._level(node, name)

    def _own(self, kind: str, node: etree._Element) -> dict[str, str]:
        """Read our attributes; refuse those that mean nothing here."""
        allowed = ATTRIBUTES.get(kind, frozenset())
        own: dict[str, str] = {}
        nodes = [node, *node.iterchildren(f"{{{MODEL}}}timerEventDefinition")]
        for each in nodes:
            for word, value in own_attributes(each):
                if word in allowed:
                    own[word] = value
                else:
                    self.refuse(
                        "bpmn-attribute",
                        f"dw:{word} bedeutet bei {kind} {node.get('id')} nichts.",
                        each,
                        f"Hier gibt es: {', '.join(sorted(allowed)) or 'nichts'}.",
                    )
        return own

    def _sets(self, node: etree._Element) -> tuple[tuple[str, str], ...]:
        """Read what a script sets: the attributes, then the extension elements dw:set."""
        own = dict(own_attributes(node))
        found = [(own["set"], own.get("value", ""))] if "set" in own else []
        for each in node.iter(f"{{{OWN}}}set"):
            found.append((each.get("name", "").strip(), each.get("value", "").strip()))
        for kind, child in children(node):
            if kind == "script":
                self.unsupported("script in scriptTask", child if child.get("id") else node)
        return tuple(found)

    def _ends(self) -> None:
        """Every flow must begin and end at an element of its own level."""
        for flow in list(self.flows.values()):
            for end in (flow.source, flow.target):
                element = self.elements.get(end)
                if element is None or element.level != flow.level:
                    message = f"Der Pfeil {flow.id} beginnt oder endet bei {end!r}, das fehlt."
                    self.problems.append(problem("bpmn-flow", message, flow.line))
                    self.flows.pop(flow.id, None)

    def _handled(self) -> None:
        """Tell each compensation event which activity it leads to: the association says it."""
        for element in list(self.elements.values()):
            if element.kind == "boundaryEvent" and element.event == "compensation":
                handler = self.handlers.get(element.id, "")
                self.elements[element.id] = replace(element, handler=handler)
