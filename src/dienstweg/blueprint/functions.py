"""The functions that expressions may call: dates, numbers and texts as offices think of them.

None of them raises: what cannot be computed (a field still empty, a text that is no date) is null,
so that a rule over an empty page is simply not answered. Dates are ISO texts ("2026-03-02").
"""

import calendar
import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import cel

LONGEST_TEXT = 10_000
_PARTIAL = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?")
MONTHS = (
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
)


def as_date(value: object) -> date | None:
    """The date of an ISO text (also of one with a time), or None."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def add_days(value: object, days: object) -> str | None:
    """The date so many days later (or earlier, when negative)."""
    start = as_date(value)
    if start is None or not isinstance(days, int):
        return None
    try:
        return (start + timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def add_months(value: object, months: object) -> str | None:
    """The date so many months later; the last day of a shorter month (§ 188 Abs. 3 BGB)."""
    start = as_date(value)
    if start is None or not isinstance(months, int) or abs(months) > 12_000:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day).isoformat()


def add_years(value: object, years: object) -> str | None:
    """The date so many years later; 29 February becomes 28 February."""
    return add_months(value, years * 12) if isinstance(years, int) else None


def age(value: object, on: object) -> int | None:
    """Completed years between a date and another (§ 187 Abs. 2 BGB: the birthday counts)."""
    born, day = as_date(value), as_date(on)
    if born is None or day is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def days_between(start: object, end: object) -> int | None:
    """Days from one date to another; negative when the second is earlier."""
    first, second = as_date(start), as_date(end)
    return None if first is None or second is None else (second - first).days


def months_between(start: object, end: object) -> int | None:
    """Completed months from one date to another."""
    first, second = as_date(start), as_date(end)
    if first is None or second is None:
        return None
    months = (second.year - first.year) * 12 + second.month - first.month
    return months - (second.day < first.day)


def date_before(first: object, second: object) -> bool | None:
    """Whether the first date lies before the second."""
    left, right = as_date(first), as_date(second)
    return None if left is None or right is None else left < right


def date_after(first: object, second: object) -> bool | None:
    """Whether the first date lies after the second."""
    return date_before(second, first)


def date_text(value: object) -> str | None:
    """A date as a German letter writes it: "3. April 2026"."""
    day = as_date(value)
    return None if day is None else f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def euro(cents: object) -> str | None:
    """Cents as a German amount: 123450 -> "1.234,50 €"."""
    amount = _number(cents)
    if amount is None or abs(amount) > 1e15:
        return None
    text = f"{round(amount) / 100:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{text} €"


def blank(value: object) -> bool:
    """Whether nothing has been entered: null, an empty text, list or composed answer."""
    if isinstance(value, dict):
        return all(blank(each) for each in value.values())
    return value is None or value in ("", [])


def number(value: object) -> float | None:
    """A whole number, a decimal or a text as decimal number, so that they can be calculated."""
    if isinstance(value, str):
        try:
            parsed = float(value[:40].replace(",", "."))
        except ValueError:
            return None
        return parsed if math.isfinite(parsed) else None
    return _number(value)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _numbers(*values: object) -> list[Any]:
    """The numbers (or comparable texts) among the arguments, a single list spread out."""
    found: list[Any] = list(values[0]) if len(values) == 1 and isinstance(values[0], list) else []
    found = found or [value for value in values if not isinstance(value, list)]
    kind = str if found and all(isinstance(value, str) for value in found) else (int, float)
    return [value for value in found if isinstance(value, kind) and not isinstance(value, bool)]


def least(*values: object) -> Any:
    """The least of the arguments, or of one list; empty values do not count."""
    return min(_numbers(*values), default=None)


def greatest(*values: object) -> Any:
    """The greatest of the arguments, or of one list; empty values do not count."""
    return max(_numbers(*values), default=None)


def total(values: object) -> Any:
    """The sum of a list of numbers; empty values do not count, an empty list is 0."""
    if not isinstance(values, list):
        return None
    return sum(value for value in values if _number(value) is not None)


def rounded(value: object, digits: object = 0) -> Any:
    """Rounded commercially (half away from zero); whole when no digits are asked for."""
    amount = _number(value)
    if amount is None or not isinstance(digits, int) or not 0 <= digits <= 6:
        return None
    shifted = math.floor(abs(amount) * 10**digits + 0.5 + 1e-9) / 10**digits
    result = math.copysign(shifted, amount)
    return result if digits else int(result)


def floor(value: object) -> int | None:
    """The whole number below."""
    amount = _number(value)
    return None if amount is None else math.floor(amount)


def ceil(value: object) -> int | None:
    """The whole number above: for "every month begun"."""
    amount = _number(value)
    return None if amount is None else math.ceil(amount)


def lower(value: object) -> str | None:
    """The text in small letters."""
    return value[:LONGEST_TEXT].lower() if isinstance(value, str) else None


def upper(value: object) -> str | None:
    """The text in capitals."""
    return value[:LONGEST_TEXT].upper() if isinstance(value, str) else None


def trim(value: object) -> str | None:
    """The text without spaces around it."""
    return value.strip() if isinstance(value, str) else None


def joined(values: object, separator: object = ", ") -> str | None:
    """The texts of a list in one, with a separator; empty ones are left out."""
    if not isinstance(values, list) or not isinstance(separator, str):
        return None
    return separator.join(str(value) for value in values if not blank(value))[:LONGEST_TEXT]


def year(value: object) -> int | None:
    """The year of a date, also of one of which no more is known."""
    found = _known(value)
    return found[0] if found else None


def month(value: object) -> int | None:
    """The month of a date, 1 to 12; of one of which the month is known."""
    found = _known(value)
    return found[1] if found else None


def _known(value: object) -> tuple[int, int | None] | None:
    """Year and month of a date, or of a part of one: "1961", "1961-05"."""
    day = as_date(value)
    if day:
        return day.year, day.month
    found = _PARTIAL.fullmatch(value) if isinstance(value, str) else None
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


def weekday(value: object) -> int | None:
    """The day of the week of a date: Monday is 1, Sunday is 7 (ISO 8601)."""
    day = as_date(value)
    return day.isoweekday() if day else None


_MATCHES = cel.compile("text.matches(pattern)")


def matches(text: object, pattern: object) -> bool | None:
    """Whether a pattern is found in a text; CEL's own linear-time engine, also as a function."""
    if not isinstance(text, str) or not isinstance(pattern, str):
        return None
    try:
        return bool(_MATCHES.execute({"text": text[:LONGEST_TEXT], "pattern": pattern}))
    except RuntimeError:
        return None


