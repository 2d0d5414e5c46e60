"""Writes the condition of a FIM rule in CEL, as a page of the assistant sees the data.

Empty places are null for CEL (see blueprint-reference.md): an equation with null is false, its
opposite true, which is what FIM means by „=“ and „<>“. A comparison by size is false while one
side is empty.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import NamedTuple

from dienstweg.blueprint.fim_places import Place
from dienstweg.blueprint.fim_rules_places import Index
from dienstweg.blueprint.fim_rules_syntax import (
    Always,
    Both,
    Condition,
    Either,
    Equal,
    Filled,
    Length,
    Not,
    One,
    Ordered,
    RealDate,
    Value,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead

LONGEST = 2_000


class Frame(NamedTuple):
    """From where an expression looks: in an entry of the list `item`, which lies in one of `outer`.

    Both are pointers of lists; None where there is none.
    """

    item: tuple[str, ...] | None = None
    outer: tuple[str, ...] | None = None


WHOLE = Frame()


def frame(place: Place) -> Frame:
    """From where the rules of a place look: those of a list decide before there are entries."""
    if place.repeated:
        return Frame(None, place.item)
    return Frame(place.item, place.outer)


def expression(condition: Condition, index: Index, frame: Frame) -> str:
    """The condition in CEL, as it is looked at from `frame`.

    Raises NotRead where it speaks of something that cannot be seen from there, or grows too long.
    """
    text = _Writer(index, frame).write(condition)
    if len(text) > LONGEST:
        raise NotRead("Die Bedingung ist zu lang für einen Ausdruck.")
    return text


def conjunction(*parts: str | None) -> str | None:
    """Several expressions that must all hold; None where there are none."""
    kept = list(dict.fromkeys(part for part in parts if part))
    if len(kept) < 2:
        return kept[0] if kept else None
    return " && ".join(f"({part})" if " || " in part or " ? " in part else part for part in kept)


class _Writer:
    """Writes one expression."""

    def __init__(self, index: Index, frame: Frame) -> None:
        self.index, self.frame = index, frame

    def write(self, condition: Condition) -> str:
        """The condition as text."""
        match condition:
            case Always():
                text = "true"
            case Not(part):
                text = self._not(part)
            case Both(parts):
                text = " && ".join(self._inner(part) for part in parts)
            case Either(parts):
                text = self._either(parts)
            case One(first, second):
                text = f"({self.write(first)}) != ({self.write(second)})"
            case Equal(ref, value) if self.index.places[ref].multiple:
                text = f"{_literal(value)} in {self._value(ref)}"
            case Equal(ref, value):
                text = f"{self._value(ref)} == {_literal(value)}"
            case Filled(ref):
                text = self._filled(self.index.places[ref])
            case Ordered():
                text = self._ordered(condition)
            case RealDate():
                text = self._real_date(condition)
            case Length():
                text = self._length(condition)
        return text

    def _length(self, found: Length) -> str:
        at = self._value(found.ref)
        bounds = [f"size({at}) >= {found.least}"] if found.least else []
        bounds += [f"size({at}) <= {found.most}"] if found.most is not None else []
        return " && ".join([f"{at} != null", *bounds])

    def _inner(self, part: Condition) -> str:
        text = self.write(part)
        return f"({text})" if " || " in text else text

    def _either(self, parts: tuple[Condition, ...]) -> str:
        """Several values of one field become a list."""
        by_ref: dict[str, list[Value]] = {}
        for part in parts:
            if not isinstance(part, Equal) or self.index.places[part.ref].multiple:
                break
            by_ref.setdefault(part.ref, []).append(part.value)
        else:
            if len(by_ref) == 1 and len(parts) > 1:
                ((ref, values),) = by_ref.items()
                return f"{self._value(ref)} in [{', '.join(map(_literal, values))}]"
        texts = (self.write(part) for part in parts)
        return " || ".join(f"({text})" if " && " in text else text for text in texts)

    def _not(self, part: Condition) -> str:
        match part:
            case Not(inner):
                return self.write(inner)
            case Equal(ref, value) if not self.index.places[ref].multiple:
                return f"{self._value(ref)} != {_literal(value)}"
            case Filled(ref) if self.index.places[ref].is_question:
                place = self.index.places[ref]
                at = self._at(place)
                return f"size({at}) == 0" if place.multiple else f"{at} == null"
            case Always():
                return "false"
        return f"!({self.write(part)})"

    def _ordered(self, found: Ordered) -> str:
        left = self._value(found.ref)
        if found.to is None:
            assert found.number is not None
            return f"{left} != null && {left} {found.order} {_literal(found.number)}"
        right = self._value(found.to)
        both = f"{left} != null && {right} != null"
        kinds = {self.index.kind(self.index.places[each]) for each in (found.ref, found.to)}
        if kinds == {"number"}:
            return f"{both} && {left} {found.order} {right}"
        if kinds != {"date"}:
            raise NotRead("Verglichen werden können nur zwei Zahlen oder zwei Daten.")
        function = "date_before" if found.order in ("<", ">=") else "date_after"
        negated = "!" if "=" in found.order else ""
        return f"{both} && {negated}{function}({left}, {right})"

    def _real_date(self, found: RealDate) -> str:
        """The rule of the Gregorian calendar; days up to 31 and months up to 12 are the facets'."""
        refs = (found.day, found.month, found.year)
        if {self.index.kind(self.index.places[each]) for each in refs} != {"number"}:
            raise NotRead("Ein Kalendertag wird nur aus drei Zahlen gelesen.")
        day, month, year = (self._value(each) for each in refs)
        leap = f"{year} % 4 == 0 && ({year} % 100 != 0 || {year} % 400 == 0)"
        return (
            f"{day} >= 1 && {day} <= 31 && {month} >= 1 && {month} <= 12"
            f" && (!({month} in [4, 6, 9, 11]) || {day} <= 30)"
            f" && ({month} != 2 || {day} <= ({leap} ? 29 : 28))"
        )

    def _value(self, ref: str) -> str:
        place = self.index.places[ref]
        if not place.is_question:
            raise NotRead(f"{place.element.id} ist kein Feld mit einer Antwort.")
        return self._at(place)

    def _at(self, place: Place) -> str:
        """How this page reaches a place: `item`, `data`, or not at all."""
        if place.item is None:
            return ".".join(("data", *place.pointer))
        for name, pointer in zip(("item", "outer"), self.frame, strict=True):
            if place.item == pointer:
                return ".".join((name, *place.relative))
        raise NotRead(f"{place.element.id} steht in einer Liste und ist von hier nicht zu sehen.")

    def _filled(self, place: Place) -> str:
        if place.is_question:
            at = self._at(place)
            return f"size({at}) > 0" if place.multiple else f"{at} != null"
        if not place.holds_data:
            raise NotRead(f"{place.element.id} ist nur ein Text.")
        inner = [] if place.repeated else self.index.questions(place)
        terms = [self._filled(each) for each in inner]
        terms += [f"size({self._at(each)}) > 0" for each in self.index.lists(place)]
        return " || ".join(terms)


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else str(value)
    return json.dumps(value, ensure_ascii=False)
