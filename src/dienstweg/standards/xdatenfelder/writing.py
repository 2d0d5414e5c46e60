"""Writes a schema as an XDatenfelder 3 message (0102) that `reading` gives back unchanged.

Elements stand in the order of the FIM-Portal's own exports, codes name their lists as there.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from lxml import etree

from dienstweg.standards.xdatenfelder.dialects import THREE
from dienstweg.standards.xdatenfelder.model import (
    Child,
    Detail,
    Element,
    Facets,
    Field,
    Group,
    Rule,
    Schema,
)
from dienstweg.standards.xdatenfelder.reading import SCHEMA_MESSAGE
from dienstweg.standards.xdatenfelder.translating import as_three

_OURS: Final = f"{{{THREE.namespace}}}"
_FIM: Final = "urn:xoev-de:fim:codeliste:xdatenfelder."
_LISTS: Final = {
    "freigabestatus": ("urn:xoev-de:xprozess:codeliste:status", "2022-07-12"),
    "praedikat": ("urn:xoev-de:fim-datenfelder:codeliste:relation", "1.2"),
    "typ": (f"{_FIM}regeltyp", "1.0"),
    "art": (f"{_FIM}gruppenart", "1.0"),
    "feldart": (f"{_FIM}feldart", "2.0"),
    "datentyp": (f"{_FIM}datentyp", "2.0"),
    **{
        name: (f"{_FIM}{name}", "1.0")
        for name in (
            "schemaelementart",
            "vorbefuellung",
            "ableitungsmodifikationenStruktur",
            "ableitungsmodifikationenRepraesentation",
        )
    },
}


class NotWritable(ValueError):
    """A text holds characters that XML cannot carry; the message says in German where."""


def write(schema: Schema) -> bytes:
    """The schema as a file for the FIM-Portal or another tool; raises NotWritable."""
    schema = as_three(schema)
    root = etree.Element(_OURS + SCHEMA_MESSAGE, nsmap={"xdf3": THREE.namespace})
    header = _add(root, "header")
    _text(header, "nachrichtID", schema.message_id or schema.id, always=True)
    _text(header, "erstellungszeitpunkt", schema.created_at, always=True)
    _schema(_add(root, "stammdatenschema"), schema)
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return content


def _schema(into: etree._Element, schema: Schema) -> None:
    _common(into, schema)
    _text(into, "bezeichnung", schema.input_label)
    _text(into, "hilfetext", schema.help)
    _code(into, "ableitungsmodifikationenStruktur", schema.structure_changes)
    _code(into, "ableitungsmodifikationenRepraesentation", schema.representation_changes)
    if schema.profile:
        _text(_add(into, "dokumentsteckbrief"), "id", schema.profile)
    _rules(into, schema.rules)
    _children(into, schema.children)


def _group(into: etree._Element, group: Group) -> None:
    _common(into, group)
    _labels(into, group)
    if group.choice:
        _code(into, "art", "X")
    _rules(into, group.rules)
    _children(into, group.children)


def _field(into: etree._Element, field: Field) -> None:
    _common(into, field)
    _labels(into, field)
    _code(into, "feldart", field.kind)
    _code(into, "datentyp", field.datatype)
    _facets(into, field.facets)
    _text(into, "inhalt", field.content)
    _code(into, "vorbefuellung", field.prefill)
    _lists(into, field)
    if field.max_size is not None:
        _text(into, "maxSize", str(field.max_size))
    for kind in field.media_types:
        _text(into, "mediaType", kind)
    _rules(into, field.rules)


def _lists(into: etree._Element, field: Field) -> None:
    if field.values:
        values = _add(into, "werte")
        for value in field.values:
            one = _add(values, "wert")
            _plain(one, "code", value.code)
            _text(one, "name", value.name, always=True)
            _text(one, "hilfe", value.help)
    if field.code_list:
        known = field.code_list
        reference = _add(into, "codelisteReferenz")
        _text(reference, "canonicalIdentification", known.canonical_id, always=True)
        _text(reference, "version", known.version)
        _text(reference, "canonicalVersionUri", known.canonical_version_uri)
    _text(into, "codeKey", field.code_key)
    _text(into, "nameKey", field.name_key)
    _text(into, "helpKey", field.help_key)


def _rules(into: etree._Element, rules: Iterable[Rule]) -> None:
    for rule in rules:
        one = _add(into, "regel")
        _identity(one, rule)
        _text(one, "beschreibung", rule.description)
        _text(one, "freitextRegel", rule.free_text)
        _bases(one, rule)
        _keywords(one, rule)
        _text(one, "fachlicherErsteller", rule.creator)
        _text(one, "letzteAenderung", rule.changed_at)
        _code(one, "typ", rule.type)
        for name, details in (("param", rule.parameters), ("ziel", rule.targets)):
            _details(one, name, details)
        _text(one, "skript", rule.script)
        _details(one, "fehler", rule.errors)


def _children(into: etree._Element, children: Iterable[Child]) -> None:
    for child in children:
        place = _add(into, "struktur")
        _text(place, "anzahl", str(child.multiplicity))
        for basis in child.bases:
            _linked(place, "bezug", basis.text, "link", basis.link)
        holds = _add(place, "enthaelt")
        if isinstance(child.element, Field):
            _field(_add(holds, "datenfeld"), child.element)
        else:
            _group(_add(holds, "datenfeldgruppe"), child.element)


def _identity(into: etree._Element, element: Element) -> None:
    identity = _add(into, "identifikation")
    _text(identity, "id", element.id, always=True)
    _text(identity, "version", element.version, always=True)
    _text(into, "name", element.name, always=True)


def _common(into: etree._Element, element: Element) -> None:
    _identity(into, element)
    _text(into, "beschreibung", element.description)
    _text(into, "definition", element.definition)
    _bases(into, element)
    _code(into, "freigabestatus", element.status)
    _text(into, "statusGesetztAm", element.released_on)
    _text(into, "statusGesetztDurch", element.creator)
    _text(into, "versionshinweis", element.version_note)
    _text(into, "gueltigAb", element.valid_from)
    _text(into, "gueltigBis", element.valid_until)
    _text(into, "veroeffentlichungsdatum", element.published_on)
    _text(into, "letzteAenderung", element.changed_at)
    for relation in element.relations:
        one = _add(into, "relation")
        _code(one, "praedikat", relation.predicate)
        other = _add(one, "objekt")
        _text(other, "id", relation.id)
        _text(other, "version", relation.version)
    _keywords(into, element)


def _bases(into: etree._Element, element: Element) -> None:
    for basis in element.bases:
        _linked(into, "bezug", basis.text, "link", basis.link)


def _keywords(into: etree._Element, element: Element) -> None:
    for keyword in element.keywords:
        _linked(into, "stichwort", keyword.text, "uri", keyword.uri)


def _labels(into: etree._Element, element: Field | Group) -> None:
    _text(into, "bezeichnungEingabe", element.input_label)
    _text(into, "bezeichnungAusgabe", element.output_label)
    _code(into, "schemaelementart", element.element_kind)
    _text(into, "hilfetextEingabe", element.input_help)
    _text(into, "hilfetextAusgabe", element.output_help)


def _facets(into: etree._Element, facets: Facets) -> None:
    said = {
        "minLength": facets.min_length,
        "maxLength": facets.max_length,
        "minValue": facets.min_value,
        "maxValue": facets.max_value,
        "pattern": facets.pattern,
    }
    given = {key: _number(value) for key, value in said.items() if value is not None}
    notes = [value for key, value in facets.other if key == "note"]
    given |= {key: value for key, value in facets.other if key != "note"}
    if given or notes:
        one = _add(into, "praezisierung")
        _set(one, "\n".join(notes))
        for key, value in given.items():
            _attribute(one, key, value)


def _number(value: Decimal | str | int) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _details(into: etree._Element, name: str, details: Iterable[Detail]) -> None:
    for detail in details:
        one = _add(into, name)
        for path, text in detail:
            outer, _, inner = path.partition("/")
            if not outer:
                _set(one, text)
            elif not inner:
                _text(one, outer, text, always=True)
            elif inner == "code":
                _plain(_add(one, outer), inner, text)
            else:
                _text(_add(one, outer), inner, text, always=True)


def _add(into: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(into, _OURS + name)


def _text(into: etree._Element, name: str, text: str, *, always: bool = False) -> None:
    if text or always:
        _set(_add(into, name), text)


def _linked(into: etree._Element, name: str, text: str, key: str, value: str) -> None:
    one = _add(into, name)
    _set(one, text)
    if value:
        _attribute(one, key, value)


def _code(into: etree._Element, name: str, code: str) -> None:
    if code:
        one = _add(into, name)
        one.set("listURI", _LISTS[name][0])
        one.set("listVersionID", _LISTS[name][1])
        _plain(one, "code", code)


def _plain(into: etree._Element, name: str, text: str) -> None:
    """A `code` stands in no namespace, as XÖV's code type has it."""
    _set(etree.SubElement(into, name), text)


def _set(element: etree._Element, text: str) -> None:
    try:
        element.text = text or None
    except ValueError:
        raise NotWritable(
            f"{etree.QName(element).localname}: {text[:40]!r} passt nicht in XML."
        ) from None


def _attribute(element: etree._Element, name: str, value: str) -> None:
    try:
        element.set(name, value)
    except ValueError:
        raise NotWritable(f"{name}: {value[:40]!r} passt nicht in XML.") from None
