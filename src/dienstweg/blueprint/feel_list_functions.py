"""FEEL's functions over lists and contexts (DMN 1.5, tables 75, 79 and 81)."""

from decimal import Decimal
from functools import cmp_to_key

from dienstweg.blueprint.feel_values import (
    Function,
    Scope,
    TooMuch,
    Value,
    compare,
    equal,
    whole,
)

LONGEST_LIST = 20_000


def bounded(values: list[Value]) -> list[Value]:
    """The list; raises `TooMuch` when it is too long."""
    if len(values) > LONGEST_LIST:
        raise TooMuch("a list becomes too long")
    return values


def list_contains(values: list[Value], element: Value) -> Value:
    """Whether something is in a list."""
    return any(equal(each, element) is True for each in values)


def count(values: list[Value]) -> Value:
    """How many entries a list has."""
    return Decimal(len(values))


def all_(values: list[Value]) -> Value:
    """Whether all are true: false as soon as one is false, null when one is neither."""
    if any(each is False for each in values):
        return False
    return True if all(each is True for each in values) else None


def any_(values: list[Value]) -> Value:
    """Whether one is true: null when none is and one is neither."""
    if any(each is True for each in values):
        return True
    return False if all(each is False for each in values) else None


def sublist(values: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """A part of a list by place (from 1; from the end when negative) and length."""
    first = whole(start)
    if first is None or first == 0 or abs(first) > len(values):
        return None
    begin = first - 1 if first > 0 else len(values) + first
    if length is None:
        return values[begin:]
    size = whole(length)
    if size is None or size < 0 or begin + size > len(values):
        return None
    return values[begin : begin + size]


def append(values: list[Value], items: list[Value]) -> Value:
    """A list with more at its end."""
    return bounded([*values, *items])


def concatenate(lists: list[Value]) -> Value:
    """Several lists in one."""
    if not all(isinstance(each, list) for each in lists):
        return None
    return bounded([entry for each in lists for entry in each])


def insert_before(values: list[Value], position: Decimal, item: Value) -> Value:
    """A list with something before a place."""
    place = _place(values, position)
    return None if place is None else bounded([*values[:place], item, *values[place:]])


def remove(values: list[Value], position: Decimal) -> Value:
    """A list without the entry at a place."""
    place = _place(values, position)
    return None if place is None else [*values[:place], *values[place + 1 :]]


def list_replace(scope: Scope, values: list[Value], which: Value, item: Value) -> Value:
    """A list with another entry at a place, or wherever a function of entry and item is true."""
    if not isinstance(which, Function):
        at = which.to_integral_value("ROUND_DOWN") if isinstance(which, Decimal) else None
        place = _place(values, at)
        return None if place is None else [*values[:place], item, *values[place + 1 :]]
    if len(which.parameters) != 2:
        return None
    found = []
    for each in values:
        scope.budget.spend()
        answer = which.run(scope, [each, item])
        if not isinstance(answer, bool):
            return None
        found.append(item if answer else each)
    return found


def _place(values: list[Value], position: Value) -> int | None:
    place = whole(position)
    if place is None or place == 0 or abs(place) > len(values):
        return None
    return place - 1 if place > 0 else len(values) + place


def reverse(values: list[Value]) -> Value:
    """A list from its end to its start."""
    return values[::-1]


def index_of(values: list[Value], match: Value) -> Value:
    """All places where something stands."""
    return [Decimal(at) for at, each in enumerate(values, 1) if equal(each, match) is True]


def distinct_values(scope: Scope, values: list[Value]) -> Value:
    """A list without what has come before."""
    found: list[Value] = []
    for each in values:
        scope.budget.spend(len(found))
        if not list_contains(found, each):
            found.append(each)
    return found


def union(scope: Scope, lists: list[Value]) -> Value:
    """Several lists in one, everything once."""
    joined = concatenate(lists)
    return None if joined is None else distinct_values(scope, joined)


def flatten(scope: Scope, values: list[Value]) -> Value:
    """A list of what is in its lists, however deep."""
    found: list[Value] = []
    waiting = values[::-1]
    while waiting:
        scope.budget.spend()
        each = waiting.pop()
        if isinstance(each, list):
            waiting.extend(reversed(each))
        else:
            found.append(each)
    return bounded(found)


def sort(scope: Scope, values: list[Value], precedes: Function | None = None) -> Value:
    """A list in the order that a function of two entries says, or in its own."""
    failed = False

    def order(first: Value, second: Value) -> int:
        nonlocal failed
        scope.budget.spend()
        if precedes is None:
            found = compare(first, second)
            failed |= found is None
            return found or 0
        if precedes.run(scope, [first, second]) is True:
            return -1
        return 1 if precedes.run(scope, [second, first]) is True else 0

    if precedes is not None and len(precedes.parameters) != 2:
        return None
    found = sorted(values, key=cmp_to_key(order))
    return None if failed else found


def get_value(context: dict[str, Value], key: str) -> Value:
    """An entry of a context by its name."""
    return context.get(key)


def get_entries(context: dict[str, Value]) -> Value:
    """The entries of a context as a list of key and value."""
    return [{"key": name, "value": value} for name, value in context.items()]


def context(entries: list[Value]) -> Value:
    """A context of a list of key and value; null where a key comes twice."""
    found: dict[str, Value] = {}
    for each in entries:
        if not isinstance(each, dict) or not {"key", "value"} <= each.keys():
            return None
        key = each["key"]
        if not isinstance(key, str) or key in found:
            return None
        found[key] = each["value"]
    return found


def context_put(around: dict[str, Value], key: Value, value: Value) -> Value:
    """A context with one entry changed, at a key or at the end of a list of keys."""
    keys = key if isinstance(key, list) else [key]
    if not keys or len(keys) > 50 or not all(isinstance(each, str) for each in keys):
        return None
    if len(keys) == 1:
        return {**around, keys[0]: value}
    below = around.get(keys[0])
    if not isinstance(below, dict):
        return None
    inner = context_put(below, keys[1:], value)
    return None if inner is None else {**around, keys[0]: inner}


def context_merge(contexts: list[Value]) -> Value:
    """Several contexts in one; later entries win."""
    if not all(isinstance(each, dict) for each in contexts):
        return None
    return {name: value for each in contexts for name, value in each.items()}
