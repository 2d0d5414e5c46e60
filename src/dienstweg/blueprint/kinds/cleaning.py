"""Posted texts made fit to be read: bounded, without signs nobody types, tidy spaces."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_TEXT = 20_000
LONGEST_LINE = 2_000
LONGEST_KEPT = 4_000
MOST_VALUES = 200
#: Characters that turn the reading direction around and can make a text look like another one.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff\u00ad"))
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")


def refused(text: str) -> str | None:
    """Why a text cannot be taken at all: far too long, or characters nobody types."""
    if len(text) > LONGEST_TEXT:
        return "length"
    if text.isascii() and text.isprintable():
        return None
    for sign in text:
        if sign in _BIDI or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\r\n\t"):
            return "characters"
    return None


def clean(text: str, *, lines: bool = False) -> str:
    """Without invisible characters and needless spaces, composed (NFC); in one line if wanted."""
    if not text.isascii():
        # NFC comes last: without an invisible sign between them two signs may compose.
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        return _SPACES.sub(" ", text.replace("\n", " ")).strip()
    return "\n".join(_SPACES.sub(" ", line).rstrip() for line in text.split("\n")).strip()


def tidied(texts: Sequence[str], *, lines: bool = False) -> tuple[list[str], str | None]:
    """The texts that say something, cleaned; or the code of why one cannot be taken."""
    found: list[str] = []
    for text in texts[:MOST_VALUES]:
        code = refused(text)
        if code:
            return [], code
        tidy = clean(text, lines=lines)
        if tidy:
            found.append(tidy)
    return found, None


def kept(texts: Sequence[str]) -> list[str]:
    """The typed texts in a form that can be stored and shown again, cut where they are absurd."""
    return [
        text[:LONGEST_KEPT].encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        for text in texts[:MOST_VALUES]
    ]


def tight(text: str) -> str:
    """The text without spaces."""
    return text.replace(" ", "")
