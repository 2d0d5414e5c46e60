"""What falls due for cases."""

from uuid import UUID

from dienstweg.cases import actions
from dienstweg.events.job import job


@job("cases.settle_task")
def settle_task(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Let the decision of a task stand, since its time to be undone is over."""
    actions.settle_task(task_id=object_id)


@job("cases.remind_party")
def remind_party(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Remind a party of what is still open."""
    actions.remind_party(party_id=object_id)
