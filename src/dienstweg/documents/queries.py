"""Reads: the documents of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dienstweg.authorities import queries as authorities
from dienstweg.cases import queries as cases
from dienstweg.documents.errors import NoSuchDocument
from dienstweg.documents.models import Document, Paper
from dienstweg.files import queries as files
from dienstweg.kernel import clock, encryption


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
    place = (str(row.authority_id), "papers", str(row.id), "content")
    return encryption.unseal(owner, bytes(row.content), *place)
