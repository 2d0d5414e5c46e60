"""The values of FEEL (DMN 1.5, section 10.3.2): which kinds there are, when two are equal, and
which comes first.

null is None, a boolean is a bool, a number a Decimal of 34 digits, a text a str, a list a list, a
context a dict; dates and durations are those of `feel_dates`. Comparing what cannot be compared
gives None.
"""

import decimal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dienstweg.blueprint.feel_dates import Clock, Day, Months, Span, Stamp

NUMBERS = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""How FEEL calculates: IEEE 754 decimal128."""
Value = Any
MOST_COMPARED = 100_000
"""Entries that one comparison of two values looks at."""


class TooMuch(ValueError):
    """A decision would need more work, memory or depth than is allowed."""


@dataclass(slots=True)
class Budget:
    """What a decision may still cost: `steps` of work, `depth` of functions calling each other.

    `now` is the moment that counts as now; `rows` gathers the keys of table rows that have fitted;
    `around` is what an expression in CEL sees (`expressions.Surroundings`).
    """

    steps: int = 200_000
    depth: int = 0
    now: Stamp | None = None
    rows: set[str] = field(default_factory=set)
    around: Any = None

    def spend(self, steps: int = 1) -> None:
        """Note some work; raises `TooMuch`."""
        self.steps -= steps
        if self.steps < 0:
            raise TooMuch("the decision takes too many steps")

    def spend_size(self, value: Value) -> None:
        """Note what it costs to go through a text or a list, or to make one."""
        if isinstance(value, list):
            self.spend(len(value) // 4)
        elif isinstance(value, str):
            self.spend(len(value) // 16)


class Scope(dict[str, Value]):
    """The variables that an expression sees, and what it may still cost."""

    __slots__ = ("budget",)

    def __init__(self, values: Mapping[str, Value], budget: Budget) -> None:
        super().__init__(values)
        self.budget = budget


Run = Callable[[Scope], Value]
"""A compiled expression."""


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is open for ever.

    `sign` is that of a comparison written as an interval (`(< 10)`), which is another value than
    `(null..10)`; `!=` is true outside of it.
    """

    low: Value
    high: Value
    closed_low: bool
    closed_high: bool
    sign: str = ""

    @property
    def negated(self) -> bool:
        """Whether it is all but its ends."""
        return self.sign == "!="

    def includes(self, value: Value) -> bool | None:
        """Whether a value lies in it; None where it cannot be compared."""
        if self.low is not None:
            order = compare(value, self.low)
            if order is None or order < 0 or (order == 0 and not self.closed_low):
                return None if order is None else self.negated
        if self.high is not None:
            order = compare(value, self.high)
            if order is None or order > 0 or (order == 0 and not self.closed_high):
                return None if order is None else self.negated
        return not self.negated


@dataclass(frozen=True, slots=True)
class Function:
    """Something that can be called: `run(scope, arguments, names)`, with names or in order.

    `type` is what it takes and gives (`feel_types.Type`), where that is known.
    """

    name: str
    parameters: tuple[str, ...]
    run: Callable[..., Value] = field(compare=False)
    type: Any = field(default=None, compare=False)


def kind(value: Value) -> str:
    """Name a value's kind in FEEL's words; "null" for null."""
    if isinstance(value, bool):
        return "boolean"
    return KINDS.get(type(value), "Any")


KINDS: dict[type, str] = {
    type(None): "null",
    Decimal: "number",
    str: "string",
    Day: "date",
    Clock: "time",
    Stamp: "date and time",
    Months: "years and months duration",
    Span: "days and time duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
"""FEEL's words for the kinds of values."""


def is_number(value: Value) -> bool:
    """Whether a value is a number."""
    return type(value) is Decimal


def whole(value: Value) -> int | None:
    """The whole number that a number is, None for anything else."""
    if type(value) is not Decimal or abs(value) > 10**12 or value != value.to_integral_value():
        return None
    return int(value)


def equal(first: Value, second: Value) -> bool | None:
    """Whether two values are equal; null only equals null; None where they are of other kinds.

    Raises `TooMuch` for lists that hold one another so often that comparing takes too long.
    """
    return _equal(first, second, [MOST_COMPARED])


def _equal(first: Value, second: Value, left: list[int]) -> bool | None:
    if first is None or second is None:
        return first is second
    kinds = type(first), type(second)
    if kinds[0] is not kinds[1]:
        return None
    if kinds[0] is list or kinds[0] is dict:
        return _equal_inside(first, second, left)
    if kinds[0] in (Clock, Stamp):
        return _equal_moments(first, second)
    return bool(first == second)


def _equal_inside(first: Value, second: Value, left: list[int]) -> bool:
    left[0] -= len(first) + 1
    if left[0] < 0:
        raise TooMuch("two values take too long to be compared")
    if isinstance(first, list):
        return len(first) == len(second) and all(
            _equal(one, other, left) is True for one, other in zip(first, second, strict=True)
        )
    return first.keys() == second.keys() and all(
        _equal(value, second[name], left) is True for name, value in first.items()
    )


def _equal_moments(first: Clock | Stamp, second: Clock | Stamp) -> bool:
    """Times are equal in the same second, as the compatibility kit has it."""
    one, other = _instant(first), _instant(second)
    return one[0] is other[0] and one[1] // 1 == other[1] // 1


def compare(first: Value, second: Value) -> int | None:
    """-1, 0 or 1 by the order of two values; None where they have none."""
    one, other = type(first), type(second)
    if one is other:
        if one is Decimal or one is str:
            return int(first > second) - int(first < second)
        order = _ORDERS.get(one)
        return None if order is None else order(first, second)
    if {one, other} == {Day, Stamp}:
        return _moments(_stamp(first), _stamp(second))
    return None


def _moments(first: Clock | Stamp, second: Clock | Stamp) -> int | None:
    one, other = _instant(first), _instant(second)
    return None if one[0] is not other[0] else _order(one[1], other[1])


def _stamp(value: Day | Stamp) -> Stamp:
    return value if isinstance(value, Stamp) else Stamp(value, Clock(0, 0, Decimal(0)))


def _instant(value: Clock | Stamp) -> tuple[bool, Any]:
    """Whether it has a zone, and seconds that can be compared."""
    if isinstance(value, Stamp):
        offset = value.offset
        return offset is not None, value.local - (offset or 0)
    zone = value.zone
    shift = zone if isinstance(zone, int) else 0
    return zone is not None, value.seconds - shift


def _order(first: Any, second: Any) -> int:
    return int(first > second) - int(first < second)


_ORDERS: dict[type, Callable[[Any, Any], int | None]] = {
    Day: _order,
    Months: lambda first, second: _order(first.count, second.count),
    Span: lambda first, second: _order(first.seconds, second.seconds),
    Clock: _moments,
    Stamp: _moments,
}
