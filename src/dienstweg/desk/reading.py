"""Reads what a browser sends: nothing in it is believed to be well-formed."""

import re
from datetime import date, datetime, timedelta
from uuid import UUID

_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def uuid_or_none(text: str) -> UUID | None:
    """Return the id that ``text`` is, or nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None


def moment_or_none(text: str) -> datetime | None:
    """Return the moment that ``text`` is, as our own pages write it (ISO 8601, UTC), or nothing."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.utcoffset() == timedelta(0) else None


def number_or_none(text: str) -> int | None:
    """Return the number from 1 to 9999 that ``text`` is, or nothing."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,3}", text) else None


def count_or_zero(text: str) -> int:
    """Return the number below a billion that ``text`` is, else 0."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def day_or_none(text: str) -> date | None:
    """Return the day that ``text`` is, as a browser sends it or the German way, or nothing.

    Only days from 1900 to 2199: others are typing errors.
    """
    german = _GERMAN.fullmatch(text.strip())
    try:
        if german:
            found = date(int(german[3]), int(german[2]), int(german[1]))
        else:
            found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
