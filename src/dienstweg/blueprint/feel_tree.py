"""The tree of a FEEL expression, and its text again.

What the reader reads, the compiler turns into a function, and `check` looks at for types and names.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dienstweg.blueprint.feel_tokens import quoted


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, true, false or null."""

    value: str | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Moment:
    """`@"2026-03-02"`: a date, a time, both, or a duration by its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or a function; `?` is the value that a unary test looks at."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`."""

    of: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Negated:
    """`-of`."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """`left sign right`: arithmetic, comparison, `and`, `or`."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Between:
    """`of between low and high`."""

    of: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class Within:
    """`of in (tests)`."""

    of: "Node"
    tests: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type as it is written: its name, and what stands in its angle brackets.

    `names` are those of the members of `context<a: number>`; of `function<number>->string` the
    last part is the result.
    """

    name: str
    parts: tuple["Kind", ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """`of instance of kind`."""

    of: "Node"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Choice:
    """`if when then yes else no`."""

    when: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class Turn:
    """`name in over`, or `name in over..until` where `until` is there."""

    name: str
    over: "Node"
    until: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Loop:
    """`for turns return body`, `some turns satisfies body`, `every turns satisfies body`."""

    word: str
    turns: tuple[Turn, ...]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Filter:
    """`of[by]`: an entry by its place (from 1), or those of which a condition is true."""

    of: "Node"
    by: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """`of(parts)`, with the names of the parameters where they are given."""

    of: "Node"
    parts: tuple["Node", ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Lambda:
    """`function(a: number, b) body`; `external` ones are read, never run."""

    names: tuple[str, ...]
    kinds: tuple[Kind | None, ...]
    body: "Node"
    external: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """`[a, b]`."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Context:
    """`{a: 1, "b c": 2}`; later entries see the earlier ones."""

    names: tuple[str, ...]
    values: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """`[low..high]` with either end open or closed."""

    low: "Node"
    high: "Node"
    closed_low: bool
    closed_high: bool


@dataclass(frozen=True, slots=True)
class Test:
    """`< end` in a cell, or `(< end)` as a value: an interval without a second end."""

    sign: str
    end: "Node"


@dataclass(frozen=True, slots=True)
class Cell:
    """Unary tests: one of them is true, or with `negated` none; without any, always."""

    tests: tuple["Node", ...]
    negated: bool = False


Node = (
    Literal
    | Moment
    | Name
    | Member
    | Negated
    | Binary
    | Between
    | Within
    | Instance
    | Choice
    | Loop
    | Filter
    | Call
    | Lambda
    | Listed
    | Context
    | Interval
    | Test
    | Cell
)


def parts_of(node: Node) -> tuple[Node, ...]:
    """Give the nodes directly in a node."""
    parts = _PARTS.get(type(node))
    return () if parts is None else parts(node)


def _of_loop(node: Loop) -> tuple[Node, ...]:
    ends = (end for turn in node.turns for end in (turn.over, turn.until))
    return (*(end for end in ends if end is not None), node.body)


_PARTS: dict[type, Callable[[Any], tuple[Node, ...]]] = {
    Member: lambda node: (node.of,),
    Negated: lambda node: (node.of,),
    Instance: lambda node: (node.of,),
    Test: lambda node: (node.end,),
    Binary: lambda node: (node.left, node.right),
    Interval: lambda node: (node.low, node.high),
    Filter: lambda node: (node.of, node.by),
    Between: lambda node: (node.of, node.low, node.high),
    Choice: lambda node: (node.when, node.yes, node.no),
    Within: lambda node: (node.of, *node.tests),
    Call: lambda node: (node.of, *node.parts),
    Loop: _of_loop,
    Lambda: lambda node: (node.body,),
    Listed: lambda node: node.parts,
    Context: lambda node: node.values,
    Cell: lambda node: node.tests,
}


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it, outer ones first."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(parts_of(found)))


