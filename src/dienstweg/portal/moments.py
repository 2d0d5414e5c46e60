"""Times and amounts as people in Germany read them."""

from datetime import datetime

from dienstweg.kernel import clock

_MONTHS = {
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def day(moment: datetime, lang: str) -> str:
    """Return the day in Germany: ``"22. November 2026"``."""
    local = clock.local(moment)
    month = _MONTHS.get(lang, _MONTHS["de"])[local.month - 1]
    return (
        f"{local.day}. {month} {local.year}"
        if lang == "de"
        else f"{local.day} {month} {local.year}"
    )


def minute(moment: datetime, lang: str) -> str:
    """Return day and time in Germany: ``"22. November 2026, 14:05 Uhr"``."""
    local = clock.local(moment)
    text = f"{day(moment, lang)}, {local:%H:%M}"
    return f"{text} Uhr" if lang == "de" else text


def euros(cents: int, lang: str) -> str:
    """Return an amount: ``"1.234,50 €"``."""
    text = f"{abs(cents) / 100:,.2f}"
    if lang == "de":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{'−' if cents < 0 else ''}{text} €"
