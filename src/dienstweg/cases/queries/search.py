"""Reads by which a case is found: its number, words and dates of its application, its days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import terms
from dienstweg.cases.models import Case, Term
from dienstweg.cases.queries.lists import PAGE
from dienstweg.cases.queries.log import beginning_of
from dienstweg.cases.queries.rows import view_of
from dienstweg.cases.queries.views import CaseView


@dataclass(frozen=True, slots=True)
class Sought:
    """What a case is looked for by: all of it has to fit. ``since`` and ``until`` are included."""

    text: str = ""
    authority_id: UUID | None = None
    offers: tuple[UUID, ...] = ()
    state: str = ""
    since: date | None = None
    until: date | None = None


def says_too_little(text: str) -> bool:
    """Tell whether a search for ``text`` has no word or date to look for."""
    return bool(text.strip()) and not terms.of_query(text)


def found(sought: Sought, *, before: UUID | None = None, limit: int = PAGE) -> list[CaseView]:
    """Return the cases of the scope that fit, the newest first, or those ``before`` a page's last.

    Nothing is unsealed: words and dates are compared as what is kept of them.
    """
    asked = terms.of_query(sought.text)
    if sought.text.strip() and not asked:
        return []
    if asked and sought == Sought(text=sought.text, authority_id=sought.authority_id):
        ids = [one for walk in _walks(sought, asked, before) for one in walk[:limit]]
        rows = Case.objects.filter(id__in=sorted(ids, reverse=True)[:limit])
        return [view_of(row) for row in rows.order_by("-id")]
    parts = [
        _page(Case.objects.filter(_filter(sought)).filter(*one), before, limit)
        for one in _places(sought, asked)
    ]
    if not parts:
        return []
    rows = parts[0]
    if parts[1:]:
        rows = rows.union(*parts[1:], all=True).order_by("-id")[:limit]
    return [view_of(row) for row in rows]


def _page(rows: QuerySet[Case], before: UUID | None, limit: int) -> QuerySet[Case]:
    behind = rows if before is None else rows.filter(id__lt=before)
    return behind.order_by("-id")[:limit]


def _filter(sought: Sought) -> Q:
    wanted = Q()
    if sought.authority_id is not None:
        wanted &= Q(authority_id=sought.authority_id)
    if sought.offers:
        wanted &= Q(offer_id__in=sought.offers)
    if sought.state:
        wanted &= Q(state=sought.state)
    if sought.since is not None:
        wanted &= Q(submitted_at__gte=beginning_of(sought.since))
    if sought.until is not None:
        wanted &= Q(submitted_at__lt=beginning_of(sought.until + timedelta(days=1)))
    return wanted


def _places(sought: Sought, asked: list[str]) -> list[list[Q]]:
    """Return the conditions of each authority by itself: each keeps its terms in its own way.

    One authority after the other is found along the index of terms; all at once would not be.
    """
    if not asked:
        return [[]]
    return [
        [Q(authority_id=place), *(Q(id__in=walk.values("case_id")) for walk in walks)]
        for place, walks in _terms(sought, asked)
    ]


def _walks(sought: Sought, asked: list[str], before: UUID | None) -> list[QuerySet[Any]]:
    """Return the cases with all terms of each authority, the newest first, by the index alone."""
    found = []
    for _place, (first, *rest) in _terms(sought, asked):
        rows = first.filter(*(Q(case_id__in=one.values("case_id")) for one in rest))
        behind = rows if before is None else rows.filter(case_id__lt=before)
        found.append(behind.order_by("-case_id").values_list("case_id", flat=True))
    return found


def _terms(sought: Sought, asked: list[str]) -> list[tuple[UUID, list[QuerySet[Term]]]]:
    """Return for each authority that is searched the rows of each term asked for."""
    found = []
    for place in sorted(scope.current().authorities):
        if sought.authority_id in {None, place}:
            key = terms.index_key(authorities.authority_key(place))
            rows = [
                Term.objects.filter(authority_id=place, token=token)
                for token in terms.tokens(key, asked)
            ]
            found.append((place, rows))
    return found
