"""Collect money for a case: order it, open an attempt at the platform, repeat one that failed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.events import actions as events
from dienstweg.events.job import defer
from dienstweg.kernel import clock, failpoints
from dienstweg.kernel.references import new_id
from dienstweg.payments import queries, rules
from dienstweg.payments.actions.accounts import account_named, provider_of
from dienstweg.payments.actions.settling import ASK, OPEN, settle
from dienstweg.payments.errors import NoSuchPayment, NotRepeatable
from dienstweg.payments.models import Payment, PaymentAttempt
from dienstweg.payments.port import Order, Rejected, Transaction, Unavailable

RETURN_PATH = "/zahlung/{payment_id}"
"""Where the platform sends the browser back to, at the authority's own host."""


def collect(
    *,
    case_id: UUID,
    key: str,
    amount: int,
    purpose: str,
    items: Sequence[Mapping[str, Any]],
    account_slug: str,
) -> UUID:
    """Ask for ``amount`` cents for a case, once for each ``key``; return the payment's id.

    ``items`` have reference, description, quantity and amount (of one, in cents). Runs inside the
    transaction that wants it; a worker opens the transaction at the platform afterwards. Raises
    `dienstweg.payments.errors.NoSuchAccount`.
    """
    account = account_named(account_slug)
    row = Payment(
        id=new_id(),
        authority_id=scope.one(),
        case_id=case_id,
        key=key,
        account=account,
        amount=amount,
        purpose=purpose,
        items=[dict(one) for one in items],
        created_at=clock.now(),
    )
    with transaction.atomic(savepoint=False):
        Payment.objects.bulk_create([row], ignore_conflicts=True)
        kept: Payment = Payment.objects.get(case_id=case_id, key=key)
        if kept.id == row.id:
            defer(OPEN, authority_id=row.authority_id, object_id=row.id)
    return kept.id


def no_longer_collect(*, case_id: UUID, key: str) -> None:
    """Stop asking for a payment that nobody waits for any more; money that comes is still seen."""
    Payment.objects.filter(case_id=case_id, key=key).exclude(state="paid").update(state="withdrawn")


def repeat(*, payment_id: UUID) -> queries.PaymentView:
    """Begin a failed or cancelled payment once more; a second click changes nothing.

    Raises `NoSuchPayment`, `NotRepeatable` (paid or withdrawn).
    """
    with transaction.atomic():
        row = Payment.objects.select_for_update().filter(id=payment_id).first()
        if row is None:
            raise NoSuchPayment
        if row.state in ("paid", "withdrawn"):
            raise NotRepeatable
        if row.state in rules.REPEATABLE:
            Payment.objects.filter(id=row.id).update(
                state="due", attempt=row.attempt + 1, tries=0, busy_until=None, trouble=""
            )
            defer(OPEN, authority_id=row.authority_id, object_id=row.id)
    return queries.payment(payment_id)


def open(*, payment_id: UUID) -> None:
    """Open the newest attempt at the platform; safe to do twice, at once or after a crash.

    The platform is called outside of any transaction, under a request id that stays the same.
    """
    claimed = _claim(payment_id)
    if claimed is None:
        return
    payment, attempt = claimed
    failpoints.reach("payments.open.before")
    try:
        transaction_ = provider_of(payment.payee).open(_order(payment, attempt))
    except Unavailable:
        _open_later(payment, "unavailable")
        return
    except Rejected as refusal:
        _open_later(payment, refusal.code)
        return
    failpoints.reach("payments.open.after")
    _opened(payment, attempt, transaction_)


def _claim(payment_id: UUID) -> tuple[Payment, PaymentAttempt] | None:
    """Take the lease for opening, and write the attempt down before it is made."""
    now = clock.now()
    with transaction.atomic():
        row = (
            Payment.objects.select_for_update(of=("self",))
            .select_related("account")
            .filter(id=payment_id, state="due")
            .first()
        )
        if row is None:
            return None
        if row.busy_until is not None and row.busy_until > now:
            # Another worker is at it, or was when it died: then this is its repetition.
            _due(row, row.busy_until)
            return None
        request_id = rules.request_id(row.id, row.attempt)
        attempt = PaymentAttempt.objects.filter(request_id=request_id).first()
        if attempt is None:
            attempt = PaymentAttempt.objects.create(
                authority_id=row.authority_id,
                payment=row,
                number=row.attempt,
                request_id=request_id,
                began_at=now,
            )
        Payment.objects.filter(id=row.id).update(busy_until=now + rules.LEASE, tries=row.tries + 1)
        row.tries += 1
    return row, attempt


def _order(payment: Payment, attempt: PaymentAttempt) -> Order:
    card = authorities.card(payment.authority_id)
    path = RETURN_PATH.format(payment_id=payment.id)
    return Order(
        request_id=attempt.request_id,
        amount=payment.amount,
        purpose=payment.purpose[:27],
        description=f"{card.name}: {payment.purpose}"[:250],
        return_url=authorities.public_url(payment.authority_id, path),
        items=rules.items(payment.items, amount=payment.amount, purpose=payment.purpose),
        timestamp=attempt.began_at,
    )


def _opened(payment: Payment, attempt: PaymentAttempt, told: Transaction) -> None:
    """Write down what the platform has opened, and when to ask what became of it."""
    with transaction.atomic():
        PaymentAttempt.objects.filter(id=attempt.id).update(
            transaction_id=told.id, reference=told.reference, pay_url=told.pay_url or ""
        )
        Payment.objects.filter(id=payment.id).update(busy_until=None, tries=0, trouble="")
        settle(payment_id=payment.id, attempt_id=attempt.id, told=told)
        if told.state == "open":
            at = clock.now() + rules.ask_pause(1, seed=str(payment.id))
            events.due(
                at=at,
                job=ASK,
                authority_id=payment.authority_id,
                object_id=payment.id,
            )


def _open_later(payment: Payment, trouble: str) -> None:
    """Have the opening tried again, and keep the reason for the person who looks."""
    pause: timedelta = rules.open_pause(payment.tries, seed=str(payment.id))
    with transaction.atomic():
        Payment.objects.filter(id=payment.id, attempt=payment.attempt).update(
            busy_until=None, trouble="" if _is_young(payment, trouble) else trouble[:60]
        )
        _due(payment, clock.now() + pause)


def _is_young(payment: Payment, trouble: str) -> bool:
    """Tell whether a person need not know yet: a platform that is away for minutes comes back."""
    return trouble == "unavailable" and payment.tries < len(rules.OPEN_AGAIN)


def _due(payment: Payment, at: Any) -> None:
    events.due(at=at, job=OPEN, authority_id=payment.authority_id, object_id=payment.id)
