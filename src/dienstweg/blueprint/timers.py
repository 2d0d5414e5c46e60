"""Works out when a timer of a process is due: the time is an argument, never the system's."""

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .workdays import next_working_day, working_days_later

LOCAL = ZoneInfo("Europe/Berlin")
LONGEST = timedelta(days=366 * 30)
"""No timer waits longer: the longest retention of a case is shorter."""

SHORTEST = timedelta(hours=1)
"""No cycle comes more often than this: people and the worker have other things to do."""

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?"
    r"(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d{0,3})/(?P<period>P.+)")


class BadTimer(ValueError):
    """The text is no ISO 8601 duration, date or time."""


def due(text: str, *, now: datetime, working: bool = False, land: str = "") -> datetime:
    """Give the moment (UTC) at which a timer set `now` is due.

    `text`: an ISO 8601 duration ("P14D", "PT2H", "P1M"), a date ("2026-12-31": its beginning in
    Germany) or a time with or without an offset (without: in Germany). Days, weeks, months and
    years keep the time of day in Germany across a change of summer time (section 187 BGB counts
    days, not hours).

    With `working`, days are counted as working days of the state `land` ("NW"), and a time that
    would fall on another day moves to the next working day (section 193 BGB). Raises `BadTimer`.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        moment = _moment(text)
        return _on_a_working_day(moment, land) if working else moment
    part = {name: int(value or 0) for name, value in found.groupdict().items()}
    local = _months_later(now.astimezone(LOCAL), part["years"] * 12 + part["months"])
    try:
        if working:
            local = local + timedelta(weeks=part["weeks"])
            local = _at(working_days_later(local.date(), part["days"], land=land), local)
        else:
            local = local + timedelta(weeks=part["weeks"], days=part["days"])
        at = local.astimezone(UTC) + timedelta(
            hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"]
        )
        at = _on_a_working_day(at, land) if working else at
    except OverflowError as error:
        raise BadTimer(text) from error
    if at - now > LONGEST:
        raise BadTimer(text)
    return at


def cycle(text: str) -> tuple[int, str]:
    """Read a cycle ("R3/P7D", "R/P1M"): how often, 0 without end, and the time between.

    Raises `BadTimer`.
    """
    found = _CYCLE.fullmatch(text)
    if found is None or found["times"] == "0":
        raise BadTimer(text)
    period = found["period"]
    start = datetime(2000, 1, 1, tzinfo=UTC)
    if due(period, now=start) < start + SHORTEST:
        raise BadTimer(text)
    return int(found["times"] or 0), period


def _on_a_working_day(moment: datetime, land: str) -> datetime:
    local = moment.astimezone(LOCAL)
    return _at(next_working_day(local.date(), land=land), local).astimezone(UTC)


def _at(day: date, moment: datetime) -> datetime:
    return datetime.combine(day, moment.timetz())


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadTimer(text) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LOCAL)
    return moment.astimezone(UTC)


def _months_later(moment: datetime, months: int) -> datetime:
    """Add calendar months; a day that the month lacks becomes its last one (section 188 BGB)."""
    if not months:
        return moment
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    if year > 9999:
        raise BadTimer(str(months))
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)
