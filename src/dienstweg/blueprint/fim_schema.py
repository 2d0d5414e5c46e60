"""The data contract of an imported blueprint: JSON Schema 2020-12 with the FIM ids in `x-fim`.

Keys are the FIM ids, as in the JSON Schemas that FIM itself derives for FIT-Connect, so a back
office that knows the schema understands the application without a mapping. What XDatenfelder says
and JSON Schema cannot (legal basis, output texts, rules, labels) stays beside it in `x-fim`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dienstweg.blueprint.fim_pattern import NotTranslatable, Translated, translate
from dienstweg.blueprint.fim_places import Findings, Place
from dienstweg.standards.genericode import CodeList
from dienstweg.standards.xdatenfelder.model import CodeListReference, Element, Field, Group, Schema

FILE_TYPES = ("pdf", "jpeg", "png")
LARGEST_FILE = 10 * 1024 * 1024
LONGEST_CODE = 100


@dataclass(slots=True)
class Contract:
    """What is known about the schema's values: patterns and options by place id.

    `relaxed` are the ids of lists whose least number of entries no page can ask for.
    """

    code_lists: Mapping[str, CodeList]
    findings: Findings
    relaxed: frozenset[str] = frozenset()
    patterns: dict[str, Translated] = field(default_factory=dict)
    options: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def schema(self, root: Place) -> dict[str, Any]:
        """The whole `data.schema.json` as a dict in the order of the schema."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **self._object(root),
        }

    def _node(self, place: Place) -> dict[str, Any]:
        if place.repeated:
            return self._list(place)
        if isinstance(place.element, Field):
            return self._question(place, place.element)
        return self._object(place)

    def _list(self, place: Place) -> dict[str, Any]:
        items = self._object(place)
        items.pop("x-fim")
        return {
            **_titled(place),
            "type": "array",
            "x-fim": self._x_fim(place),
            "minItems": 0 if place.id in self.relaxed else place.occurs.minimum,
            "maxItems": place.occurs.maximum,
            "items": items,
        }

    def _object(self, place: Place) -> dict[str, Any]:
        inner = [child for child in place.children if child.holds_data]
        return {
            **_titled(place),
            "type": "object",
            "x-fim": self._x_fim(place),
            "additionalProperties": False,
            "required": [child.key for child in inner if child.certain],
            "properties": {child.key: self._node(child) for child in inner},
        }

    def _question(self, place: Place, element: Field) -> dict[str, Any]:
        self._note_default(place, element)
        said = {**_titled(place), **self._type(place, element), "x-fim": self._x_fim(place)}
        if place.is_file and place.occurs.repeats:
            bounds = {"minItems": place.occurs.minimum, "maxItems": place.occurs.maximum}
            one = {"type": "string"}
            return {**said, "type": "array", "items": one, **bounds}
        return said

    def _type(self, place: Place, element: Field) -> dict[str, Any]:
        for name, value in element.facets.other:
            self.findings.add("H", f"Präzisierung „{name}“: {value}", place.fim_path)
        if element.kind == "select":
            return self._select(place, element)
        match element.datatype:
            case "bool":
                return {"type": "boolean"}
            case "date":
                return self._date(place, element)
            case "num_int" | "num" | "num_currency":
                return self._number(place, element)
            case "file" | "obj":
                return self._file(place, element)
            case _:
                return self._text(place, element)

    def _text(self, place: Place, element: Field) -> dict[str, Any]:
        facets = element.facets
        said: dict[str, Any] = {"type": "string"}
        least = max(facets.min_length or 0, 1 if place.occurs.minimum else 0)
        if least:
            said["minLength"] = least
        if facets.max_length is not None:
            said["maxLength"] = facets.max_length
        if facets.pattern:
            try:
                pattern = translate(facets.pattern)
                if pattern.example(max(least, 1), facets.max_length) is None:
                    raise NotTranslatable("Es passt nicht zur erlaubten Länge.")
                self.patterns[place.id] = pattern
                said["pattern"] = pattern.anchored
            except NotTranslatable as error:
                text = f"Das Muster {facets.pattern!r} wird nicht geprüft: {error}"
                self.findings.add("H", text, place.fim_path)
        return said

    def _select(self, place: Place, element: Field) -> dict[str, Any]:
        reference = element.code_list
        found = self._code_list(place, reference) if reference else None
        if found is None:
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE}
        self.options[place.id] = found.entries
        return {"type": "string", "enum": [code for code, _ in found.entries]}

    def _code_list(self, place: Place, reference: CodeListReference) -> CodeList | None:
        wanted = reference.canonical_version_uri
        found = self.code_lists.get(wanted) or self.code_lists.get(reference.canonical_id)
        if found is None or not found.entries:
            self.findings.add(
                "C",
                f"Die Codeliste {reference.id} ({wanted}) liegt nicht bei. Das Feld "
                f"„{place.element.label}“ nimmt deshalb jeden Text. Laden Sie die Liste im "
                "XRepository und importieren Sie noch einmal mit ihr.",
                place.fim_path,
            )
            return None
        if found.canonical_version_uri != wanted:
            text = f"Statt der Codeliste {wanted} wurde {found.canonical_version_uri} verwendet."
            self.findings.add("C", text, place.fim_path)
        return found

    def _date(self, place: Place, element: Field) -> dict[str, Any]:
        facets = element.facets
        if facets.min_value is not None or facets.max_value is not None:
            text = f"Erlaubt sind Daten von {facets.min_value} bis {facets.max_value}."
            self.findings.add("H", f"{text} Das muss eine Prüfung der Seite sagen.", place.fim_path)
        return {"type": "string", "format": "date"}

    def _number(self, place: Place, element: Field) -> dict[str, Any]:
        whole = element.datatype == "num_int"
        said: dict[str, Any] = {"type": "integer" if whole else "number"}
        facets = element.facets
        for name, value in (("minimum", facets.min_value), ("maximum", facets.max_value)):
            if isinstance(value, Decimal):
                said[name] = _bound(value, whole, up=name == "minimum")
            elif value is not None:
                self.findings.add("H", f"{name} {value} ist keine Zahl.", place.fim_path)
        return said

    def _file(self, place: Place, element: Field) -> dict[str, Any]:
        if element.datatype == "obj":
            text = "Das statische Objekt (obj) wird als Datei abgefragt."
            self.findings.add("H", text, place.fim_path)
        accepts = {"max_bytes": LARGEST_FILE, "types": list(FILE_TYPES)}
        return {"type": "string", "x-file": accepts}

    def _note_default(self, place: Place, element: Field) -> None:
        if element.content:
            text = f"Der Inhalt „{element.content}“ wird nicht vorbelegt."
            self.findings.add("H", text, place.fim_path)

    def _x_fim(self, place: Place) -> dict[str, Any]:
        element = place.element
        said: dict[str, Any] = {"id": element.id, "version": element.version}
        if not isinstance(element, Schema):
            said["multiplicity"] = str(place.stated)
        said |= _described(element)
        if isinstance(element, Field):
            said |= _field_extras(element)
        # what has no data of its own has no node here: its ids are kept at the group around it
        labels = [
            _label(each)
            for child in place.children
            if not child.holds_data
            for each, _ in child.walk()
        ]
        if labels:
            said["labels"] = labels
        return said


