"""What the room does when its authority begins to offer something."""

from uuid import UUID

from dienstweg.events.job import job
from dienstweg.files import actions


@job("files.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for bytes that no row speaks of, and again from then on."""
    actions.sweep(authority_id=authority_id)


@job("files.sweep_waiting")
def sweep_waiting(*, authority_id: UUID, **_fact: object) -> None:
    """Look for files whose virus scan was lost, and again from then on."""
    actions.sweep_waiting(authority_id=authority_id)
