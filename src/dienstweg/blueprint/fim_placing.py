"""Finds a place in the data for every element of a FIM schema, within what an assistant can ask."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dienstweg.blueprint.fim_lists import MOST_INLINE
from dienstweg.blueprint.fim_places import Findings, Place, stable_id, takes_files
from dienstweg.blueprint.problems import Invalid, Problem
from dienstweg.standards.genericode import CodeList
from dienstweg.standards.xdatenfelder.model import (
    Child,
    Field,
    Group,
    Multiplicity,
    Schema,
    Value,
)

MOST_ITEMS = 100
ITEMS_WITHOUT_LIMIT = 20
MOST_LEVELS = 8
#: How many lists may lie in one another: an assistant shows an inner list within an outer one.
MOST_LISTS = 2
#: The key of the question which child of a choice group is meant.
SELECTOR = "auswahl"
ONCE = Multiplicity(1, 1)


def place_all(
    schema: Schema, findings: Findings, known_lists: Mapping[str, CodeList] | None = None
) -> Place:
    """Find a place for every element of a schema; what needs a person goes to the findings.

    `known_lists` are the code lists at hand. Raises Invalid where nothing is asked,
    or groups lie deeper than an assistant can point.
    """
    root = Place(
        id="angaben",
        key="",
        pointer=(),
        fim_path=schema.id,
        element=schema,
        occurs=ONCE,
        stated=ONCE,
    )
    placed = _Placing(findings, known_lists or {}).with_children(root, schema.children)
    deepest = max((place for place, _ in placed.walk()), key=lambda place: len(place.relative))
    if len(deepest.relative) > MOST_LEVELS:
        message = f"Die Gruppen sind tiefer als {MOST_LEVELS} Ebenen: {deepest.fim_path}"
        remedy = "Bitten Sie die herausgebende Stelle, die Gruppen flacher zu ordnen."
        raise Invalid([Problem("too-deep", message, remedy=remedy)])
    if not any(place.is_question for place, _ in placed.walk()):
        message = "Das Schema fragt nach nichts: Es enthält kein Feld zum Ausfüllen."
        raise Invalid([Problem("no-question", message, remedy="Wählen Sie ein anderes Schema.")])
    return placed


@dataclass(slots=True)
class _Placing:
    """One placing of one schema."""

    findings: Findings
    known_lists: Mapping[str, CodeList]

    def with_children(self, place: Place, children: tuple[Child, ...]) -> Place:
        """The place with those below it, and what never occurs set aside."""
        taken: set[str] = set()
        placed: list[Place] = []
        omitted: list[tuple[int, Child]] = []
        for number, child in enumerate(children):
            path = f"{place.fim_path}/{child.element.id}"
            if child.multiplicity.maximum == 0:
                self._note_omitted(child, path)
                omitted.append((number, child))
                continue
            key = _free_key(child.element.id, taken)
            if key != child.element.id:
                text = f"{_named(child.element)} steht mehrfach in der Gruppe; hier als {key}."
                self.findings.add("H", text, path)
            placed.append(self._placed(child, place, key, number))
        grown = replace(place, children=tuple(placed), omitted=tuple(omitted))
        is_choice = isinstance(place.element, Group) and place.element.choice
        return _with_selector(grown, place.element) if is_choice else grown

    def _note_omitted(self, child: Child, path: str) -> None:
        inner = ", ".join(_ids_below(child.element))
        also = f" (mit {inner})" if inner else ""
        text = f"{_named(child.element)}{also} kommt laut Schema nie vor (0:0): weggelassen."
        self.findings.add("H", text, path)

    def _placed(self, child: Child, parent: Place, key: str, number: int) -> Place:
        element = child.element
        inside = parent.pointer if parent.repeated else parent.item
        pointer = (*parent.pointer, key)
        place = Place(
            id=stable_id(*pointer),
            key=key,
            pointer=pointer,
            fim_path=f"{parent.fim_path}/{element.id}",
            element=element,
            occurs=child.multiplicity,
            stated=child.multiplicity,
            item=inside,
            outer=parent.item if parent.repeated else parent.outer,
            bases=child.bases,
            number=number,
            multiple=child.multiplicity.repeats and self._one_question(element),
        )
        place = replace(place, occurs=self._occurs(place))
        self._note_silence(place)
        if isinstance(element, Group):
            grown = self.with_children(place, element.children)
            # a group of nothing but texts has no list in the data that could repeat
            return grown if grown.asks else replace(grown, occurs=Multiplicity(0, 1))
        return replace(place, children=(_single(place),)) if place.repeated else place

    def _one_question(self, element: Field | Group) -> bool:
        """Whether several answers fit into one question: files, or choices from known options."""
        if not isinstance(element, Field):
            return False
        several = bool(element.values)
        if element.code_list:
            names = (element.code_list.canonical_version_uri, element.code_list.canonical_id)
            known = next(
                (self.known_lists[each] for each in names if each in self.known_lists), None
            )
            several = known is not None and 0 < len(known.entries) <= MOST_INLINE
        chosen = element.kind == "select" and several
        return takes_files(element) or chosen

    def _occurs(self, place: Place) -> Multiplicity:
        """How often it occurs here, where the format sets bounds that FIM does not."""
        stated, element = place.stated, place.element
        if isinstance(element, Field) and element.kind in {"label", "hidden", "locked"}:
            return Multiplicity(0 if element.kind != "locked" else min(1, stated.minimum), 1)
        if not stated.repeats:
            return stated
        lists = (place.item is not None) + (place.outer is not None)
        if not place.multiple and lists >= MOST_LISTS:
            self.findings.add(
                "H",
                f"{_named(element)} wiederholt sich ({stated}) in etwas, das sich selbst "
                "wiederholt. Das kann der Assistent nicht zeigen; es wird je Eintrag einmal "
                "abgefragt.",
                place.fim_path,
            )
            return Multiplicity(min(1, stated.minimum), 1)
        limit = ITEMS_WITHOUT_LIMIT if stated.maximum is None else min(stated.maximum, MOST_ITEMS)
        limit = min(max(limit, stated.minimum), MOST_ITEMS)
        if limit != stated.maximum:
            text = f"{_named(element)} darf {stated}-mal vorkommen; hier höchstens {limit}-mal."
            self.findings.add("H", text, place.fim_path)
        return Multiplicity(min(stated.minimum, limit), limit)

    def _note_silence(self, place: Place) -> None:
        if place.is_silent:
            kind = getattr(place.element, "kind", "")
            how = "verborgen (hidden)" if kind == "hidden" else "gesperrt (locked) ohne Inhalt"
            text = f"{_named(place.element)} ist {how} und wird nicht abgefragt."
            self.findings.add(
                "H", f"{text} Ein Ablauf oder eine Regel muss es füllen.", place.fim_path
            )


def _with_selector(place: Place, group: Field | Group | Schema) -> Place:
    """A choice group: first the question which of its children is meant, then these, each if so."""
    chosen = tuple(child for child in place.children if child.asks)
    pointer = (*place.pointer, SELECTOR)
    question = Field(
        id="",
        version=group.version,
        name=SELECTOR,
        input_label=group.label,
        kind="select",
        datatype="text",
        values=tuple(Value(child.key, child.element.label) for child in chosen),
    )
    selector = Place(
        id=stable_id(*pointer),
        key=SELECTOR,
        pointer=pointer,
        fim_path=place.fim_path,
        element=question,
        occurs=ONCE,
        stated=ONCE,
        item=place.pointer if place.repeated else place.item,
        outer=place.item if place.repeated else place.outer,
        is_selector=True,
    )
    children = tuple(
        _conditional(child, f"{selector.expression} == {json.dumps(child.key)}")
        if child in chosen
        else child
        for child in place.children
    )
    return replace(place, children=(selector, *children) if len(chosen) > 1 else place.children)


def _conditional(child: Place, condition: str) -> Place:
    """A child of a choice group: it need not occur, and only does where it was chosen."""
    least = Multiplicity(0, child.occurs.maximum)
    return replace(child, occurs=least, when=condition)


def _single(place: Place) -> Place:
    """The question inside an item of a repeated field."""
    pointer = (*place.pointer, place.key)
    return Place(
        id=stable_id(*pointer),
        key=place.key,
        pointer=pointer,
        fim_path=place.fim_path,
        element=place.element,
        occurs=ONCE,
        stated=ONCE,
        item=place.pointer,
        outer=place.item,
        is_single=True,
    )


def _ids_below(element: Field | Group) -> Iterator[str]:
    if isinstance(element, Group):
        for child in element.children:
            yield child.element.id
            yield from _ids_below(child.element)


def _named(element: Field | Group | Schema) -> str:
    kind = "Das Feld" if isinstance(element, Field) else "Die Gruppe"
    return f"{kind} {element.id} „{element.label}“"


def _free_key(wanted: str, taken: set[str]) -> str:
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}_{number}", number + 1
    taken.add(key)
    return key
