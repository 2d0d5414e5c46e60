"""Times as caseworkers read them."""

from datetime import datetime

from dienstweg.kernel import clock


def moment(at: datetime) -> str:
    """Return a time as people in Germany read it."""
    return clock.local(at).strftime("%d.%m.%Y, %H:%M")
