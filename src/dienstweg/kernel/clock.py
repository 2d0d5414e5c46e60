"""What time it is: the only place in our code that asks.

A scope may live at another time (a sandbox, a test of a 24-hour outage), so the clock can be
shifted for everything that runs inside a context.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Berlin")
"""Where the authorities are: deadlines and receipts are read in this zone."""

_offset: ContextVar[timedelta] = ContextVar("dienstweg_clock_offset", default=timedelta())


def now() -> datetime:
    """Return the present time in UTC, moved by the offset of the current context."""
    return datetime.now(UTC) + _offset.get()


def local(moment: datetime) -> datetime:
    """Return the aware ``moment`` as a clock in Germany shows it."""
    return moment.astimezone(LOCAL)


def today() -> date:
    """Return the present date in Germany, which is the one that deadlines count from."""
    return local(now()).date()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Move the clock ``by`` an offset, on top of any other, for all that runs inside."""
    token = _offset.set(_offset.get() + by)
    try:
        yield
    finally:
        _offset.reset(token)
