"""What the room does when its authority begins to offer something."""

from uuid import UUID

from dienstweg.assistants import actions
from dienstweg.events.job import job


@job("assistants.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for drafts that should have ended, and again from then on."""
    actions.sweep(authority_id=authority_id)
