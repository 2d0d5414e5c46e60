"""What a caseworker has written for a decision and not sent yet: kept for this person alone."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from dienstweg.cases import places, queries
from dienstweg.cases.actions.tasks import locked
from dienstweg.cases.errors import AlreadyDecided, DraftChanged, DraftTooLong
from dienstweg.cases.models import TaskDraft
from dienstweg.kernel import clock, encryption

LONGEST = 64 * 1024
"""Bytes of a draft as JSON in UTF-8."""


def keep_draft(
    *,
    task_id: UUID,
    account_id: UUID,
    given: Mapping[str, Sequence[str]],
    version: int,
    counted: bool = True,
) -> int:
    """Keep the inputs of a decision as they are; without any forget them. Return the new version.

    One for each person and task; deciding deletes it. ``version`` is the one that the page knows, 0
    where there was none, or the next where a save is still on its way. With ``counted`` off the
    version stays: the page that sent this goes on with the one that it has. Raises `DraftChanged`
    where another window has written meanwhile, `DraftTooLong`, `NoSuchTask`, `AlreadyDecided`,
    `Erased`.
    """
    words = {name: list(texts) for name, texts in given.items()}
    if len(json.dumps(words, ensure_ascii=False).encode()) > LONGEST:
        raise DraftTooLong
    with transaction.atomic():
        task = locked(task_id)
        if task.state != "open":
            raise AlreadyDecided
        key = queries.key_of(task.case)
        row = TaskDraft.objects.filter(task_id=task_id, account_id=account_id).first()
        if row is None and not words:
            return 0
        if row is None:
            row = TaskDraft(authority_id=task.authority_id, task_id=task_id, account_id=account_id)
        elif queries.draft_content(row, key) == words:
            return int(row.version)
        if version not in {row.version, row.version + 1}:
            raise DraftChanged
        row.version = version + 1 if counted else version
        row.kept_at = clock.now()
        row.sealed = encryption.seal_json(key, words, *places.draft_place(row)) if words else None
        row.save()
        return int(row.version)
