"""Keeps an imported blueprint in step with newer versions of its FIM schema (`update-fim`).

Three sides: the old schema as it was imported (made again from the folder `fim/`), the new schema,
and what a designer has made of the blueprint. Elements are known by FIM id and path. What only one
side changed is taken; what both changed differently is a collision that a person decides. Texts,
rules, page order, process, documents and mappings of the designer are never lost.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from dienstweg.blueprint import fim, fim_merge_assistant, fim_source
from dienstweg.blueprint.fim_merge_moves import moved_files, moves
from dienstweg.blueprint.fim_merge_tree import MISSING, Collision, Merging, Side, same
from dienstweg.blueprint.fim_source import Source
from dienstweg.blueprint.notation import read_json, read_yaml
from dienstweg.blueprint.problems import Files, Invalid, Problem

_PROSE = ("README.md", "CHANGELOG.md", "process.bpmn")
_TEMPLATES = ("documents/", "decisions/")


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the data: its pointer, its FIM id and what people call it."""

    pointer: str
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Update:
    """What came of an update: the files (as they were where something collides), and the report.

    `came`, `went`, `moved` and `changed` are elements of the schema; `notes` what was kept though
    the new import has it otherwise; `cases` the acceptance cases of the designer that speak of
    something that changed.
    """

    files: dict[str, bytes]
    old_version: str
    new_version: str
    came: tuple[Element, ...]
    went: tuple[Element, ...]
    moved: tuple[tuple[Element, Element], ...]
    changed: tuple[Element, ...]
    collisions: tuple[Collision, ...]
    notes: tuple[str, ...]
    cases: tuple[str, ...]


def update(
    files: Files,
    content: bytes,
    name: str,
    *,
    code_lists: Iterable[bytes] = (),
    rules: bytes | None = None,
    decided: Callable[[Collision], Side | None] = lambda _collision: None,
) -> Update:
    """Merge a newer version of its schema into an imported blueprint.

    `code_lists` and `rules` replace those of the import where they are given. `decided` says for a
    collision which side counts, None: nobody has decided. Raises what `fim.import_file` raises, and
    Invalid where the blueprint is of another schema or does not keep the file it came from.
    """
    old = fim_source.kept(files)
    lists = tuple(code_lists) or old.code_lists
    new = Source(content, name, lists, old.rules if rules is None else rules, old.land)
    before, after = _imported(old), _imported(new)
    if before.report.schema_id != after.report.schema_id:
        text = (
            f"Die Blaupause kommt aus {before.report.schema_id}, "
            f"die Datei ist {after.report.schema_id}."
        )
        raise Invalid([Problem("other-schema", text)])
    return _Updating(files, before, after, decided).run()


def _imported(source: Source) -> fim.Imported:
    return fim.import_file(
        source.content,
        source.name,
        code_lists=source.code_lists,
        rules=source.rules,
        land=source.land,
    )


