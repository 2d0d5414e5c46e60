"""Reads: the documents of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dienstweg.authorities import queries as authorities
from dienstweg.cases import queries as cases
from dienstweg.documents.errors import NoSuchDocument
from dienstweg.documents.models import Document, Paper, Preview, Seal
from dienstweg.documents.places import paper_place, preview_place
from dienstweg.files import queries as files
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import normalise


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """What a page says about a written document: size in bytes."""

    id: UUID
    key: str
    template: str
    title: str
    written_at: datetime
    size: int


def of_case(case_id: UUID, *, keys: Sequence[str] | None = None) -> list[DocumentCard]:
    """Return the written documents of a case (or those with these ``keys``), the oldest first."""
    rows = Document.objects.filter(case_id=case_id, state="written").order_by("id")
    if keys is not None:
        rows = rows.filter(key__in=keys)
    return [
        DocumentCard(row.id, row.key, row.template, row.title, row.written_at, row.size)
        for row in rows
    ]


def content(document_id: UUID, *, case_id: UUID) -> tuple[str, bytes]:
    """Return file name and bytes of a document of this case; raises `NoSuchDocument`."""
    row = Document.objects.filter(id=document_id, case_id=case_id, state="written").first()
    if row is None:
        raise NoSuchDocument
    case_key = cases.key(case_id)
    return (
        files.card(row.file_id, key=case_key).name,
        files.content(row.file_id, key=case_key),
    )


def paper_state(key: str) -> str:
    """Return how a paper stands: ordered, written, failed; empty where there is none."""
    found = Paper.objects.filter(key=key, ends_at__gt=clock.now())
    return str(found.values_list("state", flat=True).first() or "")


def paper_content(key: str) -> bytes:
    """Return the PDF of a paper; raises `NoSuchDocument` where it is not printed (any more)."""
    row = Paper.objects.filter(key=key, state="written", ends_at__gt=clock.now()).first()
    if row is None:
        raise NoSuchDocument
    owner = authorities.authority_key(row.authority_id)
    place = paper_place(row.authority_id, row.id, "content")
    return encryption.unseal(owner, bytes(row.content), *place)


def preview_state(preview_id: UUID, *, account_id: UUID) -> str:
    """Return how a preview of this person stands: ordered, written, failed; empty: none."""
    found = Preview.objects.filter(
        id=preview_id, account_id=account_id, ends_at__gt=clock.now()
    ).values_list("state", flat=True)
    return str(found.first() or "")


def preview_content(preview_id: UUID, *, case_id: UUID, account_id: UUID) -> bytes:
    """Return the PDF of a preview of this person; raises `NoSuchDocument`."""
    row = Preview.objects.filter(
        id=preview_id,
        case_id=case_id,
        account_id=account_id,
        state="written",
        ends_at__gt=clock.now(),
    ).first()
    if row is None:
        raise NoSuchDocument
    place = preview_place(row.authority_id, row.id, "content")
    return encryption.unseal(cases.key(case_id), bytes(row.content), *place)


@dataclass(frozen=True, slots=True)
class Issued:
    """What anybody may learn of a document: when it was issued, and whether it was sealed."""

    written_at: datetime
    sealed: bool
    sha256: bytes


def issued(*, code: str = "", sha256: bytes = b"") -> Issued | None:
    """Return what may be said of the scope's document with this code, or this hash.

    None where there is none, where it is not written yet, and where its case is erased.
    """
    rows = Document.objects.filter(state="written", sha256__isnull=False)
    rows = rows.exclude(case__state="erased")
    rows = rows.filter(code=normalise(code)) if code else rows.filter(sha256=sha256)
    row = rows.first()
    if row is None:
        return None
    return Issued(row.written_at, row.sealed_at is not None, bytes(row.sha256))


def has_seal() -> bool:
    """Tell whether an authority of the scope seals its decisions."""
    return Seal.objects.exists()


def waiting_for_seal(case_id: UUID | None = None) -> list[tuple[str, datetime]]:
    """Return the documents that wait for a seal which is away: title, and since when."""
    rows = Document.objects.filter(state="ordered", seal_failed_at__isnull=False)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    return list(rows.order_by("seal_failed_at").values_list("title", "seal_failed_at")[:100])


def is_unwritten(case_id: UUID) -> bool:
    """Tell whether a document of the case is ordered and not there yet."""
    return bool(Document.objects.filter(case_id=case_id, state="ordered").exists())
