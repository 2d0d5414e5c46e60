"""Values as people read them: dates, numbers, amounts, choices, in any language by Babel."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from dienstweg.blueprint.assistant import Field
from dienstweg.blueprint.functions import as_date
from dienstweg.kernel.language import SOURCE, base, locale, said

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

_YES_NO = {
    "de": {True: "Ja", False: "Nein"},
    "en": {True: "Yes", False: "No"},
    "ar": {True: "نعم", False: "لا"},
    "tr": {True: "Evet", False: "Hayır"},
    "uk": {True: "Так", False: "Ні"},
}


def shown(release: "Release", field: Field, value: Any, lang: str) -> str:
    """A field's value in words: for summaries, documents and calculated fields."""
    if value is None or value == []:
        return ""
    if isinstance(value, list):
        return ", ".join(shown(release, field, each, lang) for each in value)
    if field.choices or isinstance(value, bool):
        return label_of(release, field, value, lang)
    if isinstance(value, int | float):
        return _shown_number(field, value, lang)
    if field.shown_as == "date" or field.schema.get("format") == "date":
        return shown_date(value, lang)
    return _spaced(str(value)) if field.shown_as == "iban" else str(value)


def _shown_number(field: Field, value: float, lang: str) -> str:
    if field.shown_as != "money":
        return shown_number(value, lang)
    # What is only calculated (a fee) has no schema: amounts of money are cents then.
    in_cents = field.schema.get("x-money") == "cents" or field.at is None
    return shown_money(value / 100 if in_cents else value, lang)


def label_of(release: "Release", field: Field, value: Any, lang: str) -> str:
    """What a chosen value is called: by the texts, the list it comes from, or Ja and Nein."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    own = release.text(lang, f"fields.{field.id}.options.{text}", "")
    if own:
        return own
    if isinstance(value, bool):
        return yes_or_no(value, lang)
    for choice in field.choices:
        if choice.value == value:
            own = choice.labels.get(lang) or ""
            return own or said(choice.labels.get(SOURCE) or text, SOURCE, lang)
    return text


def yes_or_no(value: bool, lang: str) -> str:
    """Ja or Nein; in German where we know no other word."""
    spoken = base(lang) if base(lang) in _YES_NO else SOURCE
    return said(_YES_NO[spoken][value], spoken, base(lang))


def typed(field: Field, value: Any) -> str | list[str]:
    """A stored value as it stands in the input where it was typed: German notation."""
    if value is None:
        return [] if field.multiple else ""
    if isinstance(value, list):
        return [_typed(field, each) for each in value]
    return _typed(field, value)


def _typed(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and not field.choices:
        return _typed_number(field, value)
    if field.widget == "date":
        day = as_date(value)
        return f"{day.day}.{day.month}.{day.year:04}" if day else str(value)
    if field.widget == "time":
        return str(value)[:5]
    return _spaced(str(value)) if field.widget == "iban" else str(value)


def _typed_number(field: Field, value: float) -> str:
    if field.widget == "money":
        euros = value / 100 if field.schema.get("x-money") == "cents" else value
        return f"{euros:.2f}".replace(".", ",")
    return str(value) if isinstance(value, int) else _plain(value).replace(".", ",")


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _spaced(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


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


def shown_number(value: float, lang: str) -> str:
    """1.234,5 in German, 1,234.5 in English; at most six decimals, digits always Latin."""
    return _plain_space(format_decimal(value, "#,##0.######", locale=locale(lang)))


def shown_money(euros: float, lang: str) -> str:
    """1.234,50 €, in English €1,234.50."""
    return _plain_space(format_currency(euros, "EUR", locale=locale(lang)))


def shown_list(parts: Sequence[str], lang: str) -> str:
    """Several things in a row as they are said: Hund, Katze und Maus."""
    return format_list(list(parts), locale=locale(lang))


def _plain_space(text: str) -> str:
    """Spaces as they are typed, so that amounts can be compared and searched."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def by_schema(schema: Mapping[str, Any], value: Any, lang: str) -> str:
    """A value by its schema alone, for placeholders in texts: dates, cents and yes or no."""
    if isinstance(value, bool):
        return yes_or_no(value, lang)
    if isinstance(value, list):
        return ", ".join(by_schema(schema, each, lang) for each in value)
    if isinstance(value, int | float):
        if schema.get("x-money") == "cents":
            return shown_money(value / 100, lang)
        return shown_number(value, lang)
    if schema.get("format") == "date":
        return shown_date(value, lang)
    return "" if value is None or isinstance(value, dict) else str(value)
