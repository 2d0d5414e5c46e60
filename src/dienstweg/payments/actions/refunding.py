"""Give money back: ordered by a process, carried out by a person at the cash office.

XBezahldienste 1.0 has no message for a refund, so nobody but a person can do it.
"""

from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.events import actions as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.payments import rules
from dienstweg.payments.errors import NoSuchRefund
from dienstweg.payments.facts import RefundDone, RefundOrdered
from dienstweg.payments.models import Payment, Refund


def refund(*, case_id: UUID, key: str, of: str, amount: int | None = None) -> UUID:
    """Order that what was paid under the key ``of`` is given back, once for each ``key``.

    ``amount`` in cents, at most what is left of the payment; None is all of that. Where nothing
    is left the refund is done at once. Runs inside the transaction that wants it.
    """
    with transaction.atomic():
        known = Refund.objects.filter(case_id=case_id, key=key).first()
        if known is not None:
            return UUID(str(known.id))
        payment = Payment.objects.select_for_update().filter(case_id=case_id, key=of).first()
        cents = _left(payment, amount)
        row = Refund(
            id=new_id(),
            authority_id=scope.one(),
            case_id=case_id,
            payment=payment,
            key=key,
            amount=cents,
            state="open" if cents else "done",
            ordered_at=clock.now(),
            done_at=None if cents else clock.now(),
        )
        row.save(force_insert=True)
        kind = RefundOrdered if cents else RefundDone
        events.record(
            kind(authority_id=row.authority_id, case_id=case_id, refund_id=row.id, key=key)
        )
    return UUID(str(row.id))


def no_longer_refund(*, case_id: UUID, key: str) -> None:
    """Take an order back that nobody waits for any more; what was carried out stays."""
    Refund.objects.filter(
        case_id=case_id, key=key, state__in=rules.sources(rules.REFUND, "withdrawn")
    ).update(state="withdrawn")


def refund_done(*, refund_id: UUID, account_id: UUID) -> None:
    """Note that a person has given the money back; a second click changes nothing.

    Raises `NoSuchRefund`, also for an order that was taken back.
    """
    with transaction.atomic():
        row = Refund.objects.select_for_update(of=("self",)).filter(id=refund_id).first()
        if row is None or row.state == "withdrawn":
            raise NoSuchRefund
        if row.state == "done":
            return
        Refund.objects.filter(id=row.id).update(
            state="done", done_at=clock.now(), done_by=account_id
        )
        fact = RefundDone(
            authority_id=row.authority_id, case_id=row.case_id, refund_id=row.id, key=row.key
        )
        events.record(fact, actor=f"staff:{account_id}")


def _left(payment: Payment | None, wanted: int | None) -> int:
    """Return how many cents can be given back of a payment."""
    if payment is None or payment.state != "paid":
        return 0
    given = Refund.objects.filter(payment=payment).exclude(state="withdrawn")
    return rules.refundable(
        paid=payment.amount, given=sum(given.values_list("amount", flat=True)), wanted=wanted
    )
