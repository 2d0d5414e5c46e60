"""Reads the regular expressions of XPath into a tree (XML Schema part 2, appendix G; XPath 5.6.1).

Classes with subtraction (`[a-z-[aeiou]]`), properties (`\\p{Lu}`), lazy repetition, groups; the
flags s, m, i, x and q. What is not allowed there raises `BadPattern`.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 500
MOST_REPEATED = 200
_DEEPEST = 20
Holds = Callable[[str], bool]


class BadPattern(ValueError):
    """The text is no regular expression of XPath, or a larger one than may be used."""


@dataclass(frozen=True, slots=True)
class Char:
    """One sign of which something holds."""

    holds: Holds


@dataclass(frozen=True, slots=True)
class Edge:
    """`^` or `$`; with `lines` also at the edge of a line."""

    start: bool
    lines: bool


@dataclass(frozen=True, slots=True)
class Several:
    """One after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of them, the first that fits."""

    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its number; None for one that is not counted."""

    number: int | None
    inner: "Node"


@dataclass(frozen=True, slots=True)
class Repeat:
    """So often; `most` None is without end, `greedy` as often as possible."""

    inner: "Node"
    least: int
    most: int | None
    greedy: bool


Node = Char | Edge | Several | Either | Group | Repeat


def parse(pattern: str, flags: str) -> tuple[Node, int]:
    """Read a pattern: its tree, and how many groups it counts; raises `BadPattern`."""
    if len(pattern) > LONGEST:
        raise BadPattern
    if "q" in flags:
        return Several(tuple(Char(_same(each, "i" in flags)) for each in pattern)), 0
    reader = _Reader(pattern, flags)
    found = reader.options()
    if reader.at < len(reader.pattern):
        raise BadPattern
    return found, reader.groups


def _same(sign: str, folded: bool) -> Holds:
    if folded and sign.lower() != sign.upper():
        either = {sign, sign.lower(), sign.upper()}
        return lambda given: given in either
    return lambda given: given == sign


def _is_space(sign: str) -> bool:
    return sign in " \t\n\r"


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "PZC"


def _is_start(sign: str) -> bool:
    return sign in "_:" or unicodedata.category(sign)[0] == "L"


def _is_named(sign: str) -> bool:
    return _is_start(sign) or sign in ".-\u00b7" or unicodedata.category(sign)[0] in "MN"


_CLASSES: dict[str, Holds] = {
    "d": lambda sign: unicodedata.category(sign) == "Nd",
    "s": _is_space,
    "w": _is_word,
    "i": _is_start,
    "c": _is_named,
}
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | {each: each for each in "\\|.?*+(){}$-[]^"}


class _Reader:
    """Recursive descent over one pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = "".join(pattern.split()) if "x" in flags else pattern
        self.folded, self.lines, self.dots = "i" in flags, "m" in flags, "s" in flags
        self.at = self.groups = self.depth = 0

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        sign = self._next()
        if not sign:
            raise BadPattern
        self.at += 1
        return sign

    def options(self) -> Node:
        """Read what stands between bars."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadPattern
        found = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            found.append(self._sequence())
        self.depth -= 1
        return Either(tuple(found)) if len(found) > 1 else found[0]

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return Several(tuple(parts))

    def _atom(self) -> Node:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return Char(self._class())
        if sign == "\\":
            return Char(self._escaped())
        if sign == ".":
            return Char((lambda _: True) if self.dots else (lambda given: given not in "\n\r"))
        if sign in "^$":
            return Edge(sign == "^", self.lines)
        if sign in "*+?{}]":
            raise BadPattern
        return Char(_same(sign, self.folded))

    def _group(self) -> Node:
        number = None
        if self.pattern[self.at : self.at + 2] == "?:":
            self.at += 2
        else:
            self.groups += 1
            number = self.groups
        inner = self.options()
        if self._take() != ")":
            raise BadPattern
        return Group(number, inner)

    def _repeated(self, inner: Node) -> Node:
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._next())
        if bounds is not None:
            self.at += 1
        elif self._next() == "{":
            bounds = self._bounds()
        else:
            return inner
        lazy = self._next() == "?"
        self.at += lazy
        if self._next() in ("*", "+", "?", "{") and self._next():
            raise BadPattern
        return Repeat(inner, *bounds, not lazy)

    def _bounds(self) -> tuple[int, int | None]:
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at + 1 : end].partition(",")
        if end < 0 or not low.isdecimal() or (high and not high.isdecimal()) or len(low + high) > 8:
            raise BadPattern
        self.at = end + 1
        least = int(low)
        most = int(high) if high else None if comma else least
        if least > MOST_REPEATED or (most or 0) > MOST_REPEATED or (most or least) < least:
            raise BadPattern
        return least, most

    def _escaped(self) -> Holds:
        sign = self._take()
        if sign in "pP":
            return self._property(sign == "P")
        if sign.lower() in _CLASSES:
            holds = _CLASSES[sign.lower()]
            return holds if sign.islower() else (lambda given: not holds(given))
        if sign not in _SINGLE:
            raise BadPattern
        return _same(_SINGLE[sign], self.folded)

    def _property(self, negated: bool) -> Holds:
        end = self.pattern.find("}", self.at)
        if self._next() != "{" or end < 0:
            raise BadPattern
        name = self.pattern[self.at + 1 : end]
        self.at = end + 1
        if not name or len(name) > 2 or name[0] not in "LMNPZSC":
            raise BadPattern
        return lambda given: unicodedata.category(given).startswith(name) is not negated

    def _class(self) -> Holds:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadPattern
        negated = self._next() == "^"
        self.at += negated
        found: list[Holds] = []
        without: Holds | None = None
        while self._next() != "]" or not found:
            if self.pattern[self.at : self.at + 2] == "-[" and found:
                self.at += 2
                without = self._class()
                break
            found.append(self._member())
        if self._take() != "]":
            raise BadPattern
        self.depth -= 1
        return _united(tuple(found), negated, without)

    def _member(self) -> Holds:
        """One sign, a range of them, or a class by its letter."""
        sign = self._take()
        if sign == "[":
            raise BadPattern
        if sign == "\\":
            if self._next() not in _SINGLE:
                return self._escaped()
            sign = _SINGLE[self._take()]
        after = self.pattern[self.at + 1 : self.at + 2]
        if self._next() != "-" or after in ("]", "[", ""):
            return _same(sign, self.folded)
        self.at += 1
        end = self._take()
        if end == "\\":
            end = _SINGLE.get(self._take(), "")
        if not end or end < sign:
            raise BadPattern
        return _ranged(sign, end, self.folded)


def _ranged(low: str, high: str, folded: bool) -> Holds:
    if not folded:
        return lambda given: low <= given <= high
    return lambda given: any(low <= each <= high for each in (given, given.lower(), given.upper()))


def _united(members: tuple[Holds, ...], negated: bool, without: Holds | None) -> Holds:
    def holds(given: str) -> bool:
        within = any(each(given) for each in members) is not negated
        return within and (without is None or not without(given))

    return holds
