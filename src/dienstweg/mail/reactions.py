"""What the room does when its authority begins to offer something."""

from uuid import UUID

from dienstweg.events.job import job
from dienstweg.mail import actions


@job("mail.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for e-mails that nobody sent, and again from then on."""
    actions.sweep(authority_id=authority_id)
