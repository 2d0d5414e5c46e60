"""What a FIM rule says, as frozen data: conditions over fields, and what follows from them.

Elements are named by text: first as the rule names them (FIM ids joined by dots, from the outside
in), afterwards, in a schema, by the id of the place that is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Effect = Literal["require", "show", "forbid", "optional", "valid"]
Order = Literal["<", "<=", ">", ">="]
Value = str | bool | Decimal


@dataclass(frozen=True, slots=True)
class Always:
    """True without a condition."""


@dataclass(frozen=True, slots=True)
class Equal:
    """The field has this value: a code, a text, a number, or yes and no."""

    ref: str
    value: Value


@dataclass(frozen=True, slots=True)
class Filled:
    """The field, or anything in the group, is filled in."""

    ref: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """A field compared with a number, or with another field of the same kind (`to`)."""

    ref: str
    order: Order
    number: Decimal | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """The number of characters of a text, at least and at most."""

    ref: str
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class RealDate:
    """Three whole numbers are a day that is in the calendar."""

    day: str
    month: str
    year: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class One:
    """Exactly one of two parts holds (exclusive or)."""

    first: Condition
    second: Condition


Condition = Always | Equal | Filled | Ordered | Length | RealDate | Not | Both | Either | One


@dataclass(frozen=True, slots=True)
class Statement:
    """What follows for `target` where the condition holds.

    require: must be filled in; show: is asked, as the schema says; forbid: is hidden and empty;
    optional: need not be filled in; valid: the condition itself must hold (no target).
    """

    effect: Effect
    target: str | None
    condition: Condition


def refs(condition: Condition) -> Iterator[str]:
    """Everything a condition speaks of, in its order."""
    match condition:
        case Equal(ref) | Filled(ref) | Length(ref):
            yield ref
        case RealDate():
            yield from (condition.day, condition.month, condition.year)
        case Ordered():
            yield condition.ref
            if condition.to is not None:
                yield condition.to
        case Not(part):
            yield from refs(part)
        case Both(parts) | Either(parts):
            for part in parts:
                yield from refs(part)
        case One(first, second):
            yield from refs(first)
            yield from refs(second)


def mapped(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """The same condition with every leaf (what has a `ref`) replaced by what `change` makes."""
    match condition:
        case Always():
            return condition
        case Not(part):
            return Not(mapped(part, change))
        case Both(parts):
            return Both(tuple(mapped(each, change) for each in parts))
        case Either(parts):
            return Either(tuple(mapped(each, change) for each in parts))
        case One(first, second):
            return One(mapped(first, change), mapped(second, change))
        case _:
            return change(condition)


def either(*parts: Condition) -> Condition:
    """At least one of the parts; one part is itself."""
    flat = [
        inner for part in parts for inner in (part.parts if isinstance(part, Either) else (part,))
    ]
    kept = tuple(dict.fromkeys(flat))
    if any(isinstance(part, Always) for part in kept):
        return Always()
    return kept[0] if len(kept) == 1 else Either(kept)


def both(*parts: Condition) -> Condition:
    """All of the parts; one part is itself, none is always true."""
    flat = [
        inner for part in parts for inner in (part.parts if isinstance(part, Both) else (part,))
    ]
    kept = tuple(dict.fromkeys(part for part in flat if not isinstance(part, Always)))
    if not kept:
        return Always()
    return kept[0] if len(kept) == 1 else Both(kept)


def opposite(condition: Condition) -> Condition:
    """The opposite, without a double not."""
    return condition.part if isinstance(condition, Not) else Not(condition)
