"""Which values can come in the column of a table, and which of them its cells tell apart.

They come from the choices of the data schema, from what a type or the column itself allows, and
from the constants in the cells: each of them, what lies between and what lies outside.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from dienstweg.blueprint.dmn_coverage import Column, Test
from dienstweg.blueprint.dmn_decision import GraphDecision
from dienstweg.blueprint.dmn_graph import Part
from dienstweg.blueprint.dmn_model import Input, TableBox, Text
from dienstweg.blueprint.dmn_questions import asks
from dienstweg.blueprint.dmn_values import of_json
from dienstweg.blueprint.expressions import Expression, Surroundings
from dienstweg.blueprint.feel_compiling import Compiler
from dienstweg.blueprint.feel_dates import Day, day_numbered
from dienstweg.blueprint.feel_reading import read_cell
from dienstweg.blueprint.feel_tokens import BadFeel
from dienstweg.blueprint.feel_tree import Call, Cell, Interval, Literal, Moment, Name, Negated, Node
from dienstweg.blueprint.feel_tree import Test as UnaryTest
from dienstweg.blueprint.feel_values import Budget, Scope
from dienstweg.blueprint.tables import Decision

Schema = Mapping[str, Any]
_SCHEMA_KINDS = {"integer": "number", "number": "number"}
_CONSTANT_FUNCTIONS = frozenset(["date", "time", "date and time", "duration"])


def plain_columns(decision: Decision, schema: Schema) -> list[Column]:
    """The columns of a table of the first form that ask anything; their values are JSON."""
    around = Surroundings({}, date(2000, 1, 1))
    columns = []
    for at, asked in enumerate(decision.inputs):
        cells = [rule.cells[at] for rule in decision.rules]
        if all(cell.text == "-" for cell in cells):
            continue
        tests: list[Test | None] = [
            None if cell.literals is None else _holding(cell.holds, around) for cell in cells
        ]
        known = _at(schema, tuple(asked.source.split(".")))
        constants = [each for cell in cells for each in cell.literals or ()]
        columns.append(_column(asked.source, tests, constants, known, _same))
    return columns


def _holding(holds: Callable[[Any, Surroundings], bool], around: Surroundings) -> Test:
    return lambda value: holds(value, around)


def _same(value: Any) -> Any:
    return value


def graph_columns(
    decision: GraphDecision, part: Part, box: TableBox, schema: Schema
) -> list[Column]:
    """The columns of a table of a graph that ask anything; their values are FEEL's."""
    trees = {id(each.text): each.tree for each in part.noted}
    scope = Scope({}, Budget(steps=10**7))
    columns = []
    for at, asked in enumerate(box.inputs):
        cells = [trees.get(id(row.tests[at])) for row in box.rows]
        if all(isinstance(cell, Cell) and not cell.tests for cell in cells):
            continue
        tests = [_fixed(cell, scope) for cell in cells]
        ends = [end for cell in cells if isinstance(cell, Cell) for end in _ends(cell)]
        compiler = Compiler()
        constants = [compiler.compile(end)(scope) for end in ends]
        known = _known(decision, part, asked, trees, schema)
        column = _column(asked.label, tests, constants, known, of_json)
        columns.append(_narrowed(column, decision, part, asked, scope))
    return columns


def _known(
    decision: GraphDecision,
    part: Part,
    asked: Input,
    trees: Mapping[int, Node | Expression],
    schema: Schema,
) -> Schema | None:
    tree = trees.get(id(asked.expression))
    paths, text = (frozenset(), "") if tree is None else asks(decision, part, tree)
    return _at(schema, tuple(text.split("."))) if len(paths) == 1 and text else None


def _fixed(cell: Node | Expression | None, scope: Scope) -> Test | None:
    """The test of a cell, None where it is not constant."""
    if not isinstance(cell, Cell) or not all(_is_fixed(test) for test in cell.tests):
        return None
    passes = Compiler().cell(cell)
    return lambda value: passes(value, scope)


def _is_fixed(test: Node) -> bool:
    if isinstance(test, UnaryTest):
        return _is_constant(test.end)
    if isinstance(test, Interval):
        return _is_constant(test.low) and _is_constant(test.high)
    return _is_constant(test)


def _is_constant(node: Node) -> bool:
    match node:
        case Literal() | Moment() | Negated(Literal()):
            return True
        case Call(Name(name), parts, None):
            return name in _CONSTANT_FUNCTIONS and all(isinstance(it, Literal) for it in parts)
    return False


def _ends(cell: Cell) -> Iterable[Node]:
    """The constants that a cell compares with."""
    for test in cell.tests:
        match test:
            case UnaryTest(_, end):
                found: tuple[Node, ...] = (end,)
            case Interval(low, high, _, _):
                found = (low, high)
            case _:
                found = (test,)
        yield from (each for each in found if _is_constant(each))


