"""What a caseworker has written for a decision and not sent yet: kept for this person alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from dienstweg.cases import queries
from dienstweg.cases.actions.tasks import locked, reseal
from dienstweg.cases.errors import AlreadyDecided
from dienstweg.kernel import clock

MOST = 20
"""Drafts of one task: those of more people push the oldest out."""


def keep_draft(*, task_id: UUID, account_id: UUID, given: Mapping[str, Sequence[str]]) -> None:
    """Keep the inputs of a decision as they are, sealed with the task; without any forget them.

    One for each person and task; deciding deletes it. Raises `NoSuchTask`, `AlreadyDecided`,
    `Erased`.
    """
    with transaction.atomic():
        row = locked(task_id)
        if row.state != "open":
            raise AlreadyDecided
        key = queries.key_of(row.case)
        content = dict(queries.task_content(row, key))
        drafts = {
            name: one for name, one in content.get("drafts", {}).items() if name != str(account_id)
        }
        if given:
            words = {name: list(texts) for name, texts in given.items()}
            own = {"at": clock.now().isoformat(), "given": words}
            drafts = dict([*drafts.items(), (str(account_id), own)][-MOST:])
        reseal(row, key, {**content, "drafts": drafts})
