"""Reads the types of FEEL as they stand after `instance of` and in parameters."""

from typing import TYPE_CHECKING

from dienstweg.blueprint.feel_tokens import END
from dienstweg.blueprint.feel_tree import Kind

if TYPE_CHECKING:
    from dienstweg.blueprint.feel_reading import Reader

_SEVERAL = (
    "years and months duration",
    "year month duration",
    "days and time duration",
    "day time duration",
    "date and time",
    "date time",
)
_WORDS = {tuple(name.split()): name for name in _SEVERAL}


def kind_of(reader: "Reader") -> Kind:
    """Read a type where a reader stands; raises `BadFeel`."""
    reader.depth += 1
    if reader.depth > 40:
        raise reader.unexpected()
    found = _kind(reader)
    reader.depth -= 1
    return found


def _kind(reader: "Reader") -> Kind:
    name = _name(reader)
    if not reader.is_sign("<"):
        return Kind(name)
    reader.take()
    names: list[str] = []
    parts: list[Kind] = []
    while not reader.is_sign(">"):
        if parts:
            reader.expect(",")
        if name == "context":
            names.append(reader.label() or "")
        parts.append(kind_of(reader))
    reader.take()
    if name == "function":
        reader.expect("->")
        parts.append(kind_of(reader))
    return Kind(name, tuple(parts), tuple(names))


def _name(reader: "Reader") -> str:
    for parts, name in _WORDS.items():
        found = tuple(each.text for each in reader.tokens[reader.at : reader.at + len(parts)])
        if found == parts:
            reader.at += len(parts)
            return name
    longest = reader.names.longest(reader.tokens, reader.at)
    if longest is not None:
        reader.at += longest[1]
        return longest[0]
    if reader.now.kind != "name" or reader.now is END:
        raise reader.unexpected()
    name = reader.take().text
    while reader.is_sign(".") and reader.tokens[reader.at + 1].kind == "name":
        reader.take()
        name = f"{name}.{reader.take().text}"
    return name
