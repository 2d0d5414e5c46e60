"""Times and amounts as people in Germany read them."""

from datetime import datetime

from dienstweg.blueprint.formats import long_date, shown_money
from dienstweg.kernel import clock
from dienstweg.kernel.language import base


def day(moment: datetime, lang: str) -> str:
    """Return the day in Germany: ``"22. November 2026"``."""
    return long_date(clock.local(moment).date(), lang)


def minute(moment: datetime, lang: str) -> str:
    """Return day and time in Germany: ``"22. November 2026, 14:05 Uhr"``."""
    local = clock.local(moment)
    text = f"{day(moment, lang)}, {local:%H:%M}"
    return f"{text} Uhr" if base(lang) == "de" else text


def time_of_day(moment: datetime, lang: str) -> str:
    """Return the time in Germany: ``"14:05 Uhr"``."""
    text = f"{clock.local(moment):%H:%M}"
    return f"{text} Uhr" if base(lang) == "de" else text


def euros(cents: int, lang: str) -> str:
    """Return an amount as on the pages of the assistant: ``"1.234,50 €"``."""
    return shown_money(cents / 100, lang)
