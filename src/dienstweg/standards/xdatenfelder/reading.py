"""Reads messages of XDatenfelder 2.0 and 3.0 strictly, and says what is wrong.

Strict, because a blueprint made from a half-understood schema would ask the wrong questions: an
element that is unknown, missing or doubled and a value outside the standard's lists are faults.
All faults of a file are collected, so that its publisher need not be asked twice. What is written
otherwise than the standard wants, but can mean only one thing, is a remark and is read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lxml import etree

from dienstweg.standards import xml
from dienstweg.standards.xdatenfelder import errors
from dienstweg.standards.xdatenfelder.dialects import BY_VERSION, THREE, TWO, Dialect
from dienstweg.standards.xdatenfelder.elements import Reading
from dienstweg.standards.xdatenfelder.model import Message, Schema

_FAMILY: Final = re.compile(r"^urn:xoev-de:fim:standard:xdatenfelder_(\d{1,3}(?:\.\d{1,3}){0,3})$")
SCHEMA_MESSAGE: Final = "xdatenfelder.stammdatenschema.0102"
_MESSAGES: Final = {
    SCHEMA_MESSAGE: "stammdatenschema",
    "xdatenfelder.datenfeldgruppe.0103": "datenfeldgruppe",
    "xdatenfelder.datenfeld.0104": "datenfeld",
}


def read(content: bytes) -> Schema:
    """Give the schema in `content` to who imports it; raises a subclass of `errors.Refused`."""
    root, dialect = _opened(content)
    name = etree.QName(root).localname
    if name != SCHEMA_MESSAGE:
        raise errors.OtherMessage(name[:80], line=root.sourceline)
    message = _message(root, dialect)
    assert isinstance(message.element, Schema)
    return replace(
        message.element,
        message_id=message.id,
        created_at=message.created_at,
        remarks=message.remarks,
    )


def read_message(content: bytes) -> Message:
    """Give the schema, group or field (0102 to 0104) in `content`; raises `errors.Refused`."""
    return _message(*_opened(content))


def _message(root: etree._Element, dialect: Dialect) -> Message:
    name = etree.QName(root).localname
    if name not in _MESSAGES:
        raise errors.OtherMessage(name[:80], line=root.sourceline)
    reading = Reading(dialect)
    message = reading.message(root, _MESSAGES[name])
    if reading.faults or message is None:
        raise errors.Faulty(reading.faults, dialect.title)
    return message


def _opened(content: bytes) -> tuple[etree._Element, Dialect]:
    root = _parsed(content)
    name = etree.QName(root)
    namespace = name.namespace or ""
    family = _FAMILY.match(namespace)
    if family is None:
        where = f"im Namensraum {namespace[:120]!r}" if namespace else "ohne Namensraum"
        raise errors.OtherFormat(
            f"Die Datei ist kein XDatenfelder: Ihr Wurzelelement {name.localname[:80]!r} steht "
            f"{where}; erwartet wird {THREE.namespace!r} oder {TWO.namespace!r}.",
            line=root.sourceline,
        )
    dialect = BY_VERSION.get(family[1])
    if dialect is None or namespace != dialect.namespace:
        raise errors.OtherVersion(family[1], name.localname[:80])
    return root, dialect


def _parsed(content: bytes) -> etree._Element:
    try:
        return xml.parse(content)
    except xml.NotAllowed as error:
        raise errors.Hostile(str(error)) from None
    except xml.NotWellFormed as error:
        looks_like = "JSON" if content.lstrip()[:1] in {b"{", b"["} else "ein anderes Format"
        what = (
            "Die Datei ist kein XML"
            if content.lstrip()[:1] != b"<"
            else f"Die Datei ist kein wohlgeformtes XML ({error.detail})"
        )
        hint = f", sondern {looks_like}" if what.endswith("kein XML") else ""
        raise errors.NotXml(
            f"{what}{hint}. Wählen Sie die XDatenfelder-Datei aus dem FIM-Portal.", line=error.line
        ) from None
