"""What a worker does about archives."""

from uuid import UUID

from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.events.job import job
from dienstweg.records import actions


@job("records.make", void=(Erased, NoSuchCase))
def make(*, authority_id: UUID, export_id: UUID) -> None:
    """Make an archive that was asked for."""
    actions.make(export_id=export_id)


@job("records.expire")
def expire(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Delete an archive whose time is over."""
    actions.expire(export_id=object_id)
