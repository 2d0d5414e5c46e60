"""What a CEL expression refers to and how deeply it repeats, read from its text alone."""

import re
from dataclasses import dataclass, field

MACROS = frozenset(["all", "exists", "exists_one", "filter", "map"])
_TOKENS = re.compile(
    r"""(?P<text>[rR]?(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'))
    |(?P<number>\d[\w.]*)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>&&|\|\||[=!<>]=|.)""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = frozenset(["true", "false", "null", "in"])


@dataclass(frozen=True, slots=True)
class Scan:
    """`paths` from their root variable on, without the variables that macros bind; `deepest` the
    nesting of macros (0: none); `loops` the nested lists that macros run over, outermost first, as
    paths (an empty path: a list that stands in the expression or comes from a bound variable);
    `roots` the variables it needs ("data", "item", ...), `longest_first` the paths, sorted so."""

    paths: frozenset[tuple[str, ...]]
    deepest: int
    loops: tuple[tuple[tuple[str, ...], ...], ...]
    roots: frozenset[str] = field(init=False)
    longest_first: tuple[tuple[str, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what every evaluation asks for."""
        object.__setattr__(self, "roots", frozenset(path[0] for path in self.paths))
        ordered = sorted(self.paths, key=len, reverse=True)
        object.__setattr__(self, "longest_first", tuple(ordered))


class _Reader:
    """Walks over the tokens once, keeping the open brackets and what they belong to."""

    def __init__(self, source: str) -> None:
        self.tokens = [
            (str(match.lastgroup), match.group())
            for match in _TOKENS.finditer(source)
            if not match.group().isspace()
        ]
        self.at = 0
        self.paths: set[tuple[str, ...]] = set()
        self.loops: list[tuple[tuple[str, ...], ...]] = []
        self.open: list[tuple[tuple[str, ...], str] | None] = []
        self.closed: tuple[str, ...] = ()
        self.deepest = 0

    def read(self) -> Scan:
        """All of the expression."""
        while self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            if kind == "name" and text not in _CONSTANTS:
                self._chain()
                continue
            if kind == "sign" and text == "." and self._next_is_name(1):
                self._call_on(self.closed, self.tokens[self.at + 1][1])
                continue
            self._bracket(text if kind == "sign" else "")
            self.at += 1
        return Scan(frozenset(self.paths), self.deepest, tuple(self.loops))

    def _bracket(self, text: str) -> None:
        if text in ("(", "[", "{"):
            self.open.append(None)
        elif text in (")", "]", "}"):
            ended = self.open.pop() if self.open else None
            self.closed = ended[0] if ended else ()
        elif text:
            self.closed = ()

    def _next_is_name(self, ahead: int) -> bool:
        at = self.at + ahead
        return at < len(self.tokens) and self.tokens[at][0] == "name"

    def _sign(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at][1] if at < len(self.tokens) else ""

    def _chain(self) -> None:
        """A variable with what follows it by dots and constant brackets, or a function's name."""
        parts = [self.tokens[self.at][1]]
        self.at += 1
        if self._sign() == "(":
            return
        while True:
            if self._sign() == "." and self._next_is_name(1):
                if self._sign(2) == "(":
                    self._note(parts)
                    self._call_on(tuple(parts), self.tokens[self.at + 1][1])
                    return
                parts.append(self.tokens[self.at + 1][1])
                self.at += 2
            elif self._sign() == "[" and self._sign(2) == "]" and self._text_at(1) is not None:
                parts.append(str(self._text_at(1)))
                self.at += 3
            else:
                self._note(parts)
                self.closed = tuple(parts)
                return

    def _text_at(self, ahead: int) -> str | None:
        kind, text = self.tokens[self.at + ahead]
        return text[1:-1] if kind == "text" and text[0] in "\"'" else None

    def _note(self, parts: list[str]) -> None:
        bound = {each[1] for each in self.open if each}
        if parts[0] not in bound:
            self.paths.add(tuple(parts))

    def _call_on(self, target: tuple[str, ...], name: str) -> None:
        """`target.name(...)`: a macro binds a variable for what stands in its brackets."""
        self.at += 2
        if self._sign() != "(" or name not in MACROS or not self._next_is_name(1):
            return
        bound = {each[1] for each in self.open if each}
        over = () if target and target[0] in bound else target
        self.open.append((over, self.tokens[self.at + 1][1]))
        nested = tuple(each[0] for each in self.open if each)
        self.deepest = max(self.deepest, len(nested))
        self.loops.append(nested)
        self.at += 3  # bracket, variable and comma


def scan(source: str) -> Scan:
    """Read a syntactically valid expression; one that is not gives a scan without meaning."""
    return _Reader(source).read()
