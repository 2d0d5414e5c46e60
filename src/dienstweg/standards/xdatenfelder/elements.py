"""Reads the elements of a Stammdatenschema message into the frozen data of `model`."""

from __future__ import annotations

from typing import Final, TypedDict

from lxml import etree

from dienstweg.standards.xdatenfelder.model import (
    Child,
    CodeListReference,
    Facets,
    Field,
    Group,
    Multiplicity,
    Rule,
    Schema,
)
from dienstweg.standards.xdatenfelder.values import (
    DATATYPES,
    ELEMENT_KINDS,
    FIELD_KINDS,
    BadValue,
    facets,
    multiplicity,
    text,
)
from dienstweg.standards.xdatenfelder.walking import Parts, Walk

_COMMON: Final = {
    "identifikation": True,
    "name": True,
    "bezeichnungEingabe": False,
    "bezeichnungAusgabe": False,
    "beschreibung": False,
    "definition": False,
    "bezug": False,
    "status": True,
    "gueltigAb": False,
    "gueltigBis": False,
    "fachlicherErsteller": False,
    "versionshinweis": False,
    "freigabedatum": False,
    "veroeffentlichungsdatum": False,
}
_SCHEMA: Final = {
    **_COMMON,
    "hilfetext": False,
    "ableitungsmodifikationenStruktur": True,
    "ableitungsmodifikationenRepraesentation": True,
}
_HELPED: Final = {
    **_COMMON,
    "schemaelementart": True,
    "hilfetextEingabe": False,
    "hilfetextAusgabe": False,
}
_FIELD: Final = {
    **_HELPED,
    "feldart": True,
    "datentyp": True,
    "praezisierung": False,
    "inhalt": False,
    "codelisteReferenz": False,
}
_RULE: Final = {**_COMMON, "script": False}


class Header(TypedDict):
    """What the message's header says."""

    message_id: str
    created_at: str


class Helps(TypedDict):
    """What groups and fields share beyond the names."""

    element_kind: str
    input_help: str
    output_help: str


class Reading(Walk):
    """One reading of one message, from its root downwards."""

    def message(self, root: etree._Element) -> Schema | None:
        """Read the message below its root; `None` where the schema itself is missing."""
        parts = self.parts(root, {"header": True, "stammdatenschema": True})
        if "stammdatenschema" not in parts.single:
            return None
        header = self._header(parts.single.get("header"))
        return self._schema(parts.single["stammdatenschema"], header)

    def _header(self, element: etree._Element | None) -> Header:
        if element is None:
            return Header(message_id="", created_at="")
        parts = self.parts(element, {"nachrichtID": True, "erstellungszeitpunkt": True})
        return Header(
            message_id=text(parts.single.get("nachrichtID")),
            created_at=text(parts.single.get("erstellungszeitpunkt")),
        )

    def _schema(self, element: etree._Element, header: Header) -> Schema:
        parts = self.parts(element, _SCHEMA, "regel", "struktur")
        common = self.common(element, parts, "S")
        schema = Schema(
            **common,
            **header,
            help=text(parts.single.get("hilfetext")),
            structure_changes=self.code(
                parts, "ableitungsmodifikationenStruktur", frozenset("0123")
            ),
            representation_changes=self.code(
                parts, "ableitungsmodifikationenRepraesentation", frozenset("01")
            ),
            rules=self._rules(parts),
            children=self._children(parts),
        )
        if not schema.children:
            self.fault(element, "Das Schema enthält kein Feld und keine Gruppe (struktur fehlt).")
        self.path.pop()
        return schema

    def _group(self, element: etree._Element) -> Group:
        parts = self.parts(element, _HELPED, "regel", "struktur")
        common = self.common(element, parts, "G")
        group = Group(
            **common,
            **self._helps(parts),
            rules=self._rules(parts),
            children=self._children(parts),
        )
        self.path.pop()
        return group

    def _field(self, element: etree._Element) -> Field:
        parts = self.parts(element, _FIELD, "regel")
        common = self.common(element, parts, "F")
        field = Field(
            **common,
            **self._helps(parts),
            kind=self.code(parts, "feldart", FIELD_KINDS),
            datatype=self.code(parts, "datentyp", DATATYPES),
            facets=self._facets(parts),
            content=text(parts.single.get("inhalt")),
            code_list=self._code_list(parts.single.get("codelisteReferenz")),
            rules=self._rules(parts),
        )
        if field.kind == "select" and field.code_list is None:
            self.fault(element, "Ein Auswahlfeld (select) braucht codelisteReferenz.")
        self.path.pop()
        return field

    def _rules(self, parts: Parts) -> tuple[Rule, ...]:
        return tuple(self._rule(each) for each in parts.many.get("regel", ()))

    def _rule(self, element: etree._Element) -> Rule:
        parts = self.parts(element, _RULE)
        common = self.common(element, parts, "R")
        self.path.pop()
        return Rule(**common, script=text(parts.single.get("script")))

    def _children(self, parts: Parts) -> tuple[Child, ...]:
        found = (self._child(each) for each in parts.many.get("struktur", ()))
        return tuple(child for child in found if child is not None)

    def _child(self, element: etree._Element) -> Child | None:
        parts = self.parts(element, {"anzahl": True, "bezug": False, "enthaelt": True})
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
        return Child(occurs, text(parts.single.get("bezug")), read)

    def _code_list(self, element: etree._Element | None) -> CodeListReference | None:
        if element is None:
            return None
        parts = self.parts(element, {"identifikation": True, "genericodeIdentification": True})
        identity = parts.single.get("identifikation")
        published = parts.single.get("genericodeIdentification")
        if identity is None or published is None:
            return None
        own = self.parts(identity, {"id": True, "version": False}).single
        names = {"canonicalIdentification": True, "version": True, "canonicalVersionUri": True}
        public = self.parts(published, names).single
        return CodeListReference(
            id=self.id(own.get("id"), "C"),
            canonical_id=text(public.get("canonicalIdentification")),
            version=text(public.get("version")),
            canonical_version_uri=text(public.get("canonicalVersionUri")),
        )

    def _facets(self, parts: Parts) -> Facets:
        element = parts.single.get("praezisierung")
        try:
            return facets(text(element))
        except BadValue as error:
            if element is not None:
                self.fault(element, f"praezisierung: {error}")
            return Facets()

    def _helps(self, parts: Parts) -> Helps:
        return Helps(
            element_kind=self.code(parts, "schemaelementart", ELEMENT_KINDS),
            input_help=text(parts.single.get("hilfetextEingabe")),
            output_help=text(parts.single.get("hilfetextAusgabe")),
        )
