"""Reads: what is listed, by subject, and what a search finds; kept in the process for seconds."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from dienstweg.authorities import scope
from dienstweg.blueprint.subjects import SUBJECTS
from dienstweg.catalogue import rules
from dienstweg.catalogue.models import Listing

FRESH = 2.0
"""Seconds for which a process trusts what it has read."""
MOST_FOUND = 20
_TITLE, _KEYWORD, _SUMMARY = 4, 3, 1


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """An online service in a list."""

    slug: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject area with its services in order of title."""

    key: str
    title: str
    services: tuple[ServiceCard, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A listing, prepared for searching."""

    slug: str
    subject: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    fields: tuple[tuple[int, frozenset[str]], ...] = field(repr=False)

    def card(self, lang: str) -> ServiceCard:
        """Return the listing in a language, in German where it is not translated."""
        title = self.titles.get(lang) or self.titles.get("de") or self.slug
        return ServiceCard(
            self.slug, title, self.summaries.get(lang) or self.summaries.get("de", "")
        )


def subjects(lang: str = "de") -> list[Subject]:
    """Return the subject areas in which the scope's authority lists services, by title."""
    by_key: dict[str, list[ServiceCard]] = {}
    for entry in _entries():
        key = entry.subject if entry.subject in SUBJECTS else "querschnitt"
        by_key.setdefault(key, []).append(entry.card(lang))
    found = [
        Subject(key, _subject_title(key, lang), tuple(sorted(cards, key=_by_title)))
        for key, cards in by_key.items()
    ]
    return sorted(found, key=lambda one: _sortable(one.title))


def search(text: str, lang: str = "de") -> list[ServiceCard]:
    """Return the services of the scope's authority that fit ``text``, the best first.

    An empty query finds nothing.
    """
    query = rules.query_words(text)
    if not query:
        return []
    scored = [(rules.score(query, entry.fields), entry.card(lang)) for entry in _entries()]
    best = sorted(
        ((points, card) for points, card in scored if points),
        key=lambda pair: (-pair[0], _sortable(pair[1].title)),
    )
    return [card for _, card in best[:MOST_FOUND]]


def forget() -> None:
    """Read afresh at the next question (after a change, and in tests)."""
    _read.cache_clear()


def _entries() -> tuple[_Entry, ...]:
    return _read(scope.one(), int(time.monotonic() / FRESH))


@lru_cache(maxsize=512)
def _read(_authority_id: UUID, _interval: int) -> tuple[_Entry, ...]:
    return tuple(_entry(row) for row in Listing.objects.all())


def _entry(row: Listing) -> _Entry:
    titles = frozenset[str]().union(*map(rules.words, row.titles.values()))
    keywords = rules.words(" ".join([*row.keywords, _subject_title(row.subject, "de")]))
    summaries = frozenset[str]().union(*map(rules.words, row.summaries.values()))
    return _Entry(
        slug=row.slug,
        subject=row.subject,
        titles=row.titles,
        summaries=row.summaries,
        fields=((_TITLE, titles), (_KEYWORD, keywords), (_SUMMARY, summaries)),
    )


def _subject_title(key: str, lang: str) -> str:
    names = SUBJECTS.get(key, {})
    return names.get(lang) or names.get("de", key)


def _by_title(card: ServiceCard) -> str:
    return _sortable(card.title)


def _sortable(title: str) -> str:
    """Return what titles are ordered by: ``Ö`` stands with ``O`` (DIN 5007-1)."""
    return rules.plain(title)
