"""The messages of XBezahldienste 1.0.0: from our words to its JSON and back.

The standard writes ``grosAmount`` with one s, and amounts as decimal euros.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from dienstweg.payments.port import Item, Order, Rejected, Transaction, TransactionState

LARGEST = 99_999_900
"""Cents: ``grosAmount`` may be 999,999 euros at most."""

_STATES: Mapping[str, TransactionState] = {
    "INITIAL": "open",
    "PAYED": "paid",
    "FAILED": "failed",
    "CANCELED": "cancelled",
}
_URL_LENGTH = 2082
_CENT = Decimal("0.01")


def request(order: Order) -> dict[str, Any]:
    """Return the PaymentRequest for ``order``; raises `Rejected` where the platform would."""
    if not 0 < order.amount <= LARGEST:
        raise Rejected("VALIDATION_ERROR", "amount out of range")
    if not 1 <= len(order.items) <= 99:
        raise Rejected("VALIDATION_ERROR", "number of items")
    if sum(item.quantity * item.amount for item in order.items) != order.amount:
        raise Rejected("CALCULATION_ERROR", "the items do not add up to the amount")
    return {
        "requestId": order.request_id,
        "requestTimestamp": order.timestamp.isoformat(),
        "currency": "EUR",
        "grosAmount": euros(order.amount),
        "purpose": order.purpose[:27],
        "description": order.description[:250],
        "redirectUrl": order.return_url,
        "items": [_item(number, item) for number, item in enumerate(order.items, start=1)],
    }


def transaction(answer: Any, *, plain_http: bool) -> Transaction:
    """Return what the PaymentTransaction ``answer`` says; raises `Rejected` if it is malformed.

    ``plain_http`` admits a payment page without TLS: only where the platform itself has none.
    """
    if not isinstance(answer, dict):
        raise Rejected("MALFORMED", "not an object")
    info = answer.get("paymentInformation")
    if not isinstance(info, dict):
        raise Rejected("MALFORMED", "no paymentInformation")
    state = _STATES.get(str(info.get("status")))
    if state is None:
        raise Rejected("MALFORMED", "unknown status")
    asked = answer.get("paymentRequest")
    asked = asked if isinstance(asked, dict) else {}
    return Transaction(
        id=identifier(info.get("transactionId")),
        reference=_text(info.get("transactionReference"), 100),
        state=state,
        pay_url=_pay_url(info, plain_http) if state == "open" else None,
        method=_text(info.get("paymentMethod"), 40) or None,
        at=_moment(info.get("transactionTimestamp")),
        amount=cents(asked["grosAmount"]) if "grosAmount" in asked else None,
        request_id=_text(asked.get("requestId"), 36) or None,
    )


def euros(amount: int) -> float:
    """Return ``amount`` cents as euros, exact to the cent when written as JSON."""
    return float(Decimal(amount) / 100)


def cents(value: Any) -> int:
    """Return the euros ``value`` of a JSON document as cents; raises `Rejected`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Rejected("MALFORMED", "amount")
    try:
        exact = Decimal(str(value))
        if not exact.is_finite() or abs(exact) * 100 > LARGEST or exact != exact.quantize(_CENT):
            raise Rejected("MALFORMED", "amount")
    except InvalidOperation as error:
        raise Rejected("MALFORMED", "amount") from error
    return int(exact * 100)


def identifier(value: Any) -> str:
    """Return the id of a transaction, fit to stand in an address; raises `Rejected`."""
    text = value if isinstance(value, str) else ""
    if not 1 <= len(text) <= 64 or not all(one.isalnum() or one in "-_" for one in text):
        raise Rejected("MALFORMED", "transactionId")
    if not text.isascii():
        raise Rejected("MALFORMED", "transactionId")
    return text


def _item(number: int, item: Item) -> dict[str, Any]:
    return {
        "id": number,
        "reference": item.reference[:36],
        "description": item.description[:250],
        "taxRate": 0,
        "quantity": item.quantity,
        "totalNetAmount": euros(item.amount * item.quantity),
        "totalTaxAmount": 0,
        "singleNetAmount": euros(item.amount),
        "singleTaxAmount": 0,
        "bookingData": dict(item.booking),
    }


def _pay_url(info: Mapping[str, Any], plain_http: bool) -> str:
    url = info.get("transactionRedirectUrl")
    if not isinstance(url, str) or len(url) > _URL_LENGTH:
        raise Rejected("MALFORMED", "transactionRedirectUrl")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Rejected("MALFORMED", "transactionRedirectUrl") from error
    if parts.scheme not in ({"https", "http"} if plain_http else {"https"}) or not parts.hostname:
        raise Rejected("MALFORMED", "transactionRedirectUrl")
    return url


def _text(value: Any, longest: int) -> str:
    text = value if isinstance(value, str) else ""
    return "".join(one for one in text if one.isprintable())[:longest]


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
