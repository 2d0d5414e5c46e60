"""Types every expression of a decision graph against its inputs and the data schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from dienstweg.blueprint.dmn_boxes import Noted
from dienstweg.blueprint.dmn_decision import ROOTS, GraphDecision
from dienstweg.blueprint.dmn_graph import Part
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.feel_types import ANY, Type
from dienstweg.blueprint.feel_typing import Fault, typed
from dienstweg.blueprint.problems import Problem

Schema = Mapping[str, Any]
_SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}
_DEEPEST = 12


def check_types(decision: GraphDecision, schema: Schema) -> Iterator[Problem]:
    """Yield what can never be meant in a file's expressions; those of imports are told there."""
    roots = dict.fromkeys(ROOTS, ANY) | {"data": of_schema(schema), "today": Type("date")}
    for part in decision.parts():
        if part.element.key[0] != decision.key[0]:
            continue
        names = {**roots, **dict(_around(decision, part, schema))}
        for noted in part.noted:
            if not isinstance(noted.tree, Expression):
                yield from _told(decision, part, noted, names)


def _told(
    decision: GraphDecision, part: Part, noted: Noted, names: Mapping[str, Type]
) -> Iterator[Problem]:
    assert not isinstance(noted.tree, Expression), "only FEEL is typed here"
    known = dict.fromkeys(noted.names, ANY) | dict(names)
    found = typed(noted.tree, known, noted.given)
    faults = list(found.faults)
    if noted.wanted is not None and not faults:
        kinds = {noted.wanted.kind, found.type.kind}
        if not kinds & {"Any", "Null", "list"} and len(kinds) > 1:
            message = f"Das ist nicht vom Typ {noted.wanted.kind}."
            faults.append(Fault("dmn-type", message))
    for fault in faults:
        yield Problem(
            fault.code,
            f"„{noted.text.text[:80]}“ ({part.element.name}): {fault.message}",
            file=decision.path,
            line=noted.text.line,
            remedy=fault.remedy or None,
        )


def _around(decision: GraphDecision, part: Part, schema: Schema) -> Iterator[tuple[str, Type]]:
    """The types of what an element requires, by the names it sees; itself if it is a function."""
    inside: dict[str, dict[str, Type]] = {}
    for name, key in part.wants:
        needed = decision.compiled.parts.get(key)
        found = ANY if needed is None else _of_part(decision, needed, schema)
        if len(name) == 1:
            yield name[0], found
        else:
            inside.setdefault(name[0], {})[name[1]] = found
    for alias, members in inside.items():
        yield alias, Type("context", members=members)
    if part.element.kind == "function":
        yield part.element.name, Type("function", gives=part.type)


def _of_part(decision: GraphDecision, part: Part, schema: Schema) -> Type:
    if part.element.kind in ("function", "service"):
        return Type("function", gives=part.type)
    how = decision.given.get(part.element.key)
    if part.type.kind == "Any" and isinstance(how, Expression) and how.source.startswith("data."):
        return _at(of_schema(schema), how.source.split(".")[1:])
    return part.type


def _at(found: Type, path: list[str]) -> Type:
    for name in path:
        found = (found.members or {}).get(name, ANY)
    return found


def of_schema(schema: Schema, depth: int = 0) -> Type:
    """The type of a place of the application; dates are texts there, as JSON has them."""
    kind = schema.get("type")
    if depth > _DEEPEST or not isinstance(kind, str):
        return ANY
    if kind in _SIMPLE:
        return Type(_SIMPLE[kind])
    if kind == "array":
        items = schema.get("items")
        return Type("list", inner=of_schema(items, depth + 1) if isinstance(items, dict) else ANY)
    members = schema.get("properties")
    if kind != "object" or not isinstance(members, dict) or "$ref" in schema:
        return ANY
    inside = {
        name: of_schema(each, depth + 1) for name, each in members.items() if isinstance(each, dict)
    }
    return Type("context", members=inside)
