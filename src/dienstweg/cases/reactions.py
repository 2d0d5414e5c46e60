"""What the room does when its authority begins to offer something."""

from uuid import UUID

from dienstweg.cases import actions
from dienstweg.events.job import job


@job("cases.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for decisions that nobody settled, and again from then on."""
    actions.sweep(authority_id=authority_id)