def _titled(place: Place) -> dict[str, Any]:
    element = place.element
    said = {"title": " ".join(element.label.split())}
    if element.definition:
        said["description"] = element.definition
    return said


def _described(element: Element) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": element.name if element.name != element.label else "",
        "output_label": element.output_label if element.output_label != element.label else "",
        "note": element.description,
        "legal_basis": element.legal_basis,
        "status": element.status,
        "valid_from": element.valid_from,
        "valid_until": element.valid_until,
    }
    if isinstance(element, Schema):
        said["structure_changes"] = element.structure_changes
        said["representation_changes"] = element.representation_changes
    else:
        said["element_kind"] = getattr(element, "element_kind", "")
        said["output_help"] = getattr(element, "output_help", "")
    if isinstance(element, Field | Group | Schema) and element.rules:
        said["rules"] = [f"{rule.id}V{rule.version}" for rule in element.rules]
    return {key: value for key, value in said.items() if value}


def _field_extras(element: Field) -> dict[str, Any]:
    said: dict[str, Any] = {"datatype": element.datatype}
    if element.facets.pattern:
        said["pattern"] = element.facets.pattern
    if element.content:
        said["content"] = element.content
    if element.code_list:
        said["code_list"] = {
            "id": element.code_list.id,
            "uri": element.code_list.canonical_version_uri,
        }
    return said


def _label(place: Place) -> dict[str, Any]:
    return {"id": place.element.id, "version": place.element.version, "field": place.id}


def _bound(value: Decimal, whole: bool, *, up: bool) -> int | float:
    if whole:
        return math.ceil(value) if up else math.floor(value)
    return int(value) if value == value.to_integral_value() else float(value)
