"""Turns a FEEL tree into a function of a scope, so that a table's cells cost next to nothing.

Semantics: DMN 1.5, section 10.3.2. What has no answer is null; only too much work raises
(`TooMuch`). Loops and calls are in `feel_running`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dienstweg.blueprint import feel_running as running
from dienstweg.blueprint.feel_arithmetic import add, divide, multiply, negate, power, subtract
from dienstweg.blueprint.feel_dates import read_any
from dienstweg.blueprint.feel_functions import FUNCTIONS
from dienstweg.blueprint.feel_members import member
from dienstweg.blueprint.feel_tree import (
    Between,
    Binary,
    Call,
    Cell,
    Choice,
    Context,
    Filter,
    Instance,
    Interval,
    Kind,
    Lambda,
    Listed,
    Literal,
    Loop,
    Member,
    Moment,
    Name,
    Negated,
    Node,
    Test,
    Within,
    walk,
)
from dienstweg.blueprint.feel_types import Type, is_one, of_kind
from dienstweg.blueprint.feel_values import (
    Function,
    Range,
    Run,
    Scope,
    Value,
    compare,
    equal,
)

Passes = Callable[[Value, Scope], bool]
"""Whether a value passes a cell of a table."""
_ARITHMETIC = {
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
_HOLDS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _no_types(_name: str) -> Type | None:
    return None


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles trees; `types` knows those of a file by name, `functions` those built in."""

    types: Callable[[str], Type | None] = _no_types
    functions: Mapping[str, Function] = field(default_factory=lambda: BUILT_IN)

    def compile(self, node: Node) -> Run:
        """Give the function that works a tree out."""
        return _COMPILED[type(node)](self, node)

    def _all(self, nodes: Iterable[Node]) -> list[Run]:
        return [self.compile(each) for each in nodes]

    def _member(self, node: Member) -> Run:
        inner, name = self.compile(node.of), node.name
        return lambda scope: member(inner(scope), name)

    def _negated(self, node: Negated) -> Run:
        inner = self.compile(node.of)
        return lambda scope: negate(inner(scope))

    def _within(self, node: Within) -> Run:
        of, tests = self.compile(node.of), [self.test(each) for each in node.tests]

        def run(scope: Scope) -> Value:
            value = of(scope)
            return any(test(value, scope) for test in tests)

        return run

    def _loop(self, node: Loop) -> Run:
        turns = [
            (
                turn.name,
                self.compile(turn.over),
                None if turn.until is None else self.compile(turn.until),
            )
            for turn in node.turns
        ]
        return running.loop(node.word, turns, self.compile(node.body))

    def _lambda(self, node: Lambda) -> Run:
        types = [None if each is None else self._type(each) for each in node.kinds]
        body = _null if node.external else self.compile(node.body)
        return running.function(node.names, types, body)

    def _interval(self, node: Interval) -> Run:
        low, high = self.compile(node.low), self.compile(node.high)

        def run(scope: Scope) -> Value:
            start, end = low(scope), high(scope)
            if start is not None and end is not None and compare(start, end) is None:
                return None
            closed = node.closed_low and start is not None, node.closed_high and end is not None
            return Range(start, end, *closed)

        return run

    def _unary(self, node: Cell) -> Run:
        passes = self.cell(node)
        return lambda scope: passes(scope.get("?"), scope)

    def _type(self, kind: Kind) -> Type:
        return of_kind(kind, self.types)

    def _name(self, node: Name) -> Run:
        name = node.name
        built_in = self.functions.get(name)
        if built_in is None:
            return lambda scope: scope.get(name)
        return lambda scope: scope.get(name, built_in)

    def _instance(self, node: Instance) -> Run:
        inner, wanted = self.compile(node.of), self._type(node.kind)

        def run(scope: Scope) -> Value:
            value = inner(scope)
            if wanted.unknown:
                return None
            return is_one(value, wanted, scope)

        return run

    def _binary(self, node: Binary) -> Run:
        left, right = self.compile(node.left), self.compile(node.right)
        if node.sign == "+":
            return _sum(left, right)
        rule = _ARITHMETIC.get(node.sign)
        if rule is not None:
            return lambda scope: rule(left(scope), right(scope))
        if node.sign == "=":
            return lambda scope: equal(left(scope), right(scope))
        if node.sign == "!=":
            return lambda scope: _inverse(equal(left(scope), right(scope)))
        if node.sign in ("and", "or"):
            return running.logic(left, right, node.sign == "or")
        holds = _HOLDS[node.sign]

        def compared(scope: Scope) -> Value:
            order = compare(left(scope), right(scope))
            return None if order is None else holds(order)

        return compared

    def _call(self, node: Call) -> Run:
        of = self.compile(node.of)
        if isinstance(node.of, Name) and node.of.name in self.functions:
            of = _function_of(node.of.name, self.functions[node.of.name])
        return running.called(of, self._all(node.parts), node.names)

    def cell(self, cell: Cell) -> Passes:
        """Give the test that the unary tests of a cell are."""
        if not cell.tests:
            return lambda _value, _scope: True
        tests = [self.test(each) for each in cell.tests]
        if cell.negated:
            return lambda value, scope: not any(test(value, scope) for test in tests)
        if len(tests) == 1:
            return tests[0]
        return lambda value, scope: any(test(value, scope) for test in tests)

    def test(self, node: Node) -> Passes:
        """Give the test that one unary test is; a constant is compared at once."""
        match node:
            case Literal(value) if value is not None:
                wanted = type(value)
                return lambda given, _scope: type(given) is wanted and given == value
            case Test(sign, end):
                return self._sided(sign, end)
            case Interval(Literal(low), Literal(high), closed_low, closed_high):
                fixed = Range(low, high, closed_low, closed_high)
                return lambda given, _scope: fixed.includes(given) is True
        inner = self.compile(node)
        if any(each == Name("?") for each in walk(node)):
            return lambda given, scope: _looking(inner, given, scope)
        return lambda given, scope: _passes(inner(scope), given)

    def _sided(self, sign: str, end: Node) -> Passes:
        if sign in ("=", "!="):
            inner, wanted = self.compile(end), sign == "="
            return lambda given, scope: equal(given, inner(_asking(scope, given))) is wanted
        holds = _HOLDS[sign]
        if isinstance(end, Literal):
            return _fixed_sided(holds, end.value)
        run = self.compile(end)

        def passes(given: Value, scope: Scope) -> bool:
            order = compare(given, run(_asking(scope, given)))
            return order is not None and holds(order)

        return passes


