"""Reading the log of who read what, which is itself written down."""

from datetime import date, datetime
from uuid import UUID

from dienstweg.authorities import scope
from dienstweg.cases import queries
from dienstweg.cases.models import Look
from dienstweg.cases.queries import log
from dienstweg.kernel import clock


def read_log(
    *,
    account_id: UUID,
    case_id: UUID | None = None,
    person: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = log.LOG_PAGE,
    exported: bool = False,
) -> list[log.LoggedReading]:
    """Return who read which case in the scope, the newest first, and note who asked for that.

    For one case, one person, or the days from ``since`` to ``until``, both included; behind the
    last one of a page with ``before``. Raises `NoSuchCase`.
    """
    at = clock.now()
    for authority_id in _places(case_id):
        Look(
            authority_id=authority_id,
            account_id=account_id,
            at=at,
            case_id=case_id,
            person=person,
            since=since,
            until=until,
            exported=exported,
        ).save(force_insert=True)
    return log.logged(
        case_id=case_id, person=person, since=since, until=until, before=before, limit=limit
    )


def _places(case_id: UUID | None) -> list[UUID]:
    """Return the authorities whose log is read: that of the case, or all of the scope."""
    if case_id is None:
        return sorted(scope.current().authorities)
    return [queries.case(case_id).authority_id]
