"""Reads what stands alone in FEEL: constants, names, lists, contexts, intervals, loops."""

from decimal import Decimal
from typing import TYPE_CHECKING

from dienstweg.blueprint.feel_kinds import kind_of
from dienstweg.blueprint.feel_names import KEYWORDS, Names
from dienstweg.blueprint.feel_tokens import END, unescaped
from dienstweg.blueprint.feel_tree import (
    Choice,
    Context,
    Interval,
    Kind,
    Lambda,
    Listed,
    Literal,
    Loop,
    Moment,
    Name,
    Node,
    Turn,
)

if TYPE_CHECKING:
    from dienstweg.blueprint.feel_reading import Reader

COMPARED = frozenset(["<", "<=", ">", ">=", "=", "!="])
_CONSTANTS = {"null": None, "true": True, "false": False}


def primary(reader: "Reader") -> Node:
    """Read a value before any operator; raises `BadFeel`."""
    token = reader.now
    match token.kind:
        case "number":
            return Literal(Decimal(reader.take().text))
        case "text":
            return Literal(unescaped(reader.take().text))
        case "name":
            return _named(reader)
        case "sign":
            return _signed(reader)
    raise reader.unexpected()


def _named(reader: "Reader") -> Node:
    longest = reader.names.longest(reader.tokens, reader.at)
    if longest is not None:
        reader.at += longest[1]
        return Name(longest[0])
    text = reader.now.text
    if text in _CONSTANTS:
        reader.take()
        return Literal(_CONSTANTS[text])
    special = _SPECIAL.get(text)
    if special is not None and not (text == "function" and not reader.is_sign("(", ahead=1)):
        return special(reader)
    if text in KEYWORDS:
        raise reader.unexpected()
    return Name(reader.take().text)


def _signed(reader: "Reader") -> Node:
    match reader.now.text:
        case "@":
            reader.take()
            if reader.now.kind != "text":
                raise reader.unexpected()
            return Moment(unescaped(reader.take().text))
        case "?":
            reader.take()
            return Name("?")
        case "{":
            return _context(reader)
        case "(" | "[" | "]":
            return _bracket(reader)
    raise reader.unexpected()


def _bracket(reader: "Reader") -> Node:
    """A list, an expression in brackets, an interval, or a comparison as one."""
    opened = reader.take().text
    if opened == "[" and reader.is_sign("]"):
        reader.take()
        return Listed(())
    if opened == "(" and reader.is_sign(*COMPARED):
        found = reader.test()
        reader.expect(")")
        return found
    first = reader.expression()
    if reader.is_sign(".."):
        return _interval(reader, opened, first)
    if opened == "(":
        reader.expect(")")
        return first
    if opened == "]":
        raise reader.unexpected()
    parts = [first]
    while reader.is_sign(","):
        reader.take()
        parts.append(reader.expression())
    reader.expect("]")
    return Listed(tuple(parts))


def _interval(reader: "Reader", opened: str, low: Node) -> Node:
    reader.take()
    reader.open_ends += 1
    high = reader.expression()
    reader.open_ends -= 1
    if not reader.is_sign("]", ")", "["):
        raise reader.unexpected()
    closed = reader.take().text
    return Interval(low, high, opened == "[", closed == "]")


def _context(reader: "Reader") -> Node:
    reader.take()
    outer, reader.names = reader.names, Names((), reader.names)
    names: list[str] = []
    values: list[Node] = []
    while not reader.is_sign("}"):
        if names:
            reader.expect(",")
        name = reader.label()
        if name is None:
            raise reader.unexpected()
        values.append(reader.expression())
        names.append(name)
        reader.names.add(name)
        reader.members.add(name)
    reader.take()
    reader.names = outer
    return Context(tuple(names), tuple(values))


def _choice(reader: "Reader") -> Node:
    """`if ... then ... else ...`."""
    reader.take()
    when = reader.expression()
    reader.expect("then")
    yes = reader.expression()
    reader.expect("else")
    return Choice(when, yes, reader.expression())


def _loop(reader: "Reader") -> Node:
    """`for`, `some` and `every`."""
    word = reader.take().text
    outer, reader.names = reader.names, Names((), reader.names)
    turns = [_turn(reader)]
    while reader.is_sign(","):
        reader.take()
        turns.append(_turn(reader))
    reader.expect("return" if word == "for" else "satisfies")
    reader.names.add("partial")
    body = reader.expression()
    reader.names = outer
    return Loop(word, tuple(turns), body)


def _turn(reader: "Reader") -> Turn:
    start = reader.at
    while reader.now.text != "in" and reader.now is not END:
        reader.take()
    name = reader.joined(reader.tokens[start : reader.at])
    reader.expect("in")
    if not name:
        raise reader.unexpected()
    over = reader.expression()
    until = None
    if reader.is_sign(".."):
        reader.take()
        until = reader.expression()
    reader.names.add(name)
    return Turn(name, over, until)


def _function(reader: "Reader") -> Node:
    """`function(a: number, b) body`."""
    reader.take()
    reader.expect("(")
    names: list[str] = []
    kinds: list[Kind | None] = []
    while not reader.is_sign(")"):
        if names:
            reader.expect(",")
        name = reader.label()
        kinds.append(None if name is None else kind_of(reader))
        names.append(_parameter(reader) if name is None else name)
    reader.take()
    external = reader.is_word("external")
    if external:
        reader.take()
    outer, reader.names = reader.names, Names(names, reader.names)
    body = reader.expression()
    reader.names = outer
    return Lambda(tuple(names), tuple(kinds), body, external)


def _parameter(reader: "Reader") -> str:
    start = reader.at
    while not reader.is_sign(",", ")") and reader.now is not END:
        reader.take()
    if start == reader.at or reader.tokens[start].kind != "name":
        raise reader.unexpected()
    return reader.joined(reader.tokens[start : reader.at])


_SPECIAL = {
    "if": _choice,
    "for": _loop,
    "some": _loop,
    "every": _loop,
    "function": _function,
}
