"""Reads code lists in Genericode 1.0 (OASIS), the format in which FIM and XRepository publish them.

Columns follow the XÖV habit: the code stands in the column of the first key, its name in the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from dienstweg.standards import xml

_NAMESPACE: Final = "{http://docs.oasis-open.org/codelist/ns/genericode/1.0/}"
MOST_ROWS: Final = 20_000


class NotACodeList(ValueError):
    """The bytes are no Genericode 1.0 code list; the text says in German what is wrong."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """A published list: its names, and code and label of each entry in the list's own order."""

    canonical_id: str
    version: str
    canonical_version_uri: str
    name: str
    entries: tuple[tuple[str, str], ...]


def read(content: bytes) -> CodeList:
    """Give the code list in `content`; raises NotACodeList."""
    try:
        root = xml.parse(content)
    except (xml.NotAllowed, xml.NotWellFormed) as error:
        raise NotACodeList(f"Die Codeliste ist nicht lesbar: {error}") from None
    if etree.QName(root).localname != "CodeList":
        raise NotACodeList("Die Datei ist keine Codeliste in Genericode 1.0.")
    identity = _find(root, "Identification")
    code, label = _columns(root)
    return CodeList(
        canonical_id=_text(identity, "CanonicalUri"),
        version=_text(identity, "Version"),
        canonical_version_uri=_text(identity, "CanonicalVersionUri"),
        name=_text(identity, "LongName") or _text(identity, "ShortName"),
        entries=tuple(_entries(root, code, label)),
    )


def _columns(root: etree._Element) -> tuple[str, str]:
    columns = _find(root, "ColumnSet")
    names = [_attribute(each, "Id") for each in _all(columns, "Column")]
    keys = [
        _attribute(ref, "Ref") for key in _all(columns, "Key") for ref in _all(key, "ColumnRef")
    ]
    code = keys[0] if keys else (names[0] if names else "")
    if code not in names:
        raise NotACodeList("Die Codeliste hat keine Spalte mit Codes.")
    after = names[names.index(code) + 1 :]
    others = after or [name for name in names if name != code]
    return code, (others[0] if others else code)


def _entries(root: etree._Element, code: str, label: str) -> list[tuple[str, str]]:
    rows = _all(_find(root, "SimpleCodeList"), "Row")
    if len(rows) > MOST_ROWS:
        raise NotACodeList(f"Die Codeliste hat mehr als {MOST_ROWS} Einträge.")
    found: dict[str, str] = {}
    for row in rows:
        values = {
            _attribute(value, "ColumnRef"): _text(value, "SimpleValue")
            for value in _all(row, "Value")
        }
        if values.get(code):
            found.setdefault(values[code], values.get(label) or values[code])
    return list(found.items())


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
