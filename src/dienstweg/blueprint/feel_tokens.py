"""Splits a FEEL text into its tokens (DMN 1.5, section 10.3.1.2), bounded before anything is read.

Names with spaces or signs are not known here: they are several tokens, and the reader puts those
together that stand in its scope.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 10_000
"""Characters of an expression."""
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
    "\U00010000-\U000effff"
)
_TOKENS = re.compile(
    rf"""(?P<space>[\s\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+
        |//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[{_START}][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    |(?P<sign>\.\.|\*\*|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.@?'])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)


class BadFeel(ValueError):
    """The text is no FEEL, or more than may be read; the message says so in German."""


class TooDeep(BadFeel):
    """The text has more in each other than may be read; no other reading of it is tried."""


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is text, number, name, sign, or empty at the end; `text` as written."""

    kind: str
    text: str


END = Token("", "")


def tokens(source: str) -> list[Token]:
    """Split a text, without its spaces and comments; raises `BadFeel`."""
    if len(source) > LONGEST:
        message = f"Der Ausdruck ist länger als {LONGEST} Zeichen."
        raise BadFeel(message)
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKENS.match(source, at)
        if match is None:
            message = f"Das Zeichen „{source[at]}“ passt hier nicht: „{source[at : at + 20]}“."
            raise BadFeel(message)
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group()))
        at = match.end()
    return found


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """Split a name into the texts of its tokens: "Date-Time 2" is Date, -, Time and 2.

    A name that FEEL could not write (with a bracket left open, say) is one word.
    """
    try:
        return tuple(each.text for each in tokens(name)) or (name,)
    except BadFeel:
        return (name,)


def unescaped(text: str) -> str:
    """Give the value of a text with its quotes; a backslash that escapes nothing stays."""
    if "\\" not in text:
        return text[1:-1]
    value = _ESCAPED.sub(_sign, text[1:-1])
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _sign(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
    return _ESCAPES.get(match[3], match[0])


def quoted(value: str) -> str:
    """Write a text as FEEL does."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'
