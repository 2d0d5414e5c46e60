"""Looks for ways through a process on which a join waits for ever: a token game at check time.

Each level is played with every choice that its drawing leaves open, whatever the data may say. A
marking is where tokens are: the arrows they stand on. Activities are passed at once, since how long
they take changes nothing; of what hangs on their borders anything may come or not.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, combinations

from .bpmn import FILE, Diagram, Element, Flow
from .problems import Problem

MOST_MARKINGS = 4_000
"""Markings of one level that are looked at; a level that has more is not judged."""
MOST_TOKENS = 12
"""Tokens of a marking: with more, events that come again and again are played for ever."""
Marking = tuple[str, ...]
"""The ids of the arrows with tokens, sorted; twice where there are two."""


def check(diagram: Diagram) -> Iterator[Problem]:
    """Yield a join of each level that can wait for a token that does not come."""
    for level in diagram.levels:
        join = _Level(diagram, level).stuck()
        if join is not None:
            yield Problem(
                "bpmn-deadlock",
                f"{join.id} kann auf einen Weg warten, der nicht gegangen wird.",
                file=FILE,
                line=join.line,
                remedy="Führen Sie Wege, von denen nur einer gegangen wird, mit einem"
                " exclusiveGateway zusammen.",
            )


class _Level:
    """The game on one level."""

    def __init__(self, diagram: Diagram, level: str) -> None:
        self._diagram = diagram
        self._elements = {each.id: each for each in diagram.levels[level]}
        self._flows = {each.id: each for each in diagram.arrows[level]}
        self._out: dict[str, list[Flow]] = {name: [] for name in self._elements}
        self._in: dict[str, list[Flow]] = {name: [] for name in self._elements}
        for flow in self._flows.values():
            if flow.source in self._out and flow.target in self._in:
                self._out[flow.source].append(flow)
                self._in[flow.target].append(flow)

    def stuck(self) -> Element | None:
        """Give a join at which tokens can be left waiting; None if there is none, or too much."""
        starts = [each for each in self._elements.values() if each.kind == "startEvent"]
        pending = [self._after(marking) for each in starts for marking in self._leave(each)]
        seen = set(pending)
        while pending:
            marking = pending.pop()
            following = list(self._next(marking))
            if not following and marking:
                return self._elements[self._flows[marking[0]].target]
            for each in following:
                if each not in seen and len(each) <= MOST_TOKENS:
                    seen.add(each)
                    pending.append(each)
            if len(seen) > MOST_MARKINGS:
                return None
        return None

    @staticmethod
    def _after(flows: tuple[Flow, ...], marking: Marking = ()) -> Marking:
        return tuple(sorted([*marking, *(flow.id for flow in flows)]))

    def _next(self, marking: Marking) -> Iterator[Marking]:
        """Yield what can follow: one token moves; which one first makes no difference."""
        for name in marking:
            target = self._elements[self._flows[name].target]
            if not self._joins(target):
                rest = list(marking)
                rest.remove(name)
                yield from self._pass(target, tuple(rest))
                return
        for name in marking:
            target = self._elements[self._flows[name].target]
            taken = self._taken(target, marking)
            if taken:
                rest = list((Counter(marking) - Counter(taken)).elements())
                yield from self._pass(target, tuple(sorted(rest)))
                return

    def _joins(self, element: Element) -> bool:
        several = len(self._in[element.id]) > 1
        return several and element.kind in ("parallelGateway", "inclusiveGateway")

    def _taken(self, join: Element, marking: Marking) -> list[str]:
        """Give the tokens with which a join goes on; nothing as long as it has to wait."""
        arrows = [flow.id for flow in self._in[join.id]]
        here = [name for name in arrows if name in marking]
        if join.kind == "parallelGateway":
            return here if len(here) == len(arrows) else []
        coming = {
            name
            for token in marking
            if self._flows[token].target != join.id
            for name in self._reach[self._flows[token].target]
        }
        empty = [name for name in arrows if name not in here]
        return [] if any(name in coming for name in empty) else here

    @cached_property
    def _reach(self) -> dict[str, set[str]]:
        """Give the arrows that a token at an element can come to."""
        found: dict[str, set[str]] = {name: set() for name in self._elements}
        changed = True
        while changed:
            changed = False
            for name, element in self._elements.items():
                ahead = {flow.id for flow in self._possible(element)}
                for flow in list(self._possible(element)):
                    ahead |= found[flow.target]
                changed = changed or not ahead <= found[name]
                found[name] |= ahead
        return found

    def _possible(self, element: Element) -> Iterator[Flow]:
        yield from self._out[element.id]
        for border in self._diagram.attached(element.id):
            yield from self._out.get(border.id, ())
        for target in self._linked(element):
            yield from self._out[target]

    def _linked(self, element: Element) -> list[str]:
        if element.event != "link" or element.kind != "intermediateThrowEvent":
            return []
        return [
            each.id
            for each in self._elements.values()
            if each.kind == "intermediateCatchEvent"
            and (each.event, each.ref) == ("link", element.ref)
        ]

    def _pass(self, element: Element, rest: Marking) -> Iterator[Marking]:
        """Yield the markings after an element has been passed, in each way that it can be."""
        if element.kind == "endEvent":
            yield () if element.event in ("terminate", "error") else rest
            return
        for flows in self._leave(element):
            yield self._after(flows, rest)

    def _leave(self, element: Element) -> Iterator[tuple[Flow, ...]]:
        """Yield the arrows on which tokens leave an element together, for each of its ways."""
        out = self._out[element.id]
        if element.kind in ("exclusiveGateway", "eventBasedGateway"):
            yield from ((flow,) for flow in out)
        elif element.kind == "inclusiveGateway":
            sizes = range(1, len(out) + 1) if len(out) < 5 else (1, 2, len(out))
            yield from chain.from_iterable(combinations(out, size) for size in sizes)
        elif linked := self._linked(element):
            yield tuple(self._out[linked[0]])
        else:
            yield from self._with_borders(element, tuple(out))

    def _with_borders(self, element: Element, out: tuple[Flow, ...]) -> Iterator[tuple[Flow, ...]]:
        """Yield what an activity leads to, also where something comes on its border."""
        yield out
        for border in self._diagram.attached(element.id):
            extra = tuple(self._out.get(border.id, ()))
            if extra and border.interrupting:
                yield extra
            elif extra:
                yield (*out, *extra)
