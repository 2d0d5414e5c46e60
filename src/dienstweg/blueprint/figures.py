"""Dates, numbers and amounts in the notation of a language, by Babel: the leaf under `formats`."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from dienstweg.blueprint.functions import as_date
from dienstweg.kernel.language import SOURCE, base, locale, said

_LARGEST = 1e18
"""Nobody enters such a number, but a rule can calculate it; Babel refuses to write it."""
_YES_NO = {
    "de": {True: "Ja", False: "Nein"},
    "en": {True: "Yes", False: "No"},
    "ar": {True: "نعم", False: "لا"},
    "tr": {True: "Evet", False: "Hayır"},
    "uk": {True: "Так", False: "Ні"},
}


def yes_or_no(value: bool, lang: str) -> str:
    """Ja or Nein; in German where we know no other word."""
    spoken = base(lang) if base(lang) in _YES_NO else SOURCE
    return said(_YES_NO[spoken][value], spoken, base(lang))


def shown_date(value: object, lang: str) -> str:
    """An ISO date as 03.04.2026; in other languages in words, as 3 April 2026."""
    day = as_date(value)
    if day is None:
        return str(value)
    if base(lang) == "de":
        return f"{day.day:02}.{day.month:02}.{day.year:04}"
    return long_date(day, lang)


def long_date(day: date, lang: str) -> str:
    """A day with the name of its month: 3. April 2026, 3 April 2026, 3 Nisan 2026."""
    return format_date(day, "long", locale=locale(lang))


def shown_month(year: int, month: int, lang: str) -> str:
    """A month of which the day is not known: Mai 1961."""
    return format_date(date(year, month, 1), "LLLL y", locale=locale(lang))


def shown_number(value: float, lang: str) -> str:
    """1.234,5 in German, 1,234.5 in English; at most six decimals, digits always Latin."""
    if not abs(value) < _LARGEST:
        return str(value)
    return _plain_space(format_decimal(value, "#,##0.######", locale=locale(lang)))


def shown_money(euros: float, lang: str) -> str:
    """1.234,50 €, in English €1,234.50."""
    if not abs(euros) < _LARGEST:
        return f"{euros} EUR"
    return _plain_space(format_currency(euros, "EUR", locale=locale(lang)))


def shown_list(parts: Sequence[str], lang: str) -> str:
    """Several things in a row as they are said: Hund, Katze und Maus."""
    return format_list(list(parts), locale=locale(lang))


def plain(value: object, lang: str) -> str:
    """A value by what it is, where nothing else is known of it; never raises."""
    if isinstance(value, bool):
        return yes_or_no(value, lang)
    if isinstance(value, int | float):
        return shown_number(value, lang)
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (plain(each, lang) for each in value)))
    return "" if value is None or isinstance(value, dict) else str(value)


def _plain_space(text: str) -> str:
    """Spaces as they are typed, so that amounts can be compared and searched."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
