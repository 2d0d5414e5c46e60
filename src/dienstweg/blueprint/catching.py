"""Says who catches what is thrown inside of a process: the same at check time and when it runs."""

from collections.abc import Iterator

from .bpmn import Diagram, Element

CODES: dict[str, tuple[str, ...]] = {
    "deliver": ("delivery.refused",),
    "collect": ("payment.failed",),
    "write": ("document.failed",),
    "refund": ("refund.failed",),
    "sign": ("sign.declined",),
}
"""The errors that an intent can end with."""


def fits(element: Element, event: str, ref: str) -> bool:
    """Say whether a catching event takes what is thrown; without a code it takes every one."""
    if element.event != event:
        return False
    return element.ref == ref or (not element.ref and event in ("error", "escalation"))


def on_border(diagram: Diagram, activity: str, event: str, ref: str) -> Element | None:
    """Give the event on the border of an activity that takes what its inside throws."""
    found = [each for each in diagram.attached(activity) if fits(each, event, ref)]
    return next((each for each in found if each.ref), found[0] if found else None)


def in_level(diagram: Diagram, level: str, event: str, ref: str) -> Element | None:
    """Give the start of the event sub-process of a level that takes what is thrown in it."""
    found = [each for each in diagram.watching(level) if fits(each, event, ref)]
    return next((each for each in found if each.ref), found[0] if found else None)


def uncaught(diagram: Diagram, level: str, event: str, ref: str) -> bool:
    """Say whether something thrown on a level can come out at the top without being caught."""
    return any(not caught for caught in _ways(diagram, level, event, ref))


def catches(diagram: Diagram, element: str, code: str) -> bool:
    """Say whether an error that an element's intent ends with is caught, whoever called it."""
    if on_border(diagram, element, "error", code) is not None:
        return True
    return not uncaught(diagram, diagram.elements[element].level, "error", code)


def _ways(diagram: Diagram, level: str, event: str, ref: str) -> Iterator[bool]:
    """Yield for each way out of a level whether something catches on it.

    What comes out of an event sub-process goes past the others of its level.
    """
    pending, seen = [(level, False)], {(level, False)}
    while pending:
        name, past = pending.pop()
        if not past and in_level(diagram, name, event, ref) is not None:
            yield True
            continue
        inside = diagram.elements.get(name)
        outer = diagram.callers.get(name, ()) if inside is None else (inside,)
        if not outer:
            yield False
        for each in outer:
            further = (each.level, each.by_event)
            if on_border(diagram, each.id, event, ref) is not None:
                yield True
            elif further not in seen:
                seen.add(further)
                pending.append(further)