def starts_with(text: object, start: object) -> bool | None:
    """Whether a text starts with another."""
    both = isinstance(text, str) and isinstance(start, str)
    return str(text).startswith(str(start)) if both else None


def ends_with(text: object, end: object) -> bool | None:
    """Whether a text ends with another."""
    both = isinstance(text, str) and isinstance(end, str)
    return str(text).endswith(str(end)) if both else None


def contains(text: object, part: object) -> bool | None:
    """Whether a text contains another."""
    both = isinstance(text, str) and isinstance(part, str)
    return str(part) in str(text) if both else None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "days": add_days,
    "months": add_months,
    "years": add_years,
    "days_between": days_between,
    "months_between": months_between,
    "date_before": date_before,
    "date_after": date_after,
    "date_text": date_text,
    "year": year,
    "month": month,
    "weekday": weekday,
    "euro": euro,
    "blank": blank,
    "number": number,
    "round": rounded,
    "floor": floor,
    "ceil": ceil,
    "min": least,
    "max": greatest,
    "sum": total,
    "lower": lower,
    "upper": upper,
    "trim": trim,
    "joined": joined,
    "matches": matches,
    "startsWith": starts_with,
    "endsWith": ends_with,
    "contains": contains,
}


def gentle(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, answering null where it was called with arguments it does not take.

    The CEL library writes what a function raises, arguments included, to the log; a log must not
    contain personal data, so nothing may be raised.
    """

    def answer(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except (TypeError, ValueError, ArithmeticError):
            return None

    return answer
