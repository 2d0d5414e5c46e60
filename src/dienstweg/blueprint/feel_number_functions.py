"""FEEL's functions over numbers (DMN 1.5, table 76), and those over lists of numbers."""

import decimal
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key

from dienstweg.blueprint.feel_arithmetic import add, calculated, divide, multiply, subtract
from dienstweg.blueprint.feel_dates import Months, Span
from dienstweg.blueprint.feel_values import NUMBERS, Value, compare, is_number, whole

_LEAST_SCALE, _MOST_SCALE = -6111, 6176
_ROOMY = decimal.Context(prec=80, Emin=-6200, Emax=6200)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,5})?", re.ASCII)
ZERO, ONE, TWO = Decimal(0), Decimal(1), Decimal(2)


def scaled(number: Decimal, scale: Value, rounding: str) -> Decimal | None:
    """A number with so many places after the point."""
    places = whole(scale)
    if places is None or not _LEAST_SCALE <= places <= _MOST_SCALE:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return number
    unit = Decimal((0, (1,), -places))
    if number.adjusted() < -places - 1 and number:
        number = Decimal((number.as_tuple().sign, (1,), -places - 2))
    try:
        return number.quantize(unit, rounding, _ROOMY)
    except decimal.InvalidOperation:
        return None


def decimal_(number: Decimal, scale: Decimal) -> Value:
    """Round half to even."""
    places = NUMBERS.to_integral_value(scale) if whole(scale) is None else scale
    return scaled(number, places, decimal.ROUND_HALF_EVEN)


def _rounding(rounding: str) -> Callable[..., Value]:
    def rounded(number: Decimal, scale: Decimal | None = ZERO) -> Value:
        return scaled(number, scale, rounding)

    return rounded


floor, ceiling = (_rounding(each) for each in (decimal.ROUND_FLOOR, decimal.ROUND_CEILING))
round_up, round_down, round_half_up, round_half_down = (
    _rounding(each)
    for each in (
        decimal.ROUND_UP,
        decimal.ROUND_DOWN,
        decimal.ROUND_HALF_UP,
        decimal.ROUND_HALF_DOWN,
    )
)


def absolute(value: Value) -> Value:
    """A number or a duration without its sign."""
    if is_number(value):
        return NUMBERS.abs(value)
    if isinstance(value, Months):
        return Months(abs(value.count))
    return Span(abs(value.seconds)) if isinstance(value, Span) else None


def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """What is left of a division, with the sign of the divisor."""
    if not divisor:
        return None
    quotient = calculated(NUMBERS.divide, dividend, divisor)
    down = None if quotient is None else quotient.to_integral_value(decimal.ROUND_FLOOR)
    return None if down is None else subtract(dividend, multiply(divisor, down))


def sqrt(number: Decimal) -> Value:
    """The square root; null of a negative number."""
    return calculated(NUMBERS.sqrt, number) if number >= 0 else None


def log(number: Decimal) -> Value:
    """The natural logarithm; null of zero and less."""
    return calculated(NUMBERS.ln, number) if number > 0 else None


def exp(number: Decimal) -> Value:
    """Euler's number to this power."""
    return calculated(NUMBERS.exp, number)


def odd(number: Decimal) -> Value:
    """Whether a whole number is odd."""
    return number % 2 in (1, -1) if _is_whole(number) else None


def even(number: Decimal) -> Value:
    """Whether a whole number is even."""
    return number % 2 == 0 if _is_whole(number) else None


def _is_whole(number: Decimal) -> bool:
    return abs(number) < Decimal(10) ** 33 and number == number.to_integral_value()


def number_of(text: str, grouping: str | None = None, point: str | None = None) -> Value:
    """Read a number with the given signs between groups and before the decimals."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if grouping is not None and grouping == point:
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point == ",":
        text = text.replace(",", ".") if "." not in text else "?"
    return read_number(text)


def read_number(text: str) -> Decimal | None:
    """Read a number as FEEL writes it, with a sign."""
    if len(text) > 100 or not _NUMBER.fullmatch(text):
        return None
    return calculated(NUMBERS.plus, Decimal(text))


def numbers(values: list[Value]) -> list[Decimal] | None:
    """The values, if all are numbers."""
    return values if all(is_number(each) for each in values) else None


def total(values: list[Value]) -> Value:
    """The sum of numbers, or of durations; null of nothing."""
    if not values:
        return None
    found = values[0]
    if not isinstance(found, Decimal | Months | Span):
        return None
    for each in values[1:]:
        found = add(found, each) if isinstance(each, Decimal | Months | Span) else None
    return found


def mean(values: list[Value]) -> Value:
    """The arithmetic mean."""
    return divide(total(values), Decimal(len(values))) if values else None


def product(values: list[Value]) -> Value:
    """The product; null of nothing."""
    if not values or numbers(values) is None:
        return None
    found: Value = ONE
    for each in values:
        found = multiply(found, each)
    return found


def median(values: list[Value]) -> Value:
    """The middle one, or the mean of the middle two."""
    if not values or numbers(values) is None:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle]), TWO)


def stddev(values: list[Value]) -> Value:
    """The standard deviation of a sample; null of fewer than two."""
    if len(values) < 2 or numbers(values) is None:
        return None
    middle = mean(values)
    squares = [multiply(subtract(each, middle), subtract(each, middle)) for each in values]
    spread = divide(total(squares), Decimal(len(values) - 1))
    return None if spread is None else sqrt(spread)


def mode(values: list[Value]) -> Value:
    """The most frequent ones, in order."""
    if numbers(values) is None:
        return None
    counted = Counter(values)
    most = max(counted.values(), default=0)
    return sorted(value for value, times in counted.items() if times == most)


def least(values: list[Value]) -> Value:
    """The first by order; null of nothing, and of what has no order."""
    return _extreme(values, -1)


def greatest(values: list[Value]) -> Value:
    """The last by order; null of nothing, and of what has no order."""
    return _extreme(values, 1)


def _extreme(values: list[Value], sign: int) -> Value:
    if not values or any(compare(values[0], each) is None for each in values):
        return None
    return max(values, key=cmp_to_key(lambda one, other: sign * (compare(one, other) or 0)))
