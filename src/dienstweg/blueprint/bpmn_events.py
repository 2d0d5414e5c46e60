"""Reads what the events of a process are about, and how often its activities are done."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from .bpmn import MODEL, MOST_ROUNDS, OWN, Event, Loop, Many
from .bpmn_xml import children, own_attributes, tag, unprefixed

ALLOWED: dict[str, frozenset[str]] = {
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "link"}),
    "intermediateThrowEvent": frozenset(
        {"message", "signal", "escalation", "compensation", "link"}
    ),
    "boundaryEvent": frozenset(
        {"timer", "message", "signal", "error", "escalation", "compensation"}
    ),
    "endEvent": frozenset(
        {"terminate", "message", "signal", "error", "escalation", "compensation"}
    ),
}
"""The events that each element may be about; a start only inside of an event sub-process."""
STARTS = frozenset({"timer", "message", "signal", "error", "escalation"})
_SAID = frozenset(
    {"documentation", "extensionElements", "incoming", "outgoing", "dataInputAssociation"}
    | {"dataOutputAssociation", "dataInput", "dataOutput", "inputSet", "outputSet", "property"}
    | {"ioSpecification"}
)
_REFERENCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "message": ("messageRef", ("name",)),
    "signal": ("signalRef", ("name",)),
    "error": ("errorRef", ("errorCode", "name")),
    "escalation": ("escalationRef", ("escalationCode", "name")),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What an event is about, in the words of `bpmn.Element`."""

    event: Event = ""
    ref: str = ""
    cycle: bool = False


class Events:
    """Reads events and loops of one file; what is not conducted goes to `unsupported`."""

    def __init__(
        self, root: etree._Element, unsupported: Callable[[str, etree._Element], None]
    ) -> None:
        self._unsupported = unsupported
        self._named = {
            kind: {
                str(node.get("id")): next((node.get(word) or "" for word in words), "")
                or next((str(node.get(word)) for word in words if node.get(word)), "")
                for node in root.iter(f"{{{MODEL}}}{kind}")
            }
            for kind, (_, words) in _REFERENCES.items()
        }

    def read(self, kind: str, node: etree._Element, own: dict[str, str], *, inside: bool) -> Read:
        """Read an element's event; `inside` says that its level is an event sub-process."""
        if kind == "receiveTask":
            name = own.get("message") or self._name("message", node)
            return Read("message", name) if name or node.get("messageRef") else Read()
        if not kind.endswith("Event"):
            self._plain(kind, node)
            return Read()
        allowed = ALLOWED.get(kind, STARTS if inside else frozenset())
        found = Read()
        for word, child in children(node):
            about = word.removesuffix("EventDefinition").replace("compensate", "compensation")
            if word in _SAID:
                continue
            if about == word or about not in allowed or found.event:
                self._unsupported(f"{word} in {kind}", child if child.get("id") else node)
            else:
                found = self._about(kind, about, node, child)
        if found.event == "message":
            return Read("message", own.get("message") or found.ref)
        if not found.event and "message" in own:
            return Read("message", own["message"])
        if not found.event and "deadline" in own:
            return Read("timer")
        return found

    def begin(self, node: etree._Element) -> Read:
        """Read the start of the case: the submission, drawn plain or as a message."""
        for word, child in children(node):
            if word not in _SAID and word != "messageEventDefinition":
                self._unsupported(f"{word} in startEvent", child if child.get("id") else node)
        return Read()

    def _plain(self, kind: str, node: etree._Element) -> None:
        """Refuse what stands in an activity or gateway and would not be heeded."""
        if kind in ("subProcess", "scriptTask"):
            return
        for word, child in children(node):
            if word not in _SAID and not word.endswith("LoopCharacteristics"):
                self._unsupported(f"{word} in {kind}", child if child.get("id") else node)

    def _about(self, kind: str, about: str, node: etree._Element, child: etree._Element) -> Read:
        match about:
            case "timer":
                return self._timer(kind, node, child)
            case "compensation":
                return Read("compensation", unprefixed(child.get("activityRef")))
            case "link":
                return Read("link", child.get("name", ""))
            case "terminate":
                return Read("terminate")
        found: Event = about  # type: ignore[assignment]  # the rest refer to something named
        return Read(found, self._name(about, child))

    def _name(self, kind: str, node: etree._Element) -> str:
        """Give the name or code that a definition refers to; empty for none."""
        return self._named[kind].get(unprefixed(node.get(_REFERENCES[kind][0])), "")

    def _timer(self, kind: str, node: etree._Element, child: etree._Element) -> Read:
        whole = "isInterrupting" if kind == "startEvent" else "cancelActivity"
        for word, text in children(child):
            if word in ("timeDuration", "timeDate"):
                return Read("timer", (text.text or "").strip())
            if word == "timeCycle":
                if kind not in ("boundaryEvent", "startEvent") or node.get(whole) != "false":
                    self._unsupported("timeCycle", text)
                return Read("timer", (text.text or "").strip(), cycle=True)
        return Read("timer")

    def many(self, node: etree._Element) -> Many | None:
        """Read for what an activity is done several times."""
        found = node.find(f"{{{MODEL}}}multiInstanceLoopCharacteristics")
        if found is None:
            return None
        over, until = found.get(f"{{{OWN}}}over", "").strip(), None
        for key, _ in own_attributes(found):
            if key != "over":
                self._unsupported(f"dw:{key} in {tag(node)}", node)
        for word, child in children(found):
            text = (child.text or "").strip()
            if word == "completionCondition":
                until = text or None
            elif word == "loopCardinality" and not over:
                over = text
            elif word not in _SAID:
                self._unsupported(f"{word} in {tag(node)}", child if child.get("id") else node)
        if not over:
            self._unsupported(f"multiInstanceLoopCharacteristics in {tag(node)}", node)
        return Many(over, found.get("isSequential") == "true", until)

    def loop(self, node: etree._Element) -> Loop | None:
        """Read as long as what an activity is repeated."""
        found = node.find(f"{{{MODEL}}}standardLoopCharacteristics")
        if found is None:
            return None
        condition = (found.findtext(f"{{{MODEL}}}loopCondition") or "").strip()
        most = found.get("loopMaximum", "")
        if not condition:
            self._unsupported(f"standardLoopCharacteristics in {tag(node)}", node)
        rounds = min(int(most), MOST_ROUNDS) if most.isdecimal() and most else MOST_ROUNDS
        return Loop(condition, found.get("testBefore") == "true", rounds)
