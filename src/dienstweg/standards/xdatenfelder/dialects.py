"""What XDatenfelder 2.0 and 3.0 allow: names, ids, versions and codes, each version in one table.

The tables map an element's name to whether it must be there; `*_often` may occur any number of
times. The order of elements is not checked: nothing is understood differently by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_IDENTITY: Final = {"identifikation": True, "name": True}
_VALIDITY: Final = {"gueltigAb": False, "gueltigBis": False}

_COMMON_2: Final = {
    **_IDENTITY,
    **_VALIDITY,
    "bezeichnungEingabe": False,
    "bezeichnungAusgabe": False,
    "beschreibung": False,
    "definition": False,
    "bezug": False,
    "status": True,
    "fachlicherErsteller": False,
    "versionshinweis": False,
    "freigabedatum": False,
    "veroeffentlichungsdatum": False,
}
_COMMON_3: Final = {
    **_IDENTITY,
    **_VALIDITY,
    "beschreibung": False,
    "definition": False,
    "freigabestatus": True,
    "statusGesetztAm": False,
    "statusGesetztDurch": False,
    "versionshinweis": False,
    "veroeffentlichungsdatum": False,
    "letzteAenderung": False,
}
_CHANGES: Final = {
    "hilfetext": False,
    "ableitungsmodifikationenStruktur": True,
    "ableitungsmodifikationenRepraesentation": True,
}
_HELPED: Final = {
    "schemaelementart": True,
    "hilfetextEingabe": False,
    "hilfetextAusgabe": False,
}
_LABELS: Final = {"bezeichnungEingabe": False, "bezeichnungAusgabe": False}
_FIELD: Final = {
    "feldart": True,
    "datentyp": True,
    "praezisierung": False,
    "inhalt": False,
    "codelisteReferenz": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One version of the standard, for the reader."""

    standard: str
    title: str
    namespace: str
    digits: int
    version: re.Pattern[str]
    version_example: str
    status: str
    statuses: frozenset[str]
    field_kinds: frozenset[str]
    datatypes: frozenset[str]
    schema: Mapping[str, bool]
    group: Mapping[str, bool]
    field: Mapping[str, bool]
    rule: Mapping[str, bool]
    often: tuple[str, ...] = ()
    field_often: tuple[str, ...] = ()
    rule_often: tuple[str, ...] = ()

    @property
    def third(self) -> bool:
        """Whether this is version 3."""
        return self.standard.startswith("3")


TWO: Final = Dialect(
    standard="2.0",
    title="XDatenfelder 2",
    namespace="urn:xoev-de:fim:standard:xdatenfelder_2",
    digits=8,
    version=re.compile(r"\d{1,4}\.\d{1,4}", re.ASCII),
    version_example="1.0",
    status="status",
    statuses=frozenset({"inVorbereitung", "aktiv", "inaktiv"}),
    field_kinds=frozenset({"input", "select", "label"}),
    datatypes=frozenset({"text", "date", "bool", "num", "num_int", "num_currency", "file", "obj"}),
    schema={**_COMMON_2, **_CHANGES},
    group={**_COMMON_2, **_HELPED},
    field={**_COMMON_2, **_HELPED, **_FIELD},
    rule={**_COMMON_2, "script": False},
)

THREE: Final = Dialect(
    standard="3.0.0",
    title="XDatenfelder 3",
    namespace="urn:xoev-de:fim:standard:xdatenfelder_3.0.0",
    digits=11,
    version=re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}", re.ASCII),
    version_example="1.0.0",
    status="freigabestatus",
    statuses=frozenset("12345678"),
    field_kinds=frozenset({"input", "select", "label", "hidden", "locked"}),
    datatypes=TWO.datatypes | {"text_latin", "time", "datetime"},
    schema={
        **_COMMON_3,
        **_CHANGES,
        "bezeichnung": False,
        "dokumentsteckbrief": False,
        "ableitungsmodifikationenStruktur": False,
        "ableitungsmodifikationenRepraesentation": False,
    },
    group={**_COMMON_3, **_LABELS, **_HELPED, "art": False},
    field={
        **_COMMON_3,
        **_LABELS,
        **_HELPED,
        **_FIELD,
        "vorbefuellung": False,
        "werte": False,
        "codeKey": False,
        "nameKey": False,
        "helpKey": False,
        "maxSize": False,
    },
    rule={
        **_IDENTITY,
        "beschreibung": False,
        "freitextRegel": False,
        "fachlicherErsteller": False,
        "letzteAenderung": False,
        "typ": False,
        "skript": False,
    },
    often=("bezug", "relation", "stichwort"),
    field_often=("mediaType",),
    rule_often=("bezug", "stichwort", "param", "ziel", "fehler"),
)

BY_VERSION: Final = {"2": TWO, "2.0": TWO, "3": THREE, "3.0": THREE, "3.0.0": THREE}
