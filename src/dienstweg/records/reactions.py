"""What the room does when its authority begins to offer something."""

from uuid import UUID

from dienstweg.events.job import job
from dienstweg.records import actions


@job("records.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for archives that never came or never went, and again from then on."""
    actions.sweep(authority_id=authority_id)
