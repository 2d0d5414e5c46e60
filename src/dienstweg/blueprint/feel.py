"""The cells of a table of the first form: a part of FEEL (DMN 1.3, chapters 7 and 10), with CEL.

Unary tests: ``-``, literals, ``< <= > >= =``, intervals, lists, ``not(...)``, ``date("...")``.
What is no literal is an expression in CEL, the one language of expressions in a blueprint. Numbers
are compared with numbers, texts with texts, dates as ISO texts; nothing is converted.
"""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .expressions import BadExpression, Expression, Surroundings, compile_expression

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_DATE = re.compile(r'date(?: and time)?\s*\(\s*"([^"]*)"\s*\)')
_INTERVAL = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])", re.DOTALL)
_COMPARISON = re.compile(r"(<=|>=|!=|<|>|=)\s*(.+)", re.DOTALL)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
LONGEST = 500
"""Characters of a cell."""
_OPEN, _CLOSE = "([{", ")]}"


class BadCell(ValueError):
    """The text of a cell is no test or no value; the message says so in German."""


@dataclass(frozen=True, slots=True)
class Value:
    """A cell's value: a literal, or an expression to be evaluated each time."""

    literal: Any = None
    expression: Expression | None = None

    def of(self, around: Surroundings) -> Any:
        """Give the value; null where an expression has no answer."""
        return self.literal if self.expression is None else self.expression.value(around)


Test = Callable[[Any, Surroundings], bool]


@dataclass(frozen=True, slots=True)
class Cell:
    """One test of an input; `literals` are the values it compares with, None if it is not fixed."""

    text: str
    test: Test
    literals: tuple[Any, ...] | None
    expressions: tuple[Expression, ...] = ()

    def holds(self, value: Any, around: Surroundings) -> bool:
        """Whether a value passes."""
        return self.test(value, around)


def value(text: str) -> Value:
    """Read an output entry or an end of a test; raises `BadCell`."""
    text = text.strip()
    if not text or text == "null":
        return Value()
    if text in ("true", "false"):
        return Value(text == "true")
    if (found := _STRING.fullmatch(text)) is not None:
        return Value(re.sub(r"\\(.)", r"\1", found[1]))
    if _NUMBER.fullmatch(text):
        return Value(float(text) if "." in text else int(text))
    if (found := _DATE.fullmatch(text)) is not None:
        return Value(found[1])
    try:
        return Value(expression=compile_expression(text))
    except BadExpression as error:
        message = f"„{text[:80]}“: {error}"
        raise BadCell(message) from None


def cell(text: str) -> Cell:
    """Read the test of an input; raises `BadCell`."""
    if len(text) > LONGEST:
        message = f"Die Zelle ist länger als {LONGEST} Zeichen."
        raise BadCell(message)
    stripped = text.strip()
    if stripped in ("", "-"):
        return Cell("-", _anything, ())
    negated = _NOT.fullmatch(stripped)
    values: list[Value] = []
    tests = [_single(part, values) for part in parts(negated[1] if negated else stripped)]

    def any_of(value: Any, around: Surroundings) -> bool:
        return any(test(value, around) for test in tests) is (negated is None)

    passes = tests[0] if len(tests) == 1 and negated is None else any_of
    used = tuple(each.expression for each in values if each.expression is not None)
    literals = None if used else tuple(each.literal for each in values)
    return Cell(stripped, passes, literals, used)


def _anything(_value: Any, _around: Surroundings) -> bool:
    return True


def parts(text: str) -> Iterator[str]:
    """Split a list of tests at its commas, not at those inside texts and brackets."""
    depth, start, quoted, skip = 0, 0, False, False
    for at, sign in enumerate(text):
        if skip:
            skip = False
        elif quoted:
            skip = sign == "\\"
            quoted = sign != '"'
        elif sign == '"':
            quoted = True
        elif sign == "," and depth <= 0:
            yield text[start:at]
            start = at + 1
        elif sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth -= 1
    yield text[start:]


def _single(text: str, values: list[Value]) -> Test:
    """Read one test; the values it compares with are added to `values`."""
    text = text.strip()
    if not text:
        message = "Zwischen den Kommas fehlt ein Wert."
        raise BadCell(message)
    if "?" in _STRING.sub("", text):
        message = "Das Zeichen ? wird nicht unterstützt."
        raise BadCell(message)
    if (interval := _INTERVAL.fullmatch(text)) is not None:
        low, high = value(interval[2]), value(interval[3])
        values += [low, high]
        return _between(low, high, closed_low=interval[1] == "[", closed_high=interval[4] == "]")
    if (comparison := _COMPARISON.fullmatch(text)) is not None:
        end = value(comparison[2])
        values.append(end)
        compare = _OPERATORS[comparison[1]]
        if end.expression is None:
            fixed = end.literal
            return lambda given, _around: _compared(compare, given, fixed)
        return lambda given, around: _compared(compare, given, end.of(around))
    end = value(text)
    values.append(end)
    if end.expression is None:
        fixed = end.literal
        return lambda given, _around: _equal(given, fixed)
    return lambda given, around: _equal(given, end.of(around))


def _between(low: Value, high: Value, *, closed_low: bool, closed_high: bool) -> Test:
    above = operator.ge if closed_low else operator.gt
    below = operator.le if closed_high else operator.lt
    if low.expression is None and high.expression is None:
        start, end = low.literal, high.literal
        return lambda given, _around: (
            _compared(above, given, start) and _compared(below, given, end)
        )

    def test(given: Any, around: Surroundings) -> bool:
        return _compared(above, given, low.of(around)) and _compared(below, given, high.of(around))

    return test


def _compared(compare: Callable[[Any, Any], bool], given: Any, end: Any) -> bool:
    """Compare like with like; everything else is false."""
    if compare in (operator.eq, operator.ne):
        return _equal(given, end) is (compare is operator.eq)
    if isinstance(given, bool) or isinstance(end, bool):
        return False
    if isinstance(given, int | float) and isinstance(end, int | float):
        return compare(given, end)
    if isinstance(given, str) and isinstance(end, str):
        return compare(given, end)
    return False


def _equal(given: Any, end: Any) -> bool:
    return isinstance(given, bool) is isinstance(end, bool) and bool(given == end)
