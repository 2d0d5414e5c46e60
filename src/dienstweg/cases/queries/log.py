"""Reads of the log: who read which case, and who looked into the log."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from dienstweg.cases.models import Look, Reading
from dienstweg.kernel import clock

LOG_PAGE = 100
"""Lines of the log that a page shows."""


@dataclass(frozen=True, slots=True)
class LoggedReading:
    """A line of the log."""

    id: UUID
    authority_id: UUID
    case_id: UUID
    number: str
    account_id: UUID
    at: datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class LoggedLook:
    """Somebody looked into the log, and what for."""

    account_id: UUID
    at: datetime
    case_id: UUID | None
    person: UUID | None
    since: date | None
    until: date | None
    exported: bool


def logged(
    *,
    case_id: UUID | None = None,
    person: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = LOG_PAGE,
) -> list[LoggedReading]:
    """Return readings of the scope, the newest first; see `actions.read_log`, which notes it."""
    wanted = Q()
    if case_id is not None:
        wanted &= Q(case_id=case_id)
    if person is not None:
        wanted &= Q(account_id=person)
    if since is not None:
        wanted &= Q(at__gte=beginning_of(since))
    if until is not None:
        wanted &= Q(at__lt=beginning_of(until + timedelta(days=1)))
    if before is not None:
        at, own = before
        wanted &= Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=own))
    rows = Reading.objects.filter(wanted).select_related("case").order_by("-at", "-id")
    return [
        LoggedReading(
            id=row.id,
            authority_id=row.authority_id,
            case_id=row.case_id,
            number=row.case.number,
            account_id=row.account_id,
            at=row.at,
            purpose=row.purpose,
        )
        for row in rows[:limit]
    ]


def looks(*, limit: int = LOG_PAGE) -> list[LoggedLook]:
    """Return who looked into the log of the scope, the newest first.

    A look into the log of several authorities stands in each of them, and is told once.
    """
    found = [
        LoggedLook(
            account_id=row.account_id,
            at=row.at,
            case_id=row.case_id,
            person=row.person,
            since=row.since,
            until=row.until,
            exported=row.exported,
        )
        for row in Look.objects.order_by("-at", "-id")[:limit]
    ]
    return list(dict.fromkeys(found))


def beginning_of(day: date) -> datetime:
    """Return when a day begins in Germany, for this room."""
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)
