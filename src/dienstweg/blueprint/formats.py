"""Values as people read them: dates, numbers, amounts, choices; German or English."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import functions
from dienstweg.blueprint.assistant import Field
from dienstweg.blueprint.functions import as_date

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

MONTHS = {
    "de": functions.MONTHS,
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
"""The names of the months, January first, by language."""
_YES_NO = {"de": {True: "Ja", False: "Nein"}, "en": {True: "Yes", False: "No"}}


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
        return _YES_NO.get(lang, _YES_NO["de"])[value]
    for choice in field.choices:
        if choice.value == value:
            return choice.labels.get(lang) or choice.labels.get("de") or text
    return text


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
    """An ISO date as 03.04.2026, in English as 3 April 2026."""
    day = as_date(value)
    if day is None:
        return str(value)
    if lang == "en":
        return f"{day.day} {MONTHS['en'][day.month - 1]} {day.year}"
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def shown_number(value: float, lang: str) -> str:
    """1.234,5 in German, 1,234.5 in English."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")
    return text if lang == "en" else _german(text)


def shown_money(euros: float, lang: str) -> str:
    """1.234,50 €, in English € 1,234.50."""
    text = f"{euros:,.2f}"
    return f"€ {text}" if lang == "en" else f"{_german(text)} €"


def _german(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


def by_schema(schema: Mapping[str, Any], value: Any, lang: str) -> str:
    """A value by its schema alone, for placeholders in texts: dates, cents and yes or no."""
    if isinstance(value, bool):
        return _YES_NO.get(lang, _YES_NO["de"])[value]
    if isinstance(value, list):
        return ", ".join(by_schema(schema, each, lang) for each in value)
    if isinstance(value, int | float):
        if schema.get("x-money") == "cents":
            return shown_money(value / 100, lang)
        return shown_number(value, lang)
    if schema.get("format") == "date":
        return shown_date(value, lang)
    return "" if value is None or isinstance(value, dict) else str(value)
