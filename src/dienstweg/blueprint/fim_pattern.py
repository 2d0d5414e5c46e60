"""Patterns of FIM fields: XSD regular expressions into what a JSON Schema and CEL understand.

XSD patterns (XML Schema Part 2, Appendix F) are anchored by themselves and know classes that
others do not. They are parsed, not replaced by text, so that what cannot be said is noticed; and
the same tree gives an example that matches, for the generated acceptance case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import jsonschema_rs

LONGEST: Final = 1_000
MOST_TIMES: Final = 1_000
_DEEPEST: Final = 20
_SAMPLE: Final = "aA1ÄzßZ0- .,/@_xX5;:+#()!'\"&%$§?=*<>|\\~^[]{}"
# XSD's \\w is everything but punctuation, separators and others; JSON Schema's is ASCII only.
_WORD: Final = r"\p{L}\p{M}\p{N}\p{S}"
_CLASSES: Final = {"d": "0-9", "w": _WORD, "s": r"\s"}
_NEGATED: Final = {"D": "[^0-9]", "W": f"[^{_WORD}]", "S": r"\S"}
_CATEGORIES: Final = {
    "L": "a",
    "Lu": "A",
    "Ll": "a",
    "Lt": "ǅ",
    "Lm": "ʰ",
    "Lo": "ª",
    "M": "\u0301",
    "Mn": "\u0301",
    "N": "1",
    "Nd": "1",
    "Nl": "Ⅳ",
    "No": "²",
    "P": "-",
    "Pc": "_",
    "Pd": "-",
    "Ps": "(",
    "Pe": ")",
    "Pi": "«",
    "Pf": "»",
    "Po": "!",
    "Z": " ",
    "Zs": " ",
    "S": "+",
    "Sm": "+",
    "Sc": "€",
    "Sk": "^",
    "So": "°",
}
#: Blocks of Unicode that German forms use, as ranges; others are refused by name.
_BLOCKS: Final = {
    "IsBasicLatin": (r"\x00-\x7F", "a"),
    "IsLatin-1Supplement": (r"\x80-\xFF", "ä"),
    "IsLatinExtended-A": (r"\u0100-\u017F", "ő"),
    "IsLatinExtended-B": (r"\u0180-\u024F", "ǆ"),
}
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_CONTROL_SOURCES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LITERAL_ESCAPES: Final = frozenset("\\|.-^?*+{}()[]$/@_ ~#&%!=:;,'\"<>")


class NotTranslatable(ValueError):
    """The pattern uses what only XSD knows, or is wrong; the text says in German what."""


@dataclass(frozen=True, slots=True)
class One:
    """A single character: how it is written in the result, and one that matches."""

    source: str
    example: str


@dataclass(frozen=True, slots=True)
class Times:
    """A part that occurs `low` to `high` times (`None`: without end)."""

    part: Part
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after another."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several ways."""

    ways: tuple[Part, ...]


Part = One | Times | Row | Either


@dataclass(frozen=True, slots=True)
class Translated:
    """A pattern for JSON Schema, anchored at both ends, and its tree for examples."""

    anchored: str
    tree: Part

    def example(self, shortest: int = 0, longest: int | None = None) -> str | None:
        """Give a text that matches and has an allowed length, or `None` if none is found."""
        checker = _checker(self.anchored)
        for more in range(80):
            text = _example(self.tree, more)
            fits = len(text) >= shortest and (longest is None or len(text) <= longest)
            if fits and checker.is_valid(text):
                return text
        return None


def translate(pattern: str) -> Translated:
    """Turn an XSD pattern into an anchored one; raises NotTranslatable.

    Authors of FIM fields often write `^` and `$` as if they were anchors, which XSD does not
    know; at the very ends they are taken as what was meant.
    """
    inner = pattern.removeprefix("^")
    if inner.endswith("$") and not inner.endswith("\\$"):
        inner = inner[:-1]
    if len(inner) > LONGEST:
        raise NotTranslatable(f"Das Muster ist länger als {LONGEST} Zeichen.")
    tree = _Parser(inner).parse()
    anchored = f"^(?:{_source(tree)})$" if isinstance(tree, Either) else f"^{_source(tree)}$"
    _checker(anchored)
    return Translated(anchored, tree)


