"""Writes about absences: who is away from when to when, and who stands in."""

from datetime import date
from uuid import UUID

from dienstweg.accounts.errors import NoSuchColleague, TooMany, WrongDates
from dienstweg.accounts.models import Absence
from dienstweg.accounts.queries import staff
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id

AT_ONCE = 20
"""Absences of one person that are not over yet."""


def be_away(
    *,
    account_id: UUID,
    begins: date,
    ends: date | None,
    deputy_id: UUID | None,
    made_by: UUID,
) -> UUID:
    """Note that somebody is away, both days included, without ``ends`` until further notice.

    The deputy works for one of the same authorities, and gets the roles there for that time (see
    `grants.roles`). Raises `WrongDates`, `NoSuchColleague`, `TooMany`.
    """
    today = clock.today()
    if ends is not None and (ends < begins or ends < today):
        raise WrongDates
    if deputy_id is not None:
        places = set(staff.own_roles(account_id))
        if deputy_id == account_id or not places & set(staff.own_roles(deputy_id)):
            raise NoSuchColleague
    coming = Absence.objects.filter(account_id=account_id).exclude(ends__lt=today)
    if coming.count() >= AT_ONCE:
        raise TooMany
    row = Absence(
        id=new_id(),
        account_id=account_id,
        begins=begins,
        ends=ends,
        deputy_id=deputy_id,
        made_by=made_by,
    )
    row.save(force_insert=True)
    return UUID(str(row.id))


def be_back(*, absence_id: UUID, account_id: UUID) -> None:
    """End an absence of ``account_id`` today, or forget one that has not begun; twice is once."""
    Absence.objects.filter(id=absence_id, account_id=account_id).delete()
