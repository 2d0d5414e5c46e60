"""A decision of a blueprint made of a DMN graph: what fills it, what it answers, what it needs.

A file's answer is the decision that is called like the file, or the only one that no other needs.
Input data is filled from the application by `dw:value` (CEL), or is one of `ROOTS` by its name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from dienstweg.blueprint.dmn_boxes import Noted
from dienstweg.blueprint.dmn_graph import Compiled, Decider, Library, Part
from dienstweg.blueprint.dmn_model import Box, Element, Graph, Key, TableBox, TypedBox
from dienstweg.blueprint.dmn_tables import Table
from dienstweg.blueprint.dmn_values import of_json, to_json
from dienstweg.blueprint.dmn_xml import Source
from dienstweg.blueprint.expressions import (
    BadExpression,
    Expression,
    Surroundings,
    compile_expression,
)
from dienstweg.blueprint.feel_dates import midnight
from dienstweg.blueprint.feel_tree import Member, Name, Node, parts_of
from dienstweg.blueprint.feel_types import Type
from dienstweg.blueprint.feel_values import Budget, Value

ROOTS = (
    "data",
    "facts",
    "lists",
    "today",
    "decision",
    "task",
    "payment",
    "delivery",
    "report",
    "case",
    "sign",
    "parties",
    "deadlines",
)
"""What expressions may name besides input data: as in a process."""
MOST_STEPS = 100_000
"""What one decision of a blueprint may cost."""
VALUE = "value"
"""The name of an answer that has none of its own."""
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One part of what a decision answers: its name, and its type in FEEL's words ("number")."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, eq=False)
class GraphDecision:
    """A compiled decision: `given` fills its input data, `paths` are what it looks at.

    `outputs` are the parts of its answer, None where they are only known when it is worked out.
    """

    name: str
    path: str
    key: Key
    compiled: Compiled = field(repr=False)
    given: Mapping[Key, Expression | str]
    outputs: tuple[Answer, ...] | None
    paths: frozenset[Path]
    looked_at: tuple[Path, ...]

    def decide(self, around: Surroundings, rows: set[str] | None = None) -> dict[str, Any]:
        """Give the answer's parts by name; rows of tables that fitted are added to `rows`.

        Raises `dmn_tables.Ambiguous` and `feel_values.TooMuch`, which are both `ValueError`.
        """
        budget = Budget(steps=MOST_STEPS, now=midnight(around.today), around=around)
        if rows is not None:
            budget.rows = rows
        roots = self._roots(around, budget)
        given = {key: self._given(key, how, around, roots) for key, how in self.given.items()}
        found = to_json(Decider(self.compiled, given, roots, budget).decide(self.key))
        names = self.outputs
        if isinstance(found, dict) and (names is None or names[0].name != VALUE):
            return found if names is None else {each.name: found.get(each.name) for each in names}
        if names is not None and len(names) > 1:
            return dict.fromkeys((each.name for each in names), found)
        return {VALUE if names is None else names[0].name: found}

    def _roots(self, around: Surroundings, budget: Budget) -> dict[str, Value]:
        """Only what is looked at: converting values costs more than deciding."""
        found: dict[str, Value] = {}
        for path in self.looked_at:
            if path[0] == "today":
                found["today"] = budget.now and budget.now.day
                continue
            source = around.lists if path[0] == "lists" else around.variables.get(path[0])
            _copy(source, path, found)
        return found

    def _given(
        self, key: Key, how: Expression | str, around: Surroundings, roots: Mapping[str, Value]
    ) -> Value:
        if isinstance(how, str):
            return roots.get(how)
        return of_json(how.value(around), self.compiled.parts[key].type)

    def parts(self) -> Iterator[Part]:
        """All parts that the answer needs, functions and services included."""
        seen: set[Key] = set()
        waiting = [self.key]
        while waiting:
            key = waiting.pop()
            part = self.compiled.parts.get(key)
            if part is None or key in seen:
                continue
            seen.add(key)
            yield part
            waiting += [each for _, each in part.wants]
            waiting += [*part.element.outputs, *part.element.inputs]

    def tables(self) -> Iterator[tuple[Part, TableBox, Table]]:
        """All tables that the answer may ask."""
        for part in self.parts():
            for box, table in part.tables:
                yield part, box, table

    def rows(self) -> dict[str, str]:
        """The rows of all tables by key, in words."""
        return {
            row.key: f"Zeile {place} ({box.rows[place - 1].id}) von {part.element.name}"
            for part, box, table in self.tables()
            for place, row in enumerate(table.rows, 1)
        }


def _copy(source: Any, path: Path, target: dict[str, Value]) -> None:
    """Put the FEEL value at a path of JSON into a tree of the same shape."""
    below = target
    for depth, name in enumerate(path):
        if depth == len(path) - 1 or not isinstance(source, Mapping):
            if not isinstance(below.get(name), dict) or depth == len(path) - 1:
                below[name] = of_json(source)
            return
        inner = below.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        below = inner
        source = source.get(path[depth + 1])


def read_decision(source: Source, graph: Graph, library: Library) -> GraphDecision | None:
    """Compile a file of a blueprint; problems are added to `source`."""
    name = PurePosixPath(source.path).stem
    made = library.compiled(graph)
    answer = _answer(graph, name)
    if answer is None:
        source.add(
            "dmn-decision",
            "Es ist nicht klar, welche Entscheidung die Antwort der Datei ist.",
            source.root.sourceline if source.root is not None else None,
            f"Geben Sie der Entscheidung die id „{name}“.",
        )
        return None
    key = answer.key
    bare = GraphDecision(name, source.path, key, made, {}, None, frozenset(), ())
    given = {
        part.element.key: how
        for part in bare.parts()
        if part.element.kind == "input" and (how := _filled(part.element, source)) is not None
    }
    roots = {path for part in bare.parts() for path in _paths(part.noted)}
    roots |= {(how,) for how in given.values() if isinstance(how, str)}
    cel = {path for how in given.values() if isinstance(how, Expression) for path in how.paths}
    cel |= {
        path
        for part in bare.parts()
        for noted in part.noted
        if isinstance(noted.tree, Expression)
        for path in noted.tree.paths
        if path[0] in ROOTS
    }
    outputs = _outputs(made.parts[key])
    paths = frozenset(roots | cel)
    return GraphDecision(name, source.path, key, made, given, outputs, paths, tuple(_widest(roots)))


def _answer(graph: Graph, name: str) -> Element | None:
    named = graph.named(name, "decision")
    if named is not None:
        return named
    elements = graph.elements.values()
    needed = {key for each in elements for key in (*each.requires, *each.outputs)}
    tops = [each for each in elements if each.kind == "decision" and each.key not in needed]
    return tops[0] if len(tops) == 1 else None


def _filled(element: Element, source: Source) -> Expression | str | None:
    """What fills input data; None where nothing does, which is a problem."""
    if element.given is not None:
        try:
            return compile_expression(element.given)
        except BadExpression as error:
            source.add("cel", str(error), element.line, error.remedy or "")
            return None
    if element.name in ROOTS:
        return element.name
    source.add(
        "dmn-input",
        f"Für die Eingabe „{element.name}“ steht nicht da, woher ihr Wert kommt.",
        element.line,
        'Ergänzen Sie zum Beispiel dw:value="data.zone.lage" (docs/dmn.md).',
    )
    return None


def _widest(paths: set[Path]) -> Iterator[Path]:
    """The paths without those that lead into another; a whole object covers its members."""
    for path in sorted(paths, key=len):
        if not any(path[:size] in paths for size in range(1, len(path))):
            yield path


def _paths(noted: tuple[Noted, ...]) -> Iterator[Path]:
    """What the texts of a part look at in the application and the case."""
    for each in noted:
        if not isinstance(each.tree, Expression):
            yield from paths_of(each.tree)


def paths_of(node: Node) -> Iterator[Path]:
    """The paths from a root on in a tree: `data.zone.lage` is ("data", "zone", "lage")."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        steps: list[str] = []
        inner = found
        while isinstance(inner, Member):
            steps.append(inner.name)
            inner = inner.of
        if isinstance(inner, Name):
            if inner.name in ROOTS:
                yield (inner.name, *reversed(steps))
        else:
            waiting.extend(parts_of(found if not steps else inner))


def _outputs(part: Part) -> tuple[Answer, ...] | None:
    """The parts of an answer, as far as the file says them."""
    box: Box | None = part.element.box
    kind = part.element.type
    if isinstance(box, TypedBox):
        kind = kind or box.type
        box = box.box
    if isinstance(box, TableBox) and box.outputs:
        listed = box.policy in ("RULE ORDER", "OUTPUT ORDER") or (
            box.policy == "COLLECT" and box.aggregation is None
        )
        if len(box.outputs) > 1:
            return (Answer(VALUE, "list"),) if listed else _of_table(box)
        only = box.outputs[0]
        return (Answer(only.name or VALUE, "list" if listed else only.type or kind),)
    return _of_type(part.type)


def _of_table(box: TableBox) -> tuple[Answer, ...]:
    return tuple(Answer(each.name, each.type) for each in box.outputs)


def _of_type(found: Type) -> tuple[Answer, ...] | None:
    if found.kind == "context" and found.members:
        return tuple(Answer(name, each.kind) for name, each in found.members.items())
    return None if found.kind in ("Any", "context") else (Answer(VALUE, found.kind),)
