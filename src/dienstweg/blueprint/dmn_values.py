"""Values on their way between applications (JSON) and decisions (FEEL).

Numbers become exact decimals and come back whole or as decimals; a text becomes a date where the
type says so, since JSON has none; what JSON cannot say (an interval, a function) is null.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dienstweg.blueprint.feel_dates import (
    Clock,
    Day,
    Months,
    Span,
    Stamp,
    read_clock,
    read_day,
    read_duration,
    read_stamp,
)
from dienstweg.blueprint.feel_types import ANY, Type
from dienstweg.blueprint.feel_values import TooMuch, Value

MOST_VALUES = 100_000
_DEEPEST = 50
_FROM_TEXT = {
    "date": read_day,
    "time": read_clock,
    "date and time": read_stamp,
    "years and months duration": read_duration,
    "days and time duration": read_duration,
}


def of_json(value: Any, wanted: Type = ANY) -> Value:
    """The FEEL value of a JSON one; texts are dates, times or durations where a type says so."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    if isinstance(value, str):
        reader = _FROM_TEXT.get(wanted.kind)
        return value if reader is None else reader(value)
    if isinstance(value, Mapping):
        members = wanted.members or {}
        return {str(name): of_json(each, members.get(name, ANY)) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [of_json(each, wanted.inner or ANY) for each in value]
    return value if isinstance(value, bool) else None


def to_json(value: Value) -> Any:
    """The JSON value of a FEEL one; raises `TooMuch` for one that is too large written out.

    What a decision holds once may stand in its answer many times: a few lines of lists of lists
    would fill any memory.
    """
    return _plain(value, 0, [MOST_VALUES])


def _plain(value: Value, depth: int, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise TooMuch("an answer becomes too large")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Day | Clock | Stamp | Months | Span):
        return str(value)
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {name: _plain(each, depth + 1, left) for name, each in value.items()}
    return [_plain(each, depth + 1, left) for each in value] if isinstance(value, list) else None


def _number(value: Decimal) -> int | float | None:
    if abs(value) > Decimal("1e300"):
        return None
    return int(value) if value == value.to_integral_value() else float(value)
