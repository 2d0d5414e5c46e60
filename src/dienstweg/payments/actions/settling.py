"""Find out what became of a payment: the platform's word, in one locked transition."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.events import actions as events
from dienstweg.events.facts import Fact
from dienstweg.events.job import Order, defer, defer_all
from dienstweg.events.queries import without_job
from dienstweg.kernel import clock, failpoints
from dienstweg.payments import rules
from dienstweg.payments.actions.accounts import provider_of
from dienstweg.payments.facts import PaymentOpened, PaymentOverpaid, PaymentSettled
from dienstweg.payments.models import Payment, PaymentAttempt
from dienstweg.payments.port import Rejected, Transaction, Unavailable

OPEN = "payments.open"
ASK = "payments.ask"
ASKED_LATELY = timedelta(seconds=2)
"""A browser that reloads its page asks the platform no more often than this."""
SWEPT_AT_ONCE = 500
"""Payments of each state that a sweeper drives on; the next finds the others."""
_OLDER = 5
"""Attempts of one payment that are asked about: the newest ones."""

log = logging.getLogger("dienstweg.payments")


def ask_soon(*, payment_id: UUID) -> None:
    """Have the platform asked now, since a browser came back from it; waits for nothing."""
    now = clock.now()
    with transaction.atomic():
        asked = (
            Payment.objects.filter(id=payment_id)
            .exclude(asked_at__gt=now - ASKED_LATELY)
            .update(asked_at=now)
        )
        if asked:
            defer(ASK, authority_id=scope.one(), object_id=payment_id)


def ask(*, payment_id: UUID) -> None:
    """Ask the platform about every attempt that is not paid, and settle what it says.

    Called by the return page, by a schedule and by nobody in particular; in any order and as
    often as they like. The platform is called outside of any transaction.
    """
    payment = Payment.objects.select_related("account").filter(id=payment_id).first()
    if payment is None:
        return
    attempts = PaymentAttempt.objects.filter(payment_id=payment_id).exclude(transaction_id="")
    trouble = payment.trouble
    for attempt in attempts.exclude(state="paid").order_by("-number")[:_OLDER]:
        trouble = _ask_about(payment, attempt)
    _ask_again(payment_id, trouble)


def sweep() -> int:
    """Drive payments of this authority on whose next step was lost; return how many."""
    now = clock.now()
    stuck = Payment.objects.filter(
        created_at__lt=now - 2 * rules.LEASE, created_at__gt=now - rules.PATIENCE
    )
    orders = []
    for state, job in (("due", OPEN), ("open", ASK)):
        lost = without_job(stuck.filter(state=state), job=job).order_by("id")
        for one, authority_id in lost.values_list("id", "authority_id")[:SWEPT_AT_ONCE]:
            orders.append(Order(job, authority_id, args=(("object_id", str(one)),)))
    defer_all(orders)
    return len(orders)


def settle(*, payment_id: UUID, attempt_id: UUID, told: Transaction) -> None:
    """Make the platform's word about an attempt true, exactly once.

    The payment's row is the lock: whoever comes second finds it settled.
    """
    with transaction.atomic(savepoint=False):
        payment = Payment.objects.select_for_update().get(id=payment_id)
        attempt = PaymentAttempt.objects.get(id=attempt_id)
        decided = rules.settle(
            payment=payment.state,
            attempt=attempt.state,
            told=told.state,
            newest=attempt.number == payment.attempt,
        )
        if decided.attempt != attempt.state:
            PaymentAttempt.objects.filter(id=attempt.id).update(
                state=decided.attempt,
                method=told.method or "",
                reference=told.reference or attempt.reference,
                settled_at=None if decided.attempt == "open" else clock.now(),
            )
        opened = decided.payment == "open" and payment.state != "open"
        if decided.payment != payment.state:
            Payment.objects.filter(id=payment.id).update(state=decided.payment)
        if decided.overpaid:
            Payment.objects.filter(id=payment.id).update(trouble="paid_twice")
        if decided.unwanted:
            Payment.objects.filter(id=payment.id).update(trouble="paid_late")
        facts = _facts(payment, decided, opened=opened)
        if facts:
            events.record_all(facts)
    failpoints.reach("payments.settle.after")


def _facts(payment: Payment, decided: rules.Settling, *, opened: bool) -> list[Fact]:
    about: dict[str, Any] = {
        "authority_id": payment.authority_id,
        "case_id": payment.case_id,
        "payment_id": payment.id,
        "key": payment.key,
    }
    if decided.overpaid:
        return [PaymentOverpaid(**about)]
    if decided.settled:
        return [PaymentSettled(**about, state=decided.payment)]
    return [PaymentOpened(**about)] if opened else []


def _ask_about(payment: Payment, attempt: PaymentAttempt) -> str:
    """Ask about one attempt and settle the answer; return what a person should know of it."""
    try:
        told = provider_of(payment.payee).status(attempt.transaction_id)
    except Unavailable:
        return payment.trouble
    except Rejected as refusal:
        log.warning("payment_question_rejected payment=%s code=%s", payment.id, refusal.code)
        return refusal.code
    if told.amount is not None and told.amount != payment.amount:
        log.error("payment_wrong_amount payment=%s", payment.id)
        return "wrong_amount"
    if told.request_id is not None and told.request_id != attempt.request_id:
        log.error("payment_wrong_request payment=%s", payment.id)
        return "wrong_request"
    failpoints.reach("payments.settle.before")
    settle(payment_id=payment.id, attempt_id=attempt.id, told=told)
    return ""


def _ask_again(payment_id: UUID, trouble: str) -> None:
    """Note the question, and when the next one is due, if there is to be one."""
    now = clock.now()
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(id=payment_id)
        attempt = PaymentAttempt.objects.filter(
            payment_id=payment_id, number=payment.attempt
        ).first()
        if attempt is None:  # begun once more just now: the opening will ask on
            return
        PaymentAttempt.objects.filter(id=attempt.id).update(asked=attempt.asked + 1)
        if trouble not in rules.LASTING and payment.trouble not in (trouble, *rules.LASTING):
            Payment.objects.filter(id=payment_id).update(trouble=trouble[:60])
        at = _next_question(payment, attempt, now)
        if at is not None:
            events.due(at=at, job=ASK, authority_id=payment.authority_id, object_id=payment_id)


def _next_question(payment: Payment, attempt: PaymentAttempt, now: datetime) -> datetime | None:
    """Return when to ask next: soon while open, a few times after an unpaid end, else never."""
    if attempt.state == "open":
        if now - attempt.began_at > rules.PATIENCE:
            return None
        return now + rules.ask_pause(attempt.asked + 1, seed=str(payment.id))
    older = attempt.state == "paid" and attempt.number > 1
    if (older or attempt.state in rules.REPEATABLE) and attempt.settled_at is not None:
        return rules.look_back(attempt.settled_at, now)
    return None
