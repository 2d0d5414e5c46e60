"""Reads about many cases: the newest, and those that have not ended."""

from datetime import datetime
from uuid import UUID

from dienstweg.authorities import scope
from dienstweg.cases.models import Case, Party
from dienstweg.cases.queries.rows import view_of
from dienstweg.cases.queries.views import CaseView

PAGE = 50
"""Rows that a list of the desk shows at once."""
OWN = 200
"""Cases that the list of an account shows at most."""
SWEPT = 1000
"""Cases that a sweeper looks at in one statement."""


def recent(*, before: UUID | None = None, limit: int = PAGE) -> list[CaseView]:
    """Return the newest cases, or those ``before`` the last one of a page."""
    rows = Case.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [view_of(row) for row in rows[:limit]]


def own() -> list[CaseView]:
    """Return the cases of the account whose scope is entered, the newest first."""
    rows = Case.objects.filter(account_id=scope.current().account).exclude(state="erased")
    return [view_of(row) for row in rows.order_by("-id")[:OWN]]


def own_places() -> set[UUID]:
    """Return the authorities at which the account whose scope is entered has cases.

    Or takes part in those of others.
    """
    account_id = scope.current().account
    rows = Case.objects.filter(account_id=account_id).values_list("authority_id", flat=True)
    parties = Party.objects.filter(account_id=account_id).values_list("authority_id", flat=True)
    return {*rows, *parties}


def unfinished(*, submitted_before: datetime, after: UUID | None = None) -> list[UUID]:
    """Return the oldest `SWEPT` cases that have not ended, and of them those behind ``after``."""
    rows = Case.objects.filter(state__in=["open", "withdrawn"], submitted_at__lt=submitted_before)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id").values_list("id", flat=True)[:SWEPT])
