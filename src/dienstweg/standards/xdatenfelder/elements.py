"""Reads the elements of a message into the frozen data of `model`, version 2 and 3 alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypedDict

from lxml import etree

from dienstweg.standards.xdatenfelder.model import (
    Child,
    CodeListReference,
    Facets,
    Field,
    Group,
    Message,
    Multiplicity,
    Rule,
    Schema,
    Value,
)
from dienstweg.standards.xdatenfelder.values import BadValue, facets, facets_of, multiplicity, text
from dienstweg.standards.xdatenfelder.walking import Parts, Walk, filled, is_empty

_ELEMENT_KINDS: Final = frozenset({"ABS", "HAR", "RNG"})
_PREFILLS: Final = frozenset({"keine", "optional", "verpflichtend"})
_RULE_TYPES: Final = frozenset("KMVB")
_LARGEST: Final = 10**12
MOST_VALUES: Final = 20_000


class Helps(TypedDict):
    """What groups and fields share beyond the names."""

    element_kind: str
    input_help: str
    output_help: str


class Reading(Walk):
    """One reading of one message, from its root downwards."""

    def message(self, root: etree._Element, inner: str) -> Message | None:
        """Read the message below its root; `None` where the element `inner` is missing."""
        parts = self.parts(root, {"header": True, inner: True})
        header = parts.single.get("header")
        said = {"nachrichtID": True, "erstellungszeitpunkt": True}
        known = self.parts(header, said).single if header is not None else {}
        one = parts.single.get(inner)
        if one is None:
            return None
        read: dict[str, Callable[[etree._Element], Schema | Group | Field]] = {
            "stammdatenschema": self._schema,
            "datenfeldgruppe": self._group,
            "datenfeld": self._field,
        }
        return Message(
            standard=self.dialect.standard,
            id=text(known.get("nachrichtID")),
            created_at=text(known.get("erstellungszeitpunkt")),
            element=read[inner](one),
            remarks=tuple(self.remarks),
        )

    def _schema(self, element: etree._Element) -> Schema:
        parts = self.parts(element, self.dialect.schema, "regel", "struktur", *self.dialect.often)
        common = self.common(element, parts, "S")
        schema = Schema(
            **common,
            standard=self.dialect.standard,
            help=text(parts.single.get("hilfetext")),
            structure_changes=self.code(
                parts, "ableitungsmodifikationenStruktur", frozenset("0123")
            ),
            representation_changes=self.code(
                parts, "ableitungsmodifikationenRepraesentation", frozenset("01")
            ),
            profile=self._profile(parts.single.get("dokumentsteckbrief")),
            rules=self._rules(parts),
            children=self._children(parts),
        )
        if not schema.children:
            self.remark(element, "Das Schema enthält kein Feld und keine Gruppe (struktur fehlt).")
        self.path.pop()
        return schema

    def _profile(self, element: etree._Element | None) -> str:
        if element is None or is_empty(element):
            return ""
        return self.id(self.parts(element, {"id": True, "version": False}).single.get("id"), "D")

    def _group(self, element: etree._Element) -> Group:
        parts = self.parts(element, self.dialect.group, "regel", "struktur", *self.dialect.often)
        common = self.common(element, parts, "G")
        group = Group(
            **common,
            **self._helps(parts),
            choice=self.code(parts, "art", frozenset("X")) == "X",
            rules=self._rules(parts),
            children=self._children(parts),
        )
        self.path.pop()
        return group

    def _field(self, element: etree._Element) -> Field:
        often = (*self.dialect.often, *self.dialect.field_often)
        parts = self.parts(element, self.dialect.field, "regel", *often)
        common = self.common(element, parts, "F")
        says = {name: text(child) for name, child in parts.single.items()}.get
        field = Field(
            **common,
            **self._helps(parts),
            kind=self.code(parts, "feldart", self.dialect.field_kinds),
            datatype=self.code(parts, "datentyp", self.dialect.datatypes),
            facets=self._facets(parts),
            content=says("inhalt", ""),
            prefill=self.code(parts, "vorbefuellung", _PREFILLS),
            code_list=self._code_list(parts.single.get("codelisteReferenz")),
            values=self._values(parts.single.get("werte")),
            code_key=says("codeKey", ""),
            name_key=says("nameKey", ""),
            help_key=says("helpKey", ""),
            max_size=self._max_size(parts.single.get("maxSize")),
            media_types=tuple(text(each) for each in filled(parts, "mediaType")),
            rules=self._rules(parts),
        )
        if field.kind == "select" and field.code_list is None and not field.values:
            self.remark(element, "Das Auswahlfeld (select) nennt keine Liste seiner Werte.")
        self.path.pop()
        return field

    def _rules(self, parts: Parts) -> tuple[Rule, ...]:
        return tuple(self._rule(each) for each in parts.many.get("regel", ()))

    def _rule(self, element: etree._Element) -> Rule:
        parts = self.parts(element, self.dialect.rule, *self.dialect.rule_often)
        common = self.common(element, parts, "R")
        says = {name: text(child) for name, child in parts.single.items()}.get
        if not self.dialect.third:
            common["definition"] = ""
        rule = Rule(
            **common,
            free_text=says("freitextRegel" if self.dialect.third else "definition", ""),
            script=says("skript", "") or says("script", ""),
            type=self.code(parts, "typ", _RULE_TYPES),
            parameters=self.details(parts, "param"),
            targets=self.details(parts, "ziel"),
            errors=self.details(parts, "fehler"),
        )
        self.path.pop()
        return rule

    def _children(self, parts: Parts) -> tuple[Child, ...]:
        found = (self._child(each) for each in parts.many.get("struktur", ()))
        return tuple(child for child in found if child is not None)

    def _child(self, element: etree._Element) -> Child | None:
        once = {"anzahl": True, "enthaelt": True}
        if self.dialect.third:
            parts = self.parts(element, once, "bezug")
        else:
            parts = self.parts(element, {**once, "bezug": False})
        occurs = Multiplicity(0, 1)
        number = parts.single.get("anzahl")
        if number is not None:
            try:
                occurs = multiplicity(text(number))
            except BadValue as error:
                self.fault(number, str(error))
        inner = parts.single.get("enthaelt")
        if inner is None:
            return None
        held = self.parts(inner, {"datenfeld": False, "datenfeldgruppe": False}).single
        if len(held) != 1:
            self.fault(inner, "enthaelt muss genau ein datenfeld oder eine datenfeldgruppe haben.")
            return None
        one = next(iter(held.values()))
        read = self._field(one) if "datenfeld" in held else self._group(one)
        return Child(occurs, self.bases(parts), read)

    def _code_list(self, element: etree._Element | None) -> CodeListReference | None:
        if element is None or is_empty(element):
            return None
        if self.dialect.third:
            return self._reference(element, "")
        parts = self.parts(element, {"identifikation": True, "genericodeIdentification": True})
        identity = parts.single.get("identifikation")
        published = parts.single.get("genericodeIdentification")
        if identity is None or published is None:
            return None
        own = self.parts(identity, {"id": True, "version": False}).single
        return self._reference(published, self.id(own.get("id"), "C"))

    def _reference(self, element: etree._Element, id: str) -> CodeListReference:
        full = not self.dialect.third
        names = {"canonicalIdentification": True, "version": full, "canonicalVersionUri": full}
        public = self.parts(element, names).single
        return CodeListReference(
            id=id,
            canonical_id=text(public.get("canonicalIdentification")),
            version=text(public.get("version")),
            canonical_version_uri=text(public.get("canonicalVersionUri")),
        )

    def _values(self, element: etree._Element | None) -> tuple[Value, ...]:
        if element is None:
            return ()
        rows = self.parts(element, {}, "wert").many.get("wert", ())
        if len(rows) > MOST_VALUES:
            self.fault(element, f"Die Werteliste hat mehr als {MOST_VALUES} Einträge.")
            return ()
        found: dict[str, Value] = {}
        for row in rows:
            known = self._coded(row)
            code = text(known.get("code"))
            if not code:
                self.fault(row, "Ein Wert der Werteliste hat keinen Code.")
            elif code in found:
                self.remark(row, f"Der Code {code[:40]!r} steht doppelt in der Werteliste.")
            else:
                found[code] = Value(code, text(known.get("name")), text(known.get("hilfe")))
        return tuple(found.values())

    def _coded(self, row: etree._Element) -> dict[str, etree._Element]:
        """The parts of a `wert`; its `code` stands in no namespace, in some files in the own."""
        found: dict[str, etree._Element] = {}
        for child in row:
            name = self.name(child)
            if name not in {"code", "name", "hilfe"} or name in found:
                self.fault(child, f"Unbekanntes oder doppeltes Element {name[:40]!r} in 'wert'.")
            found[name] = child
        return found

    def _facets(self, parts: Parts) -> Facets:
        element = parts.single.get("praezisierung")
        if element is None:
            return Facets()
        try:
            if not self.dialect.third:
                return facets(text(element))
            given = {str(key): str(value).strip() for key, value in element.attrib.items()}
            return facets_of(given, text(element))
        except BadValue as error:
            self.fault(element, f"praezisierung: {error}")
            return Facets()

    def _max_size(self, element: etree._Element | None) -> int | None:
        value = text(element)
        if not value or element is None:
            return None
        if not (value.isascii() and value.isdigit() and int(value[:20]) <= _LARGEST):
            self.fault(element, f"maxSize {value[:20]!r} ist keine Größe in Bytes.")
            return None
        return int(value)

    def _helps(self, parts: Parts) -> Helps:
        return Helps(
            element_kind=self.code(parts, "schemaelementart", _ELEMENT_KINDS),
            input_help=text(parts.single.get("hilfetextEingabe")),
            output_help=text(parts.single.get("hilfetextAusgabe")),
        )
