"""Days and times, and days of which only the month or the year is known."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import figures
from dienstweg.blueprint.functions import as_date
from dienstweg.blueprint.kinds.kind import Posted, Read, Typed
from dienstweg.blueprint.kinds.texts import Formatted

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan jänner january",
            "februar feb february",
            "märz mär maerz march mar",
            "april apr",
            "mai may",
            "juni jun june",
            "juli jul july",
            "august aug",
            "september sep sept",
            "oktober okt october oct",
            "november nov",
            "dezember dez december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DIGITS = re.compile(r"[0-9]{1,4}")
_EIGHT = re.compile(r"[0-9]{8}")
_BETWEEN = re.compile(r"[\s./,-]+")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.h ]([0-5][0-9]))?( ?uhr)?")
_PARTIAL = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?")
_LONGEST = 40
_LEAP_YEAR = 2024


def _numbers(text: str) -> list[str] | None:
    """Day, month and year as digits, as many as were typed; None where it is no date at all."""
    if len(text) > _LONGEST:
        return None
    parts = [part for part in _BETWEEN.split(text.casefold()) if part]
    if len(parts) == 1 and _EIGHT.fullmatch(parts[0]):
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) > 1 and len(parts[0]) == 4 and parts[0].isdigit():
        parts.reverse()
    parts = [str(_MONTHS.get(part, part)) for part in parts]
    return parts if all(_DIGITS.fullmatch(part) for part in parts) else None


def _day(day: str, month: str, year: str) -> Read:
    """The day, or why there is none; a year must be written in full."""
    if len(year) != 4:
        # A day that no year has is the greater mistake.
        known = _exists(_LEAP_YEAR, int(month), int(day))
        return Read(code="date-year" if known else "date-none")
    if not _exists(int(year), int(month), int(day)):
        return Read(code="date-none")
    return Read(date(int(year), int(month), int(day)).isoformat())


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


class Day(Formatted):
    """A day: "3.4.2026", "3. April 2026", "03042026" or ISO; kept as ISO text."""

    def collect(self, field: "Field", posted: Posted) -> Typed | None:
        """One text, or day, month and year each under a name of its own."""
        parts = [posted.get(f"{field.id}-{part}") for part in ("day", "month", "year")]
        if field.id in posted or all(part is None for part in parts):
            return posted.get(field.id)
        texts = [str(part[0]).strip() if part else "" for part in parts]
        return [".".join(texts)] if any(texts) else [""]

    def understand(self, text: str, field: "Field") -> Read:
        """The day that is meant; a missing or short year is never guessed."""
        parts = _numbers(text)
        if parts is None or len(parts) not in (2, 3):
            return Read(code="date")
        day, month, year = [*parts, ""][:3]
        return _day(day, month, year)

    def sound(self, field: "Field", value: Any) -> str | None:
        """A day that exists, as ISO text."""
        day = as_date(value)
        return None if day is not None and day.isoformat() == value else "date"

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """The day in the notation of the language."""
        return figures.shown_date(value, lang) if as_date(value) else figures.plain(value, lang)

    def typed(self, field: "Field", value: Any) -> list[str]:
        """German notation: 3.4.2026."""
        day = as_date(value)
        return [f"{day.day}.{day.month}.{day.year:04}" if day else str(value)]


class PartialDay(Formatted):
    """A day of which the day, or day and month, may be unknown: "00.00.1961", "5/1961", "1961".

    Kept as "1961", "1961-05" or "1961-05-12" (ISO 8601, section 4.1.2.3: reduced precision).
    """

    def understand(self, text: str, field: "Field") -> Read:
        """What is known of the day; zeros stand for what is not."""
        parts = _numbers(text)
        if parts is None or not 1 <= len(parts) <= 3:
            return Read(code="partialdate")
        day, month, year = ["0"] * (3 - len(parts)) + parts
        if len(year) != 4:
            return Read(code="date-year")
        if int(day) and not int(month):
            return Read(code="partialdate")
        known = (int(year), int(month) or 1, int(day) or 1)
        if not _exists(*known):
            return Read(code="date-none")
        full = date(*known).isoformat()
        return Read(full[: 10 if int(day) else 7 if int(month) else 4])

    def sound(self, field: "Field", value: Any) -> str | None:
        """A year, a month or a day that exists."""
        found = _PARTIAL.fullmatch(value) if isinstance(value, str) else None
        there = found and _exists(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        return None if there else "partialdate"

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """What is known: "12.05.1961", "Mai 1961" or "1961"."""
        if self.sound(field, value) or len(value) == 4:
            return figures.plain(value, lang)
        if len(value) == 7:
            return figures.shown_month(int(value[:4]), int(value[5:7]), lang)
        return figures.shown_date(value, lang)

    def typed(self, field: "Field", value: Any) -> list[str]:
        """German notation: 12.5.1961, 5.1961 or 1961."""
        parts = reversed(str(value).split("-"))
        return [".".join(part if len(part) == 4 else part.lstrip("0") for part in parts)]


class Time(Formatted):
    """A time of day: "14:30", "8.30 Uhr", "8 Uhr"."""

    def understand(self, text: str, field: "Field") -> Read:
        """The time; where the schema's format is "time", as RFC 3339 wants it, in UTC."""
        found = _TIME.fullmatch(text.lower())
        if not found or not (found[2] or found[3]):
            return Read(code="time")
        rest = ":00Z" if field.schema.get("format") == "time" else ""
        return Read(f"{int(found[1]):02}:{found[2] or '00'}{rest}")

    def sound(self, field: "Field", value: Any) -> str | None:
        """Hours and minutes."""
        return None if isinstance(value, str) and _TIME.fullmatch(value[:5]) else "time"

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """14:30 Uhr, in other languages 14:30."""
        text = figures.plain(value, lang)[:5]
        return f"{text} Uhr" if lang.startswith("de") and text else text

    def typed(self, field: "Field", value: Any) -> list[str]:
        """Hours and minutes: 14:30."""
        return [str(value)[:5]]