class _Updating:
    """One update of one blueprint."""

    def __init__(
        self,
        files: Files,
        before: fim.Imported,
        after: fim.Imported,
        decided: Callable[[Collision], Side | None],
    ) -> None:
        self.before, self.after = before, after
        self.old, self.new = _elements(before.files), _elements(after.files)
        self.moves = moves(self.old, self.new)
        self.unmoved = files
        self.base = moved_files(before.files, self.moves)
        self.ours = moved_files(files, self.moves)
        self.theirs = after.files
        self.merging = Merging(decided)
        self.notes: list[str] = []

    def run(self) -> Update:
        """All files, and the report."""
        merged: dict[str, bytes] = {}
        for name in sorted({*self.base, *self.ours, *self.theirs}):
            content = self._file(name)
            if content is not None:
                merged[name] = content
        collisions = tuple(self.merging.collisions)
        came, went, changed = self._differences()
        return Update(
            files=dict(self.unmoved) if collisions else merged,
            old_version=self.before.report.schema_version,
            new_version=self.after.report.schema_version,
            came=came,
            went=went,
            moved=tuple((self.old[old], self.new[new]) for old, new in self.moves.items()),
            changed=changed,
            collisions=collisions,
            notes=tuple(self.notes),
            cases=tuple(self._touched(merged)),
        )

    def _file(self, name: str) -> bytes | None:
        base, ours, theirs = (side.get(name) for side in (self.base, self.ours, self.theirs))
        if name.startswith("fim/") or ours == base:
            return theirs
        if theirs in (ours, base):
            return ours
        if ours is None or theirs is None or base is None or name.startswith("cases/"):
            return ours  # a case or file of the designer's own, or one they took away
        if name in _PROSE or name.startswith(_TEMPLATES):
            self.notes.append(f"{name} bleibt, wie Sie es geschrieben haben.")
            return ours
        return self._merged(name, base, ours, theirs)

    def _merged(self, name: str, base: bytes, ours: bytes, theirs: bytes) -> bytes:
        if name == "data.schema.json":
            sides = [read_json(name, each).data for each in (base, ours, theirs)]
            found = self.merging.merge(name, (), *sides)
            return json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n"
        trees = [_tree(name, each) for each in (base, ours, theirs)]
        if name == fim_merge_assistant.FILE:
            return fim.as_yaml(fim_merge_assistant.merge(self.merging, *trees))
        if name == "blueprint.yaml":
            points = _open_points(*(tree.get("open_points") or [] for tree in trees))
            for tree in trees:
                tree["open_points"] = points
        return fim.as_yaml(self.merging.merge(name, (), *trees))

    def _differences(
        self,
    ) -> tuple[tuple[Element, ...], tuple[Element, ...], tuple[Element, ...]]:
        kept = set(self.moves)
        arrived = set(self.moves.values())
        came = [each for key, each in self.new.items() if key not in self.old | {}]
        came = [each for each in came if each.pointer not in arrived]
        went = [each for key, each in self.old.items() if key not in self.new and key not in kept]
        old, new = (_nodes(side) for side in (self.before.files, self.after.files))
        changed = [
            self.new[key]
            for key in self.new
            if key in old and not same(_own(old[key]), _own(new[key]))
        ]
        return tuple(came), tuple(went), tuple(changed)

    def _touched(self, merged: Files) -> Iterator[str]:
        """The designer's own cases that speak of a page or a field that is another now."""
        base, now = (_lines(side) for side in (self.base, merged))
        changed = {key for key in {*base, *now} if not same(base.get(key), now.get(key))}
        for name, content in self.ours.items():
            if not name.startswith("cases/") or not name.endswith(".yaml"):
                continue
            if content == self.base.get(name):
                if content != merged.get(name):
                    yield name
            elif changed & set(_named(read_yaml(name, content).data)):
                yield name


def _tree(name: str, content: bytes) -> Any:
    """A YAML file with its comments, read within the bounds of the format."""
    read_yaml(name, content)
    reader = YAML()
    reader.width = 100
    return reader.load(io.BytesIO(content)) or {}


def _open_points(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    """The new open points without those the designer has done with, and the designer's own."""

    def key(point: Mapping[str, Any]) -> tuple[str, str]:
        return str(point.get("source", "")), str(point.get("text", ""))

    known, left = {key(each) for each in base}, {key(each) for each in ours}
    done = known - left
    found = [each for each in theirs if key(each) not in done]
    taken = {str(each.get("id")) for each in found}
    own = [each for each in ours if key(each) not in known]
    for number, each in enumerate(own, 1):
        if str(each.get("id")) in taken:
            each["id"] = f"E{number}"
    return [*found, *own]


def _elements(files: Files) -> dict[str, Element]:
    """Every element of the data by its pointer."""
    return {
        pointer: Element(pointer, str(node.get("x-fim", {}).get("id", "")), str(node.get("title")))
        for pointer, node in _nodes(files).items()
    }


def _nodes(files: Files) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}

    def walk(node: Mapping[str, Any], pointer: str) -> None:
        inner = node.get("items", node) if node.get("type") == "array" else node
        for key, child in inner.get("properties", {}).items():
            found[f"{pointer}/{key}"] = child
            walk(child, f"{pointer}/{key}")

    walk(json.loads(files["data.schema.json"]), "")
    return found


def _own(node: Mapping[str, Any]) -> dict[str, Any]:
    """What a node says itself, without what lies below it."""
    return {key: value for key, value in node.items() if key not in ("properties", "items")}


def _lines(files: Files) -> dict[str, Any]:
    """Pages without their fields, and fields, by id."""
    tree = read_yaml("assistant.yaml", files["assistant.yaml"]).data
    found: dict[str, Any] = {}
    for page in tree["pages"]:
        found[page["id"]] = {**page, "fields": [each["id"] for each in page["fields"]]}
        found |= {each["id"]: each for each in page["fields"]}
    return found


def _named(case: Mapping[str, Any]) -> Iterator[str]:
    """The pages and fields that a case speaks of."""
    expect = case.get("expect") or {}
    yield from (str(each) for each in expect.get("pages") or ())
    for page, answers in (case.get("answers") or {}).items():
        yield str(page)
        for entry in answers if isinstance(answers, list) else [answers]:
            if isinstance(entry, Mapping):
                yield from map(str, entry)
    for page, problems in (expect.get("problems") or {}).items():
        yield str(page)
        yield from map(str, problems)
    yield from map(str, expect.get("values") or ())


__all__ = ["MISSING", "Collision", "Element", "Update", "update"]
