"""What the CEL of decisions refers to: places of the application that exist, types that fit."""

from collections.abc import Iterator, Mapping
from typing import Any

from dienstweg.blueprint.cel_types import DATE, Type, of_schema
from dienstweg.blueprint.cel_typing import typed
from dienstweg.blueprint.dmn_decision import ROOTS, GraphDecision
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.tables import Decision

Schema = Mapping[str, Any]


def of_plain(decision: Decision, schema: Schema) -> Iterator[Problem]:
    """Yield what is wrong with the CEL of a table of the first form."""
    path = f"decisions/{decision.name}.dmn"
    for asked in decision.inputs:
        yield from _told(asked, schema, path, None, frozenset())
    for rule in decision.rules:
        for cell in rule.cells:
            for each in cell.expressions:
                yield from _told(each, schema, path, rule.line, frozenset())
        for value in rule.values:
            if value.expression is not None:
                yield from _told(value.expression, schema, path, rule.line, frozenset())


def of_graph(decision: GraphDecision, schema: Schema) -> Iterator[Problem]:
    """Yield what is wrong with the CEL of a graph; that of imports is told there."""
    for part in decision.parts():
        if part.element.key[0] != decision.key[0]:
            continue
        how = decision.given.get(part.element.key)
        if isinstance(how, Expression):
            yield from _told(how, schema, decision.path, part.element.line, frozenset())
        for noted in part.noted:
            if isinstance(noted.tree, Expression):
                line = noted.text.line
                yield from _told(noted.tree, schema, decision.path, line, noted.names)


def _told(
    expression: Expression, schema: Schema, path: str, line: int | None, more: frozenset[str]
) -> Iterator[Problem]:
    """What one expression names that is not there, and what in it can never fit."""
    remedy = "Prüfen Sie die Schreibweise oder ergänzen Sie data.schema.json."
    unknown = False
    for each in sorted(expression.paths):
        name = ".".join(each)
        if each[0] not in ROOTS and each[0] not in more:
            known = ", ".join(ROOTS)
            message = f"„{each[0]}“ gibt es hier nicht."
            yield Problem("unknown-name", message, path, line, f"Es gibt: {known}.")
            unknown = True
        elif each[0] == "data" and not _exists(of_schema(schema), each[1:]):
            message = f"{name} gibt es im Datenschema nicht."
            yield Problem("unknown-name", message, path, line, remedy)
            unknown = True
    if unknown:
        return
    names = {"data": of_schema(schema), "today": DATE} if schema else {"today": DATE}
    for fault in typed(expression.source, names).faults:
        message = f"„{expression.source[:80]}“: {fault.message}"
        yield Problem("type", message, path, line, fault.remedy)


def _exists(found: Type, path: tuple[str, ...]) -> bool:
    """Whether a path leads somewhere in a type, as far as its members are known."""
    for name in path:
        if found.kind != "object" or found.members is None:
            return True
        if name not in found.members:
            return False
        found = found.members[name]
    return True
