"""Cuts the German text of a FIM rule into words, ids, values and signs, with their places.

The first half of the grammar in docs/fim-rules.md. Nothing is thrown away here but white space: a
character that is no token is a reason not to translate the rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

LONGEST_RULE = 12_000
MOST_TOKENS = 3_000

Kind = Literal["id", "text", "number", "word", "sign", "end"]

_ID = r"[FG]\d{8}(?:\d{3})?"
_QUOTES = "\"'„“”‚‘’»«"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<id>{_ID}(?:\.{_ID})*)(?![\w])
    |(?P<sign>===|==|=|<>|!=|<=|>=|<|>|[.,:;()\[\]/&%§+*?!–-])
    |(?P<number>\d+(?:,\d+)?)(?![\w])
    |(?P<word>[^\W_](?:[\w/-]*\w)?)
    """,
    re.VERBOSE,
)
_STRAY = re.compile(rf"[{_QUOTES}](?={_ID}\s*[{_QUOTES}])")
_CLOSING = {'"': '"', "'": "'", "„": '“”"', "“": '”“"', "”": '”"', "‚": "‘’'", "»": "«"}


class NotRead(ValueError):
    """The rule is not translated; the text says why, in German."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text (of a quoted one without the quotes), and where it begins."""

    kind: Kind
    text: str
    at: int

    @property
    def folded(self) -> str:
        """The text in small letters, for comparing key words."""
        return self.text.lower()  # casefold would make „größer“ into „grösser“


def tokens(text: str) -> tuple[Token, ...]:
    """Give all tokens of a rule's text, an "end" last; raises NotRead for what is none."""
    if len(text) > LONGEST_RULE:
        raise NotRead("Der Text ist zu lang.")
    found: list[Token] = []
    at = 0
    while at < len(text):
        if len(found) >= MOST_TOKENS:
            raise NotRead("Der Text ist zu lang.")
        if text[at] in _CLOSING:
            stray = _STRAY.match(text, at)
            at = stray.end() if stray else _quoted(text, at, found)
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotRead(
                f"Das Zeichen „{text[at]}“ gehört nicht zu den Regeln, die gelesen werden."
            )
        kind = str(match.lastgroup)
        if kind != "space":
            found.append(Token(_kind(kind), match.group(), at))
        at = match.end()
    return (*found, Token("end", "", len(text)))


def _kind(name: str) -> Kind:
    kinds: dict[str, Kind] = {"id": "id", "sign": "sign", "number": "number", "word": "word"}
    return kinds[name]


def _quoted(text: str, at: int, found: list[Token]) -> int:
    """Add a text in quotes; gives where it ends."""
    closing = _CLOSING[text[at]]
    for end in range(at + 1, min(len(text), at + 400)):
        inside_a_word = text[end] in "'’" and text[end + 1 : end + 2].isalpha()
        if text[end] in closing and not inside_a_word:
            found.append(Token("text", " ".join(text[at + 1 : end].split()), at))
            return end + 1
    raise NotRead("Ein Anführungszeichen wird nicht geschlossen.")


def folded(text: str) -> tuple[str, ...]:
    """The words and numbers of a name, for comparing names whose signs and blanks differ."""
    return tuple(each.casefold() for each in re.findall(r"[^\W_]+", text))
