"""The worker's part: send an e-mail."""

from uuid import UUID

from dienstweg.events.job import job
from dienstweg.mail import actions


@job("mail.deliver")
def deliver(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Send the e-mail with the id ``object_id``."""
    actions.deliver(mail_id=object_id)
