"""Compiles the boxed expressions of a DMN file; what cannot be read is noted with its line.

Every text is read with the names that stand in its scope, since FEEL's names may hold spaces. For
`check` each text is kept with its tree and its scope (`Noted`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from dienstweg.blueprint import feel_running as running
from dienstweg.blueprint.dmn_model import (
    Box,
    ChoiceBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    InvocationBox,
    ListBox,
    LoopBox,
    RelationBox,
    TableBox,
    Text,
    TypedBox,
)
from dienstweg.blueprint.dmn_tables import OutputColumn, Table, TableRow
from dienstweg.blueprint.dmn_types import Types
from dienstweg.blueprint.dmn_values import of_json, to_json
from dienstweg.blueprint.dmn_xml import CEL
from dienstweg.blueprint.expressions import BadExpression, Expression, compile_expression
from dienstweg.blueprint.feel_compiling import Compiler
from dienstweg.blueprint.feel_reading import read, read_cell
from dienstweg.blueprint.feel_stream import Known
from dienstweg.blueprint.feel_tokens import BadFeel
from dienstweg.blueprint.feel_tree import Cell, Interval, Node
from dienstweg.blueprint.feel_types import ANY, Type, coerced
from dienstweg.blueprint.feel_values import Run, Scope, Value

Problem = Callable[[str, str, int | None], None]
"""Notes a problem: code, message, line."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A text with its tree (or its CEL) and the names that it may use besides those around.

    `given` is the type of what a cell looks at, `wanted` that of what an answer must be.
    """

    text: Text
    tree: Node | Expression
    names: frozenset[str]
    given: Type = ANY
    wanted: Type | None = None


def _nothing(_scope: Scope) -> Value:
    return None


class Boxes:
    """Compiles the expressions of one element, whose name is `name`."""

    def __init__(self, name: str, types: Types, note: Problem) -> None:
        self.name = name
        self.types, self.note = types, note
        self.compiler = Compiler(types.find)
        self.noted: list[Noted] = []
        self.tables: list[tuple[TableBox, Table]] = []
        self.bound: frozenset[str] = frozenset()

    def box(self, box: Box | None, known: Known) -> Run:
        """Give the function that works an expression out."""
        return _nothing if box is None else _COMPILED[type(box)](self, box, known)

    def _all(self, boxes: Iterable[Box | None], known: Known) -> list[Run]:
        return [self.box(each, known) for each in boxes]

    def _relation(self, box: RelationBox, known: Known) -> Run:
        rows = [running.context(box.columns, self._all(row, known)) for row in box.rows]
        return running.listed(rows)

    def _filter(self, box: FilterBox, known: Known) -> Run:
        inner = self._within(box.match, ("item",), known)
        return running.filtered(self.box(box.over, known), inner, None)

    def _loop(self, box: LoopBox, known: Known) -> Run:
        body = self._within(box.body, (box.variable, "partial"), known)
        return running.loop(box.word, [(box.variable, self.box(box.over, known), None)], body)

    def _within(self, box: Box | None, names: Iterable[str], known: Known) -> Run:
        """Compile what sees further names."""
        names = list(names)
        outer, self.bound = self.bound, self.bound | set(names)
        run = self.box(box, known.within(names))
        self.bound = outer
        return run

    def text(self, text: Text, known: Known, wanted: str = "") -> Run:
        """Compile a text in its language."""
        if not text.text:
            return _nothing
        if text.language == CEL:
            return self._cel(text)
        try:
            tree = read(text.text, known)
        except BadFeel as error:
            self._bad(text, str(error))
            return _nothing
        self.noted.append(Noted(text, tree, self.bound, wanted=self._sure(wanted)))
        return self.compiler.compile(tree)

    def _sure(self, name: str) -> Type | None:
        """The type of a name, if the file or FEEL has one."""
        return self.types.find(name) if name else None

    def _bad(self, text: Text, message: str) -> None:
        self.note("feel", f"„{text.text[:80]}“: {message}", text.line)

    def _cel(self, text: Text) -> Run:
        try:
            expression = compile_expression(text.text)
        except BadExpression as error:
            self.note("cel", f"„{text.text[:80]}“: {error}", text.line)
            return _nothing
        self.noted.append(Noted(text, expression, self.bound))
        roots = expression.scanned.roots

        def run(scope: Scope) -> Value:
            scope.budget.spend(10)
            around = scope.budget.around
            if around is None:
                return None
            own = {name: to_json(scope[name]) for name in roots if name in scope}
            return of_json(expression.value(around.with_variables(**own)))

        return run

    def _context(self, box: ContextBox, known: Known) -> Run:
        outer = self.bound
        names: list[str] = []
        runs: list[Run] = []
        result: Run | None = None
        for entry in box.entries:
            run = self._typed(self.box(entry.box, known), entry.type)
            if entry.name is None:
                result = run
                continue
            names.append(entry.name)
            runs.append(run)
            known = known.within([entry.name])
            self.bound |= {entry.name}
        self.bound = outer
        if result is None:
            return running.context(names, runs)
        last = result

        def answer(scope: Scope) -> Value:
            inner = Scope(scope, scope.budget)
            for name, run in zip(names, runs, strict=True):
                inner[name] = run(inner)
            return last(inner)

        return answer

    def _typed(self, run: Run, name: str) -> Run:
        """The value as one of a named type."""
        if not name or name == "Any":
            return run
        wanted = self.types.of(name)
        return run if wanted.unknown else (lambda scope: coerced(run(scope), wanted, scope))

    def _invocation(self, box: InvocationBox, known: Known) -> Run:
        names = tuple(each.name or "" for each in box.bindings)
        parts = [self.box(each.box, known) for each in box.bindings]
        return running.called(self.text(box.function, known), parts, names or None)

    def _function(self, box: FunctionBox, known: Known) -> Run:
        if box.foreign:
            message = f"Eine Funktion in {box.foreign[:20]} wird nicht unterstützt."
            self.note("dmn-unsupported", message, box.line)
        names = tuple(name for name, _ in box.parameters)
        types = [self.types.of(kind) if kind else None for _, kind in box.parameters]
        body = _nothing if box.foreign else self._within(box.box, names, known)
        return running.function(names, types, body)

    def table(self, box: TableBox, known: Known) -> Table:
        """Compile a decision table."""
        outputs = tuple(
            OutputColumn(
                each.name,
                None if each.default is None else self.text(each.default, known),
                None if each.values is None else self._order(each.values, known),
            )
            for each in box.outputs
        )
        inputs = tuple(self.text(each.expression, known, each.type) for each in box.inputs)
        number = len(self.tables)
        rows = []
        for place, row in enumerate(box.rows, 1):
            cells = [
                (at, self.cell(text, known, box.inputs[at].type))
                for at, text in enumerate(row.tests)
            ]
            tests = tuple((at, self.compiler.cell(cell)) for at, cell in cells if cell.tests)
            results = tuple(
                self.text(each, known, column.type)
                for each, column in zip(row.results, box.outputs, strict=True)
            )
            key = f"{self.name}{f'.{number}' if number else ''}:{place}"
            rows.append(TableRow(key, tests, results))
        table = Table(self.name, box.policy, box.aggregation, inputs, outputs, tuple(rows))
        self.tables.append((box, table))
        return table

    def cell(self, text: Text, known: Known, asked: str = "") -> Cell:
        """Read the tests of a cell; one that cannot be read says nothing."""
        try:
            cell = read_cell(text.text, known)
        except BadFeel as error:
            self._bad(text, str(error))
            return Cell(())
        self.noted.append(Noted(text, cell, self.bound | {"?"}, self._sure(asked) or ANY))
        return cell

    def _order(self, text: Text, known: Known) -> Callable[[Scope], list[Value]]:
        runs = [
            self.compiler.compile(each)
            for each in self.cell(text, known).tests
            if not isinstance(each, Interval)
        ]
        return lambda scope: [run(scope) for run in runs]


_COMPILED: dict[type, Callable[[Boxes, Any, Known], Run]] = {
    Text: Boxes.text,
    TypedBox: lambda boxes, box, known: boxes._typed(boxes.box(box.box, known), box.type),
    TableBox: lambda boxes, box, known: boxes.table(box, known).run,
    ContextBox: Boxes._context,
    InvocationBox: Boxes._invocation,
    FunctionBox: Boxes._function,
    ListBox: lambda boxes, box, known: running.listed(boxes._all(box.boxes, known)),
    RelationBox: Boxes._relation,
    ChoiceBox: lambda boxes, box, known: running.choice(
        *boxes._all((box.when, box.yes, box.no), known)
    ),
    FilterBox: Boxes._filter,
    LoopBox: Boxes._loop,
}
