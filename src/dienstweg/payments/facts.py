"""What has happened to payments."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOpened(Fact):
    """The platform is ready: the applicant can pay."""

    name: ClassVar[str] = "payment.opened"

    payment_id: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSettled(Fact):
    """An attempt to pay has ended: ``state`` is ``paid``, ``failed`` or ``cancelled``."""

    name: ClassVar[str] = "payment.settled"

    payment_id: UUID
    key: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrdered(Fact):
    """Money is to be given back: a person has to do it."""

    name: ClassVar[str] = "refund.ordered"

    refund_id: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDone(Fact):
    """Money was given back, or there was none to give back."""

    name: ClassVar[str] = "refund.done"

    refund_id: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCleared(Fact):
    """A person has cleared up what was wrong with a payment: ``trouble`` is the word for it."""

    name: ClassVar[str] = "payment.cleared"

    payment_id: UUID
    key: str
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOverpaid(Fact):
    """A second attempt of a paid payment was paid too: money must go back."""

    name: ClassVar[str] = "payment.overpaid"

    payment_id: UUID
    key: str
