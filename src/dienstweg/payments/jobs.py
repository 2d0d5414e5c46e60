"""The worker's part: open transactions, and ask what became of them."""

from uuid import UUID

from dienstweg.events.job import job
from dienstweg.payments import actions


@job("payments.open")
def open_payment(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Open the newest attempt of a payment at its platform."""
    actions.open(payment_id=object_id)


@job("payments.ask")
def ask(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Ask the platform what became of a payment."""
    actions.ask(payment_id=object_id)


@job("payments.sweep")
def sweep(*, authority_id: UUID, object_id: UUID, key: str = "") -> None:
    """Drive on payments whose next step was lost, and look again in an hour."""
    actions.sweep()
    actions.look_after(authority_id, object_id)
