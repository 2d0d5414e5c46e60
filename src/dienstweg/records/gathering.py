"""Puts together what the archive of a case holds: each file with its path, and what it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from uuid import UUID

from dienstweg.authorities import queries as authorities
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import ApplicationView, CaseView
from dienstweg.documents import queries as documents
from dienstweg.events import queries as events
from dienstweg.files import queries as files
from dienstweg.files.errors import NoSuchFile, NotReleased
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.records import as_json, lists
from dienstweg.records.lists import Known
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
    about = lists.known(case, key, offers.release(case.digest))
    listed: list[Entry] = []
    missing: list[str] = []
    versions = cases.versions(case_id, key=key)
    for one in chain(
        _applications(versions),
        _documents(case),
        _attachments(case, key, versions, missing),
        _handed_in(case, key, missing),
        _lists(about),
    ):
        listed.append(one.entry)
        yield one
    yield Kept(Entry(METADATA, media_type="application/xml"), _metadata(about, listed))
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
        yield Kept(entry, as_json.written(content))


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


def _handed_in(case: CaseView, key: bytes, missing: list[str]) -> Iterator[Kept]:
    """Yield what parties have handed in, and the scans of what they did on paper."""
    came = {
        one.file_id: (one.party_id, clock.local(one.handed_in_at).date())
        for one in cases.proofs(case.id)
    }
    for paper in cases.papers(case.id).values():
        came[paper.file_id] = (paper.party_id, paper.came_on)
    cards = [one for one in files.cards(case.id, key=key) if one.id in came] if came else []
    roles = {one.id: one.role for one in cases.parties(case.id, key=key)}
    release = offers.release(case.digest)
    for card, name in zip(cards, numbered(one.name for one in cards), strict=True):
        try:
            content = files.content(card.id, key=key)
        except (NoSuchFile, NotReleased):
            missing.append(card.name)
            continue
        party_id, day = came[card.id]
        role = roles.get(party_id, "")
        whose = release.text(lists.LANG, f"parties.{role}.title", role)
        entry = Entry(
            f"nachweise/{name}",
            title=f"Nachweis ({whose}): {card.name}",
            name=card.name,
            media_type=card.media_type,
            id=str(card.id),
            day=day,
        )
        yield Kept(entry, content)


def _lists(about: Known) -> Iterator[Kept]:
    """Yield what else is known of the case, each list as JSON."""
    for one in lists.SHEETS:
        entry = Entry(
            one.file, title=f"{one.title} (Daten)", name=one.file, id=one.file, day=clock.today()
        )
        yield Kept(entry, as_json.written(one.make(about)))


def _metadata(about: Known, found: list[Entry]) -> bytes:
    """Return the case in the words of xdomea (`dienstweg.standards.xdomea`)."""
    case, ended = about.case, about.case.closed_at
    message = xdomea.Message(
        id=str(case.id),
        sender=authorities.card(case.authority_id).name,
        made_at=clock.now(),
        case=xdomea.Case(
            id=str(case.id),
            number=case.number,
            subject=about.release.text(lists.LANG, "service.title", case.number),
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
                xdomea.Step(about.actor(one.actor), one.name, one.happened_at)
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
        "nachweise/   was Beteiligte eingereicht haben, auch auf Papier",
        *(f"{one.file:<24} {one.title}" for one in lists.SHEETS),
        f"{METADATA:<24} Metadaten für die E-Akte, nach den Namen von xdomea {xdomea.VERSION}",
    ]
    if missing:
        lines += ["", "Nicht enthalten (nicht freigegeben oder gelöscht):"]
        lines += [f"- {name}" for name in missing]
    return "\r\n".join(lines) + "\r\n"
