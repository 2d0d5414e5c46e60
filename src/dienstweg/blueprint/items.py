"""What a task is about where every entry of a list asks for one: "Brandschutzdienststelle"."""

from collections.abc import Mapping
from typing import Any

NAMING = ("name", "title", "label", "code")
"""Columns of a list that name an entry, the best one first."""
LONGEST = 200


def name_of(item: Any) -> str:
    """Return how people call an entry of a list, empty for one that nothing names.

    A text or a number is its own name; an entry with columns is called by one of `NAMING`.
    """
    if isinstance(item, Mapping):
        named = (item.get(column) for column in NAMING)
        return next((text for one in named if (text := _plain(one))), "")
    return _plain(item)


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value).split())[:LONGEST]
