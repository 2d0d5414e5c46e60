"""Reads about e-mails to staff about what falls due: who wants them, and who is there to read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dienstweg.accounts.models import Account, Reminding
from dienstweg.accounts.queries.staff import colleagues


@dataclass(frozen=True, slots=True)
class ToRemind:
    """Somebody who may be told by e-mail; ``told_at`` is when they were last."""

    account_id: UUID
    email: str
    told_at: datetime | None


def wants_reminders(account_id: UUID) -> bool:
    """Tell whether somebody wants e-mails about what falls due; who never said so does."""
    return not Reminding.objects.filter(account_id=account_id, wanted=False).exists()


def to_remind(authority_id: UUID) -> list[ToRemind]:
    """Return who works for the authority, is not away today, and wants such e-mails."""
    here = [one.id for one in colleagues([authority_id]) if not one.away]
    rows = Account.objects.filter(id__in=here, is_active=True, email__isnull=False)
    rows = rows.exclude(reminding__wanted=False).order_by("id")
    told = dict(Reminding.objects.filter(account_id__in=here).values_list("account_id", "told_at"))
    return [ToRemind(row.id, str(row.email), told.get(row.id)) for row in rows]
