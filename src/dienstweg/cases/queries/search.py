"""Reads by which a case is found: its number, words and dates of its application, its days."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

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
    rows = Case.objects.filter(_filter(sought))
    asked = terms.of_query(sought.text)
    if sought.text.strip() and not asked:
        return []
    if asked:
        rows = rows.filter(_has(asked, sought.authority_id))
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [view_of(row) for row in rows.order_by("-id")[:limit]]


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


def _has(asked: list[str], only: UUID | None) -> Q:
    """Return the condition that a case has all terms: each authority keeps them in its own way."""
    found = Q(pk__in=[])
    for place in sorted(scope.current().authorities):
        if only in {None, place}:
            key = terms.index_key(authorities.authority_key(place))
            all_of_them = Q(authority_id=place)
            for token in terms.tokens(key, asked):
                rows = Term.objects.filter(authority_id=place, token=token)
                all_of_them &= Q(id__in=rows.values("case_id"))
            found |= all_of_them
    return found
