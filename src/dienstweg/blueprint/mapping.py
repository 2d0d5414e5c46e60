"""Turns an application into the format that a back office expects, declared and not programmed.

A mapping is a tree of plain data; a text that begins with ``=`` is a CEL expression and is replaced
by its value (null where it has no answer). Everything else is passed on as it stands.
"""

import json
from collections.abc import Iterator
from collections.abc import Mapping as Tree
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from .expressions import BadExpression, Expression, Surroundings, compile_expression
from .notation import Noted, Path, read_yaml
from .problems import Files, Invalid, Problem, errors
from .values import WORDS, surroundings

if TYPE_CHECKING:
    from .release import Release

FOLDER = "mappings/"
KEYS = frozenset({"format", "schema", "content"})
VARIABLES = frozenset({"data", "facts", "lists", "today", "item", "index", *WORDS})
"""What an expression may name: as in the process, `item` and `index` in a repeated activity."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A compiled mapping: a tree with `Expression` leaves, and the schema its result must meet."""

    name: str
    content: Any
    schema: jsonschema_rs.Validator | None


def parse(files: Files) -> dict[str, Mapping]:
    """Read all mappings by file name without ending; raises `Invalid`."""
    problems = check(files)
    if errors(problems):
        raise Invalid(problems)
    found = {}
    for path in _paths(files):
        data = read_yaml(path, files[path]).data
        schema = data.get("schema")
        name = PurePosixPath(path).stem
        found[name] = Mapping(
            name=name,
            content=_compiled(data["content"]),
            schema=jsonschema_rs.validator_for(schema) if schema is not None else None,
        )
    return found


def check(files: Files) -> list[Problem]:
    """Say what is wrong with the mappings: keys, format, schema, expressions."""
    problems: list[Problem] = []
    for path in _paths(files):
        try:
            noted = read_yaml(path, files[path])
        except Invalid as invalid:
            problems += invalid.problems
            continue
        problems += _check(noted)
    return problems


def apply(
    release: "Release",
    name: str,
    application: dict[str, Any],
    facts: Tree[str, Any],
    *,
    known: Tree[str, Any] | None = None,
) -> tuple[bytes, str]:
    """Give the content for the back office and its media type.

    `facts`: case_number and submitted_at (ISO time); `known` is what the process knows
    (`intents.Deliver.data`). Raises `KeyError` (no such mapping).
    """
    content = json.dumps(result(release, name, application, facts, known=known), ensure_ascii=False)
    return content.encode(), "application/json"


def result(
    release: "Release",
    name: str,
    application: dict[str, Any],
    facts: Tree[str, Any],
    *,
    known: Tree[str, Any] | None = None,
) -> Any:
    """Give the same as plain data."""
    nothing: dict[str, Any] = {word: {} for word in WORDS}
    around = surroundings(
        application, facts, {**nothing, "item": None, "index": None, **(known or {})}, release.lists
    )
    return _filled(release.mappings[name].content, around)


def deviations(release: "Release", name: str, content: Any) -> list[str]:
    """Say where a mapping's result does not meet the schema that the mapping declares."""
    schema = release.mappings[name].schema
    if schema is None:
        return []
    return [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in schema.iter_errors(content)
    ]


def _paths(files: Files) -> Iterator[str]:
    return (path for path in sorted(files) if path.startswith(FOLDER) and path.endswith(".yaml"))


def _compiled(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _compiled(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_compiled(value) for value in node]
    if isinstance(node, str) and node.startswith("="):
        return compile_expression(node[1:].strip())
    return node


def _filled(node: Any, around: Surroundings) -> Any:
    if isinstance(node, dict):
        return {key: _filled(value, around) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, around) for value in node]
    return node.value(around) if isinstance(node, Expression) else node


def _check(noted: Noted) -> Iterator[Problem]:
    data = noted.data
    if not isinstance(data, dict) or "content" not in data:
        yield noted.problem(
            "mapping", "Die Zuordnung braucht content.", remedy="Ergänzen Sie format und content."
        )
        return
    for key in data.keys() - KEYS:
        yield noted.problem(
            "unknown-key", f"Den Schlüssel {key} gibt es hier nicht.", key,
            remedy=f"Es gibt: {', '.join(sorted(KEYS))}.",
        )  # fmt: skip
    if data.get("format") != "json":
        yield noted.problem("mapping-format", "Das Format muss json sein.", "format")
    if (schema := data.get("schema")) is not None:
        try:
            jsonschema_rs.validator_for(schema)
        except (ValueError, TypeError) as error:
            message = f"Das Schema ist ungültig: {str(error).splitlines()[0]}"
            yield noted.problem("mapping-schema", message, "schema")
    for path, text in _expressions(data["content"], ("content",)):
        try:
            paths = compile_expression(text).paths
        except BadExpression as error:
            yield noted.problem("cel", str(error), *path, remedy=error.remedy)
            continue
        for used in sorted(paths):
            if used[0] not in VARIABLES:
                yield noted.problem(
                    "cel-unknown",
                    f"{used[0]} gibt es in einer Zuordnung nicht.",
                    *path,
                    remedy=f"Es gibt: {', '.join(sorted(VARIABLES))}.",
                )


def _expressions(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _expressions(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _expressions(value, (*path, place))
    elif isinstance(node, str) and node.startswith("="):
        yield path, node[1:].strip()
