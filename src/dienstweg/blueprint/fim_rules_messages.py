"""Says in German what is wrong where a FIM rule between fields does not hold, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dienstweg.blueprint.fim_labels import plain
from dienstweg.blueprint.fim_rules import Reading
from dienstweg.blueprint.fim_rules_places import Index
from dienstweg.blueprint.fim_rules_syntax import (
    Condition,
    Either,
    Equal,
    Filled,
    Not,
    One,
    Ordered,
    RealDate,
)

LONGEST = 900


def message(condition: Condition, reading: Reading, index: Index) -> str:
    """The message of a check; where nothing better is known, the rule's own words."""

    def name(ref: str) -> str:
        return plain(index.label(ref)) or ref

    match condition:
        case Either(parts) if _all(parts, Filled):
            said = f"Bitte machen Sie mindestens eine dieser Angaben: {_named(parts, name)}."
        case Either(parts) if all(isinstance(each, Equal) and each.value is True for each in parts):
            said = f"Mindestens eine dieser Angaben muss zutreffen: {_named(parts, name)}."
        case One(Filled(first), Filled(second)):
            said = f"Bitte füllen Sie entweder „{name(first)}“ oder „{name(second)}“ aus."
        case Either(parts) if any(isinstance(part, RealDate) for part in parts):
            said = "Diesen Tag gibt es im Kalender nicht. Bitte prüfen Sie Tag, Monat und Jahr."
        case Either((*_, Ordered(ref, order, _, str(to)))):
            said = _compared(index.kind(index.places[ref]) == "date", order, name(ref), name(to))
        case Either((Not(_), Filled(ref))):
            said = f"Bitte machen Sie Angaben zu „{name(ref)}“."
        case _:
            own = readable(reading.text.partition(": ")[2] or reading.text)
            said = f"Diese Angaben passen nicht zusammen. Bitte prüfen Sie: {own}"
    return said[:LONGEST]


def _all(parts: Sequence[Condition], kind: type[Condition]) -> bool:
    return all(isinstance(part, kind) for part in parts)


def _named(parts: Sequence[Condition], name: object) -> str:
    assert callable(name)
    names = list(
        dict.fromkeys(name(part.ref) for part in parts if isinstance(part, Equal | Filled))
    )
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} oder {names[-1]}"


def _compared(days: bool, order: str, left: str, right: str) -> str:
    if days:
        word = "vor" if order.startswith("<") else "nach"
        return f"Das Datum „{left}“ muss {word} dem Datum „{right}“ liegen."
    word = "kleiner" if order.startswith("<") else "größer"
    return f"„{left}“ muss {word} sein als „{right}“."


def readable(text: str) -> str:
    """A rule's text without the FIM ids, for people."""
    without = re.sub(r"\b[FGR]\d{8,11}(\.[FG]\d{8,11})*\s*", "", text)
    return " ".join(without.split())
