"""Conducts what is nested: levels inside of levels, repetitions, errors, signals, undoing.

A passage is one way through one level (a process or a sub-process); inside it the engine moves the
tokens (`conduct`). An activity with an inside, or one that is done several times, is `busy` until
its passages and tasks are done; to the engine it is one task. Keys of such activities begin with
"~" and are seen by nobody else. All of it is plain JSON: see `as_state`.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any, Protocol

from . import catching, intents
from .bpmn import COMPOSED, MOST_ITEMS, Diagram, Element
from .conduct import Conduct, key_of

MOST_RUNS = 1000
"""Elements that one step may pass before it is taken for an endless loop."""
MOST_AT_ONCE = 500
"""Passages and repeated tasks of a case that may be under way at a time."""
_OUTSIDE = frozenset({"timer", "message", "signal", ""})
Record = dict[str, Any]


class Clerk(Protocol):
    """What conducting needs from whoever knows the case's data and writes down intents."""

    def decide(self, condition: str, element: str, context: str) -> bool:
        """Answer a condition; raises `Stuck`."""

    def begin(self, element: Element, key: str, context: str, undoing: Record | None) -> bool:
        """Begin a task; gives whether it has to be waited for."""

    def items(self, element: Element, context: str) -> list[Any]:
        """Give the entries for each of which an activity is done."""

    def enter(self, context: str, element: Element, index: int, item: Any) -> str:
        """Open a context for one entry; gives its name."""

    def leave(self, contexts: list[str]) -> None:
        """Forget contexts that are done with."""

    def armed(self, key: str, element: Element, context: str) -> None:
        """Take note that an event is waited for from now on."""

    def dropped(self, key: str, element: Element) -> None:
        """Take note that something is no longer waited for."""


class _Hand:
    """Answers the engine of one passage."""

    def __init__(self, passages: "Passages", number: str) -> None:
        self._passages, self._number = passages, number

    def decide(self, condition: str, element: str) -> bool:
        """Answer the condition of an arrow."""
        return self._passages.decide(self._number, condition, element)

    def carry_out(self, element: str) -> str | None:
        """Begin an activity."""
        return self._passages.carry_out(self._number, element)

    def name(self, element: str) -> str:
        """Give the key of an event."""
        return self._passages.name(element, self._passages.at[self._number]["context"])

    def count(self) -> None:
        """Count an element that is passed."""
        self._passages.count()


