"""Dates, times and durations of FEEL (DMN 1.5, section 10.3.2.3): read from texts, written again.

Years go to nine digits, as XML Schema's do, so Python's own dates will not do. Seconds are exact
decimals. What cannot be read is None: FEEL answers null.
"""

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

LAST_YEAR = 999_999_999
_MOST_DIGITS = 18
_ERA_DAYS = 146_097
"""Days of 400 years."""
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d(?:\.\d{1,18})?)(Z|[+-]\d\d:\d\d(?::\d\d)?|@[\w+-]+(?:/[\w+-]+)*)?"
_DAY_TEXT = re.compile(_DATE, re.ASCII)
_CLOCK_TEXT = re.compile(_TIME, re.ASCII)
_STAMP_TEXT = re.compile(f"{_DATE}(?:T{_TIME})?", re.ASCII)
_MONTHS_TEXT = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_SPAN_TEXT = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?", re.ASCII
)
Zone = int | str | None
"""Seconds east of Greenwich, a name ("Europe/Berlin"), or local time."""


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A date."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"

    @property
    def number(self) -> int:
        """Days since 1970-01-01 in the calendar of today, also before it began."""
        year = self.year - (self.month <= 2)
        era, rest = divmod(year, 400)
        of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return era * _ERA_DAYS + rest * 365 + rest // 4 - rest // 100 + of_year - 719_468


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, with its zone if it has one."""

    hour: int
    minute: int
    second: Decimal
    zone: Zone = None

    def __str__(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}:{_seconds(self.second)}{_zone_text(self.zone)}"

    @property
    def seconds(self) -> Decimal:
        """Seconds since midnight."""
        return self.hour * 3600 + self.minute * 60 + self.second


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date with a time."""

    day: Day
    clock: Clock

    def __str__(self) -> str:
        return f"{self.day}T{self.clock}"

    @property
    def local(self) -> Decimal:
        """Seconds since 1970 as the clock on the wall shows them."""
        return self.day.number * 86_400 + self.clock.seconds

    @property
    def offset(self) -> int | None:
        """Seconds east of Greenwich on that day; None for local time."""
        zone = self.clock.zone
        return zone if zone is None or isinstance(zone, int) else _offset(zone, self)


@dataclass(frozen=True, slots=True)
class Months:
    """A duration of years and months."""

    count: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.count < 0 else ''}P{text}"


@dataclass(frozen=True, slots=True)
class Span:
    """A duration of days and time."""

    seconds: Decimal

    def __str__(self) -> str:
        days, rest = divmod(abs(self.seconds), 86_400)
        hours, rest = divmod(rest, 3600)
        minutes, seconds = divmod(rest, 60)
        time = (f"{hours:.0f}H" if hours else "") + (f"{minutes:.0f}M" if minutes else "")
        time += f"{seconds.normalize():f}S" if seconds or not (days or time) else ""
        date = f"{days:.0f}D" if days else ""
        return f"{'-' if self.seconds < 0 else ''}P{date}{'T' if time else ''}{time}"


Temporal = Day | Clock | Stamp | Months | Span


def _seconds(value: Decimal) -> str:
    text = f"{value.normalize():f}"
    return text if text.find(".") == 2 or len(text) == 2 else f"0{text}"


def _zone_text(zone: Zone) -> str:
    if zone is None or isinstance(zone, str):
        return f"@{zone}" if zone else ""
    if zone == 0:
        return "Z"
    hours, rest = divmod(abs(zone), 3600)
    minutes, seconds = divmod(rest, 60)
    tail = f":{seconds:02d}" if seconds else ""
    return f"{'-' if zone < 0 else '+'}{hours:02d}:{minutes:02d}{tail}"


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def _offset(name: str, stamp: Stamp) -> int:
    """Seconds east of Greenwich of a named zone; far years as the same day of one near."""
    day, clock = stamp.day, stamp.clock
    year = day.year if 1 < day.year < 9998 else 2000 + day.year % 400
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        return 0
    moment = datetime(year, day.month, day.day, clock.hour, clock.minute, tzinfo=zone)
    shift = moment.utcoffset()
    return int(shift.total_seconds()) if shift else 0


def days_in(year: int, month: int) -> int:
    """How many days a month has."""
    return 29 if month == 2 and isleap(year) else _LENGTHS[month - 1]


