"""Writes and reads the metadata of a case in the words of xdomea 3.1, for records systems.

The names of the elements and their nesting follow the message ``Abgabe.Abgabe.0401`` of xdomea
3.1.0 (namespace ``urn:xoev-de:xdomea:schema:3.1.0``), as far as they are publicly described. They
have not been held against its schema, and codes of its lists are left out: docs/decisions/0033
says what is unverified.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from lxml import etree

from dienstweg.standards import xml

VERSION: Final = "3.1.0"
NAMESPACE: Final = f"urn:xoev-de:xdomea:schema:{VERSION}"
MESSAGE: Final = "Abgabe.Abgabe.0401"
MESSAGE_CODE: Final = "0401"
_LIMITS: Final = xml.Limits(size=4 * 1024 * 1024, elements=50_000, attributes=20_000, depth=20)


class NotXdomea(ValueError):
    """The bytes are no message that `written` could have made; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a case: its id, what it is about, and the file in the package.

    ``file`` is its path in the package, ``name`` what people called it, ``media_type`` its kind.
    ``number`` is its version, ``received`` the day on which it came in or was written.
    """

    id: str
    subject: str
    file: str
    name: str
    media_type: str
    received: date
    number: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """Something that has happened to a case: who did it, in which role, what, and when."""

    actor: str
    action: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A case (Vorgang): id and number, what it is about, from when to when, and its contents."""

    id: str
    number: str
    subject: str
    begun: date
    ended: date | None
    documents: tuple[Document, ...] = ()
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A package with one case, from an authority, made at a time."""

    id: str
    sender: str
    made_at: datetime
    case: Case


def written(message: Message) -> bytes:
    """Return the message as XML; characters that XML cannot hold are left out."""
    root = etree.Element(_name(MESSAGE), nsmap={"xdomea": NAMESPACE})
    head = _below(root, "Kopf")
    _below(head, "ProzessID", message.id)
    _below(_below(head, "Nachrichtentyp"), "code", MESSAGE_CODE, plain=True)
    _below(head, "Erstellungszeitpunkt", message.made_at.isoformat())
    _below(_below(_below(head, "Absender"), "Behoerdenkennung"), "Behoerdenname", message.sender)
    case = _below(_below(root, "Schriftgutobjekt"), "Vorgang")
    _identified(case, message.case.id)
    about = _below(case, "AllgemeineMetadaten")
    _below(about, "Betreff", message.case.subject)
    _below(about, "Kennzeichen", message.case.number)
    period = _below(case, "Laufzeit")
    _below(period, "Beginn", message.case.begun.isoformat())
    if message.case.ended is not None:
        _below(period, "Ende", message.case.ended.isoformat())
    for step in message.case.history:
        noted = _below(case, "HistorienProtokollInformation")
        _below(noted, "Akteur", step.actor)
        _below(noted, "DatumUhrzeit", step.at.isoformat())
        _below(noted, "Aktion", step.action)
    for document in message.case.documents:
        _document(case, document)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _document(case: etree._Element, document: Document) -> None:
    made = _below(case, "Dokument")
    _identified(made, document.id)
    _below(_below(made, "AllgemeineMetadaten"), "Betreff", document.subject)
    _below(made, "Posteingangsdatum", document.received.isoformat())
    version = _below(made, "Version")
    _below(version, "Nummer", str(document.number))
    kind = _below(version, "Format")
    _below(kind, "SonstigerName", document.media_type)
    file = _below(kind, "Primaerdokument")
    _below(file, "Dateiname", document.file)
    _below(file, "DateinameOriginal", document.name)


def _identified(parent: etree._Element, own: str) -> None:
    _below(_below(parent, "Identifikation"), "ID", own)


def _below(
    parent: etree._Element, name: str, text: str | None = None, *, plain: bool = False
) -> etree._Element:
    made = etree.SubElement(parent, name if plain else _name(name))
    if text is not None:
        made.text = "".join(one for one in text if _is_allowed(one))
    return made


def _is_allowed(one: str) -> bool:
    """Tell whether XML 1.0 can hold a character (section 2.2); CR is read back as LF, so no CR."""
    code = ord(one)
    return one in "\t\n" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code > 0xFFFF


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def read(content: bytes) -> Message:
    """Return what `written` has made; raises `NotXdomea`, and as `xml.parse`."""
    root = xml.parse(content, _LIMITS)
    if root.tag != _name(MESSAGE):
        raise NotXdomea(MESSAGE)
    case = _one(_one(root, "Schriftgutobjekt"), "Vorgang")
    period = _one(case, "Laufzeit")
    ended = period.find(_name("Ende"))
    about = _one(case, "AllgemeineMetadaten")
    head = _one(root, "Kopf")
    return Message(
        id=_text(head, "ProzessID"),
        sender=_text(_one(_one(head, "Absender"), "Behoerdenkennung"), "Behoerdenname"),
        made_at=datetime.fromisoformat(_text(head, "Erstellungszeitpunkt")),
        case=Case(
            id=_text(_one(case, "Identifikation"), "ID"),
            number=_text(about, "Kennzeichen"),
            subject=_text(about, "Betreff"),
            begun=date.fromisoformat(_text(period, "Beginn")),
            ended=date.fromisoformat(ended.text or "") if ended is not None else None,
            documents=tuple(_documents(case)),
            history=tuple(
                Step(
                    _text(one, "Akteur"),
                    _text(one, "Aktion"),
                    datetime.fromisoformat(_text(one, "DatumUhrzeit")),
                )
                for one in case.findall(_name("HistorienProtokollInformation"))
            ),
        ),
    )


def _documents(case: etree._Element) -> Iterator[Document]:
    found: Sequence[etree._Element] = case.findall(_name("Dokument"))
    for one in found:
        version = _one(one, "Version")
        kind = _one(version, "Format")
        file = _one(kind, "Primaerdokument")
        yield Document(
            id=_text(_one(one, "Identifikation"), "ID"),
            subject=_text(_one(one, "AllgemeineMetadaten"), "Betreff"),
            file=_text(file, "Dateiname"),
            name=_text(file, "DateinameOriginal"),
            media_type=_text(kind, "SonstigerName"),
            received=date.fromisoformat(_text(one, "Posteingangsdatum")),
            number=int(_text(version, "Nummer")),
        )


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(_name(name))
    if found is None:
        raise NotXdomea(name)
    return found


def _text(parent: etree._Element, name: str) -> str:
    return _one(parent, name).text or ""
