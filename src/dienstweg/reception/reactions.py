"""What the reception does when an authority begins to offer something."""

from uuid import UUID

from dienstweg.events.job import job
from dienstweg.reception import sweeping


@job("reception.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Forget what nobody asks for any more, and again from then on."""
    sweeping.sweep(authority_id=authority_id)
