"""Reads a Stammdatenschema message (XDatenfelder 2, 0102) strictly, and says what is wrong.

Strict, because a blueprint made from a half-understood schema would ask the wrong questions: an
element that is unknown, missing or doubled and a value outside the standard's lists are faults.
All faults of a file are collected, so that its publisher need not be asked twice.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from dienstweg.standards import xml
from dienstweg.standards.xdatenfelder import errors
from dienstweg.standards.xdatenfelder.elements import Reading
from dienstweg.standards.xdatenfelder.model import Schema
from dienstweg.standards.xdatenfelder.walking import NAMESPACE

_FAMILY: Final = re.compile(r"^urn:xoev-de:fim:standard:xdatenfelder_(\d{1,3}(?:\.\d{1,3}){0,3})$")
_MESSAGE: Final = "xdatenfelder.stammdatenschema.0102"


def read(content: bytes) -> Schema:
    """Give the schema in `content` to who imports it; raises a subclass of `errors.Refused`."""
    root = _parsed(content)
    _check_message(root)
    reading = Reading()
    schema = reading.message(root)
    if reading.faults or schema is None:
        raise errors.Faulty(reading.faults)
    return schema


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


def _check_message(root: etree._Element) -> None:
    name = etree.QName(root)
    namespace = name.namespace or ""
    family = _FAMILY.match(namespace)
    if family is None:
        where = f"im Namensraum {namespace[:120]!r}" if namespace else "ohne Namensraum"
        raise errors.OtherFormat(
            f"Die Datei ist kein XDatenfelder 2: Ihr Wurzelelement {name.localname[:80]!r} steht "
            f"{where}; erwartet wird {NAMESPACE!r}.",
            line=root.sourceline,
        )
    if family[1] not in {"2", "2.0"}:
        raise errors.OtherVersion(family[1], name.localname[:80])
    if name.localname != _MESSAGE:
        raise errors.OtherMessage(name.localname[:80], line=root.sourceline)
