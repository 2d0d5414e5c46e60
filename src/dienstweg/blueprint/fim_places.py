"""Where a FIM element stands in a blueprint: its data key, its stable id, how often it occurs.

The same element may stand in several groups, so it is addressed by its path of FIM ids, never by
its id alone. A place's id is made from that path only, not from labels or order: the next import
of a newer version finds the same ids again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dienstweg.blueprint.problems import Invalid, Problem
from dienstweg.standards.xdatenfelder.model import Child, Field, Group, Multiplicity, Rule, Schema

MOST_ITEMS = 100
ITEMS_WITHOUT_LIMIT = 20
MOST_POINTS = 2_000
MOST_LEVELS = 8
LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What a designer has to look at: `R` a rule, `C` a code list, `H` what cannot be expressed."""

    id: str
    text: str
    source: str


@dataclass(slots=True)
class Findings:
    """Collects open points in the order of the schema, numbered by kind."""

    points: list[OpenPoint] = field(default_factory=list)

    def add(self, kind: str, text: str, source: str) -> None:
        """Note a point of a kind (R, C, H) about a FIM path; raises Invalid if too many."""
        if len(self.points) >= MOST_POINTS:
            message = f"Das Schema hat mehr als {MOST_POINTS} offene Punkte."
            remedy = "Importieren Sie Teile davon als eigene Schemata."
            raise Invalid([Problem("too-many-points", message, remedy=remedy)])
        number = len(self.of_kind(kind)) + 1
        self.points.append(OpenPoint(f"{kind}{number}", text, source))

    def of_kind(self, kind: str) -> tuple[OpenPoint, ...]:
        """The points of one kind."""
        return tuple(point for point in self.points if point.id[0] == kind)


@dataclass(frozen=True, slots=True)
class Place:
    """An element at its place in the data.

    `pointer` are the keys from the root (through a list, without its index); `item` is the pointer
    of the list in whose items it lies. A field that repeats becomes a list of objects that hold
    the field, because an assistant repeats pages, not single questions.
    """

    id: str
    key: str
    pointer: tuple[str, ...]
    fim_path: str
    element: Field | Group | Schema
    occurs: Multiplicity
    stated: Multiplicity
    item: tuple[str, ...] | None = None
    children: tuple[Place, ...] = ()

    @property
    def repeated(self) -> bool:
        """Whether it is a list that an assistant shows as a repeating page."""
        return self.occurs.repeats and not self.is_file

    @property
    def is_file(self) -> bool:
        """Whether files are asked for; several files are one question."""
        return isinstance(self.element, Field) and self.element.datatype in {"file", "obj"}

    @property
    def is_label(self) -> bool:
        """Whether it is only text to read."""
        return isinstance(self.element, Field) and self.element.kind == "label"

    @property
    def is_question(self) -> bool:
        """Whether it is a single question with an answer of its own."""
        return isinstance(self.element, Field) and not self.is_label and not self.children

    @property
    def holds_data(self) -> bool:
        """Whether anything can be entered at or below it."""
        return self.is_question or any(child.holds_data for child in self.children)

    @property
    def certain(self) -> bool:
        """Whether every application has something here."""
        if self.occurs.minimum == 0:
            return False
        return self.is_question or self.repeated or any(each.certain for each in self.children)

    @property
    def relative(self) -> tuple[str, ...]:
        """The keys from the item it lies in, or from the root."""
        return self.pointer[len(self.item) :] if self.item else self.pointer

    @property
    def expression(self) -> str:
        """Its value in CEL, as a rule on the same page sees it."""
        return ".".join(("item" if self.item else "data", *self.relative))

    def walk(self, above: tuple[Place, ...] = ()) -> Iterator[tuple[Place, tuple[Place, ...]]]:
        """Give this place and all below it in order, each with those above it."""
        yield self, above
        for child in self.children:
            yield from child.walk((*above, self))


def place_all(schema: Schema, findings: Findings) -> Place:
    """Find a place for every element of a schema; what needs a person goes to the findings.

    Raises Invalid where nothing is asked, or groups lie deeper than an assistant can point.
    """
    _note_rules(schema.rules, schema.id, findings)
    root = Place(
        id="angaben",
        key="",
        pointer=(),
        fim_path=schema.id,
        element=schema,
        occurs=Multiplicity(1, 1),
        stated=Multiplicity(1, 1),
    )
    placed = _with_children(root, schema.children, findings)
    deepest = max((place for place, _ in placed.walk()), key=lambda place: len(place.relative))
    if len(deepest.relative) > MOST_LEVELS:
        message = f"Die Gruppen sind tiefer als {MOST_LEVELS} Ebenen: {deepest.fim_path}"
        remedy = "Bitten Sie die herausgebende Stelle, die Gruppen flacher zu ordnen."
        raise Invalid([Problem("too-deep", message, remedy=remedy)])
    if not placed.holds_data:
        message = "Das Schema fragt nach nichts: Es enthält kein Feld zum Ausfüllen."
        raise Invalid([Problem("no-question", message, remedy="Wählen Sie ein anderes Schema.")])
    return placed


