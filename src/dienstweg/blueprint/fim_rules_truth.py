"""Works out conditions of FIM rules for every combination of answers that matters.

That is how it is proved, not guessed, that two sentences contradict each other, or that one says
exactly the opposite of the other. The answers that matter are the values that the conditions
name, one other value, and no answer at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Protocol

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

MOST_WORLDS = 5_000
OTHER = "\x00anders"


class World(Protocol):
    """Answers by place id: a mapping, or anything that can be asked like one."""

    def get(self, ref: str, /) -> Value | None:
        """The answer at a place, None where there is none."""


class TooMany(ValueError):
    """There are more combinations than can be gone through."""


def holds(condition: Condition, world: World) -> bool:
    """Whether a condition is true where the answers are these; no answer is None."""
    match condition:
        case Always():
            found = True
        case Equal(ref, value):
            found = world.get(ref) == value
        case Filled(ref):
            found = world.get(ref) is not None
        case Not(part):
            found = not holds(part, world)
        case Both(parts):
            found = all(holds(part, world) for part in parts)
        case Either(parts):
            found = any(holds(part, world) for part in parts)
        case One(first, second):
            found = holds(first, world) is not holds(second, world)
        case Ordered():
            found = _ordered(condition, world)
        case RealDate():
            found = _in_calendar(condition, world)
        case Length(ref, least, most):
            text = str(world.get(ref) or "")
            found = least <= len(text) and (most is None or len(text) <= most)
    return found


def _in_calendar(condition: RealDate, world: World) -> bool:
    parts = [world.get(ref) for ref in (condition.year, condition.month, condition.day)]
    try:
        year, month, day = (int(part) for part in parts if isinstance(part, Decimal))
        date(year, month, day)
    except ValueError:
        return False
    return True


def _ordered(condition: Ordered, world: World) -> bool:
    left = world.get(condition.ref)
    right = condition.number if condition.to is None else world.get(condition.to)
    if left is None or right is None or type(left) is not type(right):
        return False
    signs = {
        "<": left < right,  # type: ignore[operator]  # both are numbers or both are texts
        ">": left > right,  # type: ignore[operator]  # as above
    }
    signs |= {"<=": not signs[">"], ">=": not signs["<"]}
    return signs[condition.order]


def worlds(
    conditions: Iterable[Condition], domains: Mapping[str, tuple[Value, ...]]
) -> Iterator[dict[str, Value | None]]:
    """Every combination of answers that the conditions can tell apart; raises TooMany.

    `domains` are all values of the fields with a fixed set of them, by place id.
    """
    values: dict[str, dict[Value | None, None]] = {}
    for condition in conditions:
        for ref, value in _named(condition):
            values.setdefault(ref, {None: None})[value] = None
    count = 1
    for ref, named in values.items():
        domain = domains.get(ref)
        others = [OTHER] if domain is None else [each for each in domain if each not in named][:1]
        named.update(dict.fromkeys(others))
        count *= len(named)
        if count > MOST_WORLDS:
            raise TooMany
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def _named(condition: Condition) -> Iterator[tuple[str, Value | None]]:
    """The values of fields that a condition tells apart."""
    match condition:
        case Not(part):
            yield from _named(part)
        case Both(parts) | Either(parts):
            for part in parts:
                yield from _named(part)
        case One(first, second):
            yield from _named(first)
            yield from _named(second)
        case _:
            yield from _leaf(condition)


def _leaf(condition: Condition) -> Iterator[tuple[str, Value | None]]:
    match condition:
        case Equal(ref, value):
            yield ref, value
        case Filled(ref):
            yield ref, None
        case Length(ref, least, most):
            yield ref, "x" * min(least, 500)
            yield ref, "x" * min((most or least) + 1, 501)
        case RealDate(day, month, year):
            for parts in ((30, 2, 2024), (29, 2, 2023), (31, 4, 2024), (1, 1, 2024)):
                for ref, number in zip((day, month, year), parts, strict=True):
                    yield ref, Decimal(number)
        case Ordered():
            middle = Decimal(0) if condition.number is None else condition.number
            for ref in (condition.ref, *([condition.to] if condition.to else [])):
                for each in (middle - 1, middle, middle + 1):
                    yield ref, each


def together(first: Condition, second: Condition, domains: Mapping[str, tuple[Value, ...]]) -> bool:
    """Whether both can be true at once."""
    return any(
        holds(first, world) and holds(second, world) for world in worlds((first, second), domains)
    )


def opposed(first: Condition, second: Condition, domains: Mapping[str, tuple[Value, ...]]) -> bool:
    """Whether, once everything is answered, always exactly one of them is true."""
    return all(
        holds(first, world) is not holds(second, world)
        for world in worlds((first, second), domains)
        if None not in world.values()
    )
