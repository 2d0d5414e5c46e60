"""The choices of a field, found by what is posted and by what people type.

People type "Backer", "Baecker" or "bäker" for "Bäcker": both sides are folded the German way
(DIN 5007-2: ä as ae; then ae as a, so that both habits meet), and small mistakes are forgiven.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dienstweg.blueprint.kinds.cleaning import clean

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Choice

LONGEST_SEARCH = 100
_CLOSE = 0.7
"""How alike two words must be, of 1, to be taken for a typing error: two letters of seven."""
_MOST_WORDS = 8
_GERMAN = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o", "œ": "o"})
_DIGRAPHS = re.compile(r"ae|oe|ue")
_NO_WORD = re.compile(r"[^0-9a-z]+")

Label = Callable[[Any], str]


@lru_cache(maxsize=256)
def _ascii(sign: str) -> str:
    found = unicodedata.normalize("NFKD", sign)
    return "".join(each for each in found if not unicodedata.combining(each))


def folded(text: str) -> str:
    """A text as it is compared: small letters without accents, words apart by one space."""
    text = unicodedata.normalize("NFC", text[:500]).casefold()
    if not text.isascii():
        text = "".join(map(_ascii, text.translate(_GERMAN)))
    text = _DIGRAPHS.sub(lambda found: found[0][0], text)
    return _NO_WORD.sub(" ", text).strip()


def posted_text(value: Any) -> str:
    """How a value is posted: true, 3, pkw."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Lookup:
    """Finds choices; what it needs for searching is made at the first search in a language."""

    def __init__(self, choices: Sequence["Choice"] = ()) -> None:
        self.choices = choices
        self.by_text = {choice.text: choice for choice in choices}
        self._folded: dict[str, list[str]] = {}
        self._words: dict[str, dict[str, list[int]]] = {}

    @cached_property
    def by_posted(self) -> "dict[str, Choice]":
        """The choices by what is left of their values once they are posted and cleaned.

        A federal code may have signs that nobody types. Two that become the same name neither.
        """
        found: dict[str, list[Choice]] = {}
        for choice in self.choices:
            found.setdefault(clean(choice.text), []).append(choice)
        return {text: same[0] for text, same in found.items() if len(same) == 1}

    def of(self, value: Any) -> "Choice | None":
        """The choice that has a value."""
        found = self.by_text.get(posted_text(value))
        return found if found is not None and found.value == value else None

    def exact(self, text: str, lang: str, label: Label) -> "Choice | None":
        """The one choice whose label, or whose value, is the typed text."""
        wanted = folded(text[:LONGEST_SEARCH])
        if not wanted:
            return None
        rows = self._rows(lang, label)
        found = [at for at, row in enumerate(rows) if row == wanted]
        if len(found) == 1:
            return self.choices[found[0]]
        # Two labels may differ in accents alone; then the text must be the label to the letter.
        same = [self.choices[at] for at in found if label(self.choices[at].value) == text]
        return same[0] if len(same) == 1 else self.by_posted.get(text)

    def search(self, text: str, lang: str, label: Label, *, limit: int = 20) -> list["Choice"]:
        """The choices that a typed text may mean, the likeliest first; at most `limit`."""
        wanted = folded(text[:LONGEST_SEARCH])
        if not wanted:
            return []
        rows = self._rows(lang, label)
        found = list(self._ranked(wanted, text.strip(), rows))[:limit]
        if len(found) < limit:
            found = list(dict.fromkeys([*found, *self._alike(wanted, lang, rows)]))[:limit]
        return [self.choices[at] for at in found]

    def _alike(self, wanted: str, lang: str, rows: list[str]) -> list[int]:
        """Rows in which every typed word has one that is written much like it, closest first."""
        if lang not in self._words:
            words: dict[str, list[int]] = {}
            for at, row in enumerate(rows):
                for word in dict.fromkeys(row.split()):
                    words.setdefault(word, []).append(at)
            self._words[lang] = words
        words, scores = self._words[lang], None
        for typed in wanted.split()[:_MOST_WORDS]:
            found: dict[int, float] = {}
            near = process.extract(
                typed, words.keys(), scorer=OSA.normalized_similarity, score_cutoff=_CLOSE, limit=60
            )
            for word, score, _ in near:
                for at in words[word]:
                    found[at] = max(score, found.get(at, 0))
            if scores is None:
                scores = found
            else:
                scores = {at: scores[at] + found[at] for at in scores.keys() & found.keys()}
        ranked = scores or {}
        return sorted(ranked, key=lambda at: (-ranked[at], len(rows[at]), at))

    def _rows(self, lang: str, label: Label) -> list[str]:
        """The labels folded; two threads may both make them, which does no harm."""
        rows = self._folded.get(lang)
        if rows is None:
            rows = self._folded[lang] = [folded(label(each.value)) for each in self.choices]
        return rows

    def _ranked(self, wanted: str, text: str, rows: list[str]) -> Iterator[int]:
        """First what is the same, then what begins so, then words that do, then what contains."""
        words = [f" {word}" for word in wanted.split()]
        ranks: tuple[list[int], ...] = ([], [], [], [])
        for at, row in enumerate(rows):
            if row == wanted or self.choices[at].text == text:
                ranks[0].append(at)
            elif row.startswith(wanted):
                ranks[1].append(at)
            elif all(word in f" {row}" for word in words):
                ranks[2].append(at)
            elif wanted in row or (len(text) > 1 and self.choices[at].text.startswith(text)):
                ranks[3].append(at)
        for rank in ranks:
            yield from sorted(rank, key=lambda at: len(rows[at]))


NOTHING = Lookup()
