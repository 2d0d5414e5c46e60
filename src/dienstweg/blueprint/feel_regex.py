"""Regular expressions of FEEL's `matches` and `replace` (XQuery and XPath Functions 3.1, 5.6.1).

Patterns and texts come from strangers and Python's own engine can be made to try for ever, so a
pattern becomes a small program that visits each pair of place and instruction at most once: time
grows with pattern times text, and both are bounded. References back (`\\1`) cannot be bounded
like this and are refused.
"""

from dataclasses import dataclass, field
from typing import Any

from dienstweg.blueprint.feel_pattern import (
    BadPattern,
    Char,
    Edge,
    Either,
    Group,
    Node,
    Repeat,
    Several,
    parse,
)
from dienstweg.blueprint.feel_values import TooMuch

LONGEST_TEXT = 20_000
MOST_INSTRUCTIONS = 2_000
MOST_STEPS = 400_000
_CHAR, _SPLIT, _JUMP, _SAVE, _EDGE, _END = range(6)
_FLAGS = frozenset("smixq")
_DIGITS = frozenset("0123456789")


@dataclass(slots=True)
class Program:
    """A compiled pattern: instructions, and how many groups it has."""

    code: list[tuple[int, Any, Any]] = field(default_factory=list)
    groups: int = 0

    def add(self, kind: int, one: Any = None, two: Any = None) -> int:
        """Append an instruction and give its place; raises `BadPattern` when it gets too long."""
        if len(self.code) >= MOST_INSTRUCTIONS:
            raise BadPattern
        self.code.append((kind, one, two))
        return len(self.code) - 1


def compiled(pattern: str, flags: str = "") -> Program:
    """Make a program of a pattern; raises `BadPattern`."""
    if not set(flags) <= _FLAGS:
        raise BadPattern
    tree, groups = parse(pattern, flags)
    program = Program(groups=groups)
    _write(program, Group(0, tree))
    program.add(_END)
    return program


def _write(program: Program, node: Node) -> None:
    match node:
        case Char(holds):
            program.add(_CHAR, holds)
        case Edge(start, lines):
            program.add(_EDGE, start, lines)
        case Several(parts):
            for part in parts:
                _write(program, part)
        case Group(number, inner):
            if number is None:
                _write(program, inner)
                return
            program.add(_SAVE, number * 2)
            _write(program, inner)
            program.add(_SAVE, number * 2 + 1)
        case Repeat():
            _repeat(program, node)
        case Either(options):
            _options(program, options)


def _options(program: Program, options: tuple[Node, ...]) -> None:
    ends = []
    for option in options[:-1]:
        split = program.add(_SPLIT)
        _write(program, option)
        ends.append(program.add(_JUMP))
        program.code[split] = (_SPLIT, split + 1, len(program.code))
    _write(program, options[-1])
    for end in ends:
        program.code[end] = (_JUMP, len(program.code), None)


def _repeat(program: Program, node: Repeat) -> None:
    begin = len(program.code)
    for _ in range(node.least):
        _write(program, node.inner)
        if len(program.code) == begin:
            return  # `(?:)` is nothing, however often: nested, it would be written for ever
    if node.most is None:
        split = program.add(_SPLIT)
        _write(program, node.inner)
        program.add(_JUMP, split)
        _branch(program, split, node.greedy)
        return
    splits = []
    for _ in range(node.most - node.least):
        splits.append(program.add(_SPLIT))
        _write(program, node.inner)
    for split in splits:
        _branch(program, split, node.greedy)


def _branch(program: Program, split: int, greedy: bool) -> None:
    ways = split + 1, len(program.code)
    program.code[split] = (_SPLIT, *(ways if greedy else reversed(ways)))


