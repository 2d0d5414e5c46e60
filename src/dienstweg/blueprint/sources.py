"""The text files of a blueprint, read and compared with the published schemas of the format."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as package_files
from typing import Any

import jsonschema_rs

from dienstweg.blueprint import folder
from dienstweg.blueprint.notation import Noted, read_json, read_yaml
from dienstweg.blueprint.problems import Files, Invalid, Problem
from dienstweg.blueprint.tabular import read_csv

REQUIRED = ("blueprint.yaml", "data.schema.json", "assistant.yaml", "texts/de.yaml", "process.bpmn")
_MOST_PROBLEMS = 20


@dataclass(slots=True)
class Sources:
    """What stands in the files: each read once, with lines; `problems` say what could not be."""

    files: Files
    noted: dict[str, Noted] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def data(self, name: str) -> Any:
        """The data of a file, or None where it is missing or cannot be read."""
        found = self.noted.get(name)
        return found.data if found else None

    def languages(self) -> list[str]:
        """Languages with texts, German (the source) first."""
        found = [name[6:-5] for name in self.noted if name.startswith("texts/")]
        return sorted(found, key=lambda language: (language != "de", language))


def read(files: Files, *, cases: bool = False) -> Sources:
    """Read a blueprint's YAML and JSON files; acceptance cases only where they are asked for."""
    sources = Sources(files, problems=folder.check(files))
    for name in REQUIRED:
        if name not in files:
            problem = Problem("missing-file", f"Die Datei {name} fehlt.", file=name)
            sources.problems.append(problem)
    for name in sorted(files):
        kind = _kind(name)
        if kind is None or (kind == "case" and not cases):
            continue
        try:
            noted = _reader(name, kind, files[name])(name, files[name])
        except Invalid as invalid:
            sources.problems.extend(invalid.problems)
            continue
        found = [] if kind == "data" else list(compare(noted, kind))
        sources.problems.extend(found)
        if not found:
            sources.noted[name] = noted
    return sources


def _reader(name: str, kind: str, content: bytes) -> Callable[[str, bytes], Noted]:
    """What reads a file; a list as JSON (an overlay's rows) without the detour over YAML."""
    if kind == "data" or (kind == "list" and content.lstrip()[:1] == b"{"):
        return read_json
    return read_csv if name.endswith(".csv") else read_yaml


def _kind(name: str) -> str | None:
    if name == "data.schema.json":
        return "data"
    if name.startswith("lists/") and name.endswith(".csv"):
        return "list"
    if not name.endswith(".yaml"):
        return None
    start = name.split("/", 1)[0]
    kinds = {"texts": "texts", "cases": "case", "mappings": "mapping", "lists": "list"}
    return kinds.get(start) or name.removesuffix(".yaml")


@cache
def published(kind: str) -> dict[str, Any]:
    """The published JSON Schema of one kind of file: blueprint, assistant, texts, ..."""
    path = package_files("dienstweg.blueprint") / "schemas" / f"{kind}.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


@cache
def _validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(published(kind), validate_formats=True)


def compare(noted: Noted, kind: str) -> Iterator[Problem]:
    """What of a file is not as the published schema says, at most twenty problems."""
    validator = _validator(kind)
    if validator.is_valid(noted.data):
        return
    for number, error in enumerate(validator.iter_errors(noted.data)):
        if number >= _MOST_PROBLEMS:
            return
        yield from _explained(noted, error)


def _explained(noted: Noted, error: jsonschema_rs.ValidationError) -> Iterator[Problem]:
    kind: Any = error.kind
    path = tuple(error.instance_path)
    where = "/".join(str(part) for part in path) or "die Datei"
    if kind.name == "additionalProperties":
        for key in kind.unexpected:
            yield noted.problem(
                "unknown-key",
                f"Den Schlüssel „{key[:60]}“ gibt es hier nicht ({where}).",
                *path,
                key,
                remedy="Prüfen Sie die Schreibweise in docs/blueprint-reference.md.",
            )
        return
    message, remedy = _reason(kind)
    yield noted.problem(f"schema-{kind.name}", f"{where}: {message}", *path, remedy=remedy)


def _reason(kind: Any) -> tuple[str, str | None]:
    """What a schema's keyword asks for, in German."""
    if kind.name == "anyOf":
        return "hier wird ein Text (oder eine Liste) erwartet.", 'Setzen Sie ihn in „"“.'
    value = getattr(kind, "value", None)
    said = json.dumps(value, ensure_ascii=False, default=str)[:200] if value is not None else ""
    reasons: dict[str, tuple[str, str | None]] = {
        "required": (
            f"der Schlüssel „{getattr(kind, 'property', '')}“ fehlt.",
            "Ergänzen Sie ihn.",
        ),
        "type": (f"hier wird {said} erwartet.", None),
        "enum": ("diesen Wert gibt es nicht.", f"Erlaubt sind: {said}."),
        "const": ("dieser Wert ist nicht erlaubt.", f"Erlaubt ist nur {said}."),
        "pattern": ("die Schreibweise stimmt nicht.", f"Sie muss zum Muster {said} passen."),
        "maxLength": (f"der Text ist zu lang (höchstens {said} Zeichen).", None),
        "minLength": (f"der Text ist zu kurz (mindestens {said} Zeichen).", None),
        "maxItems": (f"zu viele Einträge (höchstens {said}).", None),
        "minItems": (f"zu wenige Einträge (mindestens {said}).", None),
        "maximum": (f"der Wert ist zu groß (höchstens {said}).", None),
        "minimum": (f"der Wert ist zu klein (mindestens {said}).", None),
        "format": (f"das Format stimmt nicht ({said}).", None),
        "uniqueItems": ("ein Eintrag steht doppelt da.", None),
        "propertyNames": ("ein Name ist nicht erlaubt.", "Kleinbuchstaben, Ziffern, - und _."),
    }
    return reasons.get(str(kind.name), ("das passt nicht zum Format.", None))
