"""Writes about views of the work list that somebody keeps."""

from collections.abc import Mapping
from uuid import UUID

from dienstweg.accounts.errors import NoSuchTeam, TooMany
from dienstweg.accounts.models import SavedView, TeamMember

KEPT = 30
"""Views that one person keeps."""
NAME = 60


def keep_view(
    *, account_id: UUID, name: str, filters: Mapping[str, str], team_id: UUID | None = None
) -> UUID:
    """Keep ``filters`` under ``name``, in the place of an earlier one; shared with a team of ours.

    Raises `NoSuchTeam` for a team that the account does not belong to, and `TooMany`.
    """
    mine = SavedView.objects.filter(account_id=account_id)
    if (
        team_id is not None
        and not TeamMember.objects.filter(team_id=team_id, account_id=account_id).exists()
    ):
        raise NoSuchTeam
    if mine.exclude(name=name).count() >= KEPT:
        raise TooMany
    row, _ = SavedView.objects.update_or_create(
        account_id=account_id,
        name=name[:NAME],
        defaults={"filters": dict(filters), "team_id": team_id},
    )
    return row.id


def forget_view(*, view_id: UUID, account_id: UUID) -> None:
    """Forget a view of this account; twice is once, and another's stays."""
    SavedView.objects.filter(id=view_id, account_id=account_id).delete()
