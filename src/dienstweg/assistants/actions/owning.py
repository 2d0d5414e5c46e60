"""Drafts and accounts: put into one, and let go of when the account is deleted."""

from uuid import UUID

from dienstweg.assistants import queries
from dienstweg.assistants.actions.life import discard
from dienstweg.assistants.errors import AnotherAccount
from dienstweg.assistants.models import Draft


def keep_in_account(*, draft_id: UUID, secret: str, account_id: UUID) -> None:
    """Put a draft into an account, which opens it from then on without its code; twice is once.

    Nothing else of it changes. Raises `AnotherAccount`, and as `queries.opened`.
    """
    draft = queries.opened(draft_id, secret)
    row = Draft(id=draft_id, authority_id=draft.authority_id)
    kept = queries.kept_secret(row, secret)
    free = Draft.objects.filter(id=draft_id, state="open", account_id__isnull=True)
    written = free.update(account_id=account_id, kept_secret=kept)
    if not written and draft.account_id != account_id:
        raise AnotherAccount


def discard_own(*, account_id: UUID) -> list[UUID]:
    """Delete all open drafts of an account at the scope's authority; return their ids.

    What was submitted is a case, which its authority keeps; the account is no longer named there.
    """
    rows = Draft.objects.filter(account_id=account_id)
    ids = list(rows.filter(state="open", corrects__isnull=True).values_list("id", flat=True))
    for draft_id in ids:
        discard(draft_id=draft_id, secret=queries.secret_of(draft_id, account_id=account_id))
    rows.update(account_id=None, kept_secret=None)
    return ids
