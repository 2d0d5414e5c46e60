"""Which days are working days in a German state: Monday to Friday without public holidays.

The dates come from the library `holidays`. Holidays of single municipalities (such as the Augsburg
Peace Festival, or Assumption Day where Bavaria leaves it to the municipality) are not among them.
"""

from datetime import date, timedelta
from functools import lru_cache

from holidays.countries.germany import Germany

STATES = frozenset(Germany.subdivisions) - {"Augsburg"}
"""The two letters of the states; for any other word only the nationwide holidays count."""
_SATURDAY = 5


def is_working_day(day: date, *, land: str = "") -> bool:
    """Tell whether offices work on a day; `land` is the state's two letters, such as "BB"."""
    return day.weekday() < _SATURDAY and day not in _public_holidays(land, day.year)


def next_working_day(day: date, *, land: str = "") -> date:
    """Give the day itself, or the first working day after it (section 193 BGB)."""
    while not is_working_day(day, land=land):
        day += timedelta(days=1)
    return day


def working_days_later(day: date, number: int, *, land: str = "") -> date:
    """Give the working day that is `number` working days after a day, which is not counted."""
    for _ in range(number):
        day = next_working_day(day + timedelta(days=1), land=land)
    return day


def working_days_between(first: date, last: date, *, land: str = "") -> int:
    """Count the working days after `first` up to and with `last`; 0 where it is not later."""
    days = (first + timedelta(days=each) for each in range(1, (last - first).days + 1))
    return sum(is_working_day(day, land=land) for day in days)


@lru_cache(maxsize=1024)
def _public_holidays(land: str, year: int) -> frozenset[date]:
    return frozenset(Germany(subdiv=land if land in STATES else None, years=year))
