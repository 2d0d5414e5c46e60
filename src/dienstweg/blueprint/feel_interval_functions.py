"""How points and intervals lie to each other (DMN 1.5, section 10.3.4.9, table 82)."""

from collections.abc import Callable

from dienstweg.blueprint.feel_values import Range, Value, compare, equal

_Relation = Callable[[Range, Range], bool | None]


def _order(first: Value, second: Value) -> int | None:
    return None if first is None or second is None else compare(first, second)


def _is_point(value: Value) -> bool:
    return compare(value, value) is not None


def _before(first: Value, second: Value) -> bool | None:
    """Whether all of the first lies before all of the second."""
    high = first.high if isinstance(first, Range) else first
    low = second.low if isinstance(second, Range) else second
    order = _order(high, low)
    if order is None:
        return None
    open_end = (isinstance(first, Range) and not first.closed_high) or (
        isinstance(second, Range) and not second.closed_low
    )
    return order < 0 or (order == 0 and open_end)


def before(first: Value, second: Value) -> Value:
    """Whether the first lies before the second."""
    return _before(first, second) if _known(first, second) else None


def after(first: Value, second: Value) -> Value:
    """Whether the first lies after the second."""
    return before(second, first)


def _known(*values: Value) -> bool:
    return all(isinstance(each, Range) or _is_point(each) for each in values)


def meets(first: Range, second: Range) -> Value:
    """Whether the first ends exactly where the second begins, both closed there."""
    order = _order(first.high, second.low)
    return None if order is None else order == 0 and first.closed_high and second.closed_low


def met_by(first: Range, second: Range) -> Value:
    """Whether the first begins exactly where the second ends."""
    return meets(second, first)


def overlaps(first: Range, second: Range) -> Value:
    """Whether some point lies in both."""
    apart = _before(first, second), _before(second, first)
    return None if None in apart else not any(apart)


def overlaps_before(first: Range, second: Range) -> Value:
    """Whether the first begins earlier and ends inside of the second."""
    starts, ends = _order(first.low, second.low), _order(first.high, second.high)
    touch = _before(first, second)
    if starts is None or ends is None or touch is None:
        return None
    earlier = starts < 0 or (starts == 0 and first.closed_low and not second.closed_low)
    within = ends < 0 or (ends == 0 and (second.closed_high or not first.closed_high))
    return earlier and within and not touch


def overlaps_after(first: Range, second: Range) -> Value:
    """Whether the first begins inside of the second and ends later."""
    starts, ends = _order(second.low, first.low), _order(second.high, first.high)
    touch = _before(second, first)
    if starts is None or ends is None or touch is None:
        return None
    later = starts < 0 or (starts == 0 and second.closed_low and not first.closed_low)
    beyond = ends < 0 or (ends == 0 and (first.closed_high or not second.closed_high))
    return later and beyond and not touch


def finishes(point: Value, within: Range) -> Value:
    """Whether the first ends where the second ends, and begins no earlier."""
    if not isinstance(point, Range):
        order = _order(point, within.high)
        return None if order is None else order == 0 and within.closed_high
    ends, starts = _order(point.high, within.high), _order(point.low, within.low)
    if ends is None or starts is None:
        return None
    inside = starts > 0 or (starts == 0 and (within.closed_low or not point.closed_low))
    return ends == 0 and point.closed_high is within.closed_high and inside


def finished_by(within: Range, point: Value) -> Value:
    """Whether the second ends where the first ends."""
    return finishes(point, within)


def includes(within: Range, point: Value) -> Value:
    """Whether the first contains all of the second."""
    if not isinstance(point, Range):
        return within.includes(point)
    starts, ends = _order(within.low, point.low), _order(within.high, point.high)
    if starts is None or ends is None:
        return None
    low = starts < 0 or (starts == 0 and (within.closed_low or not point.closed_low))
    high = ends > 0 or (ends == 0 and (within.closed_high or not point.closed_high))
    return low and high


def during(point: Value, within: Range) -> Value:
    """Whether the first lies in the second."""
    return includes(within, point)


def starts(point: Value, within: Range) -> Value:
    """Whether the first begins where the second begins, and ends no later."""
    if not isinstance(point, Range):
        order = _order(point, within.low)
        return None if order is None else order == 0 and within.closed_low
    begins, ends = _order(point.low, within.low), _order(point.high, within.high)
    if begins is None or ends is None:
        return None
    inside = ends < 0 or (ends == 0 and (within.closed_high or not point.closed_high))
    return begins == 0 and point.closed_low is within.closed_low and inside


def started_by(within: Range, point: Value) -> Value:
    """Whether the second begins where the first begins."""
    return starts(point, within)


def coincides(first: Value, second: Value) -> Value:
    """Whether both are the same."""
    if not _known(first, second) or isinstance(first, Range) is not isinstance(second, Range):
        return None
    return equal(first, second)
