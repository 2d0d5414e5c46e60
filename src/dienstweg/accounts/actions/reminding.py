"""Remember what mail has told a caseworker of what is due, and whether they want any."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from dienstweg.accounts.models import Reminding


def want_reminders(*, account_id: UUID, wanted: bool) -> None:
    """Note whether somebody wants e-mails about what falls due."""
    Reminding.objects.update_or_create(account_id=account_id, defaults={"wanted": wanted})


def note_reminded(*, account_id: UUID, at: datetime, not_since: datetime) -> bool:
    """Note that somebody is told now; tell whether nobody has told them ``not_since`` then.

    Runs inside the transaction that makes the e-mail, so that of several workers one makes it.
    """
    Reminding.objects.bulk_create([Reminding(account_id=account_id)], ignore_conflicts=True)
    untold = Q(told_at=None) | Q(told_at__lt=not_since)
    rows = Reminding.objects.filter(untold, account_id=account_id, wanted=True)
    return bool(rows.update(told_at=at))


def set_reminded_back(*, account_id: UUID, at: datetime) -> None:
    """Correct when somebody was told, where a clock that ran ahead has put it after ``at``."""
    Reminding.objects.filter(account_id=account_id, told_at__gt=at).update(told_at=at)
