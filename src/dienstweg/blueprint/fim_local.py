"""Says in FIM's words what a designer has added to a blueprint: fields without a FIM id.

They get ids of their own in the number range 99, which the federal registry does not give to
anybody (the first two digits name the registering body), made from the blueprint's name and the
pointer, so that the next export finds the same ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from dienstweg.blueprint.fim_pattern import NotTranslatable, translate
from dienstweg.standards.xdatenfelder.model import Facets, Field, Group, Multiplicity, Value

RANGE: Final = "99"
_FORMATS: Final = {"date": "date", "time": "time", "date-time": "datetime"}
_TYPES: Final = {"integer": "num_int", "number": "num", "boolean": "bool"}
_MEDIA_TYPES: Final = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_CONDITIONS: Final = ("if", "allOf", "anyOf", "not", "dependentRequired", "dependentSchemas")
Pointer = tuple[str, ...]
Node = Mapping[str, Any]


@dataclass(slots=True)
class Words:
    """What an assistant says of a place: label and help by pointer, labels of options."""

    labels: dict[Pointer, str] = field(default_factory=dict)
    hints: dict[Pointer, str] = field(default_factory=dict)
    options: dict[Pointer, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Local:
    """Makes FIM elements of plain nodes of a data schema, and notes what FIM cannot say."""

    blueprint: str
    words: Words
    notes: list[str]
    taken: set[str] = field(default_factory=set)

    def id(self, letter: str, pointer: Pointer) -> str:
        """An id of the local range for a place, the same at every export."""
        text = "/".join((self.blueprint, *pointer))
        number = int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10**9
        while f"{letter}{RANGE}{number:09}" in self.taken:
            number = (number + 1) % 10**9
        found = f"{letter}{RANGE}{number:09}"
        self.taken.add(found)
        return found

    def named(self, letter: str, pointer: Pointer, node: Node) -> dict[str, Any]:
        """What all elements say: id, names, help."""
        name = pointer[-1]
        label = self.words.labels.get(pointer) or " ".join(str(node.get("title", "")).split())
        return {
            "id": self.id(letter, pointer),
            "version": "1.0.0",
            "name": name,
            "input_label": label or name,
            "output_label": label or name,
            "definition": str(node.get("description", "")),
            "status": "2",
            "element_kind": "RNG",
            "input_help": self.words.hints.get(pointer, ""),
        }

    def occurs(self, node: Node, required: bool) -> Multiplicity:
        """How often a place occurs, from `required` and a list's bounds."""
        if node.get("type") == "array":
            least = int(node.get("minItems", 0))
            return Multiplicity(least if required else 0, node.get("maxItems"))
        return Multiplicity(int(required), 1)

    def field(self, pointer: Pointer, node: Node) -> Field:
        """A single question; `node` is the list's where several answers are one question."""
        one = node.get("items", {}) if node.get("type") == "array" else node
        said = self.named("F", pointer, node)
        values = tuple(self._values(pointer, one))
        if values:
            return Field(**said, kind="select", datatype="text", values=values, prefill="keine")
        accepts = node.get("x-file") or one.get("x-file")
        datatype = "file" if isinstance(accepts, Mapping) else self._datatype(pointer, one)
        found = Field(
            **said,
            kind="input",
            datatype=datatype,
            prefill="keine",
            facets=Facets() if datatype in {"file", "obj", "bool"} else self._facets(pointer, one),
        )
        return _with_files(found, accepts) if isinstance(accepts, Mapping) else found

    def group_names(self, pointer: Pointer, node: Node) -> dict[str, Any]:
        """What a group says without its children; conditions in it are noted."""
        inner = node.get("items", node)
        if any(key in inner for key in _CONDITIONS):
            self.note(pointer, "Bedingungen des Datenschemas (if/then) kennt XDatenfelder nicht.")
        return self.named("G", pointer, node)

    def note(self, pointer: Pointer, text: str) -> None:
        """Note what an export leaves out."""
        self.notes.append(f"/{'/'.join(pointer)}: {text}")

    def _datatype(self, pointer: Pointer, node: Node) -> str:
        kinds = node.get("type")
        kind = next((k for k in kinds if k != "null"), "") if isinstance(kinds, list) else kinds
        if kind == "object":
            self.note(pointer, "Ein Objekt ohne feste Teile ist in XDatenfelder ein „obj“.")
            return "obj"
        if "x-money" in node:
            if node["x-money"] == "cents":
                self.note(pointer, "Der Betrag steht hier in Cent; XDatenfelder meint Euro.")
            return "num_currency"
        if kind == "string":
            return _FORMATS.get(str(node.get("format", "")), "text")
        return _TYPES.get(str(kind), "text")

    def _values(self, pointer: Pointer, node: Node) -> Iterator[Value]:
        labels = self.words.options.get(pointer, {})
        for one in node.get("oneOf", ()):
            if isinstance(one, Mapping) and "const" in one:
                code = str(one["const"])
                help = str(one.get("description", ""))
                yield Value(code, str(labels.get(code) or one.get("title") or code), help)
        for each in node.get("enum", ()):
            if each is not None:
                yield Value(str(each), str(labels.get(str(each)) or each))

    def _facets(self, pointer: Pointer, node: Node) -> Facets:
        return Facets(
            min_length=node.get("minLength"),
            max_length=node.get("maxLength"),
            min_value=self.bound(pointer, node, "minimum"),
            max_value=self.bound(pointer, node, "maximum"),
            pattern=self.pattern(pointer, node.get("pattern")),
        )

    def bound(self, pointer: Pointer, node: Node, name: str) -> Decimal | None:
        """A bound of a number; what XDatenfelder cannot say is noted."""
        if f"exclusive{name.capitalize()}" in node or "multipleOf" in node:
            self.note(pointer, "Offene Grenzen und Schritte kennt XDatenfelder nicht.")
        try:
            return Decimal(str(node[name])) if name in node else None
        except InvalidOperation:
            return None

    def pattern(self, pointer: Pointer, anchored: str | None) -> str | None:
        """A pattern of JSON Schema as XSD's, where both mean the same; else it is noted."""
        if not anchored:
            return None
        closed = anchored.startswith("^") and anchored.endswith("$")
        inner = anchored.removeprefix("^").removesuffix("$").replace("(?:", "(")
        try:
            translate(inner)
        except NotTranslatable:
            closed = False
        if not closed:
            self.note(pointer, f"Das Muster {anchored!r} lässt sich in XDatenfelder nicht sagen.")
        return inner if closed else None


def _with_files(found: Field, accepts: Mapping[str, Any]) -> Field:
    size = accepts.get("max_bytes")
    kinds = tuple(_MEDIA_TYPES[one] for one in accepts.get("types", ()) if one in _MEDIA_TYPES)
    return replace(found, max_size=size if isinstance(size, int) else None, media_types=kinds)


def is_group(node: Node) -> bool:
    """Whether a node is a group of FIM: an object with parts, or a list of such."""
    inner = node.get("items", {}) if node.get("type") == "array" else node
    return isinstance(inner, Mapping) and bool(inner.get("properties"))


def new_group(names: Mapping[str, Any], children: tuple[Any, ...]) -> Group:
    """A group that a designer has added."""
    return Group(**names, children=children)
