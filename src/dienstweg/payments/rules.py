"""Decides what may follow what in a payment, and when the platform is asked again. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from dienstweg.payments.port import Item

PAYMENT: Mapping[str, frozenset[str]] = {
    "due": frozenset({"open", "paid", "failed", "cancelled", "withdrawn"}),
    "open": frozenset({"paid", "failed", "cancelled", "withdrawn"}),
    "failed": frozenset({"due", "paid", "withdrawn"}),
    "cancelled": frozenset({"due", "paid", "withdrawn"}),
    "withdrawn": frozenset({"paid"}),
    "paid": frozenset(),
}
"""What a payment may become. Money that arrives late counts, whatever was thought before."""

ATTEMPT: Mapping[str, frozenset[str]] = {
    "new": frozenset({"open", "paid", "failed", "cancelled"}),
    "open": frozenset({"paid", "failed", "cancelled"}),
    "failed": frozenset({"paid"}),
    "cancelled": frozenset({"paid"}),
    "paid": frozenset(),
}
"""What an attempt may become, by the platform's word alone."""

REPEATABLE = frozenset({"failed", "cancelled"})

REFUND: Mapping[str, frozenset[str]] = {
    "open": frozenset({"done", "withdrawn"}),
    "done": frozenset(),
    "withdrawn": frozenset(),
}
"""What a refund may become."""
LASTING = frozenset({"paid_twice", "paid_late"})
"""Troubles that the platform's next word does not end: money that has to go back."""
GIVEN_UP = 3
"""Failed attempts after which a payment counts as failed for good; it can still be repeated."""

OPEN_AGAIN = tuple(timedelta(seconds=one) for one in (5, 30, 120, 600, 1800, 900))
"""Pauses before an unreachable platform is asked again to open; the last one holds from then on."""

ASK_AGAIN = tuple(timedelta(seconds=one) for one in (10, 20, 30, 60, 120, 300, 900, 3600))
"""Pauses between two questions about an open attempt; the last one holds from then on."""

LOOK_BACK = (timedelta(hours=1), timedelta(days=1), timedelta(days=3))
"""Questions about attempts that had ended unpaid, in case their money comes late."""

PATIENCE = timedelta(days=30)
"""How long an open attempt is asked about; a person sees it from `SHOWN` on."""
SHOWN = timedelta(days=1)
LEASE = timedelta(seconds=20)
"""How long a worker is left alone with an opening before another may repeat it."""
_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Settling:
    """What follows from the platform's word: new states, and which facts to record."""

    attempt: str
    payment: str
    settled: bool
    overpaid: bool
    unwanted: bool = False
    """Paid although nobody waited for it any more."""


def settle(*, payment: str, attempt: str, told: str, newest: bool) -> Settling:
    """Decide what becomes of an attempt and its payment when the platform says ``told``.

    ``newest`` tells whether it is the payment's last attempt: an older one that ends unpaid
    changes nothing about the payment, one that is paid late does.
    """
    if told not in ATTEMPT[attempt]:
        return Settling(attempt, payment, settled=False, overpaid=False)
    if told == "paid" and payment == "paid":
        return Settling(told, payment, settled=False, overpaid=True)
    counts = told == "paid" or newest
    if counts and told in PAYMENT[payment]:
        return Settling(
            told,
            told,
            settled=told in {"paid", *REPEATABLE},
            overpaid=False,
            unwanted=told == "paid" and payment == "withdrawn",
        )
    return Settling(told, payment, settled=False, overpaid=False)


def sources(table: Mapping[str, frozenset[str]], then: str) -> list[str]:
    """Return the states that ``then`` may follow."""
    return [state for state, following in table.items() if then in following]


def refundable(*, paid: int, given: int, wanted: int | None) -> int:
    """Return how many cents go back of ``paid``, of which ``given`` have gone back already."""
    left = max(paid - given, 0)
    return left if wanted is None else min(max(wanted, 0), left)


def request_id(payment_id: UUID, number: int) -> str:
    """Return the key under which the platform knows an attempt: the same for every try."""
    return str(uuid5(payment_id, f"attempt-{number}"))


def open_pause(tries: int, *, seed: str) -> timedelta:
    """Return how long to wait after the ``tries``-th failure to open (1 is the first)."""
    return _jittered(OPEN_AGAIN[min(tries, len(OPEN_AGAIN)) - 1], tries, seed)


def ask_pause(asked: int, *, seed: str) -> timedelta:
    """Return how long to wait after the ``asked``-th question about an open attempt."""
    return _jittered(ASK_AGAIN[min(max(asked, 1), len(ASK_AGAIN)) - 1], asked, seed)


def look_back(ended_at: datetime, now: datetime) -> datetime | None:
    """Return when to ask next about an attempt that ended unpaid; None when it is forgotten."""
    return next((ended_at + one for one in LOOK_BACK if ended_at + one > now), None)


def items(given: Sequence[Mapping[str, Any]], *, amount: int, purpose: str) -> tuple[Item, ...]:
    """Return what is paid for; one item of the whole amount where nothing else is said."""
    found = tuple(
        Item(
            reference=str(one.get("reference", number)),
            description=str(one.get("description", purpose)),
            quantity=int(one.get("quantity", 1)),
            amount=int(one["amount"]),
            booking={str(key): str(value) for key, value in (one.get("booking") or {}).items()},
        )
        for number, one in enumerate(given, start=1)
    )
    return found or (Item("1", purpose, 1, amount),)


def _jittered(pause: timedelta, turn: int, seed: str) -> timedelta:
    """Return ``pause`` up to a fifth shorter or longer, the same for the same seed and turn."""
    dice = random.Random(f"{seed}:{turn}")  # noqa: S311  # spreads load, keeps no secret
    return pause * dice.uniform(1 - _JITTER, 1 + _JITTER)
