"""How a value is asked for: which widget a schema suggests, and which it allows."""

from collections.abc import Mapping
from typing import Any

LONG_TEXT = 250
FEW_CHOICES = 6
_TEXTS = frozenset(
    ["text", "textarea", "email", "phone", "postcode", "iban", "plate", "url", "date", "time"]
)
_ALLOWED: dict[str, frozenset[str]] = {
    "string": _TEXTS | {"radio", "select", "file"},
    "integer": frozenset(["number", "money", "radio", "select"]),
    "number": frozenset(["number", "money", "radio", "select"]),
    "boolean": frozenset(["yesno", "checkbox", "radio"]),
    "array": frozenset(["checkboxes", "file"]),
}
_FORMATS = {"date": "date", "email": "email", "idn-email": "email", "uri": "url", "time": "time"}


def derive(schema: Mapping[str, Any]) -> str:
    """The widget that fits a place of the data when the designer has not chosen one."""
    kind = schema.get("type")
    if "x-file" in schema or "x-file" in _items(schema):
        return "file"
    if "enum" in schema or "oneOf" in schema:
        many = len(schema.get("enum") or schema.get("oneOf") or ())
        return "radio" if many <= FEW_CHOICES else "select"
    if kind == "boolean":
        return "checkbox" if schema.get("const") is True else "yesno"
    if kind in ("integer", "number"):
        return "money" if "x-money" in schema else "number"
    return "checkboxes" if kind == "array" else _derived_text(schema)


def _derived_text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[str(schema["format"])]
    return "textarea" if int(schema.get("maxLength", 0)) > LONG_TEXT else "text"


def fits(widget: str, schema: Mapping[str, Any]) -> bool:
    """Whether a widget can produce what the schema wants."""
    kind = schema.get("type")
    if widget == "file":
        return "x-file" in schema or "x-file" in _items(schema)
    return widget in _ALLOWED.get(str(kind), _TEXTS)


def file_rules(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the schema says of uploads: {max_bytes, types}."""
    rules = schema.get("x-file") or _items(schema).get("x-file")
    return rules if isinstance(rules, Mapping) else {}


def _items(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    items = schema.get("items")
    return items if isinstance(items, Mapping) else {}
