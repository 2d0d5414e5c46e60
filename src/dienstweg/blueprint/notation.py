"""YAML and JSON files of a blueprint, read with the line of every value and with bounds.

Only plain data is read: no anchors (a few lines of them can unfold to gigabytes), no tags, no key
twice, limited depth and number of values.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from dienstweg.blueprint.problems import Invalid, Problem

MOST_VALUES = 150_000
DEEPEST = 30
Path = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"
_PLAIN = frozenset(["str", "int", "float", "bool", "null", "map", "seq", "timestamp", "merge"])


@dataclass(frozen=True, slots=True)
class Noted:
    """A file's data and, by path of keys and indexes, the line (from 1) where each value stands."""

    file: str
    data: Any
    lines: dict[Path, int]

    def line(self, *path: str | int) -> int | None:
        """The line of a value, or of the nearest one around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def problem(
        self, code: str, message: str, *path: str | int, remedy: str | None = None, **more: Any
    ) -> Problem:
        """A problem with the value at a path of this file."""
        line = self.line(*path)
        return Problem(code, message, file=self.file, line=line, remedy=remedy, **more)


def read_yaml(file: str, content: bytes) -> Noted:
    """The data of a YAML file; dates stay texts. Raises Invalid with the line of the fault."""
    text = _text(file, content)
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = DEEPEST
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        reason = _german(str(error.problem or error.context or ""))
        raise Invalid([Problem("yaml", reason, file=file, line=line, remedy=_YAML)]) from None
    except (YAMLError, RecursionError, ValueError):
        raise Invalid([Problem("yaml", "Die Datei ist kein YAML.", file=file)]) from None
    reader = _Reader(file)
    data = reader.read(node, ()) if node is not None else None
    if reader.problems:
        raise Invalid(reader.problems)
    return Noted(file, data, reader.lines)


def read_json(file: str, content: bytes) -> Noted:
    """The data of a JSON file; a line is only known for members of objects (the key's own line)."""
    text = _text(file, content)
    try:
        data = json.loads(text, object_pairs_hook=_only_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        message = f"Die Datei ist kein JSON (Spalte {error.colno})."
        raise Invalid([Problem("json", message, file=file, line=error.lineno)]) from None
    except (ValueError, RecursionError) as error:
        raise Invalid([Problem("json", f"Die Datei ist kein JSON: {error}", file=file)]) from None
    return Noted(file, data, dict(_json_lines(text, data)))


_YAML = "Prüfen Sie Einrückung, Doppelpunkte und Anführungszeichen in dieser Zeile."


def _text(file: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = "Die Datei ist nicht in UTF-8 gespeichert."
        raise Invalid([Problem("encoding", message, file=file, line=line)]) from None
    if "\x00" in text:
        raise Invalid([Problem("encoding", "Die Datei enthält ein Nullzeichen.", file=file)])
    return text


def _german(reason: str) -> str:
    if "duplicate" in reason or "alias" in reason:
        return "Anker und Verweise (& und *) sind nicht erlaubt."
    return f"Die Datei ist kein gültiges YAML: {reason[:120]}"


class _Reader:
    """Turns YAML nodes into plain data and notes their lines."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def read(self, node: Any, path: Path) -> Any:
        """The data of one node."""
        if self._refused(node, path):
            return None
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(each, (*path, index)) for index, each in enumerate(node.value)]
        return self._scalar(node) if isinstance(node, ScalarNode) else None

    def _refused(self, node: Any, path: Path) -> bool:
        if id(node) in self.seen or getattr(node, "anchor", None):
            self._add(node, "anchor", "Anker und Verweise (& und *) sind nicht erlaubt.")
            return True
        self.seen.add(id(node))
        if len(path) > DEEPEST or len(self.seen) > MOST_VALUES:
            if not self.problems:
                self._add(node, "too-large", "Die Datei ist zu tief oder zu lang.")
            return True
        if node.tag and str(node.tag).removeprefix(_TAG) not in _PLAIN:
            self._add(node, "tag", "Eigene YAML-Typen (mit !) sind nicht erlaubt.")
            return True
        return False

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._add(key_node, "key", "Ein Schlüssel muss ein einfaches Wort sein.")
                continue
            key = str(key_node.value)
            if key in data:
                self._add(key_node, "twice", f"Der Schlüssel „{key[:60]}“ steht zweimal da.")
                continue
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            data[key] = self.read(value_node, (*path, key))
        return data

    def _scalar(self, node: Any) -> Any:
        kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float") and len(text) <= 30:
            try:
                return int(text.replace("_", ""), 10) if kind == "int" else float(text)
            except ValueError:
                return text
        return text

    def _add(self, node: Any, code: str, message: str) -> None:
        line = node.start_mark.line + 1
        self.problems.append(Problem(code, message, file=self.file, line=line))


def _only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("ein Schlüssel steht zweimal da")
    return data


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} ist keine Zahl")


def _json_lines(text: str, data: Any) -> Iterator[tuple[Path, int]]:
    """Lines of members, by walking through the keys in the order in which they stand."""
    at = 0
    line = 1
    stack: list[tuple[Path, Any]] = [((), data)]
    while stack:
        path, value = stack.pop()
        if path and isinstance(path[-1], str):
            found = text.find(json.dumps(path[-1], ensure_ascii=False), at)
            if found >= 0:
                line += text.count("\n", at, found)
                at = found + 1
        yield path, line
        if isinstance(value, dict):
            stack.extend(((*path, key), value[key]) for key in reversed(value))
        elif isinstance(value, list):
            stack.extend(((*path, at_), each) for at_, each in reversed(list(enumerate(value))))
