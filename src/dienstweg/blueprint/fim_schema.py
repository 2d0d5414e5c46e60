"""The data contract of an imported blueprint: JSON Schema 2020-12, with all of FIM in `x-fim`.

Keys are the FIM ids, as in the JSON Schemas that FIM itself derives for FIT-Connect, so a back
office that knows the schema understands the application without a mapping. What XDatenfelder says
and JSON Schema cannot (legal basis, output texts, rules, labels) stays beside it in `x-fim`
(`fim_notes`). Other than FIM's own derivation, a field that repeats is a list of objects with the
field in them, since an assistant repeats pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dienstweg.blueprint import fim_notes
from dienstweg.blueprint.fim_lists import MOST_INLINE, MOST_LISTS, name_of
from dienstweg.blueprint.fim_pattern import NotTranslatable, Translated, translate
from dienstweg.blueprint.fim_places import Findings, Place
from dienstweg.standards.genericode import CodeList, NoColumn
from dienstweg.standards.xdatenfelder.model import (
    Child,
    CodeListReference,
    Field,
    Group,
    Schema,
    Value,
)

FILE_TYPES = {"application/pdf": "pdf", "image/jpeg": "jpeg", "image/png": "png"}
_OTHER_NAMES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_ASKED = 100 * 1024 * 1024
LONGEST_CODE = 100
MOST_OPTIONS = 2_000
_FORMATS = {"date": "date", "time": "time", "datetime": "date-time"}
_PREFILLS = {"optional": "kann", "verpflichtend": "muss"}


@dataclass(slots=True)
class Contract:
    """What is known about the schema's values: patterns and options by place id.

    `tables` are the long lists by their names, `listed` the name by place id.
    """

    code_lists: Mapping[str, CodeList]
    findings: Findings
    patterns: dict[str, Translated] = field(default_factory=dict)
    options: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    tables: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)

    @property
    def labelled(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """The options whose labels stand in the texts: those of no table."""
        return {key: value for key, value in self.options.items() if key not in self.listed}

    def schema(self, root: Place) -> dict[str, Any]:
        """The whole `data.schema.json` as a dict in the order of the schema."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"{root.element.id}V{root.element.version}.schema.json",
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
        items.pop("description", None)
        return {
            **_titled(place),
            "type": "array",
            "x-fim": self._x_fim(place),
            "minItems": place.occurs.minimum,
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
        self._note_contents(place, element)
        titled = _titled(place)
        if place.multiple:
            each = self._type(place, element)
            most = place.occurs.maximum if place.is_file else len(each["oneOf"])
            bounds = {"minItems": min(place.occurs.minimum, most or 1), "maxItems": most}
            unique = {} if place.is_file else {"uniqueItems": True}
            x_file = {"x-file": each.pop("x-file")} if place.is_file else {}
            return {
                **titled,
                "type": "array",
                **x_file,
                "x-fim": self._x_fim(place),
                "items": each,
                **bounds,
                **unique,
            }
        return {**titled, **self._type(place, element), "x-fim": self._x_fim(place)}

    def _type(self, place: Place, element: Field) -> dict[str, Any]:
        for name, value in element.facets.other:
            self.findings.add("H", f"Präzisierung „{name}“: {value}", place.fim_path)
        if element.kind == "select":
            return self._select(place, element)
        if element.datatype == "bool":
            return {"type": "boolean"}
        makers = {
            "date": self._date,
            "time": self._date,
            "datetime": self._moment,
            "num_int": self._number,
            "num": self._number,
            "num_currency": self._number,
            "file": self._file,
            "obj": self._file,
        }
        return makers.get(element.datatype, self._text)(place, element)

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
        values = element.values
        if element.code_list:
            values = self._code_list(place, element, element.code_list) or values
            if len(values) > MOST_INLINE and len(self.tables) < MOST_LISTS:
                self._table(place, element.code_list, values)
                return {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE}
        if len(values) > MOST_OPTIONS:
            text = f"Die Werteliste hat {len(values)} Einträge, mehr als {MOST_OPTIONS}; "
            self.findings.add("C", text + "das Feld nimmt deshalb jeden Text.", place.fim_path)
            values = ()
        elif not values and not element.code_list:
            text = f"Das Auswahlfeld „{element.label}“ nennt keine Werte und nimmt jeden Text."
            self.findings.add("C", text, place.fim_path)
        if not values:
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE}
        self.options[place.id] = _labels(values)
        return {"type": "string", "oneOf": [_option(value) for value in values]}

    def _table(self, place: Place, wanted: CodeListReference, values: tuple[Value, ...]) -> None:
        """Note a long list as a table, one for all fields that refer to the same entries."""
        same = (name for name, known in self.tables.items() if known == values)
        name = next(same, None) or name_of(wanted, self.tables)
        self.tables[name] = values
        self.listed[place.id] = name
        self.options[place.id] = _labels(values)

    def _code_list(
        self, place: Place, element: Field, reference: CodeListReference
    ) -> tuple[Value, ...]:
        wanted = reference.canonical_version_uri or reference.canonical_id
        found = self.code_lists.get(wanted) or self.code_lists.get(reference.canonical_id)
        if found is None or not found.entries:
            self.findings.add(
                "C",
                f"Die Codeliste {' '.join(filter(None, (reference.id, wanted)))} liegt nicht bei. "
                f"Das Feld „{element.label}“ nimmt deshalb jeden Text. Laden Sie die Liste im "
                "XRepository und importieren Sie noch einmal mit ihr.",
                place.fim_path,
            )
            return ()
        if reference.canonical_version_uri and found.canonical_version_uri != wanted:
            text = f"Statt der Codeliste {wanted} wurde {found.canonical_version_uri} verwendet."
            self.findings.add("C", text, place.fim_path)
        try:
            options = found.options(element.code_key, element.name_key, element.help_key)
        except NoColumn as missing:
            text = f"Die Codeliste {wanted} hat keine Spalte „{missing}“; genommen sind die ersten."
            self.findings.add("C", text, place.fim_path)
            options = found.options()
        return tuple(Value(*option) for option in options)

    def _date(self, place: Place, element: Field) -> dict[str, Any]:
        bounds = (("von", element.facets.min_value), ("bis", element.facets.max_value))
        said = [f"{word} {value}" for word, value in bounds if value is not None]
        if said:
            text = f"Erlaubt ist nur, was {' '.join(said)} liegt."
            self.findings.add("H", f"{text} Das muss eine Prüfung der Seite sagen.", place.fim_path)
        return {"type": "string", "format": _FORMATS[element.datatype]}

    def _moment(self, place: Place, element: Field) -> dict[str, Any]:
        text = f"„{element.label}“ ist ein Zeitpunkt (datetime); der Assistent fragt ihn als Text"
        self.findings.add("H", f"{text} wie 2026-03-02T14:30:00Z ab.", place.fim_path)
        return self._date(place, element)

    def _number(self, place: Place, element: Field) -> dict[str, Any]:
        whole = element.datatype == "num_int"
        said: dict[str, Any] = {"type": "integer" if whole else "number"}
        if element.datatype == "num_currency" and in_cents(element):
            said["x-money"] = "euro"
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
        asked = [_OTHER_NAMES.get(kind, kind) for kind in element.media_types]
        strange = [kind for kind in asked if kind not in FILE_TYPES]
        if strange:
            text = f"Dateien der Art {', '.join(strange)} nimmt der Assistent nicht an."
            self.findings.add("H", text, place.fim_path)
        types = list(dict.fromkeys(FILE_TYPES[kind] for kind in asked if kind in FILE_TYPES))
        size = LARGEST_FILE if element.max_size is None else element.max_size
        if size > LARGEST_ASKED:
            text = f"Dateien dürfen laut Schema {size} Bytes groß sein; hier {LARGEST_ASKED}."
            self.findings.add("H", text, place.fim_path)
        accepts = {
            "max_bytes": max(1, min(size, LARGEST_ASKED)),
            "types": types or list(FILE_TYPES.values()),
        }
        return {"type": "string", "x-file": accepts}

    def _note_contents(self, place: Place, element: Field) -> None:
        if element.content and place.fixed is None:
            text = f"Der Inhalt „{element.content}“ wird nicht vorbelegt."
            self.findings.add("H", text, place.fim_path)
        if element.prefill in _PREFILLS:
            text = f"„{element.label}“ {_PREFILLS[element.prefill]} laut Schema vorbefüllt werden."
            self.findings.add("H", text, place.fim_path)

    def _x_fim(self, place: Place) -> dict[str, Any]:
        element = place.element
        if place.is_selector:
            return {"choice_of": place.fim_path.rpartition("/")[2]}
        if place.is_single:
            return {"id": element.id, "version": element.version}
        said = fim_notes.noted(element)
        if isinstance(element, Field) and element.values and place.id not in self.options:
            said["values"] = fim_notes.values(element.values)
        if not isinstance(element, Schema):
            identity = {"id": element.id, "version": element.version}
            said = {**identity, **fim_notes.placed(_child(place, element)), **said}
        # what has no data of its own has no node here: it is kept whole at the group around it
        aside = [
            (child.number, {"field": child.id, **fim_notes.whole(_child(child, child.element))})
            for child in place.children
            if not child.holds_data and not isinstance(child.element, Schema)
        ]
        aside += [(number, fim_notes.whole(child)) for number, child in place.omitted]
        if aside:
            said["aside"] = [{"at": number, **notes} for number, notes in sorted(aside, key=_first)]
        return said


def in_cents(element: Field) -> bool:
    """Whether the bounds of an amount are whole cents, so that it can be asked for as money."""
    bounds = (element.facets.min_value, element.facets.max_value)
    return all(not (each * 100) % 1 for each in bounds if isinstance(each, Decimal))


def _labels(values: Iterable[Value]) -> tuple[tuple[str, str], ...]:
    return tuple((value.code, fim_notes.line(value.name) or value.code) for value in values)


def _child(place: Place, element: Field | Group | Schema) -> Child:
    assert not isinstance(element, Schema)
    return Child(place.stated, place.bases, element)


def _first(pair: tuple[int, Any]) -> int:
    return pair[0]


def _titled(place: Place) -> dict[str, Any]:
    element = place.element
    said = {"title": fim_notes.line(element.label)}
    if element.definition:
        said["description"] = element.definition
    return said


def _option(value: Value) -> dict[str, str]:
    said = {"const": value.code, "title": value.name}
    return {**said, "description": value.help} if value.help else said


def _bound(value: Decimal, whole: bool, *, up: bool) -> int | float:
    if whole:
        return math.ceil(value) if up else math.floor(value)
    return int(value) if value == value.to_integral_value() else float(value)
