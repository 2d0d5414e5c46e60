"""Reads what a caseworker has written for decisions and not sent."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dienstweg.cases import places
from dienstweg.cases.models import TaskDraft
from dienstweg.cases.queries.views import KeptDraft
from dienstweg.kernel import encryption


def drafts(case_id: UUID, *, account_id: UUID, key: bytes) -> dict[UUID, KeptDraft]:
    """Return by task what this person has written; nobody else sees it."""
    rows = TaskDraft.objects.filter(task__case_id=case_id, account_id=account_id)
    return {
        row.task_id: KeptDraft(row.kept_at, row.version, draft_content(row, key)) for row in rows
    }


def draft_content(row: TaskDraft, key: bytes) -> Mapping[str, Sequence[str]]:
    """Return what is sealed in a draft; empty where it was discarded; for this room."""
    if row.sealed is None:
        return {}
    content: Mapping[str, Sequence[str]] = encryption.unseal_json(
        key, bytes(row.sealed), *places.draft_place(row)
    )
    return content
