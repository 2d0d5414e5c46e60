"""Checks the paths of a process: all is reached, all comes to an end, every loop waits."""

from collections.abc import Iterator

from .bpmn import COMPOSED, FILE, Diagram, Element
from .problems import Problem

WAITING = frozenset({"deliver", "write", "sign"})
"""Intents that always wait; collecting does not where the amount is nothing."""


def check(diagram: Diagram) -> list[Problem]:
    """Say which elements are never reached, never end, or go round without waiting."""
    found = [problem for level in diagram.levels for problem in _reachable(diagram, level)]
    return [*found, *_recursion(diagram), *_loops(diagram)]


def _problem(code: str, message: str, at: Element, remedy: str | None = None) -> Problem:
    return Problem(code, message, file=FILE, line=at.line, remedy=remedy)


def _reachable(diagram: Diagram, level: str) -> Iterator[Problem]:
    elements = {each.id: each for each in diagram.levels[level] if not _aside(each)}
    forward = _edges(diagram, level, elements)
    backward: dict[str, list[str]] = {name: [] for name in elements}
    for name, targets in forward.items():
        for target in targets:
            backward[target].append(name)
    starts = [each.id for each in elements.values() if each.kind == "startEvent"]
    ends = [each.id for each in elements.values() if each.kind == "endEvent"]
    for name in sorted(elements.keys() - _closure(starts, forward)):
        yield _problem("bpmn-unreachable", f"{name} wird nie erreicht.", elements[name])
    for name in sorted(elements.keys() - _closure(ends, backward)):
        yield _problem("bpmn-endless", f"Von {name} führt kein Weg zum Ende.", elements[name])


def _aside(element: Element) -> bool:
    """Say whether no arrow leads to an element: it begins by itself, or undoes something."""
    undoing = element.kind == "boundaryEvent" and element.event == "compensation"
    return element.by_event or element.undoes or undoing


def _edges(diagram: Diagram, level: str, elements: dict[str, Element]) -> dict[str, list[str]]:
    """Give where one gets from each element of a level, by arrows, borders and links."""
    forward: dict[str, list[str]] = {name: [] for name in elements}
    for flow in diagram.arrows.get(level, ()):
        if flow.source in forward and flow.target in forward:
            forward[flow.source].append(flow.target)
    for element in elements.values():
        if element.attached_to in forward:
            forward[str(element.attached_to)].append(element.id)
        if element.event == "link" and element.kind == "intermediateThrowEvent":
            forward[element.id] += [
                each.id
                for each in elements.values()
                if each.event == "link"
                and each.kind == "intermediateCatchEvent"
                and each.ref == element.ref
            ]
    return forward


def _recursion(diagram: Diagram) -> Iterator[Problem]:
    """Yield a call activity that comes back to where it stands."""
    calls: dict[str, list[str]] = {level: [] for level in diagram.levels}
    for element in diagram.elements.values():
        inside = element.called or (element.id if element.kind == "subProcess" else "")
        if inside in calls:
            calls[element.level].append(inside)
    for element in diagram.elements.values():
        if element.called and element.level in _closure([element.called], calls):
            yield _problem(
                "bpmn-recursion",
                f"{element.id} ruft den Ablauf auf, in dem es selbst steht.",
                element,
                "Zeichnen Sie die Wiederholung als Schleife.",
            )
            return


def _loops(diagram: Diagram) -> Iterator[Problem]:
    """Yield the first element of a loop that never waits: a step would never end."""
    passed: dict[str, bool] = {}
    for level in diagram.levels:
        elements, forward = _without_waiting(diagram, level, passed)
        for name in sorted(forward):
            if name in _closure(forward[name], forward):
                yield _problem(
                    "bpmn-loop",
                    f"{name} liegt in einer Schleife, die nirgends wartet.",
                    elements[name],
                    "Setzen Sie eine Aufgabe oder einen Timer in die Schleife.",
                )
                return


def _without_waiting(
    diagram: Diagram, level: str, passed: dict[str, bool]
) -> tuple[dict[str, Element], dict[str, list[str]]]:
    """Give the elements of a level, and where one gets among those that need not wait."""
    elements = {each.id: each for each in diagram.levels.get(level, ())}
    passing = {name for name, each in elements.items() if not _waits(diagram, each, passed)}
    edges = _edges(diagram, level, elements)
    return elements, {name: [each for each in edges[name] if each in passing] for name in passing}


def _waits(diagram: Diagram, element: Element, passed: dict[str, bool]) -> bool:
    """Say whether an element surely waits for something from outside before it goes on."""
    if element.many is not None or (element.loop is not None and element.loop.before):
        return False
    if element.kind in COMPOSED:
        return not _passable(diagram, element.called or element.id, passed)
    if element.kind == "serviceTask":
        return element.own.get("intent") in WAITING
    if element.kind == "intermediateCatchEvent":
        return element.event != "link"
    return element.kind in ("userTask", "receiveTask", "boundaryEvent", "eventBasedGateway")


def _passable(diagram: Diagram, level: str, passed: dict[str, bool]) -> bool:
    """Say whether there is a way through a level that waits nowhere; `passed` remembers it."""
    if level not in passed:
        passed[level] = True  # a level that calls itself is refused anyway
        elements, forward = _without_waiting(diagram, level, passed)
        starts = [name for name in forward if elements[name].kind == "startEvent"]
        through = _closure(starts, forward)
        passed[level] = any(elements[name].kind == "endEvent" for name in through)
    return passed[level]


def _closure(starts: list[str], edges: dict[str, list[str]]) -> set[str]:
    found, pending = set(starts), list(starts)
    while pending:
        for name in edges.get(pending.pop(), ()):
            if name not in found:
                found.add(name)
                pending.append(name)
    return found
