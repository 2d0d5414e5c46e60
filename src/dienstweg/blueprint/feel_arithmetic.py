"""Calculating with numbers, texts, dates and durations (DMN 1.5, tables 50 to 56).

What cannot be calculated is None, as FEEL wants it: null, never an error. Numbers are decimals of
34 digits, so that no exponent can make one large.
"""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from dienstweg.blueprint.feel_dates import (
    LAST_YEAR,
    Clock,
    Day,
    Months,
    Span,
    Stamp,
    clock_of,
    day_numbered,
    day_of,
    days_in,
)
from dienstweg.blueprint.feel_values import NUMBERS, TooMuch, Value

LONGEST_TEXT = 50_000
_DAY = 86_400
_MOST_MONTHS = LAST_YEAR * 12
_MOST_SECONDS = Decimal(LAST_YEAR) * 366 * _DAY


def add(left: Value, right: Value) -> Value:
    """`left + right`."""
    if type(left) is Decimal and type(right) is Decimal:
        return calculated(NUMBERS.add, left, right)
    rule = _ADDED.get((type(left), type(right)))
    return None if rule is None else rule(left, right)


def subtract(left: Value, right: Value) -> Value:
    """`left - right`."""
    if type(left) is Decimal and type(right) is Decimal:
        return calculated(NUMBERS.subtract, left, right)
    rule = _SUBTRACTED.get((type(left), type(right)))
    return None if rule is None else rule(left, right)


def multiply(left: Value, right: Value) -> Value:
    """`left * right`."""
    if type(left) is Decimal and type(right) is Decimal:
        return calculated(NUMBERS.multiply, left, right)
    if type(left) is Decimal:
        left, right = right, left
    if type(right) is not Decimal:
        return None
    if type(left) is Months:
        return _months(calculated(NUMBERS.multiply, Decimal(left.count), right))
    return _span(calculated(NUMBERS.multiply, left.seconds, right)) if type(left) is Span else None


def divide(left: Value, right: Value) -> Value:
    """`left / right`; by zero is null."""
    if type(left) is Decimal and type(right) is Decimal:
        return calculated(NUMBERS.divide, left, right)
    if type(left) is type(right) is Span:
        return calculated(NUMBERS.divide, left.seconds, right.seconds)
    if type(left) is type(right) is Months:
        return calculated(NUMBERS.divide, Decimal(left.count), Decimal(right.count))
    if type(right) is not Decimal:
        return None
    if type(left) is Months:
        return _months(calculated(NUMBERS.divide, Decimal(left.count), right))
    return _span(calculated(NUMBERS.divide, left.seconds, right)) if type(left) is Span else None


def power(left: Value, right: Value) -> Value:
    """`left ** right`."""
    if type(left) is Decimal and type(right) is Decimal:
        return calculated(NUMBERS.power, left, right)
    return None


def negate(value: Value) -> Value:
    """`-value`."""
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if type(value) is Months:
        return Months(-value.count)
    return Span(-value.seconds) if type(value) is Span else None


def calculated(rule: Callable[..., Decimal], *values: Decimal) -> Decimal | None:
    """What a rule of decimals gives, None where it has no answer (a division by zero)."""
    try:
        found = rule(*values)
    except DecimalException:
        return None
    return found if found.is_finite() else None


def _joined(left: str, right: str) -> str:
    if len(left) + len(right) > LONGEST_TEXT:
        raise TooMuch("a text becomes too long")
    return left + right


def _months(count: Decimal | None) -> Months | None:
    if count is None or abs(count) > _MOST_MONTHS:
        return None
    return Months(int(count))


def _span(seconds: Decimal | None) -> Span | None:
    if seconds is None or abs(seconds) > _MOST_SECONDS:
        return None
    return Span(seconds)


