"""What the rows of a table cover: rows that overlap, values that none fits, rows never reached.

The values of each column are divided into classes that no cell can tell apart. Going through the
columns, the sets of rows that can still fit are joined; there are far fewer of them than values.
Only what is certain is said: a cell that is not constant may fit or not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST_STATES = 4_000
MOST_STEPS = 400_000
"""What a column may cost; a table beyond that is not looked at."""
Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as far as it is known: `tests` by row, None where a cell is not constant.

    `values` stand for all classes of values, `possible` for those that can come at all; `named` are
    those of which a gap may be told, because nothing else can come there.
    """

    label: str
    tests: Sequence[Test | None]
    values: Sequence[Any]
    named: Sequence[Any]
    possible: Sequence[Any]


def overlaps(columns: Sequence[Column], rows: int) -> Iterator[tuple[int, int]]:
    """Yield rows (from 0) that fit the same values as an earlier one, with that one."""
    passing = [_passing(columns, row) for row in range(rows)]
    for later, one in enumerate(passing):
        for earlier, other in enumerate(passing[:later]):
            if one and other and all(a & b for a, b in zip(one, other, strict=True)):
                yield later, earlier
                break


def _passing(columns: Sequence[Column], row: int) -> list[frozenset[int]] | None:
    """The places of the values that a row's cells let pass, by column; None for an open cell."""
    found = []
    for column in columns:
        test = column.tests[row]
        if test is None:
            return None
        found.append(frozenset(at for at, value in enumerate(column.values) if test(value)))
    return found


def gap(columns: Sequence[Column], rows: int) -> list[tuple[str, Any]] | None:
    """Give values by column that certainly no row fits; None where there are none, or too many."""
    states = _states(columns, rows, lambda column: column.named)
    if not states or 0 not in states:
        return None
    return [(column.label, value) for column, value in zip(columns, states[0], strict=True)]


def unreached(columns: Sequence[Column], rows: int, *, hidden: bool) -> list[int]:
    """Give rows (from 0) that no value fits, with `hidden` also those behind earlier ones."""
    states = _states(columns, rows, lambda column: column.possible)
    if not states:
        return []
    is_open = _mask(row for row in range(rows) if any(each.tests[row] is None for each in columns))
    found = is_open
    for state in states:
        sure = state & ~is_open
        found |= sure & -sure if hidden else sure
    return [row for row in range(rows) if not found >> row & 1]


def _mask(rows: Iterable[int]) -> int:
    found = 0
    for row in rows:
        found |= 1 << row
    return found


def _states(
    columns: Sequence[Column], rows: int, values: Callable[[Column], Sequence[Any]]
) -> dict[int, tuple[Any, ...]] | None:
    """The sets of rows that can fit together, each with such values; None: too many."""
    states: dict[int, tuple[Any, ...]] = {(1 << rows) - 1: ()}
    for column in columns:
        classes: dict[int, Any] = {}
        for value in values(column):
            classes.setdefault(_fitting(column, value), value)
        if len(states) * len(classes) > MOST_STEPS:
            return None
        fresh: dict[int, tuple[Any, ...]] = {}
        for before, example in states.items():
            for mask, value in classes.items():
                fresh.setdefault(before & mask, (*example, value))
        if len(fresh) > MOST_STATES:
            return None
        states = fresh
    return states


def _fitting(column: Column, value: Any) -> int:
    return _mask(row for row, test in enumerate(column.tests) if test is None or test(value))
