"""What the tables of a graph ask of the application, for those who look for answers (`search`)."""

from collections.abc import Iterable, Iterator
from typing import Any

from dienstweg.blueprint.dmn_decision import GraphDecision, paths_of
from dienstweg.blueprint.dmn_graph import Part
from dienstweg.blueprint.dmn_model import Text
from dienstweg.blueprint.dmn_values import to_json
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.feel_dates import read_any, read_day
from dienstweg.blueprint.feel_tree import Call, Literal, Moment, Name, Negated, Node, walk

Paths = frozenset[tuple[str, ...]]
Question = tuple[Paths, str, set[Any]]
"""The paths it looks at, a CEL text of what it asks ("" if there is none), and named values."""


def of_graph(decision: GraphDecision) -> Iterator[Question]:
    """Yield what each column of its tables asks."""
    for part, box, _ in decision.tables():
        trees = {id(each.text): each.tree for each in part.noted}
        for at, one in enumerate(box.inputs):
            asked = trees.get(id(one.expression))
            if asked is None:
                continue
            named: set[Any] = set()
            for row in box.rows:
                named |= set(constants(trees.get(id(row.tests[at]))))
            paths, text = asks(decision, part, asked)
            if paths:
                yield paths, text, named


def asks(decision: GraphDecision, part: Part, asked: Node | Expression) -> tuple[Paths, str]:
    """What an expression of a table looks at in the application, through its input data."""
    if isinstance(asked, Expression):
        return asked.paths, asked.source
    filled = {
        name[0]: decision.given[key]
        for name, key in part.wants
        if len(name) == 1 and key in decision.given
    }
    found: set[tuple[str, ...]] = set(paths_of(asked))
    text = ".".join(next(iter(found))) if len(found) == 1 and _is_path(asked) else ""
    for node in walk(asked):
        how = filled.get(node.name) if isinstance(node, Name) else None
        if isinstance(how, Expression):
            found |= how.paths
            text = how.source if node is asked else ""
    return frozenset(found), text


def _is_path(node: Node) -> bool:
    return len(list(walk(node))) == len(next(paths_of(node), ()))


def constants(tree: Node | Expression | Text | None) -> Iterable[Any]:
    """The constants in a cell, as JSON values."""
    if tree is None or isinstance(tree, Expression | Text):
        return
    for node in walk(tree):
        match node:
            case Negated(Literal(value)) if value is not None and not isinstance(value, str):
                yield to_json(-value)
            case Literal(value):
                yield to_json(value)
            case Moment(text):
                yield to_json(read_any(text))
            case Call(Name("date"), (Literal(str() as text),)):
                yield to_json(read_day(text))
