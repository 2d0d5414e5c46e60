"""Checks the paths of a process: all is reached, all comes to an end, every loop waits."""

from collections.abc import Iterator

from .bpmn import FILE, Diagram, Element
from .problems import Problem

WAITING = frozenset({"deliver", "write"})
"""Intents that always wait; collecting does not where the amount is nothing."""


def check(diagram: Diagram) -> list[Problem]:
    """Say which elements are never reached, never end, or go round without waiting."""
    return [*_reachable(diagram), *_loops(diagram)]


def _problem(code: str, message: str, at: Element, remedy: str | None = None) -> Problem:
    return Problem(code, message, file=FILE, line=at.line, remedy=remedy)


def _reachable(diagram: Diagram) -> Iterator[Problem]:
    elements = diagram.elements
    forward: dict[str, list[str]] = {name: [] for name in elements}
    for flow in diagram.flows.values():
        forward[flow.source].append(flow.target)
    for element in elements.values():
        if element.attached_to in elements:
            forward[str(element.attached_to)].append(element.id)
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


def _loops(diagram: Diagram) -> Iterator[Problem]:
    """Yield the first element of a loop that never waits: a step would never end."""
    passing = {name for name, each in diagram.elements.items() if not _waits(each)}
    forward = {
        name: [flow.target for flow in diagram.outgoing(name) if flow.target in passing]
        for name in passing
    }
    for name in sorted(passing):
        if name in _closure(forward[name], forward):
            yield _problem(
                "bpmn-loop",
                f"{name} liegt in einer Schleife, die nirgends wartet.",
                diagram.elements[name],
                "Setzen Sie eine Aufgabe oder einen Timer in die Schleife.",
            )
            return


def _waits(element: Element) -> bool:
    if element.kind == "serviceTask":
        return element.own.get("intent") in WAITING
    return element.kind in (
        "userTask",
        "receiveTask",
        "intermediateCatchEvent",
        "boundaryEvent",
        "eventBasedGateway",
    )


def _closure(starts: list[str], edges: dict[str, list[str]]) -> set[str]:
    found, pending = set(starts), list(starts)
    while pending:
        for name in edges.get(pending.pop(), ()):
            if name not in found:
                found.add(name)
                pending.append(name)
    return found
