"""Tells the authority that takes a case over what was paid for it, and what went back of that."""

from dienstweg.cases.actions import Copier
from dienstweg.kernel.references import new_id
from dienstweg.payments.models import Payment, PaymentAttempt, Refund


def copy_payments(*, copier: Copier) -> int:
    """Copy what was paid for a case to the authority that takes it; return how many that is.

    The money stays where it is: the copies have no account, and no platform is asked about them.
    Without them a refund there would find nothing to give back.
    """
    paid = Payment.objects.filter(case_id=copier.case_id, state="paid").order_by("id")
    made = copier.copy(paid, change=_without_account)
    attempts = PaymentAttempt.objects.filter(
        payment__case_id=copier.case_id, payment__state="paid", state="paid"
    )
    copier.copy(attempts.order_by("id"), change=_as_another)
    given_back = Refund.objects.filter(case_id=copier.case_id, payment__state="paid")
    copier.copy(given_back.order_by("id"))
    return len(made)


def _without_account(_old: Payment, new: Payment) -> None:
    new.account_id = None
    new.trouble = ""


def _as_another(_old: PaymentAttempt, new: PaymentAttempt) -> None:
    """Give the copy a key of its own: under the old one the platform knows the attempt itself."""
    new.request_id = str(new_id())
    new.transaction_id = ""
