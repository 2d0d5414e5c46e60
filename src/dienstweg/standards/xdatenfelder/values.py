"""Reads the small values of XDatenfelder: dates, numbers of times, facets."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from dienstweg.standards.xdatenfelder.model import Facets, Multiplicity

ELEMENT_KINDS: Final = frozenset({"ABS", "HAR", "RNG"})

_ZONE: Final = r"(?:Z|[+-]\d{2}:\d{2})?"
_DATE: Final = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}}){_ZONE}", re.ASCII)
_TIME: Final = re.compile(rf"(\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?){_ZONE}", re.ASCII)
_TIMES: Final = re.compile(r"(\d{1,6}):(\d{1,6}|\*)", re.ASCII)
_LONGEST: Final = 10_000_000
_NUMBER: Final = re.compile(r"[+-]?\d{1,18}(?:[.,]\d{1,9})?", re.ASCII)
_KNOWN_FACETS: Final = frozenset({"minLength", "maxLength", "minValue", "maxValue", "pattern"})


class BadValue(ValueError):
    """A value that the standard does not allow; the text says in German which and why."""


def text(element: etree._Element | None) -> str:
    """Give an element's text, trimmed, with `\\n` for line ends; nothing is the empty string."""
    if element is None or element.text is None:
        return ""
    return element.text.replace("\r\n", "\n").replace("\r", "\n").strip()


def a_date(value: str) -> str:
    """Check a date (xs:date; a zone after it is let through and kept)."""
    found = _DATE.fullmatch(value)
    try:
        if found:
            datetime.date.fromisoformat(found[1])
            return value
    except ValueError:
        pass
    raise BadValue(f"{value[:20]!r} ist kein Datum; erwartet wird zum Beispiel '2026-01-31'.")


def a_moment(value: str) -> str:
    """Check a moment (xs:dateTime, with or without a zone)."""
    day, _, clock = value.partition("T")
    try:
        a_date(day)
        if clock and _TIME.fullmatch(clock):
            return value
    except BadValue:
        pass
    raise BadValue(
        f"{value[:40]!r} ist kein Zeitpunkt; erwartet wird zum Beispiel '2026-01-31T12:00:00Z'."
    )


def multiplicity(value: str) -> Multiplicity:
    """Read how often an element occurs: "1:1", "0:1", "2:5", "0:*"."""
    found = _TIMES.fullmatch(value)
    if not found:
        raise BadValue(f"anzahl {value[:20]!r} ist ungültig; erwartet wird zum Beispiel '0:1'.")
    occurs = Multiplicity(int(found[1]), None if found[2] == "*" else int(found[2]))
    if occurs.maximum is not None and occurs.maximum < occurs.minimum:
        raise BadValue(f"anzahl {value!r}: Das Höchste ist kleiner als das Mindeste.")
    return occurs


def facets(value: str) -> Facets:
    """Read `praezisierung`, in version 2 a JSON object in a string, or prose.

    Prose is kept under "note". Raises BadValue where JSON was meant and is broken, and where a
    facet has a value that cannot be.
    """
    if not value:
        return Facets()
    if not value.startswith("{"):
        return Facets(other=(("note", value),))
    return facets_of(_json_object(value))


def facets_of(given: Mapping[str, str], note: str = "") -> Facets:
    """Check facets by name, in version 3 the attributes of `praezisierung`; raises BadValue."""
    other = [(key, value) for key, value in given.items() if value and key not in _KNOWN_FACETS]
    found = Facets(
        min_length=_length(given, "minLength"),
        max_length=_length(given, "maxLength"),
        min_value=_bound(given, "minValue"),
        max_value=_bound(given, "maxValue"),
        pattern=given.get("pattern") or None,
        other=(*sorted(other), *([("note", note)] if note else [])),
    )
    _check_order(found.min_length, found.max_length, "minLength", "maxLength")
    if type(found.min_value) is type(found.max_value):
        _check_order(found.min_value, found.max_value, "minValue", "maxValue")
    return found


def _json_object(value: str) -> dict[str, str]:
    try:
        given = json.loads(value, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadValue("Das ist kein gültiges JSON.") from None
    if not isinstance(given, dict):
        raise BadValue("Erwartet wird ein JSON-Objekt.")
    simple = all(v is None or isinstance(v, str | int | float) for v in given.values())
    if not simple:
        raise BadValue("Erwartet werden nur Texte und Zahlen.")
    return {str(key): "" if v is None else str(v).strip() for key, v in given.items()}


def _refuse(name: str) -> float:
    raise ValueError(name)


def _length(given: Mapping[str, str], name: str) -> int | None:
    value = given.get(name, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) <= _LONGEST):
        raise BadValue(f"{name} {value[:20]!r} ist keine Länge.")
    return int(value)


def _bound(given: Mapping[str, str], name: str) -> Decimal | str | None:
    value = given.get(name, "")
    if not value:
        return None
    for check in (a_date, a_moment):
        try:
            return check(value)
        except BadValue:
            pass
    if _TIME.fullmatch(value):
        return value
    if not _NUMBER.fullmatch(value):
        raise BadValue(f"{name} {value[:20]!r} ist weder eine Zahl noch ein Datum.")
    try:
        return Decimal(value.replace(",", "."))
    except InvalidOperation:
        raise BadValue(f"{name} {value[:20]!r} ist keine Zahl.") from None


def _check_order(low: object, high: object, low_name: str, high_name: str) -> None:
    if low is not None and high is not None and high < low:  # type: ignore[operator]  # same type
        raise BadValue(f"{high_name} {high} ist kleiner als {low_name} {low}.")
