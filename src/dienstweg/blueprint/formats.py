"""Values of fields as people read and type them; in any language by Babel."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.figures import (
    long_date,
    shown_date,
    shown_list,
    shown_money,
    shown_number,
    yes_or_no,
)
from dienstweg.blueprint.kinds.kind import label_of, shown

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field

__all__ = [
    "by_schema",
    "label_of",
    "long_date",
    "shown",
    "shown_date",
    "shown_list",
    "shown_money",
    "shown_number",
    "typed",
    "typed_parts",
    "yes_or_no",
]


def typed(field: "Field", value: Any) -> str | list[str]:
    """A stored value as it stands in the input where it was typed: German notation."""
    if field.parts:
        return ""
    if value is None:
        return [] if field.multiple else ""
    texts = list(field.kind.typed(field, value))
    return texts if field.multiple else (texts[0] if texts else "")


def typed_parts(field: "Field", value: Any) -> dict[str, list[str]]:
    """The same for the parts of a composed field, by their names ("plz", "0-menge")."""
    texts = field.kind.typed(field, value) if field.parts else {}
    return {key: list(each) for key, each in texts.items()} if isinstance(texts, Mapping) else {}


def by_schema(schema: Mapping[str, Any], value: Any, lang: str) -> str:
    """A value by its schema alone, for placeholders in texts: dates, cents and yes or no."""
    if isinstance(value, bool):
        return yes_or_no(value, lang)
    if isinstance(value, list):
        return ", ".join(by_schema(schema, each, lang) for each in value)
    if isinstance(value, int | float):
        if schema.get("x-money") == "cents":
            return shown_money(value / 100, lang)
        return shown_number(value, lang)
    if schema.get("format") == "date":
        return shown_date(value, lang)
    return "" if value is None or isinstance(value, dict) else str(value)
