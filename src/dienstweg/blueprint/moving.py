"""Moves a running case to another release of its blueprint: what waits there, waits here.

A case keeps the release that it began under, unless somebody decides otherwise. Then each place at
which its process waits needs a counterpart in the other release: the element of the same id, or the
one that a mapping names. Where something waits that has none, the move is refused and nothing
changes. Keys stay, so that tasks, payments, deliveries and timers that are open go on as they are.
Pure; the history (what was passed, decided, paid) is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import intents
from .bpmn import Diagram, Element, awaited
from .conduct import Idle
from .ledger import Ledger
from .placing import Placing
from .process import passed
from .state_upgrade import upgraded
from .underway import Record

if TYPE_CHECKING:
    from .release import Release

Mapped = Mapping[str, str]
GIVEN_UP = ""
"""Maps an event on a border that is to wait no longer."""


@dataclass(frozen=True, slots=True)
class Point:
    """One place at which a case waits: its element here and there, and what keeps it from moving.

    `key` is empty for a token that waits at a join. `reason` is empty where it can move:
    no-counterpart, other-kind, other-level, under-way (an activity with an inside, or one that is
    repeated, that would be called otherwise) or other-way (a join or a choice between events).
    """

    key: str
    element: str
    target: str
    reason: str = ""


class Immovable(Exception):
    """Something waits that has no counterpart in the other release."""

    def __init__(self, points: tuple[Point, ...]) -> None:
        super().__init__(", ".join(f"{each.element}: {each.reason}" for each in points))
        self.points = points


def points(
    old: "Release", new: "Release", state: dict[str, Any], mapping: Mapped
) -> tuple[Point, ...]:
    """Say for each place at which a case waits where it would wait in the other release."""
    kept = upgraded(state, old.process.diagram)
    return tuple(_Mover(old, new, kept, mapping).points())


def moved(
    old: "Release",
    new: "Release",
    state: dict[str, Any],
    mapping: Mapped,
    *,
    application: dict[str, Any],
    facts: Mapping[str, Any],
    now: datetime,
) -> intents.Step:
    """Give the state in the other release, and what follows: timers that only it has, or has not.

    Raises `Immovable`; the given state is never changed.
    """
    kept = upgraded(state, old.process.diagram)
    mover = _Mover(old, new, kept, mapping)
    stays = tuple(each for each in mover.points() if each.reason)
    if stays:
        raise Immovable(stays)
    history = passed(old, kept)
    fresh = mover.state(history)
    ledger = Ledger(new, fresh, application=application, facts=facts, now=now)
    ledger.look_again()
    step = ledger.step()
    given_up = tuple(
        intents.NoLongerWait(key, awaited(old.process.diagram.elements[element]))
        for key, element in mover.given_up()
    )
    return intents.Step(
        state=step.state,
        intents=(*given_up, *step.intents),
        finished=step.finished,
        waiting=step.waiting,
        outcome=step.outcome,
    )


class _Mover:
    """One case between two releases."""

    def __init__(
        self, old: "Release", new: "Release", state: dict[str, Any], mapping: Mapped
    ) -> None:
        self._old, self._new = old.process, new.process
        self._from: Diagram = old.process.diagram
        self._to: Diagram = new.process.diagram
        self._state, self._mapping = state, mapping

    def target(self, element: str) -> str:
        """Give the element's id in the other release, if it has one there."""
        return self._mapping.get(element, element)

    def level(self, level: str) -> str:
        """Give a level in the other release; the process itself may be called otherwise."""
        return self._to.process_id if level == self._from.process_id else level

    def given_up(self) -> Iterator[tuple[str, str]]:
        """Yield the events on borders that are to wait no longer: key and element."""
        for key, element in self._state["open"].items():
            if self._mapping.get(element) == GIVEN_UP:
                yield key, element

    # What can move

    def points(self) -> Iterator[Point]:
        """Yield every place at which the case waits."""
        for key, element in self._state["open"].items():
            target = self.target(element)
            yield Point(key, element, target, self._reason(element, target))
        for busy in self._state["busy"].values():
            yield self._under_way(busy["element"])
        for number in self._state["passages"]:
            yield from self._joins(number)
            yield from self._undone(number)

    def _reason(self, name: str, target: str) -> str:
        here, there = self._from.elements[name], self._to.elements.get(target)
        if target == GIVEN_UP and here.kind == "boundaryEvent":
            return ""
        if there is None:
            return "no-counterpart"
        if awaited(here) != awaited(there) or _shape(here) != _shape(there):
            return "other-kind"
        if self.level(here.level) != there.level:
            return "other-level"
        return "" if self._same_way(here, there) else "other-way"

    def _same_way(self, here: Element, there: Element) -> bool:
        """Tell whether events stand on the same border, or follow the same choice."""
        if here.attached_to and self.target(here.attached_to) != there.attached_to:
            return False
        choice = _choice(self._from, here)
        return choice is None or self.target(choice) == _choice(self._to, there)

    def _under_way(self, name: str) -> Point:
        here, there = self._from.elements[name], self._to.elements.get(name)
        same = there is not None and self.target(name) == name
        if not same or there is None:
            return Point("", name, self.target(name), "under-way")
        fits = _shape(here) == _shape(there) and here.called == there.called
        fits = fits and self.level(here.level) == there.level
        return Point("", name, name, "" if fits else "under-way")

    def _joins(self, number: str) -> Iterator[Point]:
        for gateway, source in self._tokens(number):
            target = self.target(gateway)
            there = self._to.elements.get(target)
            known = there is not None and there.kind == self._from.elements[gateway].kind
            reached = known and self.target(source) in {
                flow.source for flow in self._to.incoming(target)
            }
            yield Point("", gateway, target, "" if reached else "other-way")

    def _undone(self, number: str) -> Iterator[Point]:
        for entry in self._state["passages"][number]["undo"]:
            for name in (entry["of"], entry["handler"]):
                if name not in self._to.elements:
                    yield Point("", name, name, "under-way")

    def _tokens(self, number: str) -> Iterator[tuple[str, str]]:
        """Yield the tokens that wait at joins: gateway, and the element they came from."""
        passage = self._state["passages"][number]
        spec = self._old.specs[passage["level"]]
        yield from Placing(spec, Idle(), passage["rows"]).at_joins()

    # What it becomes

    def state(self, history: frozenset[str]) -> dict[str, Any]:
        """Give the state with every passage built anew around what waits."""
        passages = {number: self._passage(number) for number in self._state["passages"]}
        known = {*self._to.elements, *self._to.flows}
        went = {self._mapping.get(each, each) for each in history}
        gone = {key for key, _ in self.given_up()}
        return {
            **self._state,
            "passages": passages,
            "passed": sorted(went & known),
            "values": self._values(self._state["values"]),
            "contexts": {
                name: {**each, "values": self._values(each["values"])}
                for name, each in self._state["contexts"].items()
            },
            "open": {
                key: self.target(element)
                for key, element in self._state["open"].items()
                if key not in gone
            },
            "timers": {key: at for key, at in self._state["timers"].items() if key not in gone},
        }

    def _passage(self, number: str) -> Record:
        passage = self._state["passages"][number]
        gone = {key for key, _ in self.given_up()}
        waits = {
            key: self.target(element) for key, element in passage["open"].items() if key not in gone
        }
        level = self.level(passage["level"])
        placing = Placing.bare(self._new.specs[level], _Holding(waits))
        for element in self._entries(waits):
            placing.place(element)
        for gateway, source in self._tokens(number):
            placing.wait_at(self.target(gateway), self.target(source))
        placing.run()
        for element in self._spent(passage["open"], waits):
            placing.disarm(element)
        placing.keep(waits)
        starts = {key: self.target(each) for key, each in passage["starts"].items()}
        return {
            **passage, "level": level, "rows": placing.rows(), "open": waits, "starts": starts
        }  # fmt: skip

    def _entries(self, waits: Mapping[str, str]) -> list[str]:
        """Give the elements before which a token is put; events come with what they belong to."""
        found: list[str] = []
        for name in waits.values():
            element = self._to.elements[name]
            if element.kind == "boundaryEvent":
                continue
            choice = _choice(self._to, element)
            if choice is None:
                found.append(name)
            elif choice not in found:
                found.append(choice)
        return found

    def _spent(self, before: Mapping[str, str], waits: Mapping[str, str]) -> Iterator[str]:
        """Yield the events on borders that have come already, or are given up."""
        hosts = set(waits.values())
        back = {self.target(name): name for name in self._from.elements}
        for each in self._to.elements.values():
            if each.kind != "boundaryEvent" or each.attached_to not in hosts:
                continue
            known = back.get(each.id)
            if each.id not in hosts and known is not None and known not in before.values():
                yield each.id

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Let the other release find what is known under its own names as well."""
        named = ("task", "payment", "delivery", "sign", "keys")
        return {
            word: {
                **found,
                **{
                    self._mapping[name]: value
                    for name, value in found.items()
                    if word in named and self._mapping.get(name)
                },
            }
            for word, found in values.items()
        }


class _Holding(Idle):
    """Answers the engine while tokens are put in their places: every key is known already."""

    def __init__(self, waits: Mapping[str, str]) -> None:
        self._left = list(waits.items())

    def carry_out(self, element: str) -> str | None:
        """Give the key under which an activity waits already."""
        found = next(each for each in self._left if each[1] == element)
        self._left.remove(found)
        return found[0]

    def count(self) -> None:
        """Elements are not passed, only put in place."""


def _shape(element: Element) -> tuple[str, bool, bool]:
    """Give what must be the same of two elements of the same sense."""
    return element.kind, element.many is not None, element.loop is not None


def _choice(diagram: Diagram, element: Element) -> str | None:
    """Give the event-based gateway that an event follows, if it follows one."""
    for flow in diagram.incoming(element.id):
        if diagram.elements[flow.source].kind == "eventBasedGateway":
            return flow.source
    return None
