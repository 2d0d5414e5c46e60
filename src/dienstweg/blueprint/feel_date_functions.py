"""FEEL's functions that make dates, times and durations, and look at them (DMN 1.5, 10.3.4)."""

from datetime import date
from decimal import Decimal

from dienstweg.blueprint.feel_arithmetic import months_between
from dienstweg.blueprint.feel_dates import (
    Clock,
    Day,
    Span,
    Stamp,
    clock_of,
    day_of,
    days_in,
    read_clock,
    read_day,
    read_duration,
    read_stamp,
)
from dienstweg.blueprint.feel_values import Scope, Value, whole

_MIDNIGHT = Clock(0, 0, Decimal(0))
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_from(value: Value) -> Value:
    """The date of a text or of a date with a time."""
    if isinstance(value, str):
        return read_day(value)
    if isinstance(value, Stamp):
        return value.day
    return value if isinstance(value, Day) else None


def date_of(year: Decimal, month: Decimal, day: Decimal) -> Value:
    """A date by its numbers."""
    parts = whole(year), whole(month), whole(day)
    return None if None in parts else day_of(*parts)  # type: ignore[arg-type]


def time_from(value: Value) -> Value:
    """The time of a text or of a date with a time; of a date, midnight in UTC."""
    if isinstance(value, str):
        return read_clock(value)
    if isinstance(value, Stamp):
        return value.clock
    if isinstance(value, Day):
        return Clock(0, 0, Decimal(0), 0)
    return value if isinstance(value, Clock) else None


def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: Span | None = None) -> Value:
    """A time by its numbers, with the distance to UTC if it has one."""
    hours, minutes = whole(hour), whole(minute)
    if hours is None or minutes is None or second < 0:
        return None
    return clock_of(hours, minutes, second, None if offset is None else int(offset.seconds))


def stamp_from(value: Value) -> Value:
    """The date and time of a text; of a date, its midnight."""
    if isinstance(value, str):
        return read_stamp(value)
    if isinstance(value, Day):
        return Stamp(value, _MIDNIGHT)
    return value if isinstance(value, Stamp) else None


def stamp_of(day: Value, clock: Clock) -> Value:
    """A date and a time together."""
    found = date_from(day) if not isinstance(day, str) else None
    return Stamp(found, clock) if isinstance(found, Day) else None


def duration(text: str) -> Value:
    """The duration of a text."""
    return read_duration(text)


def years_and_months(start: Value, end: Value) -> Value:
    """Completed months between two dates."""
    if not isinstance(start, Day | Stamp) or not isinstance(end, Day | Stamp):
        return None
    return months_between(start, end)


def _day(value: Value) -> Day | None:
    if isinstance(value, Stamp):
        return value.day
    return value if isinstance(value, Day) else None


def day_of_year(value: Value) -> Value:
    """1 for the first of January."""
    day = _day(value)
    return None if day is None else Decimal(day.number - Day(day.year, 1, 1).number + 1)


def day_of_week(value: Value) -> Value:
    """The English name of the day, as FEEL wants it."""
    day = _day(value)
    return None if day is None else DAYS[(day.number + 3) % 7]


def month_of_year(value: Value) -> Value:
    """The English name of the month, as FEEL wants it."""
    day = _day(value)
    return None if day is None else MONTHS[day.month - 1]


def week_of_year(value: Value) -> Value:
    """The week by ISO 8601."""
    day = _day(value)
    if day is None:
        return None
    near = day.year if 1 < day.year < 9998 else 2000 + day.year % 400
    return Decimal(date(near, day.month, day.day).isocalendar().week)


def last_day_of_month(value: Value) -> Value:
    """The last date of the month."""
    day = _day(value)
    return None if day is None else Day(day.year, day.month, days_in(day.year, day.month))


def now(scope: Scope) -> Value:
    """The moment that counts as now; null where none was given."""
    return scope.budget.now


def today(scope: Scope) -> Value:
    """The date that counts as today; null where none was given."""
    return None if scope.budget.now is None else scope.budget.now.day
