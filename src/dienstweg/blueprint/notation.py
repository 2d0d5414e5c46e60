"""YAML and JSON files of a blueprint, read with the line of every value and with bounds.

Only plain data is read: no anchors (a few lines of them can unfold to gigabytes), no tags, no key
twice, limited depth and number of values.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from dienstweg.blueprint.problems import Invalid, Problem

MOST_VALUES = 150_000
DEEPEST = 30
Path = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"
_PLAIN = frozenset(["str", "int", "float", "bool", "null", "map", "seq", "timestamp", "merge"])
#: libyaml reads ten times as fast as Python; both give the same events.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The core schema of YAML 1.2 (10.3.2): "yes" and "on" are words, dates stay texts.
_NULL = frozenset(["", "~", "null", "Null", "NULL"])
_BOOL = {word: word[0] in "tT" for word in ["true", "True", "TRUE", "false", "False", "FALSE"]}
_WHOLE = re.compile(r"[-+]?[0-9][0-9_]*")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 30


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
    reader = _Reader(file, yaml.parse(text, Loader=_LOADER))
    try:
        data = reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        reason = f"Die Datei ist kein gültiges YAML: {str(error.problem or error.context)[:120]}"
        raise Invalid([Problem("yaml", reason, file=file, line=line, remedy=_YAML)]) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise Invalid([Problem("yaml", "Die Datei ist kein YAML.", file=file)]) from None
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


class _Stop(Exception):
    """The rest of the file need not be read."""


class _Reader:
    """Turns the events of a YAML file into plain data and notes their lines."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self.file, self.events = file, events
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.count = 0

    def document(self) -> Any:
        """The data of the file's one document, null for an empty file."""
        data = None
        try:
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent):
                    if self.lines:
                        self._add(event, "yaml", "In der Datei stehen mehrere Dokumente (---).")
                        raise _Stop
                    data = self._value(next(self.events), ())
        except _Stop:
            return None
        return data

    def _value(self, event: Any, path: Path) -> Any:
        """The data that begins with an event."""
        self._check(event, path)
        self.lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event)

    def _check(self, event: Any, path: Path) -> None:
        """Note what is not allowed; raises _Stop for what could unfold or is endless."""
        self.count += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._add(event, "anchor", "Anker und Verweise (& und *) sind nicht erlaubt.")
            raise _Stop
        if len(path) > DEEPEST or self.count > MOST_VALUES:
            self._add(event, "too-large", "Die Datei ist zu tief oder zu lang.")
            raise _Stop
        tag = event.tag
        if tag and tag != "!" and str(tag).removeprefix(_TAG) not in _PLAIN:
            self._add(event, "tag", "Eigene YAML-Typen (mit !) sind nicht erlaubt.")

    def _sequence(self, path: Path) -> list[Any]:
        data: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            data.append(self._value(event, (*path, len(data))))
        return data

    def _mapping(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key is None or key in data:
                if key is not None:
                    self._add(event, "twice", f"Der Schlüssel „{key[:60]}“ steht zweimal da.")
                self._value(next(self.events), (*path, ""))
                continue
            self.lines[(*path, key)] = event.start_mark.line + 1
            data[key] = self._value(next(self.events), (*path, key))
        return data

    def _key(self, event: Any, path: Path) -> str | None:
        """The text of a key; None for one that is no simple word, which is then read past."""
        if isinstance(event, yaml.ScalarEvent):
            self._check(event, path)
            return str(event.value)
        self._add(event, "key", "Ein Schlüssel muss ein einfaches Wort sein.")
        self._value(event, (*path, ""))
        return None

    def _add(self, event: Any, code: str, message: str) -> None:
        line = event.start_mark.line + 1
        self.problems.append(Problem(code, message, file=self.file, line=line))


def _scalar(event: Any) -> Any:
    """The value of a word: as its tag says, else by the core schema if it stands without quotes."""
    text = str(event.value)
    kind = str(event.tag or "").removeprefix(_TAG)
    if kind in ("str", "!") or (not kind and not event.implicit[0]):
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    if _WHOLE.fullmatch(text):
        return int(text.replace("_", ""), 10)
    return float(text) if _DECIMAL.fullmatch(text) else text


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
