"""Reads by which a case is found: its number, words and dates of its application, its days."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import terms
from dienstweg.cases.models import Case, Term
from dienstweg.cases.queries.lists import PAGE
from dienstweg.cases.queries.log import beginning_of
from dienstweg.cases.queries.rows import view_of
from dienstweg.cases.queries.views import CaseView

OFTEN = 500
"""Cases with a term that are counted, to begin with the rarest of several."""
_HOW_OFTEN = """
SELECT place, token, (SELECT count(*) FROM (
    SELECT FROM cases_term t WHERE t.authority_id = place AND t.token = pair.token LIMIT %s
) few) FROM unnest(%s::uuid[], %s::bigint[]) AS pair (place, token)
"""
_WALK = """
SELECT t.case_id FROM cases_term t WHERE t.{term} {others}
ORDER BY t.case_id DESC LIMIT %(limit)s
"""
_ALSO = """
AND EXISTS (SELECT FROM cases_term WHERE {term} AND case_id = t.case_id OFFSET 0)
"""
"""OFFSET 0 lets the server look here at each case, instead of joining as it thinks best."""


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
        ids = _walked(sought, asked, before, limit)
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


def _walked(sought: Sought, asked: list[str], before: UUID | None, limit: int) -> list[UUID]:
    """Return the newest cases with all terms, of each authority, along the index of terms alone.

    Along the rarest term of an authority, looking for the others at each of its cases: whatever
    the server believes of how often each stands there.
    """
    walks = _rarest_first(_tokens(sought, asked))
    parts, given = [], {"limit": limit, "before": before}
    for number, (place, tokens) in enumerate(walks):
        names = [f"t{number}_{which}" for which in range(len(tokens))]
        given |= {f"p{number}": place, **dict(zip(names, tokens, strict=True))}
        own = f"%(p{number})s::uuid"
        first, *others = [f"authority_id = {own} AND token = %({name})s::bigint" for name in names]
        behind = "" if before is None else "AND t.case_id < %(before)s::uuid"
        also = " ".join([behind, *(_ALSO.format(term=term) for term in others)])
        walk = _WALK.format(term=first, others=also)
        parts.append(f"({walk})")
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(scope.prepared(" UNION ALL ".join(parts)), given)
        return [row[0] for row in cursor.fetchall()]


def _rarest_first(walks: list[tuple[UUID, list[int]]]) -> list[tuple[UUID, list[int]]]:
    """Return each authority's tokens in the order of how often they stand there, up to `OFTEN`."""
    pairs = [(place, token) for place, tokens in walks for token in tokens if len(tokens) > 1]
    if not pairs:
        return walks
    places, stored = [place for place, _ in pairs], [token for _, token in pairs]
    with connection.cursor() as cursor:
        cursor.execute(scope.prepared(_HOW_OFTEN), [OFTEN, places, stored])
        often = {(place, token): number for place, token, number in cursor.fetchall()}
    return [
        (place, sorted(tokens, key=lambda token: often.get((place, token), 0)))
        for place, tokens in walks
    ]


def _terms(sought: Sought, asked: list[str]) -> list[tuple[UUID, list[QuerySet[Term]]]]:
    """Return for each authority that is searched the rows of each term asked for."""
    return [
        (place, [Term.objects.filter(authority_id=place, token=token) for token in tokens])
        for place, tokens in _tokens(sought, asked)
    ]


def _tokens(sought: Sought, asked: list[str]) -> list[tuple[UUID, list[int]]]:
    """Return for each authority that is searched how it keeps each term asked for."""
    places = [
        place
        for place in sorted(scope.current().authorities)
        if sought.authority_id in {None, place}
    ]
    keys = {place: terms.index_key(authorities.authority_key(place)) for place in places}
    return [(place, list(terms.tokens(keys[place], asked))) for place in places]
