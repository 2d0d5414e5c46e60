"""Every kind by example: the schema it fits, an answer in an acceptance case, the value kept.

The reference shows them, and the tests hold them against what the kinds do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sample:
    """A kind of answer: its schema, how a case answers it, and what then stands in the data."""

    widget: str
    meaning: str
    schema: Mapping[str, Any]
    case: Any
    value: Any


_TEXT = {"type": "string", "maxLength": 100}
_ADDRESS = {
    "type": "object",
    "x-kind": "address",
    "additionalProperties": False,
    "required": ["strasse", "hausnummer", "plz", "ort"],
    "properties": {
        "strasse": _TEXT,
        "hausnummer": {"type": "string", "maxLength": 20},
        "adresszusatz": _TEXT,
        "plz": {"type": "string", "maxLength": 12},
        "ort": _TEXT,
        "land": {"type": "string", "maxLength": 2},
    },
}
_PERSON = {
    "type": "object",
    "x-kind": "person",
    "additionalProperties": False,
    "required": ["vorname", "nachname", "geburtsdatum"],
    "properties": {
        "titel": _TEXT,
        "vorname": _TEXT,
        "nachname": _TEXT,
        "geburtsname": _TEXT,
        "geburtsdatum": {"type": "string", "x-kind": "partialdate"},
        "staatsangehoerigkeit": {"type": "string", "maxLength": 2},
    },
}
_ORGANISATION = {
    "type": "object",
    "x-kind": "organisation",
    "additionalProperties": False,
    "required": ["firma"],
    "properties": {
        "firma": {"type": "string", "maxLength": 200},
        "rechtsform": {"type": "string", "enum": ["GmbH", "AG", "e. V."]},
        "registergericht": _TEXT,
        "registernummer": _TEXT,
    },
}
_SIGNATURE = {
    "type": "object",
    "x-kind": "signature",
    "additionalProperties": False,
    "required": ["name", "erklaert"],
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 200},
        "erklaert": {"const": True},
    },
}


def _place(kind: str, shape: str) -> dict[str, Any]:
    return {
        "type": "object",
        "x-kind": kind,
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {
            "adresse": {"type": "string", "maxLength": 200},
            "geometry": {
                "type": "object",
                "required": ["type", "coordinates"],
                "properties": {"type": {"const": shape}, "coordinates": {"type": "array"}},
            },
        },
    }


_TABLE = {
    "type": "array",
    "x-kind": "table",
    "maxItems": 20,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["was", "anzahl"],
        "properties": {
            "was": _TEXT,
            "anzahl": {"type": "integer", "minimum": 1, "maximum": 999},
            "preis": {"type": "integer", "x-money": "cents"},
            "neu": {"type": "boolean"},
        },
    },
}
_COLOURS = ["rot", "blau"]

_SIMPLE: tuple[Sample, ...] = (
    Sample("text", "One line of text.", _TEXT, "Ada Lovelace", "Ada Lovelace"),
    Sample(
        "textarea",
        "Several lines; chosen by itself from 250 characters on.",
        {"type": "string", "maxLength": 2000},
        "Erste Zeile\nZweite Zeile",
        "Erste Zeile\nZweite Zeile",
    ),
    Sample(
        "number",
        "A whole (`integer`) or a decimal number (`number`, up to six decimals).",
        {"type": "number", "minimum": 0},
        "1.234,5",
        1234.5,
    ),
    Sample(
        "money",
        "Euros: whole cents with `x-money: cents`, else a decimal number with `x-money: euro`.",
        {"type": "integer", "x-money": "cents"},
        "12,50",
        1250,
    ),
    Sample("date", "A day.", {"type": "string", "format": "date"}, "3.4.2026", "2026-04-03"),
    Sample(
        "partialdate",
        "A day of which the day, or day and month, may be unknown (00.00.1961).",
        {
            "type": "string",
            "x-kind": "partialdate",
            "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        },
        "00.05.1961",
        "1961-05",
    ),
    Sample(
        "time",
        "A time of day; with `format: time` as RFC 3339 wants it.",
        {"type": "string", "x-kind": "time", "maxLength": 5},
        "8.30 Uhr",
        "08:30",
    ),
    Sample("yesno", "Yes or no.", {"type": "boolean"}, True, True),
    Sample(
        "checkbox", "A box that must be ticked.", {"type": "boolean", "const": True}, True, True
    ),
    Sample(
        "consent",
        "A consent: its text, `purpose` and `info` (how to withdraw it) stand in the texts.",
        {"type": "boolean", "x-kind": "consent"},
        False,
        False,
    ),
    Sample("radio", "One of a few.", {"type": "string", "enum": _COLOURS}, "rot", "rot"),
    Sample(
        "select",
        "One of more than six; chosen by itself.",
        {"type": "string", "enum": [f"zone-{number}" for number in range(1, 10)]},
        "zone-2",
        "zone-2",
    ),
    Sample(
        "checkboxes",
        "Several of several.",
        {"type": "array", "items": {"type": "string", "enum": _COLOURS}},
        ["rot", "blau"],
        ["rot", "blau"],
    ),
    Sample(
        "search",
        "One of up to 20,000, found by typing; chosen by itself for more than a hundred.",
        {"type": "string", "enum": [f"{number:04}" for number in range(200)]},
        "0042",
        "0042",
    ),
    Sample(
        "email",
        "An e-mail address.",
        {"type": "string", "format": "email", "maxLength": 254},
        "Ada@Example.org",
        "Ada@example.org",
    ),
    Sample(
        "phone",
        "A telephone number, kept as E.164.",
        {"type": "string", "x-kind": "phone", "maxLength": 16},
        "04321 / 56 78",
        "+4943215678",
    ),
    Sample(
        "postcode",
        "A German postcode.",
        {"type": "string", "x-kind": "postcode", "pattern": "^[0-9]{5}$"},
        "D-24534",
        "24534",
    ),
    Sample(
        "iban",
        "A bank account of any country, check digits included.",
        {"type": "string", "x-kind": "iban", "maxLength": 34},
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
    ),
    Sample(
        "plate",
        "A German number plate, with E or H and a season.",
        {"type": "string", "x-kind": "plate", "maxLength": 18},
        "ks ab 12h 04-10",
        "KS-AB 12H 04-10",
    ),
    Sample(
        "taxid",
        "The tax id of a person (section 139b AO).",
        {"type": "string", "x-kind": "taxid", "pattern": "^[0-9]{11}$"},
        "36 574 261 809",
        "36574261809",
    ),
    Sample(
        "url",
        "A web address.",
        {"type": "string", "format": "uri", "maxLength": 500},
        "www.example.org/a",
        "https://www.example.org/a",
    ),
    Sample(
        "country",
        "A country, as its ISO 3166-1 code of two letters.",
        {"type": "string", "x-kind": "country", "maxLength": 2},
        "DE",
        "DE",
    ),
    Sample(
        "nationality",
        "The same, also `XX` (stateless) and `ZZ` (unclear).",
        {"type": "string", "x-kind": "nationality", "maxLength": 2},
        "XX",
        "XX",
    ),
)
_COMPOSED: tuple[Sample, ...] = (
    Sample(
        "address",
        "A postal address; the parts are the properties, the known ones with their usual names.",
        _ADDRESS,
        {
            "strasse": "Lindenweg",
            "hausnummer": "3 a",
            "plz": "24534",
            "ort": "Neumünster",
            "land": "DE",
        },
        {
            "strasse": "Lindenweg",
            "hausnummer": "3 a",
            "plz": "24534",
            "ort": "Neumünster",
            "land": "DE",
        },
    ),
    Sample(
        "person",
        "A natural person.",
        _PERSON,
        {"vorname": "Ada", "nachname": "Lovelace", "geburtsdatum": "10.12.1815"},
        {"vorname": "Ada", "nachname": "Lovelace", "geburtsdatum": "1815-12-10"},
    ),
    Sample(
        "organisation",
        "A legal person.",
        _ORGANISATION,
        {"firma": "Muster GmbH", "rechtsform": "GmbH"},
        {"firma": "Muster GmbH", "rechtsform": "GmbH"},
    ),
    Sample(
        "signature",
        "A declaration under one's name instead of a signature; its text is `info`.",
        _SIGNATURE,
        {"name": "Ada Lovelace", "erklaert": True},
        {"name": "Ada Lovelace", "erklaert": True},
    ),
    Sample(
        "point",
        "A place: coordinates (GeoJSON, WGS 84), a description, or both.",
        _place("point", "Point"),
        {"adresse": "Spielplatz am Teich", "geometry": "54,0731 9,9821"},
        {
            "adresse": "Spielplatz am Teich",
            "geometry": {"type": "Point", "coordinates": [9.9821, 54.0731]},
        },
    ),
    Sample(
        "line",
        "A line of up to a hundred points, one a line.",
        _place("line", "LineString"),
        {"geometry": "54,1 9,9\n54,2 9,95"},
        {"geometry": {"type": "LineString", "coordinates": [[9.9, 54.1], [9.95, 54.2]]}},
    ),
    Sample(
        "area",
        "An area: up to a hundred corners in their order; its sides must not touch.",
        _place("area", "Polygon"),
        {"geometry": "54,1 9,9\n54,1 10\n54,2 10"},
        {
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[9.9, 54.1], [10.0, 54.1], [10.0, 54.2], [9.9, 54.1]]],
            }
        },
    ),
    Sample(
        "table",
        "Rows of simple answers; needs `maxItems`, at most 50, and at most ten columns.",
        _TABLE,
        [{"was": "Zelt", "anzahl": 2, "preis": "10,50"}, {"was": "Bank", "anzahl": 1, "neu": True}],
        [{"was": "Zelt", "anzahl": 2, "preis": 1050}, {"was": "Bank", "anzahl": 1, "neu": True}],
    ),
)
SAMPLES: Mapping[str, Sample] = {each.widget: each for each in (*_SIMPLE, *_COMPOSED)}
"""By widget; files, calculated values and mere texts need no example here."""
