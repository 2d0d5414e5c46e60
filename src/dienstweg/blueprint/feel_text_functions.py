"""FEEL's functions over texts (DMN 1.5, table 74), and how values are written as texts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dienstweg.blueprint import feel_regex
from dienstweg.blueprint.feel_arithmetic import LONGEST_TEXT
from dienstweg.blueprint.feel_pattern import BadPattern
from dienstweg.blueprint.feel_tokens import quoted
from dienstweg.blueprint.feel_values import Function, Range, Scope, TooMuch, Value, whole


def written(value: Value) -> str | None:
    """Write a value as a text, as `string(...)` does; null stays null."""
    if value is None or isinstance(value, str):
        return value
    text = _written(value, [LONGEST_TEXT])
    if len(text) > LONGEST_TEXT:
        raise TooMuch("a text becomes too long")
    return text


def _written(value: Value, left: list[int]) -> str:
    left[0] -= 1
    if left[0] < 0:
        raise TooMuch("a text becomes too long")
    writer = _WRITERS.get(type(value))
    text = str(value) if writer is None else writer(value, left)
    if not isinstance(value, list | dict):
        left[0] -= len(text)  # one long text may stand in a list a thousand times
    return text


def _range(value: Range, left: list[int]) -> str:
    low, high = _written(value.low, left), _written(value.high, left)
    start, end = "[" if value.closed_low else "(", "]" if value.closed_high else ")"
    return f"{start}{low}..{high}{end}"


def _context(value: dict[str, Value], left: list[int]) -> str:
    entries = (f"{_key(name)}: {_written(each, left)}" for name, each in value.items())
    return "{" + ", ".join(entries) + "}"


_WRITERS: dict[type, Callable[[Any, list[int]], str]] = {
    type(None): lambda _value, _left: "null",
    bool: lambda value, _left: "true" if value else "false",
    str: lambda value, _left: quoted(value),
    Decimal: lambda value, _left: number_text(value),
    list: lambda value, left: f"[{', '.join(_written(each, left) for each in value)}]",
    dict: _context,
    Range: _range,
    Function: lambda value, _left: f"function({', '.join(value.parameters)})",
}


def number_text(value: Decimal) -> str:
    """Write a number without an exponent and without needless zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _key(name: str) -> str:
    plain = name.replace(" ", "").replace("_", "")
    return name if plain.isalnum() and name[0].isalpha() else quoted(name)


def substring(text: str, start: Decimal, length: Decimal | None = None) -> Value:
    """A part of a text by place (from 1; from the end when negative) and length."""
    first = whole(start)
    if first is None or first == 0 or abs(first) > len(text):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    size = whole(length.to_integral_value("ROUND_DOWN"))
    return None if size is None or size < 1 else text[begin : begin + size]


def string_length(text: str) -> Value:
    """How many signs a text has."""
    return Decimal(len(text))


def upper_case(text: str) -> Value:
    """The text in capitals."""
    return text.upper()


def lower_case(text: str) -> Value:
    """The text in small letters."""
    return text.lower()


def substring_before(text: str, match: str) -> Value:
    """What stands before another text; empty where it is not found."""
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


def substring_after(text: str, match: str) -> Value:
    """What stands after another text; empty where it is not found."""
    return text.partition(match)[2] if match else text


def contains(text: str, match: str) -> Value:
    """Whether a text contains another."""
    return match in text


def starts_with(text: str, match: str) -> Value:
    """Whether a text starts with another."""
    return text.startswith(match)


def ends_with(text: str, match: str) -> Value:
    """Whether a text ends with another."""
    return text.endswith(match)


def matches(scope: Scope, text: str, pattern: str, flags: str | None = None) -> Value:
    """Whether a pattern is found in a text; null for a pattern that is none."""
    try:
        found, steps = feel_regex.matches(text, pattern, flags or "")
    except BadPattern:
        return None
    scope.budget.spend(steps // 4)
    return found


def replace(
    scope: Scope, text: str, pattern: str, replacement: str, flags: str | None = None
) -> Value:
    """The text with every match of a pattern replaced; null for a pattern that is none."""
    try:
        found, steps = feel_regex.replaced(text, pattern, replacement, flags or "")
    except BadPattern:
        return None
    scope.budget.spend(steps // 4)
    return found


def split(scope: Scope, text: str, delimiter: str) -> Value:
    """The parts of a text between the matches of a pattern."""
    try:
        search = feel_regex.Search(feel_regex.compiled(delimiter), text)
    except BadPattern:
        return None
    parts: list[Value] = []
    at = 0
    while (found := search.find(at)) is not None:
        begin, end = found[0], found[1]
        if begin is None or end is None or begin == end:
            return None
        parts.append(text[at:begin])
        at = end
    scope.budget.spend(search.steps // 4 + len(parts))
    return [*parts, text[at:]]


def string_join(values: list[Value], delimiter: str | None = None) -> Value:
    """The texts of a list in one; null ones are left out."""
    found = [each for each in values if each is not None]
    if not all(isinstance(each, str) for each in found):
        return None
    joint = delimiter or ""
    if sum(map(len, found)) + len(joint) * len(found) > LONGEST_TEXT:
        raise TooMuch("a text becomes too long")
    return joint.join(found)
