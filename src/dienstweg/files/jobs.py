"""The worker's part: show what waits to the scanner."""

from uuid import UUID

from dienstweg.events.job import job
from dienstweg.files import actions


@job("files.scan")
def scan(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Have a file scanned that waits."""
    actions.scan(file_id=object_id)
