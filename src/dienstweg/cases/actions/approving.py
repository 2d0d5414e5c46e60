"""Four eyes: a second person agrees to what the first has decided, or sends it back."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from dienstweg.cases import places, queries
from dienstweg.cases.actions.tasks import locked, newest_version, stand
from dienstweg.cases.errors import (
    AlreadyDecided,
    ApplicationChanged,
    ProposalChanged,
    ReasonNeeded,
    SamePerson,
)
from dienstweg.cases.facts import TaskReturned
from dienstweg.cases.models import Task
from dienstweg.events import actions as events
from dienstweg.kernel import encryption


def agree(
    *,
    task_id: UUID,
    account_id: UUID,
    proposed_at: datetime | None = None,
    version: int | None = None,
) -> datetime:
    """Agree to a proposal; return until when that can be undone. Nothing leaves before then.

    ``proposed_at`` says which proposal was read: its author may have taken it back and made
    another meanwhile. ``version`` is that of the application which was read: the proposal must be
    about it, too. The same person twice is once. Raises `NoSuchTask`, `AlreadyDecided`,
    `ProposalChanged`, `ApplicationChanged`, and `SamePerson` for whom the proposal is by.
    """
    with transaction.atomic():
        newest = newest_version(task_id)
        row = locked(task_id)
        if row.state == "decided" and row.proposed_by and row.decided_by == account_id:
            return cast("datetime", row.undo_until)
        _must_be_second(row, account_id)
        if proposed_at is not None and proposed_at != row.proposed_at:
            raise ProposalChanged
        about = queries.task_file(row, queries.key_of(row.case)).version or newest
        if (about, newest if version is None else version) != (newest, newest):
            raise ApplicationChanged
        return stand(row, account_id, row.outcome, {})


def send_back(*, task_id: UUID, account_id: UUID, remark: str) -> None:
    """Do not agree, and say why: the task is open again for the person who proposed.

    What was written stays, so that it can be changed. Raises `NoSuchTask`, `AlreadyDecided`,
    `SamePerson`, `ReasonNeeded`, `Erased`.
    """
    with transaction.atomic():
        row = locked(task_id)
        _must_be_second(row, account_id)
        if not remark.strip():
            raise ReasonNeeded
        key = queries.key_of(row.case)
        file = queries.task_file(row, key)
        content = {
            "reason": file.reason,
            "data": dict(file.data),
            "item": file.item,
            "remark": remark.strip(),
        }
        Task.objects.filter(id=task_id).update(
            state="open",
            outcome="",
            assignee=row.proposed_by,
            proposed_by=None,
            proposed_at=None,
            sealed=encryption.seal_json(key, content, *places.task_place(row)),
        )
        fact = TaskReturned(
            authority_id=row.authority_id, case_id=row.case_id, task_id=task_id, key=row.key
        )
        events.record(fact, actor=f"staff:{account_id}")


def _must_be_second(row: Task, account_id: UUID) -> None:
    """Refuse what is no proposal, or the person's own."""
    if row.state != "proposed":
        raise AlreadyDecided
    if row.proposed_by == account_id:
        raise SamePerson
