"""Reads and compares streets: pure.

Streets are compared folded: without case, accents and punctuation, ``ä`` as ``a`` and ``ae``, and
``-straße`` in any spelling and at any length that one has typed so far.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST = 120
"""Characters of a street's name, and of a query that are read."""
LONGEST_KEY = 160
"""Characters of a folded name: folding can lengthen it (``ß``)."""
MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 200_000
MOST_REFUSED = 100
"""Refused lines that are told one by one; all are counted."""
FORGIVING_FROM = 4
"""Letters from which on a typing error is forgiven; from twice as many on, two."""

_STREET = re.compile(r"str(?:a(?:s(?:s(?:e)?)?)?)?\b")
_UMLAUT = re.compile(r"([aou])e")
_SIGNS = re.compile(r"[^a-z0-9]+")
_HOUSE = re.compile(r"(?<=\D)\s+[0-9]{1,4}\s*[a-zA-Z]?$")
_POSTCODE = re.compile(r"[0-9]{5}")

_COLUMNS: Mapping[str, str] = {
    "strasse": "name",
    "straße": "name",
    "von": "from_number",
    "bis": "to_number",
    "plz": "postcode",
    "ort": "town",
    "ortsteil": "district",
    "lat": "latitude",
    "breite": "latitude",
    "lon": "longitude",
    "laenge": "longitude",
    "länge": "longitude",
}
_NEEDED = frozenset({"name", "postcode", "town"})


@dataclass(frozen=True, slots=True)
class StreetLine:
    """One street, or a part of it with numbers from and to; the place is in degrees (WGS 84)."""

    name: str
    postcode: str
    town: str
    district: str = ""
    from_number: int | None = None
    to_number: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A line of a file that cannot be used, by its number in the file, and why (German)."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file of streets holds: usable lines, the first refused ones, and how many of them."""

    lines: tuple[StreetLine, ...]
    refused: tuple[Refused, ...]
    refused_count: int


class Unreadable(ValueError):
    """The file as a whole cannot be read; the text says why (German)."""


def folded(text: str) -> str:
    """Return what streets are compared by: ``Brückengasse`` and ``Bruecken-Gasse`` alike."""
    lower = unicodedata.normalize("NFC", text[:LONGEST]).casefold()
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", lower) if not unicodedata.combining(sign)
    )
    return _SIGNS.sub("", _STREET.sub("str", _UMLAUT.sub(r"\1", bare)))[:LONGEST_KEY]


def without_number(text: str) -> str:
    """Return a street without the house number that somebody has typed behind it."""
    return _HOUSE.sub("", text.strip())


def nearest(wanted: str, keys: Sequence[str], limit: int) -> list[str]:
    """Return those folded names that differ from ``wanted`` by a typing error, the nearest first.

    A name may also begin with what was typed so far. Nothing is forgiven in very short words.
    """
    if len(wanted) < FORGIVING_FROM:
        return []
    errors = 2 if len(wanted) >= 2 * FORGIVING_FROM else 1
    best: dict[str, float] = {}
    starts = [key[: len(wanted)] for key in keys]
    for compared in (keys, starts):
        for _, distance, at in process.extract(
            wanted, compared, scorer=OSA.distance, score_cutoff=errors, limit=limit
        ):
            best[keys[at]] = min(distance, best.get(keys[at], errors + 1.0))
    return sorted(best, key=lambda key: (best[key], key))[:limit]


def read_file(content: bytes) -> FileRead:
    """Read a CSV file of streets; raises `Unreadable` where the whole file cannot be used.

    The first line names the columns ``strasse``, ``plz``, ``ort`` and, if wanted, ``von``,
    ``bis``, ``ortsteil``, ``lat``, ``lon``; separated by semicolon, comma or tabulator, in UTF-8.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(f"Die Datei ist größer als {MOST_BYTES // 1024 // 1024} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("Die Datei ist nicht in UTF-8 gespeichert.") from error
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    columns = _columns(next(rows, []))
    return _read(_lines(rows), columns)


def _columns(heads: Sequence[str]) -> dict[str, int]:
    found = {
        _COLUMNS[head.strip().lower()]: at
        for at, head in enumerate(heads)
        if head.strip().lower() in _COLUMNS
    }
    if not found.keys() >= _NEEDED:
        raise Unreadable("Die erste Zeile muss mindestens die Spalten strasse, plz, ort nennen.")
    return found


def _lines(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each row with its number in the file; None for one that is no CSV."""
    number = 1
    while True:
        number += 1
        if number > MOST_LINES + 1:
            raise Unreadable(f"Die Datei hat mehr als {MOST_LINES} Zeilen.")
        try:
            yield number, next(rows)
        except csv.Error:
            yield number, None
        except StopIteration:
            return


def _read(rows: Iterable[tuple[int, list[str] | None]], columns: Mapping[str, int]) -> FileRead:
    lines: dict[StreetLine, None] = {}
    refused: list[Refused] = []
    count = 0
    for number, row in rows:
        if row is not None and not any(cell.strip() for cell in row):
            continue
        try:
            line = _line(row, columns)
            if line in lines:
                raise Unreadable("Diese Zeile steht schon weiter oben.")
            lines[line] = None
        except Unreadable as error:
            count += 1
            if len(refused) < MOST_REFUSED:
                refused.append(Refused(number, str(error)))
    return FileRead(tuple(lines), tuple(refused), count)


def _line(row: Sequence[str] | None, columns: Mapping[str, int]) -> StreetLine:
    if row is None:
        raise Unreadable("Die Zeile ist kein gültiges CSV.")
    cells = {name: " ".join(row[at].split()) for name, at in columns.items() if at < len(row)}
    name, town = cells.get("name", ""), cells.get("town", "")
    district = cells.get("district", "")
    if not folded(name) or not town:
        raise Unreadable("Straße oder Ort fehlt.")
    if max(len(name), len(town), len(district)) > LONGEST:
        raise Unreadable(f"Ein Name ist länger als {LONGEST} Zeichen.")
    if not _POSTCODE.fullmatch(cells.get("postcode", "")):
        raise Unreadable("Die Postleitzahl hat nicht fünf Ziffern.")
    first, last = (_number(cells.get(key, "")) for key in ("from_number", "to_number"))
    if first is not None and last is not None and first > last:
        raise Unreadable("Die Hausnummer „von“ ist größer als „bis“.")
    latitude = _degrees(cells.get("latitude", ""), 90)
    longitude = _degrees(cells.get("longitude", ""), 180)
    if (latitude is None) != (longitude is None):
        raise Unreadable("Zu einer Lage gehören lat und lon.")
    return StreetLine(name, cells["postcode"], town, district, first, last, latitude, longitude)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise Unreadable("„von“ und „bis“ sind Hausnummern ohne Buchstaben.")
    return int(text)


def _degrees(text: str, most: int) -> float | None:
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,12})?", text):
        raise Unreadable("lat und lon sind Gradzahlen wie 54.3215.")
    degrees = float(text.replace(",", "."))
    if abs(degrees) > most:
        raise Unreadable("lat oder lon liegt nicht auf der Erde.")
    return degrees
