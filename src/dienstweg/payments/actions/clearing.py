"""Clear up what no word of the platform ends: money that came twice, or when nobody waited for it.

XBezahldienste 1.0 has no message for a refund, so nobody but a person can give it back.
"""

from uuid import UUID

from django.db import transaction

from dienstweg.events import actions as events
from dienstweg.payments import rules
from dienstweg.payments.errors import NoSuchPayment
from dienstweg.payments.facts import PaymentCleared
from dienstweg.payments.models import Payment


def clear(*, payment_id: UUID, account_id: UUID) -> None:
    """Note that a person has cleared up a trouble of `rules.LASTING`; a second click changes none.

    Any other trouble ends with what the platform says. Raises `NoSuchPayment`.
    """
    with transaction.atomic():
        row = Payment.objects.select_for_update().filter(id=payment_id).first()
        if row is None:
            raise NoSuchPayment
        if row.trouble not in rules.LASTING:
            return
        Payment.objects.filter(id=row.id).update(trouble="")
        fact = PaymentCleared(
            authority_id=row.authority_id,
            case_id=row.case_id,
            payment_id=row.id,
            key=row.key,
            trouble=row.trouble,
        )
        events.record(fact, actor=f"staff:{account_id}")
