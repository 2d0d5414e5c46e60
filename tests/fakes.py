"""In-memory doubles of what stands behind our ports, for tests that need no protocol."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO

from dienstweg.deliveries.port import Call, Notice, Parcel, Receipt, Untrusted
from dienstweg.files.port import Clean, Infected, Verdict
from dienstweg.kernel import clock
from dienstweg.payments.port import Order, Transaction


class FakePaymentProvider:
    """A payment platform: ``trouble`` is raised by the next calls while it is set."""

    def __init__(self) -> None:
        self.transactions: dict[str, Transaction] = {}
        self.by_request: dict[str, str] = {}
        self.orders: list[Order] = []
        self.asked = 0
        self.trouble: Exception | None = None
        self.after_open: Callable[[], None] | None = None

    def open(self, order: Order) -> Transaction:
        """Open a transaction, one for each request."""
        self.orders.append(order)
        if self.trouble is not None:
            raise self.trouble
        if order.request_id not in self.by_request:
            number = f"t{len(self.transactions) + 1}"
            self.by_request[order.request_id] = number
            self.transactions[number] = Transaction(
                id=number,
                reference=f"KZ-{number}",
                state="open",
                pay_url=f"https://pay.example/{number}",
                amount=order.amount,
                request_id=order.request_id,
            )
        if self.after_open is not None:
            self.after_open()
        return self.transactions[self.by_request[order.request_id]]

    def status(self, transaction_id: str) -> Transaction:
        """Tell the state."""
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return self.transactions[transaction_id]

    def check(self) -> list[str]:
        """Find nothing wrong."""
        return []

    def change(self, transaction_id: str, **values: Any) -> None:
        """Let something happen at the platform."""
        self.transactions[transaction_id] = replace(self.transactions[transaction_id], **values)


class FakeConnector:
    """A back office that dedupes by key: ``trouble`` decides by parcel what goes wrong."""

    capabilities = frozenset({"acknowledges", "deduplicates", "reports"})

    def __init__(self) -> None:
        self.taken: dict[str, Parcel] = {}
        self.tries: list[tuple[datetime, str]] = []
        self.trouble: Callable[[Parcel], Exception | None] = lambda _parcel: None
        self.lost_answers = 0
        self.notices: dict[bytes, Notice] = {}

    def send(self, parcel: Parcel) -> Receipt:
        """Take a parcel, once for each key; lose the answer if told to."""
        self.tries.append((clock.now(), parcel.key))
        trouble = self.trouble(parcel)
        if trouble is not None:
            raise trouble
        repeated = parcel.key in self.taken
        self.taken.setdefault(parcel.key, parcel)
        number = list(self.taken).index(parcel.key) + 1
        return Receipt(f"FV-{number}", clock.now(), b"{}", repeated)

    def check(self) -> list[str]:
        """Find nothing wrong."""
        return []

    def read_notice(self, call: Call) -> Notice:
        """Return the notice that was prepared for this body."""
        if call.body not in self.notices:
            raise Untrusted("unknown")
        return self.notices[call.body]


class FakeScanner:
    """A virus scanner: finds ``bad``; ``trouble`` is raised by the next calls while it is set."""

    def __init__(self, bad: bytes = b"EICAR") -> None:
        self.bad = bad
        self.trouble: Exception | None = None
        self.seen: list[bytes] = []

    def scan(self, stream: BinaryIO) -> Verdict:
        """Look through what the stream gives."""
        if self.trouble is not None:
            raise self.trouble
        content = stream.read()
        self.seen.append(content)
        return Infected("Test.Eicar") if self.bad in content else Clean()

    def check(self) -> list[str]:
        """Find nothing wrong."""
        return []
