"""What is under way in one case's process, as plain JSON: passages, busy activities, counts.

A passage is one way through one level (a process or a sub-process). An activity with an inside, or
one that is done several times, is busy until its passages and tasks are done; keys of busy
activities begin with "~" and are seen by nobody else. `owners` tells for a task that belongs to a
busy activity which one and for which entry.
"""

from collections.abc import Iterator
from typing import Any

from . import intents
from .bpmn import Diagram, Element
from .conduct import key_of

MOST_RUNS = 1000
"""Elements that one step may pass before it is taken for an endless loop."""
MOST_AT_ONCE = 500
"""Passages and repeated tasks of a case that may be under way at a time."""
OUTSIDE = frozenset({"timer", "message", "signal", ""})
"""Events that come from outside of the process, or that are none."""
Record = dict[str, Any]


class Underway:
    """The records of one case during one step; the state that was given is never changed."""

    def __init__(self, diagram: Diagram, state: Record | None) -> None:
        kept = state or {}
        self.diagram = diagram
        self.at: dict[str, Record] = {
            number: {
                **each,
                "starts": dict(each["starts"]),
                "beside": list(each["beside"]),
                "undo": list(each["undo"]),
            }
            for number, each in kept.get("passages", {}).items()
        }
        self.busy: dict[str, Record] = {
            key: {**each, "done": list(each["done"])} for key, each in kept.get("busy", {}).items()
        }
        self.owners: dict[str, list[Any]] = dict(kept.get("owners", {}))
        self.counts: dict[str, int] = dict(kept.get("counts", {}))
        self.finished: bool = kept.get("finished", False)
        self.passed: set[str] = set(kept.get("passed", ()))
        self.settled: set[str] = set()
        self._made: int = kept.get("made", 0)
        self._runs = 0

    def as_state(self) -> Record:
        """Give all this as plain JSON."""
        return {
            "passages": self.at,
            "busy": self.busy,
            "owners": self.owners,
            "counts": self.counts,
            "finished": self.finished,
            "passed": sorted(self.passed),
            "made": self._made,
        }

    # Making

    def add_passage(self, level: str, inside: list[Any] | None, context: str) -> str:
        """Note a new passage; `inside` is the busy activity and entry, or what it runs beside."""
        if len(self.at) + len(self.owners) >= MOST_AT_ONCE:
            message = "too much of the process is under way at once"
            raise intents.Stuck(message, code="too-many", where=level)
        number = str(self._made)
        self._made += 1
        self.at[number] = {
            "level": level,
            "in": inside,
            "context": context,
            "rows": None,
            "open": {},
            "starts": {},
            "beside": [],
            "undo": [],
            "taken": False,
        }
        if inside is not None and inside[0] == "beside":
            self.at[inside[1]]["beside"].append(number)
        return number

    def add_busy(self, kind: str, number: str, element: Element, **more: Any) -> str:
        """Note a busy activity of a passage; gives its key."""
        key = self.name(f"~{element.id}", self.at[number]["context"])
        record = {"kind": kind, "passage": number, "element": element.id, "done": []}
        self.busy[key] = {**record, **more}
        return key

    def name(self, base: str, context: str) -> str:
        """Give a key for the first, second ... time that something is reached."""
        base += "".join("@" + part.rpartition("@")[2] for part in context.split("/") if part)
        self.counts[base] = self.counts.get(base, 0) + 1
        return key_of(base, self.counts[base])

    def count(self) -> None:
        """Count an element that is passed; raises `Stuck` where there are too many."""
        self._runs += 1
        if self._runs > MOST_RUNS:
            message = "the process never waits"
            raise intents.Stuck(message, code="endless", where=self.standing())

    # Looking

    def open(self) -> Iterator[tuple[str, str]]:
        """Yield what is waited for from outside: key and element."""
        for number in sorted(self.at, key=int):
            passage = self.at[number]
            for key, element in passage["open"].items():
                if key.startswith("~"):
                    yield from self.owned(key)
                elif self.diagram.elements[element].event in OUTSIDE:
                    yield key, element
            yield from passage["starts"].items()

    def owned(self, key: str) -> Iterator[tuple[str, str]]:
        """Yield the tasks of a busy activity that are waited for: key and element."""
        for own, (owner, _) in self.owners.items():
            if owner == key:
                yield own, self.now(self.busy[key])

    def holder(self, key: str) -> str | None:
        """Give the passage that waits for a key by itself."""
        for number, passage in self.at.items():
            if key in passage["open"] or key in passage["starts"]:
                return number
        return None

    def context(self, key: str) -> str:
        """Give the context in which something waits."""
        if key in self.owners:
            owner, index = self.owners[key]
            return self.context_of(self.busy[owner], index)
        number = self.holder(key)
        return str(self.at[number]["context"]) if number is not None else ""

    def now(self, busy: Record) -> str:
        """Give the element whose task a busy activity waits for."""
        return str(busy["now"]["handler"] if busy["kind"] == "undo" else busy["element"])

    def context_of(self, busy: Record, index: int) -> str:
        """Give the context of one entry of a busy activity."""
        if busy["kind"] == "undo":
            return str(busy["now"]["context"])
        outer = str(self.at[busy["passage"]]["context"])
        if busy["kind"] != "many":
            return outer
        own = f"{busy['element']}@{index}"
        return f"{outer}/{own}" if outer else own

    def contexts(self, busy: Record) -> list[str]:
        """Give the contexts of a busy activity that nothing could still be undone in."""
        if busy["kind"] != "many":
            return []
        needed = {entry["context"] for each in self.at.values() for entry in each["undo"]}
        found = [self.context_of(busy, index) for index in range(busy["next"])]
        return [
            each
            for each in found
            if not any(one == each or one.startswith(f"{each}/") for one in needed)
        ]

    def standing(self) -> str:
        """Give an element or level at which the process stands, for a person to look at."""
        for passage in self.at.values():
            for element in passage["open"].values():
                return str(element)
        return next((str(each["level"]) for each in self.at.values()), self.diagram.process_id)
