"""The parts of FEEL that make scopes of their own: filters, loops, contexts, functions, calls.

Every turn of a loop and every call costs a step of the budget; functions may call each other only
so deep.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from dienstweg.blueprint.feel_dates import Day, day_numbered
from dienstweg.blueprint.feel_list_functions import LONGEST_LIST, bounded
from dienstweg.blueprint.feel_tree import Between, Binary, Instance, Literal, Loop, Node, Within
from dienstweg.blueprint.feel_types import Type, coerced
from dienstweg.blueprint.feel_values import (
    Function,
    Range,
    Run,
    Scope,
    TooMuch,
    Value,
    compare,
    whole,
)

DEEPEST_CALLS = 24
_Turn = tuple[str, Run, Run | None]


def choice(when: Run, yes: Run, no: Run) -> Run:
    """`if when then yes else no`: null is no, what is neither true nor false gives null."""

    def run(scope: Scope) -> Value:
        answer = when(scope)
        if answer is True:
            return yes(scope)
        return no(scope) if answer is False or answer is None else None

    return run


def logic(left: Run, right: Run, settled: bool) -> Run:
    """`or` (settled by true) and `and` (settled by false); what is neither is null."""

    def run(scope: Scope) -> Value:
        first = left(scope)
        if first is settled:
            return settled
        second = right(scope)
        if second is settled:
            return settled
        both = isinstance(first, bool) and isinstance(second, bool)
        return (not settled) if both else None

    return run


def listed(parts: list[Run]) -> Run:
    """A list of what its parts give."""
    return lambda scope: [part(scope) for part in parts]


def context(names: Sequence[str], values: list[Run]) -> Run:
    """A context whose entries see the earlier ones; null where a name comes twice."""
    if len(set(names)) < len(names):
        return lambda _scope: None

    def run(scope: Scope) -> Value:
        inner = Scope(scope, scope.budget)
        found: dict[str, Value] = {}
        for name, value in zip(names, values, strict=True):
            inner[name] = found[name] = value(inner)
        return found

    return run


def filtered(of: Run, by: Run, tree: Node | None) -> Run:
    """`of[by]`: by place or by condition, of which `tree` is the text; None is a condition."""
    if isinstance(tree, Literal) and isinstance(tree.value, Decimal):
        place = tree.value
        return lambda scope: _entry(of(scope), place)
    condition = (
        tree is None
        or isinstance(tree, Between | Within | Instance | Loop)
        or (isinstance(tree, Binary) and tree.sign not in ("+", "-", "*", "/", "**"))
    )

    def run(scope: Scope) -> Value:
        values = of(scope)
        if not condition:
            place = by(scope)
            if isinstance(place, Decimal):
                return _entry(values, place)
        return _passing(values, by, scope)

    return run


def _entry(values: Value, place: Decimal) -> Value:
    entries = _as_list(values)
    at = whole(place)
    if at is None or at == 0 or abs(at) > len(entries):
        return None
    return entries[at - 1] if at > 0 else entries[at]


def _as_list(values: Value) -> list[Value]:
    if values is None:
        return []
    return values if isinstance(values, list) else [values]


def _passing(values: Value, by: Run, scope: Scope) -> Value:
    found = []
    for each in _as_list(values):
        scope.budget.spend()
        inner = Scope(scope, scope.budget)
        inner["item"] = each
        if isinstance(each, dict):
            inner.update(each)
        answer = by(inner)
        if answer is True:
            found.append(each)
        elif answer is not False and answer is not None:
            return None
    return found


def loop(word: str, turns: list[_Turn], body: Run) -> Run:
    """`for`, `some` and `every`."""
    if word == "for":
        return lambda scope: _for(turns, body, scope)
    wanted = word == "some"

    def run(scope: Scope) -> Value:
        inner, found = Scope(scope, scope.budget), not wanted
        unknown = False
        for ready in _each(turns, inner):
            if ready is None:
                return None
            answer = body(inner)
            if answer is wanted:
                return wanted
            unknown |= not isinstance(answer, bool)
        return None if unknown else found

    return run


def _for(turns: list[_Turn], body: Run, scope: Scope) -> Value:
    inner = Scope(scope, scope.budget)
    found: list[Value] = []
    inner["partial"] = found
    for ready in _each(turns, inner):
        if ready is None:
            return None
        value = body(inner)
        found.append(list(value) if value is found else value)
        bounded(found)
    return found


def _each(turns: list[_Turn], scope: Scope) -> Iterator[bool | None]:
    """Set the variables to all their combinations; None where one cannot be gone through."""
    name, over, until = turns[0]
    values = _steps(over(scope), until(scope)) if until else _entries(over(scope))
    if values is None:
        yield None
        return
    for value in values:
        scope.budget.spend()
        scope[name] = value
        if len(turns) == 1:
            yield True
        else:
            yield from _each(turns[1:], scope)


def _entries(value: Value) -> Sequence[Value] | Iterator[Value] | None:
    if isinstance(value, Range):
        return _range_steps(value)
    return None if value is None else _as_list(value)


def _range_steps(value: Range) -> Iterator[Value] | None:
    order = None if value.negated else compare(value.low, value.high)
    steps = _steps(value.low, value.high) if order is not None and order <= 0 else None
    if steps is None:
        return None
    open_ends = ([] if value.closed_low else [value.low]) + (
        [] if value.closed_high else [value.high]
    )
    return (each for each in steps if each not in open_ends)


def _steps(start: Value, end: Value) -> Iterator[Value] | None:
    """Whole numbers or days from one to another, up or down."""
    if isinstance(start, Day) and isinstance(end, Day):
        return (day_numbered(each) for each in _numbers(start.number, end.number))
    first, last = whole(start), whole(end)
    if first is None or last is None:
        return None
    return (Decimal(each) for each in _numbers(first, last))


def _numbers(first: int, last: int) -> range:
    if abs(last - first) >= LONGEST_LIST:
        raise TooMuch("a loop has too many turns")
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def function(names: tuple[str, ...], types: list[Type | None], body: Run) -> Run:
    """A function that keeps the scope it stands in."""
    typed = Type("function", takes=tuple(each or Type("Any") for each in types))

    def run(scope: Scope) -> Value:
        kept = dict(scope)

        def answer(caller: Scope, given: list[Value], by: tuple[str, ...] | None = None) -> Value:
            return invoked(Scope(kept, caller.budget), (names, types), (given, by), body)

        return Function("", names, answer, typed)

    return run


Given = tuple[list[Value], tuple[str, ...] | None]
"""The arguments of a call, in order or with names."""
Parameters = tuple[tuple[str, ...], list[Type | None]]
"""Names and types of what a function takes."""


def invoked(inner: Scope, parameters: Parameters, arguments: Given, body: Run) -> Value:
    """Call a function of the file: its arguments join `inner`; null where they do not fit."""
    names, types = parameters
    given, by = arguments
    if len(given) != len(names) or (by is not None and set(by) != set(names)):
        return None
    values = dict(zip(by or names, given, strict=True))
    for name, wanted in zip(names, types, strict=True):
        value = values[name]
        fitting = value if wanted is None else coerced(value, wanted, inner)
        if fitting is None and value is not None:
            return None
        inner[name] = fitting
    budget = inner.budget
    budget.spend()
    budget.depth += 1
    try:
        if budget.depth > DEEPEST_CALLS:
            raise TooMuch("functions call each other too deep")
        return body(inner)
    finally:
        budget.depth -= 1


def called(of: Run, parts: list[Run], names: tuple[str, ...] | None) -> Run:
    """`of(parts)`; what is no function gives null."""

    def run(scope: Scope) -> Value:
        found = of(scope)
        if not isinstance(found, Function):
            return None
        return found.run(scope, [part(scope) for part in parts], names)

    return run
