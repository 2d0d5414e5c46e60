"""The worker's part: send, knock, set going, sweep."""

from uuid import UUID

from dienstweg.deliveries import actions
from dienstweg.events.job import job


@job("deliveries.send")
def send(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Try to hand a delivery over."""
    actions.send(delivery_id=object_id)


@job("deliveries.probe")
def probe(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Knock at a destination that is down."""
    actions.probe(connection_id=object_id)


@job("deliveries.drain")
def drain(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Set going what has waited for a destination that is back."""
    actions.drain(connection_id=object_id, after=key)


@job("deliveries.tell")
def tell(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Tell the authority that a connection has failed for long."""
    actions.tell(connection_id=object_id)


@job("deliveries.sweep")
def sweep(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Drive on what was lost, and look again later."""
    actions.sweep(connection_id=object_id)
    actions.look_after(authority_id, object_id)