def _checker(anchored: str) -> jsonschema_rs.Validator:
    """The engine that will judge what applicants enter: linear in time, bounded in size."""
    try:
        return jsonschema_rs.validator_for({"type": "string", "pattern": anchored})
    except (ValueError, jsonschema_rs.ValidationError):
        raise NotTranslatable("Das Muster ist zu groß oder kein gültiger Ausdruck.") from None


class _Parser:
    """Recursive descent over XSD's grammar of regular expressions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def parse(self) -> Part:
        tree = self.either()
        if self.at < len(self.text):
            raise NotTranslatable(f"Im Muster steht an Stelle {self.at + 1} eine Klammer zu viel.")
        return tree

    def look(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        char = self.look()
        if not char:
            raise NotTranslatable("Das Muster bricht mittendrin ab.")
        self.at += 1
        return char

    def either(self) -> Part:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotTranslatable("Das Muster ist zu tief verschachtelt.")
        ways = [self.row()]
        while self.look() == "|":
            self.take()
            ways.append(self.row())
        self.depth -= 1
        return ways[0] if len(ways) == 1 else Either(tuple(ways))

    def row(self) -> Part:
        parts: list[Part] = []
        while self.look() and self.look() not in "|)":
            parts.append(self.repeated(self.atom()))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def atom(self) -> Part:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        if char == ".":
            return One(".", "x")
        if char == "\\":
            return self.escape()
        if char in "?*+{}]":
            raise NotTranslatable(f"Im Muster steht {char!r} an einer falschen Stelle.")
        if char in "^$":
            raise NotTranslatable(f"{char!r} mitten im Muster ist mehrdeutig.")
        return One(_plain(char), char)

    def group(self) -> Part:
        if self.look() == "?":
            raise NotTranslatable("Gruppen mit '(?' kennt das Format der FIM-Muster nicht.")
        inner = self.either()
        if self.take() != ")":
            raise NotTranslatable("Im Muster fehlt eine schließende Klammer.")
        return inner

    def repeated(self, part: Part) -> Part:
        char = self.look()
        simple: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        if char in simple and char:
            self.take()
            return Times(part, *simple[char])
        if char != "{":
            return part
        found = re.compile(r"\{(\d{1,6})(?:(,)(\d{0,6}))?\}", re.ASCII).match(self.text, self.at)
        if not found:
            raise NotTranslatable("Im Muster ist eine Anzahl in {} falsch.")
        self.at = found.end()
        low = int(found[1])
        high: int | None = low
        if found[2]:
            high = int(found[3]) if found[3] else None
        if max(low, high or 0) > MOST_TIMES or (high is not None and high < low):
            raise NotTranslatable("Im Muster ist eine Anzahl in {} zu groß oder verdreht.")
        return Times(part, low, high)

    def escape(self) -> One:
        char = self.take()
        if char in _CLASSES:
            source = r"\s" if char == "s" else f"[{_CLASSES[char]}]"
            return One(source, {"d": "1", "w": "a", "s": " "}[char])
        if char in _NEGATED:
            return One(_NEGATED[char], {"D": "a", "W": "-", "S": "a"}[char])
        if char in "pP":
            return self.category(char)
        return One(_plain(self.literal(char)), self.literal(char))

    def category(self, letter: str) -> One:
        name = self.category_name(letter)
        if name in _BLOCKS:
            within, example = _BLOCKS[name]
            if letter == "p":
                return One(f"[{within}]", example)
            return One(f"[^{within}]", "a" if name != "IsBasicLatin" else "ä")
        return One(f"\\{letter}{{{name}}}", _CATEGORIES[name] if letter == "p" else "\t")

    def category_name(self, letter: str) -> str:
        found = re.compile(r"\{([A-Za-z0-9-]{1,40})\}").match(self.text, self.at)
        if found and (found[1] in _CATEGORIES or found[1] in _BLOCKS):
            self.at = found.end()
            return found[1]
        name = found[1] if found else "?"
        raise NotTranslatable(f"Die Zeichenklasse \\{letter}{{{name}}} ist nicht übertragbar.")

    @staticmethod
    def literal(char: str) -> str:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in _LITERAL_ESCAPES:
            return char
        raise NotTranslatable(f"'\\{char}' ist im Muster nicht übertragbar.")

    def char_class(self) -> One:
        negated = self.look() == "^"
        if negated:
            self.take()
        written: list[str] = []
        while self.look() != "]" or not written:
            written.append(self.member())
        self.take()
        source = f"[{'^' if negated else ''}{''.join(written)}]"
        checker = _checker(f"^{source}$")
        likely = (*_SAMPLE, *map(chr, range(0x20, 0x250)))
        example = next((char for char in likely if checker.is_valid(char)), None)
        if example is None:
            raise NotTranslatable("Auf eine Zeichenklasse in [] passt kein übliches Zeichen.")
        return One(source, example)

    def member(self) -> str:
        char = self.take()
        if char == "[":
            raise NotTranslatable("'[' in einer Zeichenklasse ist im Muster nicht übertragbar.")
        if char == "-":
            if self.look() == "[":
                raise NotTranslatable("Das Abziehen von Zeichenklassen ist nicht übertragbar.")
            return r"\-"
        return self.ranged(*self.member_start(char))

    def member_start(self, char: str) -> tuple[str, bool]:
        """Give a member as written, and whether it is one character (and may begin a range)."""
        if char != "\\":
            return _in_class(char), True
        escaped = self.take()
        if escaped in _CLASSES:
            return _CLASSES[escaped], False
        if escaped == "S":
            return _NEGATED[escaped], False
        if escaped in {"p", "P"}:
            return self.member_category(escaped), False
        if escaped in {"D", "W"}:
            raise NotTranslatable(f"'\\{escaped}' in einer Zeichenklasse ist nicht übertragbar.")
        return _in_class(self.literal(escaped)), True

    def member_category(self, letter: str) -> str:
        """A category or block inside a class."""
        name = self.category_name(letter)
        if name not in _BLOCKS:
            return f"\\{letter}{{{name}}}"
        if letter == "P":
            raise NotTranslatable(f"\\P{{{name}}} in einer Zeichenklasse ist nicht übertragbar.")
        return _BLOCKS[name][0]

    def ranged(self, start: str, single: bool) -> str:
        follows = self.text[self.at : self.at + 2]
        if not single or len(follows) < 2 or follows[0] != "-" or follows[1] in "][":
            return start
        self.take()
        end, fine = self.member_start(self.take())
        if not fine:
            raise NotTranslatable("Im Muster endet ein Bereich in [] mit einer Klasse.")
        return f"{start}-{end}"


def _in_class(char: str) -> str:
    return _CONTROL_SOURCES.get(char) or ("\\" + char if char in "\\]^-[&~|" else char)


def _plain(char: str) -> str:
    return _CONTROL_SOURCES.get(char) or ("\\" + char if char in "\\.^$|?*+()[]{}" else char)


def _source(part: Part, *, inside: bool = False) -> str:
    match part:
        case One(source, _):
            return source
        case Row(parts):
            text = "".join(
                f"(?:{_source(p)})" if isinstance(p, Either) else _source(p) for p in parts
            )
            return f"(?:{text})" if inside else text
        case Either(ways):
            text = "|".join(_source(way) for way in ways)
            return f"(?:{text})" if inside else text
        case Times(inner, low, high):
            text = _source(inner, inside=True)
            if isinstance(inner, Times):
                text = f"(?:{text})"
            return text + _quantifier(low, high)


def _quantifier(low: int, high: int | None) -> str:
    simple = {(0, 1): "?", (0, None): "*", (1, None): "+"}
    if (low, high) in simple:
        return simple[(low, high)]
    if high == low:
        return f"{{{low}}}"
    return f"{{{low},{'' if high is None else high}}}"


def _example(part: Part, more: int) -> str:
    """An example in which everything that may repeat does so `more` times beyond its least."""
    match part:
        case One(_, example):
            return example
        case Row(parts):
            return "".join(_example(each, more) for each in parts)
        case Either(ways):
            return _example(ways[0], more)
        case Times(inner, low, high):
            times = low + more if high is None else min(low + more, high)
            return (_example(inner, 0) * times)[:2_000]
