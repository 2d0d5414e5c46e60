"""Decides by which words and dates a case is found: pure.

People write names in many ways, so that words are compared in a plain form: without case, accents
and the e of a spelt-out umlaut (``Müller``, ``Mueller`` and ``MULLER`` are one). A word is found by
its beginning, from three letters on.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

VERSION = 1
"""Goes up with every change of the rules: cases with another one are indexed anew."""
MOST_WORDS = 80
MOST_TERMS = 240
"""Terms of one case: what a long text says behind them does not find it."""
MOST_ASKED = 6
"""Words of a search that are looked for."""
LONGEST_QUERY = 200
BEGINNINGS = (3, 4, 5, 6, 8, 12)
"""Lengths of the beginnings that are kept of a word."""
SHORTEST = BEGINNINGS[0]

_DEEPEST = 12
_WORD = re.compile(r"[^\W_]+")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "a", "œ": "o", "ı": "i"}
)
_SPELT = re.compile(r"(?<=[aou])e")


def words(text: str) -> list[str]:
    """Return the words of ``text`` in their plain form, in their order."""
    small = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    bare = "".join(letter for letter in small if not unicodedata.combining(letter))
    return [_SPELT.sub("", word) for word in _WORD.findall(bare)]


def of_application(number: str, data: Mapping[str, Any]) -> list[str]:
    """Return the terms under which a case is kept, at most `MOST_TERMS`, the first ones first."""
    found: dict[str, None] = {}
    known: set[str] = set()
    for value in (number, *_leaves(data, _DEEPEST)):
        if _ISO.fullmatch(value):
            found[f"d:{value}"] = None
            continue
        for word in words(value):
            if word in known or len(word) == 1:  # a letter finds nothing
                continue
            if len(known) == MOST_WORDS:
                break
            known.add(word)
            found.update(dict.fromkeys(_beginnings(word)))
    return list(found)[:MOST_TERMS]


def of_query(text: str) -> list[str]:
    """Return the terms that a case needs to be found by ``text``; none if that says too little."""
    found: dict[str, None] = {}
    for part in text[:LONGEST_QUERY].split():
        day = _day(part)
        if day is not None:
            found[f"d:{day.isoformat()}"] = None
            continue
        for word in words(part):
            if len(word) > 1:
                found[_asked(word)] = None
    return list(found)[:MOST_ASKED]


def tokens(key: bytes, terms: Sequence[str]) -> list[int]:
    """Return what is stored of each term: 64 bits of its HMAC-SHA256, as a signed number."""
    digests = (hmac.digest(key, term.encode("utf-8", "surrogatepass"), "sha256") for term in terms)
    return [int.from_bytes(digest[:8], signed=True) for digest in digests]


def index_key(authority_key: bytes) -> bytes:
    """Return the key of an authority's index, which follows from the authority's own."""
    return hmac.digest(authority_key, b"dienstweg cases_term 1", "sha256")


def _leaves(value: Any, depth: int) -> Iterator[str]:
    """Yield the texts and whole numbers of an application that people may search for."""
    if isinstance(value, str):
        if not _ID.fullmatch(value):
            yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif depth and isinstance(value, Mapping):
        for one in value.values():
            yield from _leaves(one, depth - 1)
    elif depth and isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one, depth - 1)


def _beginnings(word: str) -> list[str]:
    """Return the terms of a word: itself if it is short, else its beginnings."""
    return [f"w:{word[:length]}" for length in BEGINNINGS if length <= len(word)] or [f"s:{word}"]


def _asked(word: str) -> str:
    """Return the term that a word begins with ``word`` by, as far as beginnings are kept."""
    fitting = [length for length in BEGINNINGS if length <= len(word)]
    return f"w:{word[: fitting[-1]]}" if fitting else f"s:{word}"


def _day(part: str) -> date | None:
    """Return the day that is meant, written the German way or as ISO 8601."""
    german = _GERMAN.fullmatch(part)
    try:
        if german:
            return date(int(german[3]), int(german[2]), int(german[1]))
        return date.fromisoformat(part) if _ISO.fullmatch(part) else None
    except ValueError:
        return None
