"""What a process is made of: elements, arrows, and the levels that they stand on.

BPMN 2.0 (OMG formal/2013-12-09). Attributes of our own stand in the namespace `OWN`; the list of
supported elements is published in docs/processes.md. `bpmn_reading` reads files into this.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from lxml import etree

from .intents import Open

FILE = "process.bpmn"
OWN = "https://dienstweg.example/bpmn/1"
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
LIMIT = 1 << 20
"""Bytes of a process file."""
ELEMENTS = 200
"""Elements of a process: more cannot be understood by anyone, and the engine's trees stay small."""
MOST_ITEMS = 200
"""Entries of a list for each of which an activity is done."""
MOST_ROUNDS = 100
"""Rounds of a standard loop that says nothing about it."""

Kind = Literal[
    "startEvent",
    "endEvent",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "subProcess",
    "callActivity",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "exclusiveGateway",
    "inclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
]
Event = Literal[
    "",
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "compensation",
    "link",
    "terminate",
]
"""What an event is about; empty for a plain one."""
KINDS: frozenset[str] = frozenset(Kind.__args__)  # type: ignore[attr-defined]  # a Literal's values
GATEWAYS = frozenset(kind for kind in KINDS if kind.endswith("Gateway"))
COMPOSED = frozenset({"subProcess", "callActivity"})
ACTIVITIES = COMPOSED | frozenset(kind for kind in KINDS if kind.endswith("Task"))
_INTENTS: dict[str, Open] = {
    "collect": "collect",
    "deliver": "deliver",
    "write": "write",
    "refund": "refund",
    "sign": "sign",
}
_EVENTS: dict[str, Open] = {"timer": "timer", "message": "report", "signal": "signal"}


@dataclass(frozen=True, slots=True)
class Many:
    """An activity that is done for every entry of a list.

    `over` is CEL and gives a list, or a number of rounds; `until` is CEL and ends the rest early.
    """

    over: str
    sequential: bool
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """An activity that is repeated as long as `condition` (CEL) holds, `most` times at most."""

    condition: str
    before: bool
    most: int = MOST_ROUNDS


@dataclass(frozen=True, slots=True)
class Element:
    """One node of the process with our attributes (`own`) and its line.

    `event` and `ref` say what an event is about: the time of a timer, the name of a message or
    signal, the code of an error or escalation, the activity that is undone, the name of a link.
    `level` is the id of the process or sub-process in which it stands; `handler` is the activity
    that a compensation event leads to, and `undoes` marks that activity; `sets` are the names and
    expressions of a script.
    """

    id: str
    kind: str
    name: str
    line: int
    own: dict[str, str]
    event: Event = ""
    ref: str = ""
    cycle: bool = False
    attached_to: str | None = None
    interrupting: bool = True
    default: str | None = None
    level: str = ""
    many: Many | None = None
    loop: Loop | None = None
    called: str = ""
    by_event: bool = False
    handler: str = ""
    undoes: bool = False
    sets: tuple[tuple[str, str], ...] = ()

    @property
    def timer(self) -> str | None:
        """Give the text of a timer, or None for anything else."""
        return self.ref if self.event == "timer" else None

    @property
    def message(self) -> str | None:
        """Give the name of the report that is waited for, or None for anything else."""
        return self.ref if self.event == "message" and self.kind not in THROWING else None

    @property
    def terminates(self) -> bool:
        """Whether this end ends everything on its level."""
        return self.event == "terminate"

    @property
    def repeats(self) -> bool:
        """Whether an event can come again while what it is attached to goes on."""
        return not self.interrupting and (self.event != "timer" or self.cycle)


THROWING = frozenset({"intermediateThrowEvent", "endEvent"})


@dataclass(frozen=True, slots=True)
class Flow:
    """One arrow from `source` to `target`, with a CEL condition or none."""

    id: str
    source: str
    target: str
    line: int
    name: str = ""
    condition: str | None = None
    level: str = ""


@dataclass(frozen=True)
class Diagram:
    """A process as read: elements and flows by id, those of its sub-processes among them.

    `process_id` is the level on which a case begins; processes that it calls are levels of their
    own, `names` are what they are called. `root` is the file as it was parsed.
    """

    process_id: str
    name: str
    elements: dict[str, Element]
    flows: dict[str, Flow]
    root: etree._Element
    names: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    @cached_property
    def levels(self) -> dict[str, tuple[Element, ...]]:
        """Give the elements of each level, in the order of the file."""
        found: dict[str, list[Element]] = {name: [] for name in self.lines}
        for element in self.elements.values():
            found.setdefault(element.level, []).append(element)
        return {name: tuple(elements) for name, elements in found.items()}

    @cached_property
    def arrows(self) -> dict[str, tuple[Flow, ...]]:
        """Give the flows of each level, in the order of the file."""
        found: dict[str, list[Flow]] = {name: [] for name in self.lines}
        for flow in self.flows.values():
            found.setdefault(flow.level, []).append(flow)
        return {name: tuple(flows) for name, flows in found.items()}

    @cached_property
    def callers(self) -> dict[str, tuple[Element, ...]]:
        """Give the call activities by the process that they call."""
        found: dict[str, tuple[Element, ...]] = {}
        for element in self.elements.values():
            if element.called:
                found[element.called] = (*found.get(element.called, ()), element)
        return found

    def outgoing(self, element: str) -> list[Flow]:
        """Give the flows that leave an element, in the order of the file."""
        return [flow for flow in self.flows.values() if flow.source == element]

    def incoming(self, element: str) -> list[Flow]:
        """Give the flows that reach an element."""
        return [flow for flow in self.flows.values() if flow.target == element]

    def attached(self, element: str) -> list[Element]:
        """Give the events on the border of an activity."""
        return [each for each in self.elements.values() if each.attached_to == element]

    def watching(self, level: str) -> list[Element]:
        """Give the starts of the event sub-processes of a level."""
        return [
            start
            for each in self.levels[level]
            if each.by_event
            for start in self.levels[each.id]
            if start.kind == "startEvent"
        ]


def awaited(element: Element) -> Open:
    """Give the word for what is waited for at an element: ask, collect, timer, report ..."""
    if element.event in _EVENTS:
        return _EVENTS[element.event]
    if element.kind == "serviceTask":
        return _INTENTS[element.own["intent"]]
    return "ask" if element.kind == "userTask" else "report"


def told(element: Element) -> str | None:
    """Give the key of the message that an element sends to people, or None."""
    if element.own.get("intent") == "tell" or element.kind == "sendTask":
        return element.own["message"]
    if element.kind in THROWING and element.event == "message":
        return element.own.get("message") or element.ref
    return None
