"""Reads CEL into a tree, for what must be known of a rule before it runs: types, constants, paths.

The library that runs the expressions gives no tree. This reads the same language (CEL language
definition, "Syntax") without messages (`Type{...}`), which have no place in a blueprint. What the
library accepts and this does not understand gives `Unread`: such a rule is run, but not typed.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKENS = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
    |(?P<text>[bB]?[rR]?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''
        |\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'))
    |(?P<decimal>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<whole>0[xX][0-9a-fA-F]+[uU]?|\d+[uU]?)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>&&|\|\||[=!<>]=|[-+*/%!<>?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
_DEEPEST = 50
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset(["||"]),
    frozenset(["&&"]),
    frozenset(["<", "<=", ">", ">=", "==", "!=", "in"]),
    frozenset(["+", "-"]),
    frozenset(["*", "/", "%"]),
)
_CONSTANTS = {"true": True, "false": False, "null": None}


class Unread(ValueError):
    """The text is no CEL, or a part of it that is not typed."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the expression: a text, a number, true, false or null."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A variable: "data", "item", or one that a macro has bound."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`, or `of["name"]` with a constant."""

    of: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`of[at]`: an entry of a list, or of an object by a name that is only known when it runs."""

    of: "Node"
    at: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function, an operator ("&&", "+", "!", "-", "?:", "in") or a macro ("exists").

    What a method is called on is the first of `parts`.
    """

    name: str
    parts: tuple["Node", ...]
    method: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """`[a, b]`."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """`{key: value}`."""

    keys: tuple["Node", ...]
    values: tuple["Node", ...]


Node = Constant | Name | Member | Entry | Call | Listed | Mapped


def read(source: str) -> Node:
    """Return the tree of an expression; raises Unread."""
    return _Reader(source).whole()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything in it, outer ones first."""
    yield node
    for each in parts_of(node):
        yield from walk(each)


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly in a node."""
    match node:
        case Member(of, _):
            return (of,)
        case Entry(of, at):
            return (of, at)
        case Call(_, parts) | Listed(parts):
            return parts
        case Mapped(keys, values):
            return (*keys, *values)
    return ()


def path_of(node: Node) -> tuple[str, ...] | None:
    """Return the path that a chain of members is, from its variable on; None for anything else."""
    steps: list[str] = []
    while isinstance(node, Member):
        steps.append(node.name)
        node = node.of
    return (node.name, *reversed(steps)) if isinstance(node, Name) else None


class _Reader:
    """A reader by recursive descent, one function a level of binding."""

    def __init__(self, source: str) -> None:
        self.tokens = list(_tokens(source))
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        found = self._expression()
        if self._kind():
            raise Unread(f"unexpected {self._text()!r}")
        return found

    def _kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _text(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        text = self._text()
        self.at += 1
        return text

    def _is(self, sign: str) -> bool:
        return self._text() == sign and self._kind() in ("sign", "name")

    def _take(self, sign: str) -> bool:
        if self._is(sign):
            self.at += 1
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise Unread(f"{sign!r} is missing")

    def _expression(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unread("too deep")
        found = self._level(0)
        if self._take("?"):
            then = self._expression()
            self._need(":")
            found = Call("?:", (found, then, self._expression()))
        self.depth -= 1
        return found

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        found = self._level(level + 1)
        while self._kind() in ("sign", "name") and self._text() in _LEVELS[level]:
            sign = self._next()
            found = Call(sign, (found, self._level(level + 1)))
        return found

    def _unary(self) -> Node:
        signs = []
        while self._is("!") or self._is("-"):
            signs.append(self._next())
        found = self._member()
        for sign in reversed(signs):
            if sign == "-" and isinstance(found, Constant) and type(found.value) in (int, float):
                found = Constant(-found.value)  # type: ignore[operator]  # just seen: a number
            else:
                found = Call(sign, (found,))
        return found

    def _member(self) -> Node:
        found = self._primary()
        while True:
            if self._take("."):
                if self._kind() != "name":
                    raise Unread("a name is missing after the point")
                name = self._next()
                if self._take("("):
                    found = Call(name, (found, *self._parts(")")), method=True)
                else:
                    found = Member(found, name)
            elif self._take("["):
                at = self._expression()
                self._need("]")
                named = isinstance(at, Constant) and isinstance(at.value, str)
                found = Member(found, str(at.value)) if named else Entry(found, at)  # type: ignore[union-attr]  # named: a constant
            else:
                return found

    def _primary(self) -> Node:
        kind = self._kind()
        if kind in ("text", "whole", "decimal"):
            return Constant(_value(kind, self._next()))
        if self._take("("):
            found = self._expression()
            self._need(")")
            return found
        if self._take("["):
            return Listed(self._parts("]"))
        if self._take("{"):
            return self._map()
        if kind != "name":
            raise Unread(f"unexpected {self._text()!r}")
        name = self._next()
        if name in _CONSTANTS:
            return Constant(_CONSTANTS[name])
        return Call(name, self._parts(")")) if self._take("(") else Name(name)

    def _parts(self, end: str) -> tuple[Node, ...]:
        parts: list[Node] = []
        while not self._take(end):
            if parts:
                self._need(",")
                if self._take(end):
                    break
            parts.append(self._expression())
        return tuple(parts)

    def _map(self) -> Mapped:
        keys: list[Node] = []
        values: list[Node] = []
        while not self._take("}"):
            if keys:
                self._need(",")
            keys.append(self._expression())
            self._need(":")
            values.append(self._expression())
        return Mapped(tuple(keys), tuple(values))


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(source):
        found = _TOKENS.match(source, at)
        if found is None:
            raise Unread(f"unexpected {source[at]!r}")
        at = found.end()
        if found.lastgroup != "space":
            yield str(found.lastgroup), found.group()


def _value(kind: str, text: str) -> str | int | float:
    if kind == "decimal":
        return float(text)
    if kind == "whole":
        return int(text.rstrip("uU"), 0 if text[:2].lower() == "0x" else 10)
    if text[0] in "bB":
        raise Unread("bytes")
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        raise Unread("a text that cannot be read") from None
    return str(found)
