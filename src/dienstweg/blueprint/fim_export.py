"""Writes a blueprint's data as an XDatenfelder 3 schema, for the FIM-Portal and other tools.

What came from FIM is said again from `x-fim`, and what a designer has changed since (labels, help,
bounds, how often) is found by comparing with a fresh import and said anew. What a designer has
added gets ids of the local range (`fim_local`). XDatenfelder knows no pages, conditions or
processes: these stay in the blueprint, and the export says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dienstweg.blueprint import fim_notes
from dienstweg.blueprint.data_schema import compile_schema
from dienstweg.blueprint.fim_local import Local, Node, Pointer, Words, is_group, new_group
from dienstweg.blueprint.notation import read_json, read_yaml
from dienstweg.blueprint.problems import Files, Invalid, Problem
from dienstweg.standards.xdatenfelder.model import (
    Child,
    Facets,
    Field,
    Group,
    Multiplicity,
    Schema,
)
from dienstweg.standards.xdatenfelder.translating import as_three
from dienstweg.standards.xdatenfelder.writing import NotWritable, write

_DATA = "data.schema.json"


@dataclass(frozen=True, slots=True)
class Exported:
    """The schema as XDatenfelder 3, its name, and what of the blueprint is not in it."""

    content: bytes
    schema_id: str
    schema_version: str
    notes: tuple[str, ...]


def export(files: Files, fresh: Files | None = None) -> Exported:
    """Export a blueprint; raises Invalid for one that has no data schema or cannot be said.

    `fresh` is what an import makes of the schema untouched: what differs from it is the designer's.
    """
    blueprint = _Blueprint.of(files)
    notes: list[str] = []
    base = _Blueprint.of(fresh) if fresh is not None and blueprint.is_fim else None
    schema = _Rebuilding(blueprint, notes, base).schema()
    if base and base.assistant != blueprint.assistant:
        notes.append("Geänderte Seiten und Regeln (assistant.yaml) kennt XDatenfelder nicht.")
    elif not blueprint.is_fim:
        notes.append(
            "Die Blaupause stammt nicht aus FIM: Die Kennungen sind aus dem Nummernkreis 99 und "
            "gelten nur hier. Seiten, Regeln und Ablauf kennt XDatenfelder nicht."
        )
    content = _written(schema)
    three = as_three(schema)
    return Exported(content, three.id, three.version, tuple(notes))


def _written(schema: Schema) -> bytes:
    try:
        return write(schema)
    except NotWritable as error:
        raise Invalid([Problem("not-writable", str(error), file=_DATA)]) from None


@dataclass(slots=True)
class _Blueprint:
    """What an export reads of a blueprint."""

    id: str
    version: str
    data: Node
    assistant: Any
    service: Mapping[str, Any]
    words: Words = field(default_factory=Words)

    @property
    def is_fim(self) -> bool:
        """Whether it came from a FIM schema."""
        return isinstance(self.data.get("x-fim"), Mapping) and "id" in self.data["x-fim"]

    @classmethod
    def of(cls, files: Files) -> _Blueprint:
        """Read the files; raises Invalid."""
        for name in ("blueprint.yaml", _DATA, "assistant.yaml", "texts/de.yaml"):
            if name not in files:
                raise Invalid([Problem("no-file", f"Die Datei {name} fehlt.", file=name)])
        manifest = _mapping(read_yaml("blueprint.yaml", files["blueprint.yaml"]).data)
        data = compile_schema(read_json(_DATA, files[_DATA]), annotated=True).root
        assistant = read_yaml("assistant.yaml", files["assistant.yaml"]).data
        texts = _mapping(read_yaml("texts/de.yaml", files["texts/de.yaml"]).data)
        found = cls(
            str(manifest.get("id", "")),
            str(manifest.get("version", "")),
            data,
            assistant,
            _mapping(texts.get("service")),
        )
        found.words = _words(_mapping(assistant), _mapping(texts.get("fields")))
        return found


def _mapping(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, Mapping) else {}


def _words(assistant: Mapping[str, Any], texts: Mapping[str, Any]) -> Words:
    """Labels and help by pointer: the first field that stands at a place speaks for it."""
    words = Words()
    lists: dict[str, Pointer] = {}
    for page in assistant.get("pages", ()):
        repeat = _mapping(_mapping(page).get("repeat"))
        base = (*lists.get(str(repeat.get("in", "")), ()), *_split(repeat.get("at", "")))
        lists[str(page.get("id"))] = base
        for one in page.get("fields", ()):
            said = _mapping(texts.get(str(one.get("id"))))
            if "at" in one and "value" not in one:
                pointer = (*base, *_split(one["at"]))
                words.labels.setdefault(pointer, " ".join(str(said.get("label", "")).split()))
                words.hints.setdefault(pointer, str(said.get("hint", "")))
                words.options.setdefault(pointer, _mapping(said.get("options")))
    return words


def _split(pointer: Any) -> Pointer:
    return tuple(part for part in str(pointer).split("/") if part)


@dataclass(slots=True)
class _Rebuilding:
    """One walk over a data schema; `fresh` is what an import makes of it untouched."""

    blueprint: _Blueprint
    notes: list[str]
    fresh: _Blueprint | None
    local: Local = field(init=False)

    def __post_init__(self) -> None:
        self.local = Local(self.blueprint.id, self.blueprint.words, self.notes)

    def schema(self) -> Schema:
        """The whole schema."""
        root = self.blueprint.data
        fresh = self.fresh.data if self.fresh else None
        children = self.children((), root, fresh)
        try:
            if self.blueprint.is_fim:
                return replace(fim_notes.recalled_schema(root), children=children)
        except (fim_notes.Spoilt, TypeError, ValueError) as error:
            raise _spoilt((), error) from None
        service = self.blueprint.service
        title = " ".join(str(service.get("title") or root.get("title") or "").split())
        said = self.local.named("S", ("",), root)
        del said["element_kind"], said["input_help"]
        said |= {"name": title or self.blueprint.id, "input_label": title, "output_label": ""}
        return Schema(
            **said,
            help=_plain(service.get("who")),
            structure_changes="0",
            representation_changes="0",
            created_at="2000-01-01T00:00:00Z",
            children=children,
        )

    def children(self, pointer: Pointer, node: Node, fresh: Node | None) -> tuple[Child, ...]:
        """The children of an object in order, texts at their places."""
        if node.get("type") == "array":
            aside = _mapping(node.get("x-fim")).get("aside", ())
            node, fresh = node["items"], (fresh or {}).get("items")
        else:
            aside = _mapping(node.get("x-fim")).get("aside", ())
        required = node.get("required", ())
        before = (fresh or {}).get("required", ())
        found: list[Child] = []
        for key, inner in _mapping(node.get("properties")).items():
            if "choice_of" in _mapping(inner.get("x-fim")):
                continue
            known = _mapping((fresh or {}).get("properties")).get(key) if fresh else None
            changed = None if known is None else (key in required) != (key in before)
            found.append(self.child((*pointer, key), inner, key in required, known, changed))
        for each in aside:
            at = min(int(each.get("at", 0)), len(found))
            found.insert(at, self._whole(pointer, each))
        return tuple(found)

    def _whole(self, pointer: Pointer, notes: Node) -> Child:
        try:
            return fim_notes.recalled_whole(notes)
        except (fim_notes.Spoilt, TypeError, ValueError) as error:
            raise _spoilt(pointer, error) from None

    def child(
        self,
        pointer: Pointer,
        node: Node,
        required: bool,
        fresh: Node | None,
        changed: bool | None,
    ) -> Child:
        """One element at its place; `changed` says whether `required` is another than imported."""
        notes = _mapping(node.get("x-fim"))
        if "id" not in notes:
            return self._own(pointer, node, required)
        try:
            element: Field | Group
            if "datatype" in notes:
                element = self._field(pointer, node, notes, fresh)
            else:
                inner = self.children(pointer, node, fresh)
                element = fim_notes.recalled_group(node, notes, inner)
            found = fim_notes.recalled_child(notes, element)
        except (fim_notes.Spoilt, TypeError, ValueError) as error:
            raise _spoilt(pointer, error) from None
        if fresh is None:
            return found
        occurs = _changed_occurs(found.multiplicity, node, fresh, required if changed else None)
        return replace(found, multiplicity=occurs)

    def _own(self, pointer: Pointer, node: Node, required: bool) -> Child:
        occurs = self.local.occurs(node, required)
        if is_group(node):
            names = self.local.group_names(pointer, node)
            return Child(occurs, (), new_group(names, self.children(pointer, node, None)))
        return Child(occurs, (), self.local.field(pointer, node))

    def _field(self, pointer: Pointer, node: Node, notes: Node, fresh: Node | None) -> Field:
        question, asked = node, pointer
        if node.get("type") == "array":
            inner = node.get("items", {})
            if inner.get("type") == "object":
                asked = (*pointer, pointer[-1])
                question = _mapping(_mapping(inner.get("properties")).get(pointer[-1]))
                fresh = _single_of(fresh, pointer[-1])
            else:
                question, fresh = inner, (fresh or {}).get("items") if fresh else None
        said = {**question, "title": node.get("title", ""), "description": ""}
        said["description"] = node.get("description", "")
        found = fim_notes.recalled_field(said, notes)
        if fresh is not None and self.fresh is not None:
            facets = self._changed_facets(pointer, found.facets, question, fresh)
            found = self._reworded(replace(found, facets=facets), asked)
        return found

    def _reworded(self, found: Field, asked: Pointer) -> Field:
        """A field with the label and help that a designer has given it in the texts."""
        assert self.fresh is not None
        ours, theirs = self.blueprint.words, self.fresh.words
        label, hint = ours.labels.get(asked), ours.hints.get(asked)
        if label and label != theirs.labels.get(asked):
            found = replace(found, input_label=label)
        if hint is not None and hint != theirs.hints.get(asked):
            found = replace(found, input_help=hint)
        return found

    def _changed_facets(self, pointer: Pointer, facets: Facets, node: Node, fresh: Node) -> Facets:
        names = {"minLength": "min_length", "maxLength": "max_length"}
        changes: dict[str, Any] = {
            name: node.get(key) for key, name in names.items() if node.get(key) != fresh.get(key)
        }
        for key, name in (("minimum", "min_value"), ("maximum", "max_value")):
            if node.get(key) != fresh.get(key):
                changes[name] = self.local.bound(pointer, node, key)
        if node.get("pattern") != fresh.get("pattern"):
            changes["pattern"] = self.local.pattern(pointer, node.get("pattern"))
        if node.get("type") != fresh.get("type") or node.get("format") != fresh.get("format"):
            self.local.note(pointer, "Der Datentyp ist geändert; FIM behält den alten.")
        return replace(facets, **changes)


def _single_of(node: Node | None, key: str) -> Node | None:
    inner = _mapping(_mapping(_mapping(node).get("items")).get("properties"))
    return inner.get(key) if node is not None else None


def _changed_occurs(
    stated: Multiplicity, node: Node, fresh: Node, required: bool | None
) -> Multiplicity:
    least, most = stated.minimum, stated.maximum
    if required is not None:
        least = max(least, 1) if required else 0
    if node.get("minItems") != fresh.get("minItems"):
        least = int(node.get("minItems", 0))
    if node.get("maxItems") != fresh.get("maxItems"):
        most = node.get("maxItems")
    return Multiplicity(least, most if most is None else max(most, least))


def _plain(text: Any) -> str:
    return "\n".join(map(str, text)) if isinstance(text, list) else str(text or "")


def _spoilt(pointer: Pointer, error: Exception) -> Invalid:
    text = f"Die Angaben unter x-fim bei /{'/'.join(pointer)} sind nicht lesbar: {error}"
    remedy = "Machen Sie die Änderung an x-fim rückgängig."
    return Invalid([Problem("x-fim", text, file=_DATA, remedy=remedy)])
