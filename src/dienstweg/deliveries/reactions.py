"""What goes on when the virus scan has looked at a file of a case."""

from uuid import UUID

from dienstweg.deliveries import actions
from dienstweg.events.job import job


@job("deliveries.after_scan")
def after_scan(*, authority_id: UUID, owner_id: UUID, **_fact: object) -> None:
    """Send what has waited for the files of a case."""
    actions.send_after_scan(case_id=owner_id)
