"""Puts together what the archive of a case holds: each file with its path, and what it is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from dienstweg.accounts import queries as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import ApplicationView, CaseView
from dienstweg.deliveries import queries as deliveries
from dienstweg.documents import queries as documents
from dienstweg.events import queries as events
from dienstweg.files import queries as files
from dienstweg.files.errors import NoSuchFile, NotReleased
from dienstweg.inbox import queries as inbox
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.payments import queries as payments
from dienstweg.records.rules import numbered
from dienstweg.standards import xdomea

METADATA = "xdomea.xml"
READ_ME = "LIESMICH.txt"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of a file of the archive; ``title`` is empty for what is no document."""

    path: str
    title: str = ""
    name: str = ""
    media_type: str = "application/json"
    id: str = ""
    day: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of the archive with its bytes."""

    entry: Entry
    content: bytes = field(repr=False)


def gather(case_id: UUID) -> Iterator[Kept]:
    """Yield everything about a case, file by file, so that no two are in memory at once.

    What could not be read (yet) is named in the file for people to read, which comes last. Raises
    `NoSuchCase`, `Erased`.
    """
    case, key = cases.case(case_id), cases.key(case_id)
    listed: list[Entry] = []
    missing: list[str] = []
    versions = cases.versions(case_id, key=key)
    for one in chain(
        _applications(versions),
        _documents(case),
        _attachments(case, key, versions, missing),
        _lists(case, key),
    ):
        listed.append(one.entry)
        yield one
    yield Kept(Entry(METADATA, media_type="application/xml"), _metadata(case, listed))
    yield Kept(Entry(READ_ME, media_type="text/plain"), _read_me(case, missing).encode())


def _applications(versions: list[ApplicationView]) -> Iterator[Kept]:
    for one in versions:
        content = {
            "version": one.version,
            "made_at": one.made_at,
            "sha256": one.sha256,
            "declaration": one.declaration,
            "data": one.data,
        }
        entry = Entry(
            f"antrag/antrag-fassung-{one.version}.json",
            title=f"Antrag, Fassung {one.version} (Daten)",
            name=f"antrag-fassung-{one.version}.json",
            id=f"antrag-{one.version}",
            day=clock.local(one.made_at).date(),
            version=one.version,
        )
        yield Kept(entry, _json(content))


def _documents(case: CaseView) -> Iterator[Kept]:
    cards = documents.of_case(case.id)
    names = numbered(f"{card.title or card.key}.pdf" for card in cards)
    for card, name in zip(cards, names, strict=True):
        original, content = documents.content(card.id, case_id=case.id)
        entry = Entry(
            f"dokumente/{name}",
            title=card.title or card.key,
            name=original,
            media_type=PDF,
            id=str(card.id),
            day=clock.local(card.written_at).date(),
        )
        yield Kept(entry, content)


def _attachments(
    case: CaseView, key: bytes, versions: list[ApplicationView], missing: list[str]
) -> Iterator[Kept]:
    """Yield each file of any version once, with the version in which it came."""
    came: dict[UUID, tuple[cases.AttachmentCard, ApplicationView]] = {}
    for version in versions:
        for card in cases.attachments(case.id, key=key, version=version.version):
            came.setdefault(card.file_id, (card, version))
    names = numbered(card.name for card, _ in came.values())
    for (card, version), name in zip(came.values(), names, strict=True):
        try:
            content = files.content(card.file_id, key=key)
        except (NoSuchFile, NotReleased):
            missing.append(card.name)
            continue
        entry = Entry(
            f"anlagen/{name}",
            title=f"Anlage: {card.name}",
            name=card.name,
            media_type=card.media_type,
            id=str(card.file_id),
            day=clock.local(version.made_at).date(),
            version=version.version,
        )
        yield Kept(entry, content)


def _lists(case: CaseView, key: bytes) -> Iterator[Kept]:
    """Yield what else is known of the case, each list as JSON."""
    people = _people(case, key)
    timeline = [
        {
            "event": one.name,
            "at": one.happened_at,
            "by": _actor(one.actor, people),
            "data": one.data,
        }
        for one in events.timeline(case.id)
    ]
    notes = [
        {"by": people.get(one.account_id, ""), "at": one.at, "text": one.text}
        for one in cases.notes(case.id, key=key)
    ]
    yield Kept(Entry("verlauf.json"), _json(timeline))
    yield Kept(Entry("nachrichten.json"), _json(inbox.of_case(case.id, key=key)))
    yield Kept(Entry("zahlungen.json"), _json(payments.of_case(case.id)))
    yield Kept(Entry("uebergaben.json"), _json(deliveries.of_case(case.id)))
    yield Kept(Entry("notizen.json"), _json(notes))


def _people(case: CaseView, key: bytes) -> Mapping[UUID, str]:
    actors = [one.actor.partition(":") for one in events.timeline(case.id)]
    found = {UUID(own) for kind, _, own in actors if kind == "staff"}
    found |= {one.account_id for one in cases.notes(case.id, key=key)}
    return accounts.names(found)


def _actor(actor: str, people: Mapping[UUID, str]) -> str:
    kind, _, own = actor.partition(":")
    return people.get(UUID(own), actor) if kind == "staff" else actor


def _metadata(case: CaseView, found: list[Entry]) -> bytes:
    """Return the case in the words of xdomea (`dienstweg.standards.xdomea`)."""
    release = offers.release(case.digest)
    people = _people(case, cases.key(case.id))
    ended = case.closed_at
    message = xdomea.Message(
        id=str(case.id),
        sender=authorities.card(case.authority_id).name,
        made_at=clock.now(),
        case=xdomea.Case(
            id=str(case.id),
            number=case.number,
            subject=release.text("de", "service.title", case.number),
            begun=clock.local(case.submitted_at).date(),
            ended=clock.local(ended).date() if ended else None,
            documents=tuple(
                xdomea.Document(
                    id=one.id,
                    subject=one.title,
                    file=one.path,
                    name=one.name,
                    media_type=one.media_type,
                    received=one.day,
                    number=one.version,
                )
                for one in found
                if one.title and one.day is not None
            ),
            history=tuple(
                xdomea.Step(_actor(one.actor, people), one.name, one.happened_at)
                for one in events.timeline(case.id)
            ),
        ),
    )
    return xdomea.written(message)


def _read_me(case: CaseView, missing: list[str]) -> str:
    lines = [
        f"Akte zum Vorgang {case.number}",
        f"Erstellt am {clock.local(clock.now()):%d.%m.%Y, %H:%M} Uhr",
        "",
        "antrag/      die Fassungen des Antrags als Daten (JSON)",
        "dokumente/   Kopie des Antrags, Bescheide und andere Dokumente (PDF/A)",
        "anlagen/     hochgeladene Dateien",
        "verlauf.json, nachrichten.json, zahlungen.json, uebergaben.json, notizen.json",
        f"{METADATA}   Metadaten für die E-Akte, nach den Namen von xdomea {xdomea.VERSION}",
    ]
    if missing:
        lines += ["", "Nicht enthalten (nicht freigegeben oder gelöscht):"]
        lines += [f"- {name}" for name in missing]
    return "\r\n".join(lines) + "\r\n"


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    """Return what JSON does not know as what it does: times by ISO 8601, ids as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
