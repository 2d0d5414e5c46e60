"""What falls due for drafts."""

from uuid import UUID

from dienstweg.assistants import actions
from dienstweg.events.job import job


@job("assistants.expire")
def expire(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Look whether the draft's time is over."""
    actions.expire(draft_id=object_id)


@job("assistants.ask")
def ask(*, authority_id: UUID, object_id: UUID, key: str) -> None:
    """Ask the source ``key`` what it knows for a draft."""
    actions.fetch(draft_id=object_id, source=key)
