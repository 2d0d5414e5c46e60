"""A case that goes on under another release: its open tasks are those of that release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from dienstweg.cases import queries
from dienstweg.cases.errors import NotAllowed
from dienstweg.cases.models import Case, Task


@dataclass(frozen=True, slots=True)
class TaskWords:
    """What a release says of an open task; without a ``role`` the task keeps its own."""

    task: str
    outcomes: Sequence[str]
    role: str = ""
    approval: str = ""
    form: Sequence[str] = ()


def change_release(*, case_id: UUID, digest: str, tasks: Mapping[str, TaskWords]) -> None:
    """Let a case go on under the release ``digest``; ``tasks`` are its open ones by their keys.

    Runs under the case's lock, which the process holds. Raises `NotAllowed` where somebody has
    just decided on an outcome that the release does not know, and while the applicant corrects
    their application under the old release.
    """
    with transaction.atomic():
        if queries.under_way(case_id) is not None:
            raise NotAllowed
        Case.objects.filter(id=case_id).update(digest=digest)
        for row in Task.objects.select_for_update().filter(case_id=case_id, key__in=list(tasks)):
            words = tasks[row.key]
            if row.outcome and row.outcome not in words.outcomes:
                raise NotAllowed
            Task.objects.filter(id=row.id).exclude(state__in=["done", "withdrawn"]).update(
                task=words.task,
                outcomes=list(words.outcomes),
                role=words.role or row.role,
                approval_role=words.approval,
                form=list(words.form),
            )