def written(node: Node) -> str:
    """Write a tree as FEEL that reads as the same tree."""
    writer = _WRITERS.get(type(node))
    return "" if writer is None else writer(node)


def _literal(node: Literal) -> str:
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, str):
        return quoted(node.value)
    return format(node.value, "f")


def _inner(node: Node) -> str:
    """An operand: in brackets unless it cannot be mistaken."""
    if isinstance(node, Literal | Moment | Name | Member | Filter | Call | Listed | Context):
        return written(node)
    return f"({written(node)})"


def _call(node: Call) -> str:
    parts = [written(each) for each in node.parts]
    if node.names is not None:
        parts = [f"{name}: {part}" for name, part in zip(node.names, parts, strict=True)]
    return f"{_inner(node.of)}({', '.join(parts)})"


def kind_written(kind: Kind) -> str:
    """Write a type as FEEL does."""
    if kind.name == "function" and kind.parts:
        *taken, given = map(kind_written, kind.parts)
        return f"function<{', '.join(taken)}>->{given}"
    parts = [kind_written(each) for each in kind.parts]
    if kind.names:
        parts = [f"{name}: {part}" for name, part in zip(kind.names, parts, strict=True)]
    return f"{kind.name}<{', '.join(parts)}>" if parts else kind.name


def _lambda(node: Lambda) -> str:
    names = (
        name if kind is None else f"{name}: {kind_written(kind)}"
        for name, kind in zip(node.names, node.kinds, strict=True)
    )
    external = " external" if node.external else ""
    return f"function({', '.join(names)}){external} {written(node.body)}"


def _loop(node: Loop) -> str:
    turns = (
        f"{turn.name} in {_inner(turn.over)}"
        + ("" if turn.until is None else f"..{_inner(turn.until)}")
        for turn in node.turns
    )
    joint = "return" if node.word == "for" else "satisfies"
    return f"{node.word} {', '.join(turns)} {joint} {written(node.body)}"


def _interval(node: Interval) -> str:
    start, end = "[" if node.closed_low else "(", "]" if node.closed_high else ")"
    return f"{start}{_inner(node.low)}..{_inner(node.high)}{end}"


def _cell(node: Cell) -> str:
    tests = ", ".join(
        f"{each.sign} {_inner(each.end)}" if isinstance(each, Test) else written(each)
        for each in node.tests
    )
    return (f"not({tests})" if node.negated else tests) or "-"


def _context(node: Context) -> str:
    entries = (
        f"{quoted(name)}: {written(value)}"
        for name, value in zip(node.names, node.values, strict=True)
    )
    return "{" + ", ".join(entries) + "}"


def _within(node: Within) -> str:
    tests = ", ".join(written(each) for each in node.tests)
    return f"{_inner(node.of)} in ({tests})"


_WRITERS: dict[type, Any] = {
    Literal: _literal,
    Moment: lambda node: f"@{quoted(node.text)}",
    Name: lambda node: node.name,
    Member: lambda node: f"{_inner(node.of)}.{node.name}",
    Negated: lambda node: f"-{_inner(node.of)}",
    Binary: lambda node: f"{_inner(node.left)} {node.sign} {_inner(node.right)}",
    Between: lambda node: f"{_inner(node.of)} between {_inner(node.low)} and {_inner(node.high)}",
    Within: _within,
    Instance: lambda node: f"{_inner(node.of)} instance of {kind_written(node.kind)}",
    Choice: lambda node: (
        f"if {written(node.when)} then {written(node.yes)} else {written(node.no)}"
    ),
    Loop: _loop,
    Filter: lambda node: f"{_inner(node.of)}[{written(node.by)}]",
    Call: _call,
    Lambda: _lambda,
    Listed: lambda node: f"[{', '.join(written(each) for each in node.parts)}]",
    Context: _context,
    Interval: _interval,
    Test: lambda node: f"({node.sign} {_inner(node.end)})",
    Cell: _cell,
}