def day_of(year: int, month: int, day: int) -> Day | None:
    """A date, None where there is no such one."""
    if abs(year) > LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in(year, month):
        return None
    return Day(year, month, day)


def day_numbered(number: int) -> Day | None:
    """The date so many days after 1970-01-01."""
    era, of_era = divmod(number + 719_468, _ERA_DAYS)
    of_400 = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * of_400 + of_400 // 4 - of_400 // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    day = of_year - (153 * shifted + 2) // 5 + 1
    return day_of(era * 400 + of_400 + (month <= 2), month, day)


def clock_of(hour: int, minute: int, second: Decimal, zone: Zone = None) -> Clock | None:
    """A time, None where there is no such one."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    if isinstance(zone, int) and abs(zone) > 18 * 3600:
        return None
    return Clock(hour, minute, second, zone)


def read_day(text: str) -> Day | None:
    """Read "2026-03-02"."""
    found = _DAY_TEXT.fullmatch(text)
    return _day(found.groups()) if found else None


def _day(parts: tuple[str | None, ...]) -> Day | None:
    sign, year, month, day = (part or "" for part in parts)
    return day_of(int(f"{sign}{year}"), int(month), int(day))


def read_clock(text: str) -> Clock | None:
    """Read "10:30:00", "10:30:00.5Z", "10:30:00+01:00", "10:30:00@Europe/Berlin"."""
    found = _CLOCK_TEXT.fullmatch(text)
    return _clock(found.groups()) if found else None


def _clock(parts: tuple[str | None, ...]) -> Clock | None:
    hour, minute, second, zone = parts
    if not (hour and minute and second):
        return None
    if zone and zone[0] == "@":
        if zone[1:] not in _zone_names():
            return None
        return clock_of(int(hour), int(minute), Decimal(second), zone[1:])
    return clock_of(int(hour), int(minute), Decimal(second), _shift(zone) if zone else None)


def _shift(text: str) -> int:
    if text == "Z":
        return 0
    hours, minutes, *rest = text[1:].split(":")
    total = int(hours) * 3600 + int(minutes) * 60 + (int(rest[0]) if rest else 0)
    return -total if text[0] == "-" else total


def read_stamp(text: str) -> Stamp | None:
    """Read a date with a time; without a time it is midnight."""
    found = _STAMP_TEXT.fullmatch(text)
    if found is None:
        return None
    parts = found.groups()
    day = _day(parts[:4])
    clock = Clock(0, 0, Decimal(0)) if parts[4] is None else _clock(parts[4:])
    return Stamp(day, clock) if day and clock else None


def read_duration(text: str) -> Months | Span | None:
    """Read "P1Y2M" or "P3DT4H5M6.7S"."""
    if len(text) > 100:
        return None
    months = _MONTHS_TEXT.fullmatch(text)
    if months and (months[2] or months[3]):
        count = _whole(months[2]) * 12 + _whole(months[3])
        return Months(-count if months[1] else count)
    span = _SPAN_TEXT.fullmatch(text)
    if span is None or not any(span.groups()[1:]) or text.endswith("T"):
        return None
    seconds = Decimal(_whole(span[2]) * 86_400 + _whole(span[3]) * 3600 + _whole(span[4]) * 60)
    seconds += Decimal(span[5] or 0)
    return Span(-seconds if span[1] else seconds)


def _whole(digits: str | None) -> int:
    return int(digits[:_MOST_DIGITS]) if digits else 0


def read_any(text: str) -> Temporal | None:
    """Read what stands after `@`: a date, a time, both, or a duration."""
    if "P" in text[:2]:
        return read_duration(text)
    if "T" in text:
        return read_stamp(text)
    return read_day(text) or read_clock(text)


def midnight(day: date) -> Stamp:
    """The beginning of a day, in local time."""
    return Stamp(Day(day.year, day.month, day.day), Clock(0, 0, Decimal(0)))


def of_datetime(moment: datetime) -> Stamp:
    """Give a moment as FEEL sees it, in UTC if it has a zone."""
    zone = None if moment.tzinfo is None else 0
    local = moment if zone is None else moment.astimezone(UTC)
    second = Decimal(local.second) + Decimal(local.microsecond) / 1_000_000
    return Stamp(
        Day(local.year, local.month, local.day), Clock(local.hour, local.minute, second, zone)
    )
