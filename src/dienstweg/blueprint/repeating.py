"""Conducts activities that are busy: for every entry of a list, in rounds, inside, or undoing."""

from collections.abc import Callable
from typing import Any, Protocol

from . import undoing
from .bpmn import COMPOSED, Element
from .underway import Record, Underway


class Clerk(Protocol):
    """What conducting needs from whoever knows the case's data and writes down intents."""

    def decide(self, condition: str, element: str, context: str) -> bool:
        """Answer a condition; raises `Stuck`."""

    def begin(self, element: Element, key: str, context: str, undone: Record | None) -> bool:
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


class Repeating:
    """The busy activities of one case.

    `enter` begins a passage (level, inside, context), `cancel` gives one up (its number).
    """

    def __init__(
        self,
        underway: Underway,
        clerk: Clerk,
        *,
        enter: Callable[[str, list[Any], str], None],
        cancel: Callable[[str], None],
    ) -> None:
        self._underway, self._clerk = underway, clerk
        self._enter, self._cancel = enter, cancel
        self._elements = underway.diagram.elements

    def several(self, number: str, element: Element) -> str | None:
        """Begin an activity for every entry of a list; gives its key unless all is done."""
        items = self._clerk.items(element, self._underway.at[number]["context"])
        return self._started(self._underway.add_busy("many", number, element, items=items, next=0))

    def in_rounds(self, number: str, element: Element) -> str | None:
        """Begin an activity that is repeated; gives its key unless all is done."""
        return self._started(self._underway.add_busy("loop", number, element, next=0))

    def inside(self, number: str, element: Element) -> str:
        """Begin an activity with an inside; gives its key."""
        key = self._underway.add_busy("inside", number, element)
        self._begin_one(key, 0, element, self._underway.at[number]["context"])
        return key

    def undo(self, number: str, element: Element) -> str | None:
        """Begin to undo what an event says; gives its key unless all is done."""
        queue = undoing.take(self._underway, number, element)
        return self._started(self._underway.add_busy("undo", number, element, queue=queue))

    def one_done(
        self, owner: str, index: int, key: str, undo: list[Record] | None = None
    ) -> str | None:
        """Take note that a busy activity is done once, its inside with what would `undo` it.

        Gives the number of its passage if that was all: the engine can go on.
        """
        busy = self._underway.busy.get(owner)
        if busy is None:
            return None
        element, number = self._elements[self._underway.now(busy)], str(busy["passage"])
        context = self._underway.context_of(busy, index)
        can_be = undoing.note(self._underway, number, element, context, key)
        if undo and not can_be and busy["kind"] != "undo":
            undoing.hand_on(self._underway, number, element.id, undo)
        busy["done"].append(index)
        if not self._whole(owner):
            return None
        self.clear(owner)
        self._underway.settled.add(owner)
        return number

    def clear(self, key: str) -> None:
        """Give up a busy activity and everything inside of it."""
        busy = self._underway.busy.get(key)
        if busy is None:
            return
        for own, element in list(self._underway.owned(key)):
            self._underway.owners.pop(own)
            if own not in self._underway.settled:
                self._clerk.dropped(own, self._elements[element])
        for number, passage in list(self._underway.at.items()):
            if number in self._underway.at and (passage["in"] or [None])[0] == key:
                self._cancel(number)
        self._clerk.leave(self._underway.contexts(busy))
        self._underway.busy.pop(key, None)

    def _started(self, key: str) -> str | None:
        """Begin what a busy activity does first; gives its key unless all is done already."""
        if not self._whole(key):
            return key
        self.clear(key)
        return None

    def _whole(self, key: str) -> bool:
        """Begin what is to be begun next; gives whether there is nothing more."""
        kinds = {"many": self._many, "loop": self._loop, "undo": self._undo}
        kind = self._underway.busy[key]["kind"]
        return kinds[kind](key) if kind in kinds else True

    def _begin_one(
        self, owner: str, index: int, element: Element, context: str, undone: Record | None = None
    ) -> bool:
        """Begin an activity once; gives whether it is done already."""
        self._underway.count()
        if element.kind in COMPOSED:
            self._enter(element.called or element.id, [owner, index], context)
            return False
        key = self._underway.name(element.id, context)
        if self._clerk.begin(element, key, context, undone):
            self._underway.owners[key] = [owner, index]
            return False
        number = str(self._underway.busy[owner]["passage"])
        undoing.note(self._underway, number, element, context, key)
        return True

    def _many(self, key: str) -> bool:
        busy = self._underway.busy[key]
        element = self._elements[busy["element"]]
        context, many = self._underway.at[busy["passage"]]["context"], element.many
        assert many is not None
        while True:
            done, entries = len(busy["done"]), len(busy["items"])
            if done and many.until and self._clerk.decide(many.until, element.id, context):
                return True
            if busy["next"] == entries or (many.sequential and busy["next"] > done):
                return bool(done == entries)
            index = busy["next"]
            busy["next"] += 1
            inner = self._clerk.enter(context, element, index, busy["items"][index])
            if self._begin_one(key, index, element, inner):
                busy["done"].append(index)

    def _loop(self, key: str) -> bool:
        busy = self._underway.busy[key]
        element, context = self._elements[busy["element"]], self._underway.context_of(busy, 0)
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

    def _undo(self, key: str) -> bool:
        busy = self._underway.busy[key]
        while busy["queue"]:
            now, *busy["queue"] = busy["queue"]
            busy["now"] = now
            handler = self._elements[now["handler"]]
            self._underway.passed |= {handler.id, *self._border(now)}
            if not self._begin_one(key, len(busy["done"]), handler, now["context"], now):
                return False
        return True

    def _border(self, entry: Record) -> list[str]:
        """Give the event that leads from what is undone to what undoes it."""
        attached = self._underway.diagram.attached(entry["of"])
        return [each.id for each in attached if each.handler == entry["handler"]]
