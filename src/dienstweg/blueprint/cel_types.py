"""What a part of an expression can be: the types of the data schema, as rules see them.

Everything may be null besides: what has not been entered yet is null for all rules.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")
GERMAN = {
    "text": "ein Text",
    "date": "ein Datum",
    "whole": "eine ganze Zahl",
    "decimal": "eine Dezimalzahl",
    "bool": "Ja oder Nein",
    "list": "eine Liste",
    "object": "eine Gruppe",
    "null": "leer",
}
"""How a kind of type is called in messages to designers."""
NUMBERS = frozenset(["whole", "decimal"])
TEXTS = frozenset(["text", "date"])


@dataclass(frozen=True, slots=True)
class Type:
    """A type: `kind` is "any" or a key of `GERMAN`.

    `values` are all that it can be, where the schema says so (choices); `inner` is the type of a
    list's entries; `members` are those of an object, None where they are not known.
    """

    kind: str
    values: frozenset[Any] | None = None
    inner: "Type | None" = None
    members: Mapping[str, "Type"] | None = field(default=None, hash=False)

    @property
    def said(self) -> str:
        """What it is called."""
        return GERMAN.get(self.kind, "ein Wert")


ANY = Type("any")
TEXT, DATE, BOOL = Type("text"), Type("date"), Type("bool")
WHOLE, DECIMAL, NULL = Type("whole"), Type("decimal"), Type("null")
_SIMPLE = {"string": TEXT, "integer": WHOLE, "number": DECIMAL, "boolean": BOOL, "null": NULL}


def of_schema(schema: Mapping[str, Any]) -> Type:
    """Return the type of a place of the data."""
    kind = schema.get("type")
    if kind == "array":
        items = schema.get("items")
        return Type("list", inner=of_schema(items) if isinstance(items, Mapping) else ANY)
    if kind == "object":
        members = schema.get("properties")
        known = isinstance(members, Mapping) and "additionalProperties" not in schema
        closed = schema.get("additionalProperties") is False and isinstance(members, Mapping)
        if not (known or closed):
            return Type("object")
        assert isinstance(members, Mapping)
        inside = {name: of_schema(each) for name, each in members.items()}
        return Type("object", members=inside)
    found = _SIMPLE.get(kind) if isinstance(kind, str) else None
    if found is None:
        return ANY
    if found is TEXT and schema.get("format") in ("date", "date-time"):
        return DATE
    values = _values(schema)
    return found if values is None else Type(found.kind, values)


def _values(schema: Mapping[str, Any]) -> frozenset[Any] | None:
    """Return all values that a schema allows, None where it does not list them."""
    if "const" in schema:
        return frozenset([schema["const"]])
    if isinstance(schema.get("enum"), list):
        return frozenset(each for each in schema["enum"] if _hashable(each))
    either = schema.get("oneOf")
    if isinstance(either, list) and all("const" in each for each in either):
        return frozenset(each["const"] for each in either if _hashable(each["const"]))
    return None


def _hashable(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def of_value(value: Any) -> Type:
    """Return the type of a constant, with the value itself."""
    kind = _KINDS.get(type(value))
    return ANY if kind is None else Type(kind, frozenset([value]))


def of_row(value: Any) -> Type:
    """Return the type of a list's row or of one of its values; other rows may have other values."""
    if isinstance(value, Mapping):
        return Type("object", members={str(key): of_row(each) for key, each in value.items()})
    if isinstance(value, list):
        return Type("list", inner=joined([of_row(each) for each in value]))
    if value is None:
        return NULL
    kind = _KINDS.get(type(value))
    return ANY if kind is None else Type(kind)


_KINDS: Mapping[type, str] = {str: "text", int: "whole", float: "decimal", bool: "bool"}


def joined(types: list[Type]) -> Type:
    """Return what covers all of some types: their own kind, with all their values."""
    found = [each for each in types if each.kind != "null"]
    if not found:
        return NULL if types else ANY
    kinds = {each.kind for each in found}
    if len(kinds) > 1:
        return DECIMAL if kinds <= NUMBERS else TEXT if kinds == TEXTS else ANY
    if found[0].kind == "list":
        return Type("list", inner=joined([each.inner or ANY for each in found]))
    return _joined_objects(found) if found[0].kind == "object" else _joined_values(found)


def _joined_values(types: list[Type]) -> Type:
    values: set[Any] = set()
    for each in types:
        if each.values is None:
            return Type(each.kind)
        values |= each.values
    return Type(types[0].kind, frozenset(values))


def _joined_objects(types: list[Type]) -> Type:
    names: dict[str, list[Type]] = {}
    for each in types:
        if each.members is None:
            return Type("object")
        for name, inside in each.members.items():
            names.setdefault(name, []).append(inside)
    return Type("object", members={name: joined(found) for name, found in names.items()})


def comparable(first: Type, second: Type) -> bool:
    """Whether two values of these types can ever be equal or ordered."""
    kinds = {first.kind, second.kind}
    if kinds & {"any", "null"} or len(kinds) == 1:
        return True
    return kinds <= NUMBERS or kinds <= TEXTS


def fits(wanted: Type, given: Type) -> bool:
    """Whether a value of a type may stand where another is wanted."""
    if "any" in (wanted.kind, given.kind) or given.kind in ("null", wanted.kind):
        return True
    if wanted.kind == "decimal" and given.kind == "whole":
        return True
    return wanted.kind in TEXTS and given.kind in TEXTS


def is_date(text: str) -> bool:
    """Whether a text is written as a date."""
    return bool(_DATE.fullmatch(text))