def _with_children(place: Place, children: tuple[Child, ...], findings: Findings) -> Place:
    taken: set[str] = set()
    placed = []
    for child in children:
        path = f"{place.fim_path}/{child.element.id}"
        _note_rules(child.element.rules, path, findings)
        if child.multiplicity.maximum == 0:
            inner = ", ".join(_ids_below(child.element))
            also = f" (mit {inner})" if inner else ""
            text = f"{_named(child.element)}{also} kommt laut Schema nie vor (0:0): weggelassen."
            findings.add("H", text, path)
            continue
        key = _free_key(child.element.id, taken)
        if key != child.element.id:
            findings.add(
                "H", f"{_named(child.element)} steht mehrfach in der Gruppe; hier als {key}.", path
            )
        placed.append(_placed(child, place, key, findings))
    return replace(place, children=tuple(placed))


def _placed(child: Child, parent: Place, key: str, findings: Findings) -> Place:
    element = child.element
    inside = parent.pointer if parent.repeated else parent.item
    pointer = (*parent.pointer, key)
    place = Place(
        id=stable_id(*pointer),
        key=key,
        pointer=pointer,
        fim_path=f"{parent.fim_path}/{element.id}",
        element=element,
        occurs=_occurs(child, inside is not None, f"{parent.fim_path}/{element.id}", findings),
        stated=child.multiplicity,
        item=inside,
    )
    if isinstance(element, Group):
        grown = _with_children(place, element.children, findings)
        # a group of nothing but texts has no list in the data that could repeat
        return grown if grown.holds_data else replace(grown, occurs=Multiplicity(0, 1))
    if place.repeated:
        return replace(place, children=(_single(place),))
    return place


def _single(place: Place) -> Place:
    """The question inside an item of a repeated field."""
    pointer = (*place.pointer, place.key)
    return Place(
        id=stable_id(*pointer),
        key=place.key,
        pointer=pointer,
        fim_path=place.fim_path,
        element=place.element,
        occurs=Multiplicity(1, 1),
        stated=Multiplicity(1, 1),
        item=place.pointer,
    )


def _occurs(child: Child, in_item: bool, path: str, findings: Findings) -> Multiplicity:
    """How often it occurs in the blueprint, where the format sets bounds that FIM does not."""
    stated, element = child.multiplicity, child.element
    if isinstance(element, Field) and element.kind == "label":
        return Multiplicity(0, 1)
    if not stated.repeats:
        return stated
    files = isinstance(element, Field) and element.datatype in {"file", "obj"}
    if in_item and not files:
        findings.add(
            "H",
            f"{_named(element)} wiederholt sich ({stated}) in etwas, das sich selbst wiederholt. "
            "Das kann der Assistent nicht zeigen; es wird je Eintrag einmal abgefragt.",
            path,
        )
        return Multiplicity(min(1, stated.minimum), 1)
    limit = ITEMS_WITHOUT_LIMIT if stated.maximum is None else min(stated.maximum, MOST_ITEMS)
    limit = min(max(limit, stated.minimum), MOST_ITEMS)
    if limit != stated.maximum:
        findings.add(
            "H", f"{_named(element)} darf {stated}-mal vorkommen; hier höchstens {limit}-mal.", path
        )
    return Multiplicity(min(stated.minimum, limit), limit)


def _note_rules(rules: tuple[Rule, ...], path: str, findings: Findings) -> None:
    for rule in rules:
        text = rule.free_text or rule.description or "Die Regel hat keinen Text."
        script = "".join(rule.script.split())
        program = "" if script in {"", "functionscript(){}"} else f"\nSkript: {rule.script}"
        findings.add("R", f"{rule.name}: {text}{program}", f"{rule.id} V{rule.version} ({path})")


def _ids_below(element: Field | Group) -> Iterator[str]:
    if isinstance(element, Group):
        for child in element.children:
            yield child.element.id
            yield from _ids_below(child.element)


def _named(element: Field | Group) -> str:
    kind = "Das Feld" if isinstance(element, Field) else "Die Gruppe"
    return f"{kind} {element.id} „{element.label}“"


def _free_key(wanted: str, taken: set[str]) -> str:
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}_{number}", number + 1
    taken.add(key)
    return key


def stable_id(*parts: str) -> str:
    """Make an id from FIM ids and small words; a long one keeps its ends and a hash between."""
    text = "-".join(parts).lower().replace("_", "-")
    if len(text) <= LONGEST_ID:
        return text
    first, last = (part.lower().replace("_", "-") for part in (parts[0], parts[-1]))
    return f"{first[:20]}-{hashlib.sha256(text.encode()).hexdigest()[:12]}-{last[:20]}"
