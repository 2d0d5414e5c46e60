"""What stands behind a dot: entries of contexts, and the parts of dates, durations, intervals."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dienstweg.blueprint.feel_dates import Clock, Day, Months, Span, Stamp, Zone
from dienstweg.blueprint.feel_values import Range, Value


def member(of: Value, name: str) -> Value:
    """An entry or a part by its name; of a list, those of all its entries; null for no such one."""
    if type(of) is dict:
        return of.get(name)
    if isinstance(of, list):
        return [member(each, name) for each in of]
    part = PARTS.get(type(of), {}).get(name)
    return None if part is None else part(of)


def _offset(zone: Zone, offset: int | None) -> Span | None:
    if isinstance(zone, str):
        return None if offset is None else Span(Decimal(offset))
    return None if zone is None else Span(Decimal(zone))


def _zone(zone: Zone) -> str | None:
    return zone if isinstance(zone, str) else None


def _rest(value: Span, unit: int, around: int | None) -> Decimal:
    """So many whole units of a span, without those of the next larger one."""
    seconds = abs(value.seconds)
    found = (seconds % around if around else seconds) // unit
    return -found if value.seconds < 0 else found


def _of_part(name: str, part: Callable[[Any], Value]) -> Callable[[Any], Value]:
    """A part of a date with a time: of its date, or of its time."""
    return lambda stamp: part(getattr(stamp, name))


_OF_DAY: dict[str, Callable[[Day], Value]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal((day.number + 3) % 7 + 1),
}
_OF_CLOCK: dict[str, Callable[[Clock], Value]] = {
    "hour": lambda clock: Decimal(clock.hour),
    "minute": lambda clock: Decimal(clock.minute),
    "second": lambda clock: clock.second,
    "time offset": lambda clock: _offset(clock.zone, None),
    "timezone": lambda clock: _zone(clock.zone),
}
PARTS: dict[type, dict[str, Callable[[Any], Value]]] = {
    Day: dict(_OF_DAY),
    Clock: dict(_OF_CLOCK),
    Stamp: {
        **{name: _of_part("day", part) for name, part in _OF_DAY.items()},
        **{name: _of_part("clock", part) for name, part in _OF_CLOCK.items()},
        "time offset": lambda stamp: _offset(stamp.clock.zone, stamp.offset),
    },
    Months: {
        "years": lambda value: Decimal(int(value.count / 12)),
        "months": lambda value: Decimal(value.count - int(value.count / 12) * 12),
    },
    Span: {
        "days": lambda value: _rest(value, 86_400, None),
        "hours": lambda value: _rest(value, 3_600, 86_400),
        "minutes": lambda value: _rest(value, 60, 3_600),
        "seconds": lambda value: (
            -(abs(value.seconds) % 60) if value.seconds < 0 else value.seconds % 60
        ),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.closed_low,
        "end included": lambda value: value.closed_high,
    },
}
"""The parts of values by their type and name."""