class Search:
    """Looks for a program in one text; all looks together are bounded."""

    def __init__(self, program: Program, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            raise TooMuch("a text is too long for a pattern")
        self.program, self.text = program, text
        self.steps = 0

    def find(self, start: int = 0) -> list[int | None] | None:
        """Give the first match from a place on: starts and ends of its groups; None without one."""
        seen: set[int] = set()
        for begin in range(start, len(self.text) + 1):
            found = self._at(begin, seen)
            if found is not None:
                return found
        return None

    def _at(self, begin: int, seen: set[int]) -> list[int | None] | None:
        """Match from one place; `seen` are the pairs of instruction and place that led nowhere."""
        code, text, size = self.program.code, self.text, len(self.text)
        stack: list[tuple[int, int, tuple[Any, ...]]] = [(0, begin, ())]
        while stack:
            place, at, saved = stack.pop()
            while True:
                key = place * (size + 1) + at
                if key in seen:
                    break
                seen.add(key)
                self._step()
                kind, one, two = code[place]
                if kind == _CHAR:
                    if at >= size or not one(text[at]):
                        break
                    place, at = place + 1, at + 1
                elif kind == _SPLIT:
                    stack.append((two, at, saved))
                    place = one
                elif kind == _JUMP:
                    place = one
                elif kind == _SAVE:
                    saved = (one, at, saved)
                    place += 1
                elif kind == _EDGE:
                    if not self._edge(at, start=one, lines=two):
                        break
                    place += 1
                else:
                    return self._groups(saved)
        return None

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMuch("a pattern takes too many steps")

    def _edge(self, at: int, *, start: bool, lines: bool) -> bool:
        if start:
            return at == 0 or (lines and self.text[at - 1] == "\n")
        return at == len(self.text) or (lines and self.text[at] == "\n")

    def _groups(self, saved: tuple[Any, ...]) -> list[int | None]:
        found: list[int | None] = [None] * (self.program.groups * 2 + 2)
        while saved:
            place, at, saved = saved
            if found[place] is None:
                found[place] = at
        return found


def matches(text: str, pattern: str, flags: str) -> tuple[bool, int]:
    """Whether a pattern is found, and the steps that took; raises `BadPattern` and `TooMuch`."""
    search = Search(compiled(pattern, flags), text)
    return search.find() is not None, search.steps


def replaced(text: str, pattern: str, replacement: str, flags: str) -> tuple[str, int]:
    """The text with every match replaced, and the steps; raises `BadPattern` and `TooMuch`.

    A pattern that fits the empty text is refused (XPath, err:FORX0003).
    """
    program = compiled(pattern, flags)
    if Search(program, "").find() is not None:
        raise BadPattern
    pieces = [replacement] if "q" in flags else _pieces(replacement, program.groups)
    search = Search(program, text)
    done: list[str] = []
    size = at = 0
    while (found := search.find(at)) is not None:
        begin, end = found[0], found[1]
        if begin is None or end is None or end == begin:
            break
        fresh = text[at:begin] + "".join(_piece(each, found, text) for each in pieces)
        size += len(fresh)
        if size > LONGEST_TEXT * 2:
            raise TooMuch("a text becomes too long")
        done.append(fresh)
        at = end
    return "".join(done) + text[at:], search.steps


def _piece(piece: str | int, found: list[int | None], text: str) -> str:
    if isinstance(piece, str):
        return piece
    begin, end = found[piece * 2], found[piece * 2 + 1]
    return "" if begin is None or end is None else text[begin:end]


def _pieces(replacement: str, groups: int) -> list[str | int]:
    """Split a replacement into texts and numbers of groups; `\\$` is a dollar."""
    found: list[str | int] = []
    at = 0
    while at < len(replacement):
        sign, rest = replacement[at], replacement[at + 1 : at + 2]
        if sign == "\\":
            if rest not in ("\\", "$") or not rest:
                raise BadPattern
            found.append(rest)
            at += 2
        elif sign == "$":
            if not (rest.isascii() and rest.isdigit()):
                raise BadPattern
            number, at = int(rest), at + 2
            while replacement[at : at + 1] in _DIGITS and number * 10 <= groups:
                if number * 10 + int(replacement[at]) > groups:
                    break
                number, at = number * 10 + int(replacement[at]), at + 1
            found.append(number if number <= groups else "")
        else:
            found.append(sign)
            at += 1
    return found
