"""Reads code lists in Genericode 1.0 (OASIS), the format in which FIM and XRepository publish them.

Columns follow the XÖV habit: the code stands in the column of the first key, its name in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from dienstweg.standards import xml

_NAMESPACE: Final = "{http://docs.oasis-open.org/codelist/ns/genericode/1.0/}"
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 50


class NotACodeList(ValueError):
    """The bytes are no Genericode 1.0 code list; the text says in German what is wrong."""


class NoColumn(LookupError):
    """The list has no such column; the text is its name."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its id, its name for people, and whether every row has a value in it."""

    id: str
    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class CodeList:
    """A published list with all its columns; `keys` are the columns of each key, in order.

    `entries` are code and label of each row in the list's own order, by the XÖV habit.
    """

    canonical_id: str
    version: str
    canonical_version_uri: str
    name: str
    entries: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def options(
        self, code: str = "", label: str = "", help: str = ""
    ) -> tuple[tuple[str, str, str], ...]:
        """Code, label and help of each row by the named columns; raises NoColumn.

        Without names they are the columns by habit, and there is no help. The first of rows with
        the same code counts.
        """
        ids = [column.id for column in self.columns]
        for name in filter(None, (code, label, help)):
            if name not in ids:
                raise NoColumn(name)
        at, shown = _habit(ids, self.keys)
        at = ids.index(code) if code else at
        shown = ids.index(label) if label else shown
        found: dict[str, tuple[str, str, str]] = {}
        for row in self.rows:
            if row[at]:
                said = row[ids.index(help)] if help else ""
                found.setdefault(row[at], (row[at], row[shown] or row[at], said))
        return tuple(found.values())


def read(content: bytes) -> CodeList:
    """Give the code list in `content`; raises NotACodeList."""
    try:
        root = xml.parse(content)
    except (xml.NotAllowed, xml.NotWellFormed) as error:
        raise NotACodeList(f"Die Codeliste ist nicht lesbar: {error}") from None
    if etree.QName(root).localname != "CodeList":
        raise NotACodeList("Die Datei ist keine Codeliste in Genericode 1.0.")
    identity = _find(root, "Identification")
    columns, keys = _columns(root)
    rows = _rows(root, [column.id for column in columns])
    known = CodeList(
        canonical_id=_text(identity, "CanonicalUri"),
        version=_text(identity, "Version"),
        canonical_version_uri=_text(identity, "CanonicalVersionUri"),
        name=_text(identity, "LongName") or _text(identity, "ShortName"),
        entries=(),
        columns=columns,
        keys=keys,
        rows=rows,
    )
    entries = tuple((code, label) for code, label, _help in known.options())
    return replace(known, entries=entries)


def _columns(root: etree._Element) -> tuple[tuple[Column, ...], tuple[tuple[str, ...], ...]]:
    known = _find(root, "ColumnSet")
    columns = tuple(
        Column(
            _attribute(each, "Id"),
            _text(each, "LongName") or _text(each, "ShortName"),
            _attribute(each, "Use") == "required",
        )
        for each in _all(known, "Column")
    )
    keys = tuple(
        tuple(_attribute(ref, "Ref") for ref in _all(key, "ColumnRef"))
        for key in _all(known, "Key")
    )
    names = [column.id for column in columns]
    if len(names) > MOST_COLUMNS or len(set(names)) < len(names):
        raise NotACodeList("Die Codeliste hat zu viele Spalten oder eine doppelt.")
    if not names or any(name not in names for key in keys for name in key):
        raise NotACodeList("Die Codeliste hat keine Spalte mit Codes.")
    return columns, keys


def _habit(ids: Sequence[str], keys: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Code and label: the column of the first key, and the one after it."""
    code = ids.index(keys[0][0]) if keys and keys[0] else 0
    return code, code + 1 if code + 1 < len(ids) else (0 if code else code)


def _rows(root: etree._Element, ids: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    rows = _all(_find(root, "SimpleCodeList"), "Row")
    if len(rows) > MOST_ROWS:
        raise NotACodeList(f"Die Codeliste hat mehr als {MOST_ROWS} Einträge.")
    return tuple(_row(row, ids) for row in rows)


def _row(row: etree._Element, ids: Sequence[str]) -> tuple[str, ...]:
    """A row's values by column; one without a reference is of the column after the last one."""
    found: dict[str, str] = {}
    at = -1
    for value in _all(row, "Value"):
        name = _attribute(value, "ColumnRef")
        at = ids.index(name) if name in ids else at + 1
        if name and name not in ids:
            continue
        if at < len(ids):
            found[ids[at]] = _text(value, "SimpleValue")
    return tuple(found.get(name, "") for name in ids)


def _named(element: etree._Element, name: str) -> bool:
    # Genericode's schema leaves local elements unqualified; FIM's own lists qualify them all.
    return element.tag in {name, _NAMESPACE + name}


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if _named(child, name)]


def _find(element: etree._Element, name: str) -> etree._Element:
    found = _all(element, name)
    if not found:
        raise NotACodeList(f"In der Codeliste fehlt {name!r}.")
    return found[0]


def _text(element: etree._Element, name: str) -> str:
    found = _all(element, name)
    return " ".join((found[0].text or "").split()) if found else ""


def _attribute(element: etree._Element, name: str) -> str:
    return str(element.get(name, ""))
