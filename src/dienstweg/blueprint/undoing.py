"""Remembers how what is done would be undone, and finds it again: BPMN's compensation.

What is done on a level is remembered there, in its order. When a sub-process is done, the level
around it remembers what was done inside, unless the sub-process has a way of its own to be undone.
"""

from .bpmn import Element
from .underway import Record, Underway


def note(underway: Underway, number: str, element: Element, context: str, key: str) -> bool:
    """Remember how something that is done would be undone; gives whether it can be."""
    for each in underway.diagram.attached(element.id):
        if each.event == "compensation" and each.handler:
            entry = {"of": element.id, "within": [], "context": context, "key": key}
            underway.at[number]["undo"].append({**entry, "handler": each.handler})
            return True
    return False


def hand_on(underway: Underway, number: str, level: str, undo: list[Record]) -> None:
    """Let the level outside remember what was done inside."""
    underway.at[number]["undo"] += [{**each, "within": [level, *each["within"]]} for each in undo]


def take(underway: Underway, number: str, element: Element) -> list[Record]:
    """Take what an event undoes, the last first: all of its level, or what it names.

    An event sub-process undoes what was done on the level that it belongs to.
    """
    numbers = [number]
    while (inside := underway.at[numbers[-1]]["in"]) is not None and inside[0] == "beside":
        numbers.append(inside[1])
    found: list[Record] = []
    for each in reversed(numbers):
        undo = underway.at[each]["undo"]
        mine = [e for e in undo if element.ref in ("", e["of"], *e["within"])]
        underway.at[each]["undo"] = [entry for entry in undo if entry not in mine]
        found += mine
    return found[::-1]