def _narrowed(
    column: Column, decision: GraphDecision, part: Part, asked: Input, scope: Scope
) -> Column:
    """The column with those values only that it or its type allows."""
    for text in _allowances(decision, part, asked):
        try:
            cell = read_cell(text.text)
        except BadFeel:
            continue
        test = _fixed(cell, scope)
        if test is None:
            continue
        compiler = Compiler()
        listed = [compiler.compile(end)(scope) for end in _ends(cell)]
        single = all(isinstance(each, Literal | Moment | Negated) for each in cell.tests)
        if single and not cell.negated:
            values = [*column.values, *listed]
            return Column(column.label, column.tests, values, listed, [*listed, None])
        named = [each for each in column.named if test(each)]
        column = replace(column, named=named)
    return column


def _allowances(decision: GraphDecision, part: Part, asked: Input) -> Iterable[Text]:
    """What a column allows, and what the types of its question and of its input data allow."""
    if asked.values is not None:
        yield asked.values
    names = [asked.type]
    for name, key in part.wants:
        if name == (asked.expression.text,):
            names.append(decision.compiled.parts[key].element.type)
    for each in names:
        item = decision.compiled.graph.items.get(each)
        if item is not None and item.allowed is not None and not item.collection:
            yield item.allowed


def _at(schema: Schema, path: Sequence[str]) -> Schema | None:
    """The schema of a place of the application; None for anything else."""
    if not path or path[0] != "data":
        return None
    found: Any = schema
    for name in path[1:]:
        members = found.get("properties")
        found = members.get(name) if isinstance(members, dict) else None
        if not isinstance(found, dict):
            return None
    return found if isinstance(found, dict) else None


def _column(
    label: str,
    tests: Sequence[Test | None],
    constants: Sequence[Any],
    known: Schema | None,
    own: Callable[[Any], Any],
) -> Column:
    """A column with the values that may come; `own` makes them of JSON."""
    values = [*_classes(constants), "", own(True), False, None]
    listed = None if known is None else _listed(known)
    if listed is not None:
        made = [own(each) for each in listed]
        return Column(label, tests, [*values, *made], made, [*made, None])
    kind = _SCHEMA_KINDS.get(str((known or {}).get("type")))
    if kind is not None:
        constants = [each for each in constants if each is not None and _kind(each) == kind]
        values = [*values, None]
    possible = [each for each in values if kind in (None, _kind(each)) or each is None]
    kinds = {_kind(each) for each in constants if each is not None}
    if kinds == {"boolean"}:
        return Column(label, tests, values, [True, False], possible)
    if len(kinds) != 1 or kinds == {"text"}:
        return Column(label, tests, values, [], possible)
    return Column(label, tests, values, _told(constants, known or {}), possible)


def _told(constants: Sequence[Any], known: Schema) -> list[Any]:
    """The numbers and dates of which a gap is told: whole ones and not below zero, if in doubt."""
    numbers = [each for each in constants if _kind(each) == "number"]
    whole = known.get("type") != "number" and all(each == int(each) for each in numbers)
    below = known.get("minimum", -1 if any(each < 0 for each in numbers) else 0)
    found = _classes(constants, whole=whole)
    return [
        each
        for each in found
        if _kind(each) == "date" or (_may(each, known) and (each >= 0 or below < 0))
    ]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float | Decimal):
        return "number"
    return "date" if isinstance(value, Day) else "text"


def _classes(constants: Iterable[Any], *, whole: bool = False) -> list[Any]:
    """Values that tell any two tests of a column apart: constants and what lies between."""
    found = {(_kind(each), str(each)): each for each in constants if each is not None}
    numbers = sorted({each for (kind, _), each in found.items() if kind == "number"})
    texts = sorted(each for each in found.values() if isinstance(each, str))
    days = sorted(each for each in found.values() if isinstance(each, Day))
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    if whole:
        between = [each + step for each in numbers for step in (-1, 1)]
    outside = [numbers[0] - 1, numbers[-1] + 1] if numbers else []
    beside = [day_numbered(day.number + step) for day in days for step in (-1, 1)]
    return [
        *numbers,
        *between,
        *outside,
        *days,
        *(each for each in beside if each is not None),
        *texts,
        *(text + "\0" for text in texts),
    ]


def _listed(schema: Schema) -> list[Any] | None:
    """All values that a schema lists; yes and no are listed by themselves."""
    if schema.get("type") == "boolean":
        return [True, False]
    if isinstance(schema.get("enum"), list):
        return [each for each in schema["enum"] if each is not None]
    either = schema.get("oneOf")
    if isinstance(either, list) and all(
        isinstance(each, dict) and "const" in each for each in either
    ):
        return [each["const"] for each in either]
    return None


def _may(value: Any, schema: Schema) -> bool:
    """Whether a number may come at a place."""
    if not isinstance(value, int | float | Decimal):
        return True
    low, high = schema.get("minimum"), schema.get("maximum")
    return not (
        (isinstance(low, int | float) and value < low)
        or (isinstance(high, int | float) and value > high)
    )
