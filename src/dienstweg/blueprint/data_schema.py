"""The contract of the data (data.schema.json): what each place may hold, and when it is required.

Only a part of JSON Schema can be shown as an assistant: objects, lists of objects, simple values,
and `if`/`then`/`else` with `required`. The rest is still checked when an application is made.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.problems import Invalid, Problem

Pointer = tuple[str, ...]
_MOST_NODES = 50_000
_DEEPEST = 24
_ANNOTATION = "x-fim"
#: Patterns of strangers run on applicants' input: their backtracking is bounded.
_PATTERNS = jsonschema_rs.FancyRegexOptions(backtrack_limit=20_000)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the data: its schema, and whether the object around it asks for it.

    `optional_above` is the nearest object around it that may be missing: then the place is only
    required once something of that object is filled in.
    """

    pointer: Pointer
    schema: Mapping[str, Any]
    required: bool
    optional_above: Pointer | None


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if` at a place of the data, and the places that are then (or else) required."""

    base: Pointer
    condition: Any = field(repr=False)
    then: frozenset[Pointer]
    otherwise: frozenset[Pointer]


@dataclass(frozen=True, slots=True)
class DataSchema:
    """A compiled data schema: `root` without references, `validator` of a whole application."""

    root: Mapping[str, Any]
    validator: Any = field(repr=False)
    conditionals: tuple[Conditional, ...] = ()

    def place(self, pointer: Pointer, within: Mapping[str, Any] | None = None) -> Place | None:
        """The place a pointer leads to through objects, from the root or from a list's items."""
        schema = self.root if within is None else within
        required, optional_above = True, None
        for depth, name in enumerate(pointer):
            if not required:
                optional_above = pointer[:depth]
            members = schema.get("properties")
            if not isinstance(members, dict) or not isinstance(members.get(name), dict):
                return None
            required = name in schema.get("required", ())
            schema = members[name]
        return Place(pointer, schema, required, optional_above)


def compile_schema(noted: Noted, *, annotated: bool = False) -> DataSchema:
    """Make a data schema of its file; raises Invalid for what is no bounded object schema.

    What FIM says of a place (`x-fim`) is only kept where it is asked for (`annotated`): it is
    most of an imported file, and no applicant's page needs it.
    """
    if not isinstance(noted.data, dict) or noted.data.get("type") != "object":
        message = "Das Datenschema muss ein Objekt beschreiben."
        raise Invalid(
            [noted.problem("data-schema", message, remedy='Ergänzen Sie "type": "object"')]
        )
    resolver = _Resolver(noted, annotated)
    root = resolver.resolve(noted.data, (), 0)
    if resolver.problems:
        raise Invalid(resolver.problems)
    root.pop("$defs", None)
    validator = validator_of(root, noted)
    return DataSchema(root, validator, tuple(conditionals(root)))


def validator_of(schema: Mapping[str, Any], noted: Noted | None = None) -> Any:
    """A validator of a schema without references; raises Invalid if it is no JSON Schema."""
    try:
        return jsonschema_rs.Draft202012Validator(
            dict(schema), validate_formats=True, pattern_options=_PATTERNS
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        file = noted.file if noted else None
        path = tuple(getattr(error, "instance_path", ()))
        line = noted.line(*path) if noted else None
        reason = str(getattr(error, "message", error))[:160]
        message = f"Das Datenschema ist kein gültiges JSON Schema: {reason}"
        raise Invalid([Problem("data-schema", message, file=file, line=line)]) from None


class _Resolver:
    """Puts local definitions in place of their references; nothing is ever fetched."""

    def __init__(self, noted: Noted, annotated: bool) -> None:
        self.noted = noted
        self.annotated = annotated
        self.nodes = 0
        self.problems: list[Problem] = []

    def resolve(self, node: Any, path: tuple[str | int, ...], depth: int) -> Any:
        """The node with every reference replaced by what it refers to."""
        self.nodes += 1
        if depth > _DEEPEST or self.nodes > _MOST_NODES:
            if not self.problems:
                message = "Das Datenschema ist zu tief, zu groß oder bezieht sich auf sich selbst."
                self.problems.append(self.noted.problem("data-schema", message, *path))
            return {}
        if isinstance(node, list):
            return [self.resolve(each, (*path, at), depth + 1) for at, each in enumerate(node)]
        if not isinstance(node, dict):
            return node
        for keyword in ("$dynamicRef", "$id", "$anchor"):
            if keyword in node and path and path[-1] != "properties":
                message = f"„{keyword}“ ist nicht erlaubt."
                self.problems.append(self.noted.problem("data-schema", message, *path, keyword))
        named = bool(path) and path[-1] == "properties"
        rest = {
            key: self.resolve(value, (*path, key), depth + 1)
            for key, value in node.items()
            if key != "$ref" and not (key == "$defs" and not path)
            if named or key != _ANNOTATION
        }
        if self.annotated and not named and _ANNOTATION in node:
            rest[_ANNOTATION] = node[_ANNOTATION]
        if "$ref" in node and (not path or path[-1] != "properties"):
            return {**self._target(node["$ref"], path, depth), **rest}
        return rest

    def _target(self, reference: Any, path: tuple[str | int, ...], depth: int) -> dict[str, Any]:
        target: Any = self.noted.data
        steps = str(reference).removeprefix("#/").split("/") if reference else []
        for step in steps if str(reference).startswith("#/") else ["?"]:
            name = step.replace("~1", "/").replace("~0", "~")
            target = target.get(name) if isinstance(target, dict) else None
        if not isinstance(target, dict):
            message = "Ein Verweis ($ref) führt ins Leere oder aus der Datei hinaus."
            problem = self.noted.problem("data-schema", message, *path, remedy='Nur "#/$defs/..."')
            self.problems.append(problem)
            return {}
        resolved: dict[str, Any] = self.resolve(target, tuple(steps), depth + 1)
        return resolved


def conditionals(schema: Mapping[str, Any], base: Pointer = ()) -> Iterator[Conditional]:
    """All `if`s of an object schema and of the objects in it (lists apart)."""
    every = schema.get("allOf")
    for part in [schema, *(every if isinstance(every, list) else [])]:
        if isinstance(part, dict) and isinstance(part.get("if"), dict):
            yield Conditional(
                base,
                validator_of(part["if"]),
                frozenset(_required(part.get("then"), base)),
                frozenset(_required(part.get("else"), base)),
            )
    members = schema.get("properties")
    for name, member in members.items() if isinstance(members, dict) else ():
        if isinstance(member, dict) and member.get("type") == "object":
            yield from conditionals(member, (*base, name))


def _required(schema: Any, base: Pointer) -> Iterator[Pointer]:
    if not isinstance(schema, dict):
        return
    for name in schema.get("required", ()):
        yield (*base, str(name))
    members = schema.get("properties")
    for name, member in members.items() if isinstance(members, dict) else ():
        yield from _required(member, (*base, name))


def skeleton(schema: Mapping[str, Any]) -> Any:
    """What rules see while nothing is filled in: null for values, {} and [] around them."""
    members = schema.get("properties")
    if isinstance(members, dict):
        return {name: skeleton(each) for name, each in members.items() if isinstance(each, dict)}
    return [] if schema.get("type") == "array" else None


def pruned(value: Any) -> Any:
    """Without what is empty (null, empty texts, lists and objects), as it is submitted."""
    if isinstance(value, dict):
        parts = {key: pruned(each) for key, each in value.items()}
        return {key: each for key, each in parts.items() if not _empty(each)}
    if isinstance(value, list):
        return [pruned(each) for each in value]
    return value


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
