"""How a value is asked for: which widget a schema suggests, and which it allows."""

from collections.abc import Mapping
from typing import Any

from dienstweg.blueprint.kinds.table import KINDS
from dienstweg.blueprint.kinds.texts import suggested_text

WIDGETS = frozenset(KINDS) | {"row"}
"""What a page view can hold; `row` is one row of a table."""
FEW_CHOICES = 6
MANY_CHOICES = 100
_FORMATS = {"date": "date", "email": "email", "idn-email": "email", "uri": "url", "time": "time"}


def derive(schema: Mapping[str, Any]) -> str:
    """The widget that fits a place of the data when the designer has not chosen one."""
    kind, said = schema.get("type"), schema.get("x-kind")
    if isinstance(said, str) and said in KINDS and KINDS[said].fits(schema):
        return said
    if KINDS["file"].fits(schema):
        return "file"
    if "enum" in schema or "oneOf" in schema:
        return _derived_choice(len(schema.get("enum") or schema.get("oneOf") or ()))
    if kind == "boolean" or schema.get("const") is True:
        return "checkbox" if schema.get("const") is True else "yesno"
    return _derived_by_type(str(kind), schema)


def _derived_by_type(kind: str, schema: Mapping[str, Any]) -> str:
    if kind in ("integer", "number"):
        return "money" if "x-money" in schema else "number"
    if kind == "array":
        return "table" if KINDS["table"].fits(schema) else "checkboxes"
    return "text" if kind == "object" else _derived_text(schema)


def _derived_choice(many: int) -> str:
    if many <= FEW_CHOICES:
        return "radio"
    return "select" if many <= MANY_CHOICES else "search"


def _derived_text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[str(schema["format"])]
    return suggested_text(schema)


def fits(widget: str, schema: Mapping[str, Any]) -> bool:
    """Whether a widget can produce what the schema wants."""
    kind = KINDS.get(widget)
    return kind is not None and kind.fits(
        schema if "type" in schema else {"type": "string", **schema}
    )


def file_rules(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the schema says of uploads: {max_bytes, types}."""
    rules = schema.get("x-file") or _items(schema).get("x-file")
    return rules if isinstance(rules, Mapping) else {}


def _items(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    items = schema.get("items")
    return items if isinstance(items, Mapping) else {}