def shifted(day: Day, months: int) -> Day | None:
    """The date so many months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > LAST_YEAR:
        return None
    return day_of(year, month + 1, min(day.day, days_in(year, month + 1)))


def _later_day(day: Day, span: Span) -> Day | None:
    days = span.seconds // _DAY - (span.seconds < 0 and span.seconds % _DAY != 0)
    return None if abs(days) > LAST_YEAR * 366 else day_numbered(day.number + int(days))


def _later_stamp(stamp: Stamp, span: Span) -> Stamp | None:
    return stamp_at(stamp.local + span.seconds, stamp.clock.zone)


def stamp_at(local: Decimal, zone: Any) -> Stamp | None:
    """The moment so many seconds after 1970 on the clock of a zone."""
    if abs(local) > _MOST_SECONDS:
        return None
    number = int(local // _DAY) - (local < 0 and local % _DAY != 0)
    day = day_numbered(number)
    return None if day is None else Stamp(day, _clock_at(local - number * _DAY, zone))


def _clock_at(seconds: Decimal, zone: Any) -> Clock:
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(int(minutes), 60)
    found = clock_of(hour, minute, second, zone)
    assert found is not None, "the seconds of a day are a time"
    return found


def _later_clock(clock: Clock, span: Span) -> Clock:
    seconds = (clock.seconds + span.seconds) % _DAY
    return _clock_at(seconds + _DAY if seconds < 0 else seconds, clock.zone)


def _shifted_stamp(stamp: Stamp, months: Months) -> Stamp | None:
    day = shifted(stamp.day, months.count)
    return None if day is None else Stamp(day, stamp.clock)


def _between_stamps(left: Stamp, right: Stamp) -> Span | None:
    one, other = left.offset, right.offset
    if (one is None) is not (other is None):
        return None
    return Span(left.local - (one or 0) - right.local + (other or 0))


def _midnight(day: Day, zone: Any) -> Stamp:
    return Stamp(day, Clock(0, 0, Decimal(0), zone))


def _between_clocks(left: Clock, right: Clock) -> Span | None:
    if (left.zone is None) is not (right.zone is None):
        return None
    one, other = (each.zone if isinstance(each.zone, int) else 0 for each in (left, right))
    return Span(left.seconds - one - right.seconds + other)


_Rules = dict[tuple[type, type], Callable[[Any, Any], Value]]
_ADDED: _Rules = {
    (str, str): _joined,
    (Months, Months): lambda left, right: _months(Decimal(left.count + right.count)),
    (Span, Span): lambda left, right: _span(left.seconds + right.seconds),
    (Day, Months): lambda left, right: shifted(left, right.count),
    (Day, Span): _later_day,
    (Stamp, Months): _shifted_stamp,
    (Stamp, Span): _later_stamp,
    (Clock, Span): _later_clock,
}


def _turned(rule: Callable[[Any, Any], Value]) -> Callable[[Any, Any], Value]:
    return lambda left, right: rule(right, left)


_ADDED |= {
    (right, left): _turned(rule) for (left, right), rule in _ADDED.items() if left is not right
}
_SUBTRACTED: _Rules = {
    (Months, Months): lambda left, right: _months(Decimal(left.count - right.count)),
    (Span, Span): lambda left, right: _span(left.seconds - right.seconds),
    (Day, Day): lambda left, right: Span(Decimal((left.number - right.number) * _DAY)),
    (Stamp, Stamp): _between_stamps,
    (Stamp, Day): lambda left, right: _between_stamps(left, _midnight(right, left.clock.zone)),
    (Day, Stamp): lambda left, right: _between_stamps(_midnight(left, right.clock.zone), right),
    (Clock, Clock): _between_clocks,
    (Day, Months): lambda left, right: shifted(left, -right.count),
    (Day, Span): lambda left, right: _later_day(left, Span(-right.seconds)),
    (Stamp, Months): lambda left, right: _shifted_stamp(left, Months(-right.count)),
    (Stamp, Span): lambda left, right: _later_stamp(left, Span(-right.seconds)),
    (Clock, Span): lambda left, right: _later_clock(left, Span(-right.seconds)),
}


def months_between(start: Day | Stamp, end: Day | Stamp) -> Months:
    """Completed months from one date to another, times of day aside; negative backwards."""
    first = start.day if isinstance(start, Stamp) else start
    second = end.day if isinstance(end, Stamp) else end
    months = (second.year - first.year) * 12 + second.month - first.month
    if months > 0 and second.day < first.day:
        months -= 1
    elif months < 0 and second.day > first.day:
        months += 1
    return Months(months)