class Passages:
    """All passages of one case during one step."""

    def __init__(
        self, diagram: Diagram, specs: dict[str, Any], clerk: Clerk, state: Record | None
    ) -> None:
        kept = state or {}
        self.diagram, self._specs, self._clerk = diagram, specs, clerk
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
            key: {**each, "done": list(each.get("done", ()))}
            for key, each in kept.get("busy", {}).items()
        }
        self.owners: dict[str, list[Any]] = dict(kept.get("owners", {}))
        self.counts: dict[str, int] = dict(kept.get("counts", {}))
        self.finished: bool = kept.get("finished", False)
        self._gone_by: set[str] = set(kept.get("passed", ()))
        self._made: int = kept.get("made", 0)
        self._conducts: dict[str, Conduct] = {}
        self._agenda: deque[str] = deque()
        self._thrown: deque[tuple[str, Element]] = deque()
        self._settled: set[str] = set()
        self._runs = 0

    # For the clerk

    def begin(self) -> None:
        """Enter the process."""
        self._enter(self.diagram.process_id, None, "")

    def go(self) -> None:
        """Go on until everything waits; raises `Stuck`."""
        while self._thrown or self._agenda or self._finish():
            if self._thrown:
                number, element = self._thrown.popleft()
                if number in self.at:
                    self._throw(number, element)
            elif self._agenda:
                number = self._agenda.popleft()
                if number in self.at:
                    self._conduct(number).run()
                    self._look(number)
        if not self.finished and not any(True for _ in self.open()):
            message = "nothing is waited for, and the process has not ended"
            raise intents.Stuck(message, code="no-way", where=self._standing())

    def open(self) -> Iterator[tuple[str, str]]:
        """Yield what is waited for from outside: key and element."""
        for number in sorted(self.at, key=int):
            passage = self.at[number]
            for key, element in passage["open"].items():
                if key.startswith("~"):
                    yield from self._inside(key)
                elif self.diagram.elements[element].event in _OUTSIDE:
                    yield key, element
            yield from passage["starts"].items()

    def _inside(self, key: str) -> Iterator[tuple[str, str]]:
        busy = self.busy.get(key)
        if busy is not None:
            for own, (owner, _) in self.owners.items():
                if owner == key:
                    yield own, self._now(busy)

    def context(self, key: str) -> str:
        """Give the context in which something waits."""
        if key in self.owners:
            owner, index = self.owners[key]
            return self._context(self.busy[owner], index)
        number = self._holder(key)
        return str(self.at[number]["context"]) if number is not None else ""

    def complete(self, key: str, *, again: bool = False) -> None:
        """Let what waits under `key` go on; `again`: an event that may come once more."""
        self._settled.add(key)
        if key in self.owners:
            owner, index = self.owners.pop(key)
            self._one_done(owner, index, key)
            return
        number = self._holder(key)
        if number is None:
            return
        passage = self.at[number]
        if key in passage["starts"]:
            self._start_beside(number, passage["starts"][key], key, again=again)
            return
        element = self.diagram.elements[passage["open"][key]]
        if element.kind == "boundaryEvent" and element.interrupting:
            self._clear_host(number, key)
        self._conduct(number).complete(key, again=again)
        self._note(number, element, passage["context"], key)
        self._agenda.append(number)

    def fail(self, key: str, code: str) -> bool:
        """Throw an error at what waits under `key`; gives whether anything catches it."""
        owner, number = self.owners.get(key, (None, 0))[0], self._holder(key)
        if owner is not None:
            element = str(self.busy[owner]["element"])
        elif number is not None:
            element = str(self.at[number]["open"][key])
        else:
            return False
        if not catching.catches(self.diagram, element, code):
            return False
        self._settled.add(key)
        if owner is not None:
            return self._at_border(owner, "error", code)
        assert number is not None
        found = catching.on_border(self.diagram, element, "error", code)
        if found is not None:
            return self._catch_at(number, key, found)
        return self._catch(number, "error", code)

    def signal(self, name: str) -> bool:
        """Let all that waits for a signal go on; gives whether anything did."""
        heard = [
            (key, element)
            for key, element in list(self.open())
            if self.diagram.elements[element].event == "signal"
            and self.diagram.elements[element].ref == name
        ]
        for key, element in heard:
            if any(each == key for each, _ in self.open()):
                self.complete(key, again=self.diagram.elements[element].repeats)
        return bool(heard)

    def cancel(self) -> None:
        """End everything."""
        for number in list(self.at):
            if number in self.at:
                self._cancel(number)

    def as_state(self) -> Record:
        """Give all this as plain JSON."""
        for number, conduct in self._conducts.items():
            self.at[number]["rows"] = conduct.rows()
        return {
            "passages": self.at,
            "busy": self.busy,
            "owners": self.owners,
            "counts": self.counts,
            "finished": self.finished,
            "passed": sorted(self._gone_by),
            "made": self._made,
        }

    # For the engine

    def decide(self, number: str, condition: str, element: str) -> bool:
        """Answer the condition of an arrow of a passage."""
        return self._clerk.decide(condition, element, self.at[number]["context"])

    def count(self) -> None:
        """Count an element that is passed; raises `Stuck` where there are too many."""
        self._runs += 1
        if self._runs > MOST_RUNS:
            message = "the process never waits"
            raise intents.Stuck(message, code="endless", where=self._standing())

    def name(self, base: str, context: str) -> str:
        """Give a key for the first, second ... time that something is reached."""
        entry = "".join("@" + part.rpartition("@")[2] for part in context.split("/") if part)
        base += entry
        self.counts[base] = self.counts.get(base, 0) + 1
        return key_of(base, self.counts[base])

    def carry_out(self, number: str, name: str) -> str | None:
        """Begin an activity or throw an event; gives a key where it has to be waited for."""
        element, context = self.diagram.elements[name], self.at[number]["context"]
        if element.kind.endswith("Event"):
            return self._event(number, element, context)
        if element.many is not None:
            items = self._clerk.items(element, context)
            key = self._make_busy("many", number, element, items=items, next=0)
            return self._started(key)
        if element.loop is not None:
            return self._started(self._make_busy("loop", number, element, next=0))
        if element.kind in COMPOSED:
            key = self._make_busy("inside", number, element)
            self._begin_one(key, 0, element, context)
            return key
        own = self.name(name, context)
        if self._clerk.begin(element, own, context, None):
            return own
        self._note(number, element, context, own)
        return None

    def _event(self, number: str, element: Element, context: str) -> str | None:
        """Throw what an event throws; an error never goes on, undoing is waited for."""
        if element.event == "message":
            self._clerk.begin(element, self.name(element.id, context), context, None)
        elif element.event in ("signal", "escalation"):
            self._thrown.append((number, element))
        elif element.event == "error":
            self._thrown.append((number, element))
            return self._make_busy("error", number, element)
        elif element.event == "compensation":
            key = self._make_busy("undo", number, element, queue=self._undoable(number, element))
            return self._started(key)
        return None

    def _started(self, key: str) -> str | None:
        """Begin what a busy activity does first; gives its key unless all is done already."""
        if not self._whole(key):
            return key
        self._clear(key)
        return None

    # Passages

    def _enter(self, level: str, inside: list[Any] | None, context: str) -> None:
        number = str(self._made)
        self._made += 1
        if len(self.at) + len(self.owners) >= MOST_AT_ONCE:
            message = "too much of the process is under way at once"
            raise intents.Stuck(message, code="too-many", where=level)
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
        for start in self.diagram.watching(level):
            if start.event in _OUTSIDE:
                key = self.name(start.id, context)
                self.at[number]["starts"][key] = start.id
                self._clerk.armed(key, start, context)
        self._agenda.append(number)

    def _conduct(self, number: str) -> Conduct:
        if number not in self._conducts:
            passage = self.at[number]
            hand = _Hand(self, number)
            spec = self._specs[passage["level"]]
            self._conducts[number] = Conduct(spec, hand, passage["rows"])
        return self._conducts[number]

    def _look(self, number: str) -> None:
        """See what a passage waits for now, and what it does not wait for any more."""
        passage = self.at[number]
        before, after = passage["open"], self._conduct(number).waiting()
        passage["open"] = after
        for key, element in before.items():
            if key not in after:
                self._gone(key, element)
        for key, element in after.items():
            node = self.diagram.elements[element]
            if key not in before and not key.startswith("~") and node.event in _OUTSIDE:
                self._clerk.armed(key, node, passage["context"])

    def _gone(self, key: str, element: str) -> None:
        if key in self._settled:
            return
        if key.startswith("~"):
            self._clear(key)
        elif self.diagram.elements[element].event in _OUTSIDE:
            self._clerk.dropped(key, self.diagram.elements[element])

    def _clear(self, key: str) -> None:
        """Give up everything inside of a busy activity, and the activity itself."""
        busy = self.busy.get(key)
        if busy is None:
            return
        self._clear_inside(key)
        self._clerk.leave(self._contexts(busy))
        self.busy.pop(key, None)

    def _clear_inside(self, key: str) -> None:
        for own, (owner, _) in list(self.owners.items()):
            if owner != key:
                continue
            self.owners.pop(own)
            if own not in self._settled:
                self._clerk.dropped(own, self.diagram.elements[self._now(self.busy[key])])
        for number, passage in list(self.at.items()):
            if number in self.at and passage["in"] is not None and passage["in"][0] == key:
                self._cancel(number)

    def _clear_host(self, number: str, key: str) -> None:
        """Give up the inside of the activity on whose border an interrupting event has come."""
        host = self.diagram.elements[self.at[number]["open"][key]].attached_to
        for own, element in self.at[number]["open"].items():
            if element == host and own.startswith("~") and key in self._border(number, own):
                self._clear(own)

    def _border(self, number: str, key: str) -> set[str]:
        return set(self._conduct(number).border(key).values())

    def _cancel(self, number: str) -> None:
        """Give up a passage with all that it waits for."""
        passage = self.at[number]
        self._empty(number)
        for beside in list(passage["beside"]):
            self._cancel(beside)
        self._forget(number)

    def _empty(self, number: str) -> None:
        passage = self.at[number]
        for key, element in list(passage["open"].items()):
            self._gone(key, element)
        passage["open"] = {}
        for key, start in passage["starts"].items():
            self._gone(key, start)
        passage["starts"] = {}

    def _forget(self, number: str) -> None:
        self._gone_by |= self._conduct(number).passed(self.diagram)
        passage = self.at.pop(number)
        self._conducts.pop(number)
        inside = passage["in"]
        if inside is not None and inside[0] == "beside" and inside[1] in self.at:
            self.at[inside[1]]["beside"].remove(number)
            self._conduct(inside[1])

    def _finish(self) -> bool:
        """End a passage that has come to its end, if there is one; gives whether there was."""
        for number in sorted(self._conducts, key=int, reverse=True):
            passage = self.at[number]
            conduct = self._conduct(number)
            if not conduct.finished or (passage["beside"] and not self._terminated(number)):
                continue
            for beside in list(passage["beside"]):
                self._cancel(beside)
            self._empty(number)
            self._forget(number)
            inside, undo = passage["in"], passage["undo"]
            if inside is None:
                self.finished = True
            elif inside[0] == "beside":
                self._hand_on(inside[1], passage["level"], undo)
            else:
                self._one_done(inside[0], inside[1], inside[0], undo)
            return True
        return False

    def _terminated(self, number: str) -> bool:
        ends = [e.id for e in self.diagram.levels[self.at[number]["level"]] if e.terminates]
        return bool(ends) and not self._conduct(number).passed(self.diagram).isdisjoint(ends)

    def _start_beside(self, number: str, start: str, key: str | None, *, again: bool) -> None:
        """Enter an event sub-process; one that interrupts ends all else on its level."""
        passage, element = self.at[number], self.diagram.elements[start]
        if key is not None:
            passage["starts"].pop(key)
        if element.interrupting:
            self._empty(number)
            for beside in list(passage["beside"]):
                self._cancel(beside)
            self._conduct(number).cancel()
            passage["taken"] = True
        elif key is not None and again:
            fresh = self.name(start, passage["context"])
            passage["starts"][fresh] = start
            self._clerk.armed(fresh, element, passage["context"])
        self._enter(element.level, ["beside", number], passage["context"])
        self._conduct(number)

    # Activities that are busy

    def _make_busy(self, kind: str, number: str, element: Element, **more: Any) -> str:
        key = self.name(f"~{element.id}", self.at[number]["context"])
        self.busy[key] = {
            "kind": kind,
            "passage": number,
            "element": element.id,
            "done": [],
            **more,
        }
        return key

    def _now(self, busy: Record) -> str:
        """Give the element whose task a busy activity waits for."""
        return str(busy["now"]["handler"] if busy["kind"] == "undo" else busy["element"])

    def _context(self, busy: Record, index: int) -> str:
        if busy["kind"] == "undo":
            return str(busy["now"]["context"])
        outer = str(self.at[busy["passage"]]["context"])
        if busy["kind"] != "many":
            return outer
        own = f"{busy['element']}@{index}"
        return f"{outer}/{own}" if outer else own

    def _contexts(self, busy: Record) -> list[str]:
        """Give the contexts of a busy activity that nothing could still be undone in."""
        if busy["kind"] != "many":
            return []
        needed = {entry["context"] for each in self.at.values() for entry in each["undo"]}
        found = [self._context(busy, index) for index in range(busy["next"])]
        return [
            each
            for each in found
            if not any(one == each or one.startswith(f"{each}/") for one in needed)
        ]

    def _begin_one(
        self, owner: str, index: int, element: Element, context: str, undoing: Record | None = None
    ) -> bool:
        """Begin an activity once; gives whether it is done already."""
        self.count()
        if element.kind in COMPOSED:
            self._enter(element.called or element.id, [owner, index], context)
            return False
        key = self.name(element.id, context)
        if self._clerk.begin(element, key, context, undoing):
            self.owners[key] = [owner, index]
            return False
        self._note(self.busy[owner]["passage"], element, context, key)
        return True

    def _one_done(self, owner: str, index: int, key: str, undo: list[Record] | None = None) -> None:
        """Take note that a busy activity is done once; let the engine go on where that was all."""
        busy = self.busy.get(owner)
        if busy is None:
            return
        element, number = self.diagram.elements[self._now(busy)], busy["passage"]
        if undo is None:
            self._note(number, element, self._context(busy, index), key)
        elif not self._note(number, element, self._context(busy, index), key):
            self._hand_on(number, element.id, undo)
        busy["done"].append(index)
        if self._whole(owner):
            self._clear(owner)
            self._settled.add(owner)
            self._conduct(number).complete(owner)
            self._agenda.append(number)

    def _whole(self, key: str) -> bool:
        kind = self.busy[key]["kind"]
        if kind == "many":
            return self._many(key)
        if kind == "loop":
            return self._loop(key)
        return kind != "undo" or self._undo(key)

    def _many(self, key: str) -> bool:
        """Begin what is to be begun for the entries of a list; gives whether all is done."""
        busy = self.busy[key]
        element = self.diagram.elements[busy["element"]]
        context, many = self.at[busy["passage"]]["context"], element.many
        assert many is not None
        while True:
            done = len(busy["done"])
            if done and many.until and self._clerk.decide(many.until, element.id, context):
                return True
            if busy["next"] == len(busy["items"]):
                return done == len(busy["items"])
            if many.sequential and busy["next"] > done:
                return False
            index = busy["next"]
            busy["next"] += 1
            inner = self._clerk.enter(context, element, index, busy["items"][index])
            if self._begin_one(key, index, element, inner):
                busy["done"].append(index)

    def _loop(self, key: str) -> bool:
        """Begin the next round; gives whether there is none."""
        busy = self.busy[key]
        element, context = self.diagram.elements[busy["element"]], self._context(busy, 0)
        loop = element.loop
        assert loop is not None
        while busy["next"] < loop.most:
            asked = loop.before or busy["next"] > 0
            if asked and not self._clerk.decide(loop.condition, element.id, context):
                return True
            busy["next"] += 1
            if not self._begin_one(key, busy["next"] - 1, element, context):
                return False
        return True

    # Throwing and catching

    def _throw(self, number: str, element: Element) -> None:
        if element.event == "signal":
            self.signal(element.ref)
        elif not self._catch(number, element.event, element.ref) and element.event == "error":
            message = f"nothing catches the error {element.ref}"
            raise intents.Stuck(message, code="uncaught-error", where=element.id)

    def _catch(self, number: str, event: str, ref: str) -> bool:
        """Find who catches something thrown in a passage, from the inside to the outside."""
        inside_event = False
        while True:
            passage = self.at[number]
            found = catching.in_level(self.diagram, passage["level"], event, ref)
            if found is not None and not inside_event and not passage["taken"]:
                self._start_beside(number, found.id, None, again=False)
                return True
            inside = passage["in"]
            if inside is None:
                return False
            if inside[0] == "beside":
                number, inside_event = inside[1], True
                continue
            if self._border_of(inside[0], event, ref) is not None:
                return self._at_border(inside[0], event, ref)
            number, inside_event = self.busy[inside[0]]["passage"], False

    def _border_of(self, owner: str, event: str, ref: str) -> Element | None:
        return catching.on_border(self.diagram, self.busy[owner]["element"], event, ref)

    def _at_border(self, owner: str, event: str, ref: str) -> bool:
        """Catch on the border of a busy activity, or further out."""
        number, found = self.busy[owner]["passage"], self._border_of(owner, event, ref)
        if found is None:
            return self._catch(number, event, ref)
        return self._catch_at(number, owner, found)

    def _catch_at(self, number: str, key: str, found: Element) -> bool:
        """Let an event on the border of what waits under `key` come."""
        own = self._conduct(number).border(key).get(found.id)
        if own is None:
            return False
        if found.interrupting and key.startswith("~"):
            self._clear(key)
        self._conduct(number).complete(own, again=found.repeats)
        self._agenda.append(number)
        return True

    # Undoing

    def _note(self, number: str, element: Element, context: str, key: str) -> bool:
        """Remember how something that is done would be undone; gives whether it can be."""
        for each in self.diagram.attached(element.id):
            if each.event == "compensation" and each.handler:
                entry = {"of": element.id, "within": [], "context": context, "key": key}
                self.at[number]["undo"].append({**entry, "handler": each.handler})
                return True
        return False

    def _hand_on(self, number: str, level: str, undo: list[Record]) -> None:
        """Let the level outside remember what was done inside."""
        self.at[number]["undo"] += [{**each, "within": [level, *each["within"]]} for each in undo]

    def _undoable(self, number: str, element: Element) -> list[Record]:
        """Take what is to be undone, the last first."""
        numbers = [number]
        while (inside := self.at[numbers[-1]]["in"]) is not None and inside[0] == "beside":
            numbers.append(inside[1])
        found: list[Record] = []
        for each in reversed(numbers):
            mine = [
                entry
                for entry in self.at[each]["undo"]
                if element.ref in ("", entry["of"], *entry["within"])
            ]
            self.at[each]["undo"] = [e for e in self.at[each]["undo"] if e not in mine]
            found += mine
        return found[::-1]

    def _undo(self, key: str) -> bool:
        """Begin the next thing that is to be undone; gives whether there is none."""
        busy = self.busy[key]
        while busy["queue"]:
            now, *busy["queue"] = busy["queue"]
            busy["now"] = now
            handler = self.diagram.elements[now["handler"]]
            if not self._begin_one(key, len(busy["done"]), handler, now["context"], now):
                return False
        return True

    # Looking

    def _holder(self, key: str) -> str | None:
        for number, passage in self.at.items():
            if key in passage["open"] or key in passage["starts"]:
                return number
        return None

    def _standing(self) -> str:
        """Give an element or level at which the process stands, for a person to look at."""
        for passage in self.at.values():
            for element in passage["open"].values():
                return str(element)
        return next((str(each["level"]) for each in self.at.values()), self.diagram.process_id)


__all__ = ["MOST_AT_ONCE", "MOST_ITEMS", "MOST_RUNS", "Clerk", "Passages"]
