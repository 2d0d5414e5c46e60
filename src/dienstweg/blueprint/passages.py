"""Conducts what is nested: levels inside of levels, errors, signals, event sub-processes.

Inside of a passage the engine moves the tokens (`conduct`); to it a busy activity (`repeating`) is
one task that waits until we say that it is done.
"""

from collections import deque
from typing import Any

from . import catching, intents, undoing
from .bpmn import COMPOSED, Diagram, Element
from .conduct import Conduct
from .repeating import Clerk, Repeating
from .underway import OUTSIDE, Record, Underway


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
        underway = self._passages.underway
        return underway.name(element, underway.at[self._number]["context"])

    def count(self) -> None:
        """Count an element that is passed."""
        self._passages.underway.count()


class Passages:
    """All passages of one case during one step."""

    def __init__(
        self, diagram: Diagram, specs: dict[str, Any], clerk: Clerk, state: Record | None
    ) -> None:
        self.underway = Underway(diagram, state)
        self._diagram, self._specs, self._clerk = diagram, specs, clerk
        self._at = self.underway.at
        self._repeating = Repeating(self.underway, clerk, enter=self._enter, cancel=self._cancel)
        self._conducts: dict[str, Conduct] = {}
        self._agenda: deque[str] = deque()
        self._thrown: deque[tuple[str, Element]] = deque()

    # For whoever takes the step

    def begin(self) -> None:
        """Enter the process."""
        self._enter(self._diagram.process_id, None, "")

    def go(self) -> None:
        """Go on until everything waits; raises `Stuck`."""
        while self._thrown or self._agenda or self._finish():
            if self._thrown:
                number, element = self._thrown.popleft()
                if number in self._at:
                    self._throw(number, element)
            elif self._agenda:
                number = self._agenda.popleft()
                if number in self._at:
                    self._conduct(number).run()
                    self._look(number)
        if not self.underway.finished and next(self.underway.open(), None) is None:
            message = "nothing is waited for, and the process has not ended"
            raise intents.Stuck(message, code="no-way", where=self.underway.standing())

    def look_again(self) -> None:
        """See what every passage waits for, after the rows were put together anew."""
        for number in sorted(self._at, key=int):
            self._look(number)

    def complete(self, key: str, *, again: bool = False) -> None:
        """Let what waits under `key` go on; `again`: an event that may come once more."""
        self.underway.settled.add(key)
        if key in self.underway.owners:
            owner, index = self.underway.owners.pop(key)
            self._one_done(owner, index, key)
            return
        number = self.underway.holder(key)
        if number is None:
            return
        passage = self._at[number]
        if key in passage["starts"]:
            self._start_beside(number, passage["starts"][key], key, again=again)
            return
        element = self._diagram.elements[passage["open"][key]]
        if element.kind == "boundaryEvent" and element.interrupting:
            self._clear_host(number, key)
        self._conduct(number).complete(key, again=again)
        undoing.note(self.underway, number, element, passage["context"], key)
        self._agenda.append(number)

    def fail(self, key: str, code: str) -> bool:
        """Throw an error at what waits under `key`; gives whether anything catches it."""
        owner, number = self.underway.owners.get(key, (None, 0))[0], self.underway.holder(key)
        if owner is not None:
            element = str(self.underway.busy[owner]["element"])
        elif number is not None:
            element = str(self._at[number]["open"][key])
        else:
            return False
        if not catching.catches(self._diagram, element, code):
            return False
        self.underway.settled.add(key)
        if owner is not None:
            return self._at_border(owner, "error", code)
        assert number is not None
        found = catching.on_border(self._diagram, element, "error", code)
        if found is not None:
            return self._catch_at(number, key, found)
        return self._catch(number, "error", code)

    def signal(self, name: str) -> bool:
        """Let all that waits for a signal go on; gives whether anything did."""
        heard = [
            (key, self._diagram.elements[element])
            for key, element in self.underway.open()
            if catching.fits(self._diagram.elements[element], "signal", name)
        ]
        for key, element in heard:
            if key in dict(self.underway.open()):
                self.complete(key, again=element.repeats)
        return bool(heard)

    def cancel(self) -> None:
        """End everything."""
        for number in list(self._at):
            if number in self._at:
                self._cancel(number)
        self.underway.finished = True

    def as_state(self) -> Record:
        """Give what is under way as plain JSON."""
        for number, conduct in self._conducts.items():
            self.underway.passed |= conduct.forget(self._diagram)
            self._at[number]["rows"] = conduct.rows()
        return self.underway.as_state()

    # For the engine

    def decide(self, number: str, condition: str, element: str) -> bool:
        """Answer the condition of an arrow of a passage."""
        return self._clerk.decide(condition, element, self._at[number]["context"])

    def carry_out(self, number: str, name: str) -> str | None:
        """Begin an activity or throw an event; gives a key where it has to be waited for."""
        element, context = self._diagram.elements[name], self._at[number]["context"]
        if element.kind.endswith("Event"):
            return self._event(number, element, context)
        if element.many is not None:
            return self._repeating.several(number, element)
        if element.loop is not None:
            return self._repeating.in_rounds(number, element)
        if element.kind in COMPOSED:
            return self._repeating.inside(number, element)
        key = self.underway.name(name, context)
        if self._clerk.begin(element, key, context, None):
            return key
        undoing.note(self.underway, number, element, context, key)
        return None

    def _event(self, number: str, element: Element, context: str) -> str | None:
        """Throw what an event throws; an error never goes on, undoing is waited for."""
        if element.event == "message":
            self._clerk.begin(element, self.underway.name(element.id, context), context, None)
        elif element.event in ("signal", "escalation"):
            self._thrown.append((number, element))
        elif element.event == "error":
            self._thrown.append((number, element))
            return self.underway.add_busy("error", number, element)
        elif element.event == "compensation":
            return self._repeating.undo(number, element)
        return None

    # Passages

    def _enter(self, level: str, inside: list[Any] | None, context: str) -> None:
        number = self.underway.add_passage(level, inside, context)
        for start in self._diagram.watching(level):
            if start.event in OUTSIDE:
                key = self.underway.name(start.id, context)
                self._at[number]["starts"][key] = start.id
                self._clerk.armed(key, start, context)
        self._agenda.append(number)

    def _conduct(self, number: str) -> Conduct:
        if number not in self._conducts:
            passage = self._at[number]
            spec = self._specs[passage["level"]]
            self._conducts[number] = Conduct(spec, _Hand(self, number), passage["rows"])
        return self._conducts[number]

    def _look(self, number: str) -> None:
        """See what a passage waits for now, and what it does not wait for any more."""
        passage = self._at[number]
        before, after = passage["open"], self._conduct(number).waiting()
        passage["open"] = after
        for key, element in before.items():
            if key not in after:
                self._gone(key, element)
        for key, element in after.items():
            node = self._diagram.elements[element]
            if key not in before and not key.startswith("~") and node.event in OUTSIDE:
                self._clerk.armed(key, node, passage["context"])

    def _gone(self, key: str, element: str) -> None:
        if key in self.underway.settled:
            return
        if key.startswith("~"):
            self._repeating.clear(key)
        elif self._diagram.elements[element].event in OUTSIDE:
            self._clerk.dropped(key, self._diagram.elements[element])

    def _clear_host(self, number: str, key: str) -> None:
        """Give up the inside of the activity on whose border an interrupting event has come."""
        passage, conduct = self._at[number], self._conduct(number)
        host = self._diagram.elements[passage["open"][key]].attached_to
        for own, element in passage["open"].items():
            if element == host and own.startswith("~") and key in conduct.border(own).values():
                self._repeating.clear(own)

    def _cancel(self, number: str) -> None:
        """Give up a passage with all that it waits for."""
        self._empty(number)
        self._forget(number)

    def _empty(self, number: str) -> None:
        """Give up all that a passage waits for, and what runs beside it."""
        passage = self._at[number]
        waited = {**passage["open"], **passage["starts"]}
        passage["open"], passage["starts"] = {}, {}
        for key, element in waited.items():
            self._gone(key, element)
        for beside in list(passage["beside"]):
            self._cancel(beside)

    def _forget(self, number: str) -> None:
        self.underway.passed |= self._conduct(number).passed(self._diagram)
        inside = self._at.pop(number)["in"]
        self._conducts.pop(number)
        if inside is not None and inside[0] == "beside" and inside[1] in self._at:
            self._at[inside[1]]["beside"].remove(number)
            self._conduct(inside[1])

    def _finish(self) -> bool:
        """End a passage that has come to its end, if there is one; gives whether there was."""
        for number in sorted(self._conducts, key=int, reverse=True):
            if self._at_its_end(number):
                passage = self._at[number]
                self._empty(number)
                self._forget(number)
                self._come_out(passage)
                return True
        return False

    def _come_out(self, passage: Record) -> None:
        """Let what is around a passage that has ended take note."""
        inside = passage["in"]
        if inside is None:
            self.underway.finished = True
        elif inside[0] == "beside":
            undoing.hand_on(self.underway, inside[1], passage["level"], passage["undo"])
        else:
            self._one_done(inside[0], inside[1], inside[0], passage["undo"])

    def _at_its_end(self, number: str) -> bool:
        if not self._conduct(number).finished:
            return False
        passage = self._at[number]
        ends = {each.id for each in self._diagram.levels[passage["level"]] if each.terminates}
        if not passage["beside"]:
            return True
        return bool(ends & self._conduct(number).passed(self._diagram)) and not passage["taken"]

    def _one_done(self, owner: str, index: int, key: str, undo: list[Record] | None = None) -> None:
        number = self._repeating.one_done(owner, index, key, undo)
        if number is not None:
            self._conduct(number).complete(owner)
            self._agenda.append(number)

    def _start_beside(self, number: str, start: str, key: str | None, *, again: bool) -> None:
        """Enter an event sub-process; one that interrupts ends all else on its level."""
        passage, element = self._at[number], self._diagram.elements[start]
        if key is not None:
            passage["starts"].pop(key)
        if element.interrupting:
            self._empty(number)
            self._conduct(number).cancel()
            passage["taken"] = True
        elif key is not None and again:
            fresh = self.underway.name(start, passage["context"])
            passage["starts"][fresh] = start
            self._clerk.armed(fresh, element, passage["context"])
        self.underway.passed.add(element.level)
        self._enter(element.level, ["beside", number], passage["context"])
        self._conduct(number)

    # Throwing and catching

    def _throw(self, number: str, element: Element) -> None:
        if element.event == "signal":
            self.signal(element.ref)
        elif not self._catch(number, element.event, element.ref) and element.event == "error":
            message = f"nothing catches the error {element.ref}"
            raise intents.Stuck(message, code="uncaught-error", where=element.id)

    def _catch(self, number: str, event: str, ref: str) -> bool:
        """Find who catches something thrown in a passage, from the inside to the outside."""
        beside = False
        while True:
            passage = self._at[number]
            found = catching.in_level(self._diagram, passage["level"], event, ref)
            if found is not None and not beside and not passage["taken"]:
                self._start_beside(number, found.id, None, again=False)
                return True
            inside = passage["in"]
            if inside is None:
                return False
            if inside[0] == "beside":
                number, beside = inside[1], True
                continue
            busy = self.underway.busy[inside[0]]
            if catching.on_border(self._diagram, busy["element"], event, ref) is not None:
                return self._at_border(inside[0], event, ref)
            number, beside = busy["passage"], False

    def _at_border(self, owner: str, event: str, ref: str) -> bool:
        """Catch on the border of a busy activity, or further out."""
        busy = self.underway.busy[owner]
        found = catching.on_border(self._diagram, busy["element"], event, ref)
        if found is None:
            return self._catch(busy["passage"], event, ref)
        return self._catch_at(busy["passage"], owner, found)

    def _catch_at(self, number: str, key: str, found: Element) -> bool:
        """Let an event on the border of what waits under `key` come."""
        own = self._conduct(number).border(key).get(found.id)
        if own is None:
            return False
        if found.interrupting and key.startswith("~"):
            self._repeating.clear(key)
        self._conduct(number).complete(own, again=found.repeats)
        self._agenda.append(number)
        return True
