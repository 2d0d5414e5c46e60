"""Placeholders in the texts of messages: {case_number}, {authority}, {data.hund.name}, ..."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import formats

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

_PLACEHOLDER = re.compile(r"\{(money |date )?([a-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)\}")
ROOTS = frozenset(
    {"case_number", "authority", "data", "decision", "task", "report", "facts", "submitted_at"}
    | {"today", "title", "case", "sign", "item", "outcome", "reason", "deadlines"}
)
"""What a placeholder may begin with; outcome and reason are those of the last completed task."""


def fill(release: "Release", template: str, context: Mapping[str, Any], *, lang: str = "de") -> str:
    """A text with its placeholders filled in, in the notation of the language.

    `{data.hund.geburt}` follows the data schema (dates, cents, labels of choices); `{money x}` and
    `{date x}` say it for what has no schema. What is not there becomes an empty text.
    """

    def filled(found: re.Match[str]) -> str:
        path = tuple(found[2].split("."))
        value = _at(context, path)
        if found[1] == "money " and isinstance(value, int | float):
            return formats.shown_money(value / 100, lang)
        if found[1] == "date ":
            return formats.shown_date(value, lang) if value else ""
        if path[0] == "data":
            return _by_schema(release, path[1:], value, lang)
        return formats.by_schema({}, value, lang)

    return _PLACEHOLDER.sub(filled, template)


def placeholders(template: str) -> Iterator[tuple[str, ...]]:
    """The paths that a text refers to."""
    for found in _PLACEHOLDER.finditer(template):
        yield tuple(found[2].split("."))


def _by_schema(release: "Release", path: tuple[str, ...], value: Any, lang: str) -> str:
    for page, field in release.assistant.fields():
        if page.repeat is None and field.at is not None and path[: len(field.at)] == field.at:
            part = field.named(path[-1]) if len(path) == len(field.at) + 1 else field
            if part is not field or field.at == path:
                return formats.shown(release, part, value, lang)
    place = release.schema.place(path)
    return formats.by_schema(place.schema if place else {}, value, lang)


def _at(tree: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        if not isinstance(tree, Mapping):
            return None
        tree = tree.get(part)
    return tree