def _fixed_sided(holds: Callable[[int], bool], end: Value) -> Passes:
    def passes(given: Value, _scope: Scope) -> bool:
        order = compare(given, end)
        return order is not None and holds(order)

    return passes


def _asking(scope: Scope, given: Value) -> Scope:
    """The scope in which `?` is the value that is looked at."""
    inner = Scope(scope, scope.budget)
    inner["?"] = given
    return inner


def _looking(run: Run, given: Value, scope: Scope) -> bool:
    answer = run(_asking(scope, given))
    return answer is True or (not isinstance(answer, bool) and _passes(answer, given))


def _passes(end: Value, given: Value) -> bool:
    """Whether a value passes what a test gives: an equal one, one that contains it, or true."""
    if end is True and not isinstance(given, bool):
        return True
    if isinstance(end, Range) and not isinstance(given, Range):
        return end.includes(given) is True
    if isinstance(end, list) and not isinstance(given, list):
        return any(_passes(each, given) for each in end if each is not True)
    if isinstance(end, list) and equal(end, given) is not True:
        return any(equal(each, given) is True for each in end)
    return equal(given, end) is True


def _inverse(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _between(of: Run, low: Run, high: Run) -> Run:
    def run(scope: Scope) -> Value:
        value = of(scope)
        above, below = compare(value, low(scope)), compare(value, high(scope))
        return None if above is None or below is None else above >= 0 and below <= 0

    return run


def _sum(left: Run, right: Run) -> Run:
    """`left + right`; a text that comes of it costs by its length."""

    def run(scope: Scope) -> Value:
        found = add(left(scope), right(scope))
        if type(found) is str:
            scope.budget.spend_size(found)
        return found

    return run


def _function_of(name: str, built_in: Function) -> Run:
    """A built-in function, unless the scope has one of its name; `today` may be a date besides."""

    def run(scope: Scope) -> Value:
        own = scope.get(name)
        return own if isinstance(own, Function) else built_in

    return run


def _null(_scope: Scope) -> Value:
    return None


def _constant(value: Value) -> Run:
    return lambda _scope: value


def _open_interval(sign: str, end: Run) -> Run:
    def run(scope: Scope) -> Value:
        value = end(scope)
        match sign:
            case "<" | "<=":
                return Range(None, value, False, sign == "<=", sign)
            case ">" | ">=":
                return Range(value, None, sign == ">=", False, sign)
        return Range(value, value, True, True, sign)

    return run


_COMPILED: dict[type, Callable[[Compiler, Any], Run]] = {
    Literal: lambda _compiler, node: _constant(node.value),
    Moment: lambda _compiler, node: _constant(read_any(node.text)),
    Name: Compiler._name,
    Member: Compiler._member,
    Negated: Compiler._negated,
    Binary: Compiler._binary,
    Between: lambda compiler, node: _between(*compiler._all((node.of, node.low, node.high))),
    Within: Compiler._within,
    Instance: Compiler._instance,
    Choice: lambda compiler, node: running.choice(*compiler._all((node.when, node.yes, node.no))),
    Filter: lambda compiler, node: running.filtered(
        compiler.compile(node.of), compiler.compile(node.by), node.by
    ),
    Call: Compiler._call,
    Listed: lambda compiler, node: running.listed(compiler._all(node.parts)),
    Context: lambda compiler, node: running.context(node.names, compiler._all(node.values)),
    Loop: Compiler._loop,
    Lambda: Compiler._lambda,
    Interval: Compiler._interval,
    Test: lambda compiler, node: _open_interval(node.sign, compiler.compile(node.end)),
    Cell: Compiler._unary,
}


def _range(scope: Scope, given: list[Value], names: tuple[str, ...] | None = None) -> Value:
    """`range("[1..3]")`: an interval by its text, whose ends are constants."""
    from dienstweg.blueprint.feel_reading import read
    from dienstweg.blueprint.feel_tokens import BadFeel

    if len(given) != 1 or not isinstance(given[0], str) or names not in (None, ("from",)):
        return None
    if len(given[0]) > 500:
        return None
    scope.budget.spend(100)
    try:
        node = read(given[0])
    except BadFeel:
        return None
    if not isinstance(node, Interval) or not (_is_end(node.low) and _is_end(node.high)):
        return None
    found = Compiler().compile(node)(Scope({}, scope.budget))
    return found if _is_sound(found) else None


def _is_end(node: Node) -> bool:
    if isinstance(node, Call):
        return isinstance(node.of, Name) and all(isinstance(each, Literal) for each in node.parts)
    return isinstance(node, Literal | Moment) or (
        isinstance(node, Negated) and isinstance(node.of, Literal)
    )


def _is_sound(found: Value) -> bool:
    if not isinstance(found, Range) or found.low is found.high is None:
        return False
    if found.low is None or found.high is None:
        return True
    order = compare(found.low, found.high)
    return type(found.low) is type(found.high) and order is not None and order <= 0


BUILT_IN: Mapping[str, Function] = {**FUNCTIONS, "range": Function("range", ("from",), _range)}
"""All built-in functions by name."""
