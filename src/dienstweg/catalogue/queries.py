"""Reads: what is listed, by subject, and what a search finds; streets of an authority.

Listings are kept in the process for seconds, the names of streets as long as their edition lasts.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from dienstweg.authorities import scope
from dienstweg.blueprint.subjects import SUBJECTS
from dienstweg.catalogue import rules
from dienstweg.catalogue import streets as street_rules
from dienstweg.catalogue.models import Listing, Street, StreetRegister

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


@dataclass(frozen=True, slots=True)
class StreetCard:
    """A street of the register; the place is in degrees (WGS 84), if it is known."""

    name: str
    postcode: str
    town: str
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def label(self) -> str:
        """How the street is offered: with postcode, town and district."""
        district = f" ({self.district})" if self.district else ""
        return f"{self.name}, {self.postcode} {self.town}{district}"


@dataclass(frozen=True, slots=True)
class StreetArea:
    """The area of a register: latitude and longitude of its middle, if its streets have places."""

    centre: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class _Names:
    """The folded names of a register and its postcodes, each once."""

    keys: tuple[str, ...]
    postcodes: frozenset[str]


def streets(text: str, *, limit: int = 10, postcode: str = "") -> list[StreetCard]:
    """Return streets of the scope's authority that fit what somebody types, the best first.

    Names that begin with it come first, then those that hold it, then those that differ by a
    typing error; within these, streets with the given ``postcode``. Nothing for less than two
    letters, and where the authority has no register. At most four statements.
    """
    wanted = street_rules.folded(street_rules.without_number(text))
    if len(wanted) < 2:
        return []
    found: dict[StreetCard, None] = {}
    for condition in ({"key__startswith": wanted}, {"key__contains": wanted}):
        _collect(found, Street.objects.filter(**condition), limit, postcode)
        if len(found) >= limit:
            return list(found)[:limit]
    if not found and (register := _register()):
        near = street_rules.nearest(
            wanted, _names(register.authority_id, register.edition).keys, limit
        )
        rows = Street.objects.filter(key__in=near)
        _collect(found, rows, limit, postcode, order={key: at for at, key in enumerate(near)})
    return list(found)[:limit]


def close_streets(text: str, *, postcode: str, limit: int = 3) -> list[StreetCard]:
    """Return which streets may be meant where ``text`` is none of the register; else nothing.

    Only where the address lies in the register's area by its ``postcode``: of other towns the
    register knows nothing.
    """
    register = _register() if text.strip() else None
    if register is None:
        return []
    names = _names(register.authority_id, register.edition)
    typed = {street_rules.folded(text), street_rules.folded(street_rules.without_number(text))}
    if postcode not in names.postcodes or typed & set(names.keys):
        return []
    return streets(text, limit=limit, postcode=postcode)


def street_area() -> StreetArea | None:
    """Return where the streets of the scope's authority lie; None where it has no register."""
    register = _register()
    if register is None:
        return None
    if register.latitude is None or register.longitude is None:
        return StreetArea()
    return StreetArea((register.latitude, register.longitude))


def _register() -> StreetRegister | None:
    return StreetRegister.objects.filter(authority_id=scope.one()).first()


@lru_cache(maxsize=32)
def _names(_authority_id: UUID, _edition: UUID) -> _Names:
    rows = list(Street.objects.values_list("key", "postcode"))
    keys = sorted({key for key, _ in rows})
    return _Names(tuple(keys), frozenset(postcode for _, postcode in rows))


def _collect(
    found: dict[StreetCard, None],
    rows: QuerySet[Street],
    limit: int,
    postcode: str,
    order: Mapping[str, int] | None = None,
) -> None:
    """Add the streets of ``rows``, each once; those of the postcode first."""
    # A street may stand there in several parts: more rows are read than are wanted.
    some = list(rows.order_by("key", "postcode", "from_number")[: 8 * limit])
    some.sort(key=lambda row: ((order or {}).get(row.key, 0), row.postcode != postcode))
    for row in some:
        card = StreetCard(row.name, row.postcode, row.town, row.district)
        if not any(_same(card, other) for other in found):
            found[replace(card, latitude=row.latitude, longitude=row.longitude)] = None


def _same(card: StreetCard, other: StreetCard) -> bool:
    return card.label == other.label
