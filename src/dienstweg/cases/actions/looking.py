"""Reading the log of who read what, which is itself written down."""

from datetime import date, datetime
from uuid import UUID

from dienstweg.authorities import scope
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
    last one of a page with ``before``.
    """
    for authority_id in sorted(scope.current().authorities):
        Look(
            authority_id=authority_id,
            account_id=account_id,
            at=clock.now(),
            case_id=case_id,
            person=person,
            since=since,
            until=until,
            exported=exported,
        ).save(force_insert=True)
    return log.logged(
        case_id=case_id, person=person, since=since, until=until, before=before, limit=limit
    )
