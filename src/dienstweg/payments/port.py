"""What we need from a payment platform: open a transaction, and ask what became of it.

A payment provider is a plug-in of the entry point group ``dienstweg.payment_providers``: a
factory ``make(options, secrets, client) -> PaymentProvider`` with ``OPTIONS_SCHEMA`` and
``SECRETS_SCHEMA`` (JSON Schema) beside it. All amounts are integer cents of euro.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

TransactionState = Literal["open", "paid", "failed", "cancelled"]


class Unavailable(Exception):
    """The payment platform cannot be reached or is busy: to be tried again later."""


class Rejected(Exception):
    """The payment platform refuses, or its answer is wrong: a person must look at it.

    ``code`` is a word of the platform's or ours in capital letters, ``detail`` is for the log and
    holds no personal data.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is paid for; ``amount`` is the price of one, in cents, free of tax."""

    reference: str
    description: str
    quantity: int
    amount: int
    booking: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. ``request_id`` (at most 36 characters) makes a repeat harmless.

    ``purpose`` has at most 27 characters, ``description`` 250. ``return_url`` is where the browser
    comes back to; nothing that it brings along is believed.
    """

    request_id: str
    amount: int
    purpose: str
    description: str
    return_url: str
    items: tuple[Item, ...]
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the platform says about a transaction.

    ``reference`` is what stands on the bank statement (Kassenzeichen), ``pay_url`` where the
    applicant pays while it is open. ``amount`` (cents) and ``request_id`` are what the platform
    has recorded, for comparison with what was asked for.
    """

    id: str
    reference: str
    state: TransactionState
    pay_url: str | None = None
    method: str | None = None
    at: datetime | None = None
    amount: int | None = None
    request_id: str | None = None


class PaymentProvider(Protocol):
    """A payment platform, as one authority uses it."""

    def open(self, order: Order) -> Transaction:
        """Open a transaction, or return the one that this ``request_id`` has already opened.

        Raises `Unavailable`, `Rejected`.
        """

    def status(self, transaction_id: str) -> Transaction:
        """Return what has become of the transaction. Raises `Unavailable`, `Rejected`."""

    def check(self) -> list[str]:
        """Return what is wrong with the account, in plain German; nothing when it works."""
