"""Decides what a search finds: pure.

Forgives case, umlauts (``ä`` is ``ae`` and ``a``), endings, and one typing error in words of four
letters and more.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

LONGEST_QUERY = 200
"""Characters of a query that are read: a title is shorter."""
MOST_WORDS = 8
FORGIVING_FROM = 4
"""Letters from which on a word may have one typing error."""
LONGEST_ENDING = 2

_WORD = re.compile(r"[a-z0-9]+")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_IGNORED = frozenset({"der", "die", "das", "ein", "eine", "einen", "und", "fuer", "fur", "the"})

EXACT, START, PART, TYPO = 8, 6, 4, 3
"""Points of a match: the whole word, its start, inside it, with one typing error."""


@lru_cache(maxsize=16384)
def words(text: str) -> frozenset[str]:
    """Return the words of ``text`` in both plain spellings: ``hüte`` is ``huete`` and ``hute``."""
    lower = unicodedata.normalize("NFC", text).lower()
    spelled = lower.translate(_SPELLED)
    return frozenset(_WORD.findall(_bare(spelled))) | frozenset(_WORD.findall(plain(text)))


def plain(text: str) -> str:
    """Return ``text`` in lower case and without accents: ``Öffnung`` is ``offnung``."""
    lower = unicodedata.normalize("NFC", text).lower()
    return _bare(lower.replace("ß", "ss"))


def query_words(text: str) -> list[frozenset[str]]:
    """Return the words of a query that say something, each in its spellings, at most eight."""
    split = text[:LONGEST_QUERY].replace("-", " ").split()
    found = [spellings for spellings in map(words, split) if spellings]
    telling = [spellings for spellings in found if not spellings <= _IGNORED]
    return (telling or found)[:MOST_WORDS]


def score(query: Sequence[frozenset[str]], fields: Iterable[tuple[int, frozenset[str]]]) -> int:
    """Return how well words of a query fit weighted words of a listing; 0 if one does not fit.

    ``fields`` are pairs of weight and words: a title weighs more than a summary.
    """
    weighted = list(fields)
    total = 0
    for spellings in query:
        best = max(
            (
                weight * _fits(asked, offered)
                for asked in spellings
                for weight, offered_words in weighted
                for offered in offered_words
            ),
            default=0,
        )
        if best == 0:
            return 0
        total += best
    return total


def _fits(asked: str, offered: str) -> int:
    if asked == offered:
        return EXACT
    if len(asked) > 1 and offered.startswith(asked):
        return START
    if len(asked) < FORGIVING_FROM:
        return 0
    if asked in offered or _is_ending(asked, offered):
        return PART
    return TYPO if len(offered) >= FORGIVING_FROM and _one_typo(asked, offered) else 0


def _is_ending(asked: str, offered: str) -> bool:
    """Tell whether ``asked`` is ``offered`` with an ending: ``ausweisse`` for ``ausweis``."""
    longer = len(asked) - len(offered)
    return len(offered) >= FORGIVING_FROM and longer <= LONGEST_ENDING and asked.startswith(offered)


def _one_typo(asked: str, offered: str) -> bool:
    """Tell whether one error separates ``asked`` from ``offered`` or from the start of it."""
    near = len(asked) - 1, len(asked), len(asked) + 1
    starts = {offered[:length] for length in near} | {offered}
    return any(
        DamerauLevenshtein.distance(asked, start, score_cutoff=1) <= 1
        for start in starts
        if len(start) >= FORGIVING_FROM - 1
    )


def _bare(text: str) -> str:
    """Return ``text`` without accents."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
