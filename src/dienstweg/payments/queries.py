"""Reads: what a case costs, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from dienstweg.kernel import clock
from dienstweg.payments import rules
from dienstweg.payments.errors import NoSuchPayment, NoSuchRefund
from dienstweg.payments.models import Payment, PaymentAccount, PaymentAttempt, Refund

LISTED = 100
"""Payments that a list shows at once."""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment with its newest attempt: ``amount`` in cents, ``pay_url`` while it is open."""

    id: UUID
    case_id: UUID
    authority_id: UUID
    key: str
    amount: int
    purpose: str
    state: str
    attempt: int
    pay_url: str
    reference: str
    method: str
    trouble: str
    created_at: datetime
    settled_at: datetime | None

    @property
    def repeatable(self) -> bool:
        """Tell whether the applicant may begin it once more."""
        return self.state in rules.REPEATABLE

    @property
    def to_clear(self) -> bool:
        """Tell whether a person has to say that its trouble is over."""
        return self.trouble in rules.LASTING

    @property
    def given_up(self) -> bool:
        """Tell whether it has failed so often that it counts as failed for good."""
        return self.state == "failed" and self.attempt >= rules.GIVEN_UP


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money to give back, in cents; ``reference`` is the Kassenzeichen of the payment.

    ``elsewhere``: it was paid to the authority that had the case before.
    """

    id: UUID
    case_id: UUID
    authority_id: UUID
    number: str
    key: str
    amount: int
    purpose: str
    reference: str
    state: str
    ordered_at: datetime
    done_at: datetime | None
    done_by: UUID | None
    elsewhere: bool


def of_case(case_id: UUID) -> list[PaymentView]:
    """Return the payments of a case, the oldest first; two statements at most."""
    rows = list(Payment.objects.filter(case_id=case_id).order_by("id"))
    return _views(rows)


def payment(payment_id: UUID) -> PaymentView:
    """Return one payment; raises `NoSuchPayment`."""
    rows = list(Payment.objects.filter(id=payment_id))
    if not rows:
        raise NoSuchPayment
    return _views(rows)[0]


def troubled() -> list[PaymentView]:
    """Return the payments that a person should look at, the newest first, `LISTED` at most."""
    old = clock.now() - rules.SHOWN
    stuck = Q(state__in=["due", "open"], created_at__lt=old) | ~Q(trouble="")
    return _views(list(Payment.objects.filter(stuck).order_by("-id")[:LISTED]))


def refunds_to_do() -> list[RefundView]:
    """Return what a person has to give back, the oldest first."""
    rows = Refund.objects.select_related("case", "payment").filter(state="open")
    return _refunds(list(rows.order_by("id")[:LISTED]))


def number_to_refund() -> int:
    """Return how many refunds a person has to carry out."""
    return int(Refund.objects.filter(state="open").count())


def refunds_of_case(case_id: UUID) -> list[RefundView]:
    """Return what of the payments of a case goes or went back, the oldest first."""
    rows = Refund.objects.select_related("case", "payment").filter(case_id=case_id)
    return _refunds(list(rows.exclude(amount=0).order_by("id")))


def refund(refund_id: UUID) -> RefundView:
    """Return one refund; raises `NoSuchRefund`."""
    rows = list(Refund.objects.select_related("case", "payment").filter(id=refund_id))
    if not rows:
        raise NoSuchRefund
    return _refunds(rows)[0]


def accounts() -> list[str]:
    """Return the slugs of the authority's payment accounts."""
    return list(PaymentAccount.objects.order_by("slug").values_list("slug", flat=True))


def _views(rows: list[Payment]) -> list[PaymentView]:
    attempts: dict[UUID, PaymentAttempt] = {}
    if rows:
        found = PaymentAttempt.objects.filter(payment_id__in=[row.id for row in rows])
        for one in found.order_by("number"):
            attempts[one.payment_id] = _telling(attempts.get(one.payment_id), one)
    return [_view(row, attempts.get(row.id)) for row in rows]


def _telling(shown: PaymentAttempt | None, later: PaymentAttempt) -> PaymentAttempt:
    """Return the attempt to show: the one that was paid, else the newest."""
    return shown if shown is not None and shown.state == "paid" else later


def _view(row: Payment, attempt: PaymentAttempt | None) -> PaymentView:
    payable = attempt is not None and row.state == "open" and attempt.state == "open"
    return PaymentView(
        id=row.id,
        case_id=row.case_id,
        authority_id=row.authority_id,
        key=row.key,
        amount=row.amount,
        purpose=row.purpose,
        state=row.state,
        attempt=row.attempt,
        pay_url=attempt.pay_url if attempt is not None and payable else "",
        reference=attempt.reference if attempt is not None else "",
        method=attempt.method if attempt is not None else "",
        trouble=row.trouble,
        created_at=row.created_at,
        settled_at=attempt.settled_at if attempt is not None else None,
    )


def _refunds(rows: list[Refund]) -> list[RefundView]:
    views = {one.id: one for one in _views([row.payment for row in rows if row.payment])}
    return [_refund_view(row, views.get(row.payment.id) if row.payment else None) for row in rows]


def _refund_view(row: Refund, payment: PaymentView | None) -> RefundView:
    return RefundView(
        id=row.id,
        case_id=row.case_id,
        authority_id=row.authority_id,
        number=row.case.number,
        key=row.key,
        amount=row.amount,
        purpose=payment.purpose if payment is not None else "",
        reference=payment.reference if payment is not None else "",
        state=row.state,
        ordered_at=row.ordered_at,
        done_at=row.done_at,
        done_by=row.done_by,
        elsewhere=row.payment is not None and row.payment.account_id is None,
    )
