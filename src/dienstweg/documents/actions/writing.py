"""Documents of a case: ordered by a process, typeset, sealed and kept by a worker."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.documents import rules
from dienstweg.documents.actions import sealing
from dienstweg.documents.facts import DocumentWritten, ReceiptWritten
from dienstweg.documents.models import Document
from dienstweg.documents.places import data_place
from dienstweg.documents.setting import pdf_of
from dienstweg.events import actions as events
from dienstweg.events.job import defer
from dienstweg.files import actions as files
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock, encryption, failpoints
from dienstweg.kernel.references import new_id, secret_code
from dienstweg.offers import queries as offers

RECEIPT = "receipt"
"""The document that every blueprint has: the copy of the application (section 9a OZG)."""
_RECEIPT_TITLE = "Kopie Ihres Antrags"


def write(
    *, case_id: UUID, case_key: bytes, key: str, template: str, title: str, data: Mapping[str, Any]
) -> None:
    """Order the document ``template`` for a case, once for each ``key``.

    Runs inside the transaction that wants it; a worker typesets it afterwards.
    """
    row = _ordered(
        case_id=case_id, case_key=case_key, key=key, template=template, title=title, data=data
    )
    Document.objects.bulk_create([row], ignore_conflicts=True)
    defer("documents.render", authority_id=scope.one(), document_id=row.id)


def write_receipt(*, case_id: UUID, version: int) -> None:
    """Write the copy of a version right after it was submitted, or came by a correction.

    Twice is once, and a later version that came meanwhile has its own. Nobody has ordered it
    before, so that it is ordered and written in one transaction. It is never sealed: it has to be
    there at once (section 9a OZG). Raises `dienstweg.cases.errors.NoSuchCase`, `Erased`.
    """
    opened = cases.opened_version(case_id, version)
    case = opened.case
    title = offers.release(case.digest).text(case.lang, "documents.receipt.title", _RECEIPT_TITLE)
    key = RECEIPT if version == 1 else f"{RECEIPT}-{version}"
    if version > 1:
        title = f"{title} ({version})"
    row = _ordered(
        case_id=case_id, case_key=opened.key, key=key, template=RECEIPT, title=title, data={}
    )
    pdf = pdf_of(row, opened, {})
    failpoints.reach("documents.keep.before")
    try:
        with transaction.atomic():
            file = _kept(row, opened, pdf)
            row.file_id, row.size, row.sha256 = file.id, file.size, hashlib.sha256(pdf).digest()
            row.state, row.written_at = "written", clock.now()
            row.save(force_insert=True)
            _tell(row)
    except IntegrityError:
        # It was written before; the bytes that no row speaks of are swept.
        if not Document.objects.filter(case_id=case_id, key=key).exists():
            raise
        return
    failpoints.reach("documents.keep.after")


def _ordered(
    *, case_id: UUID, case_key: bytes, key: str, template: str, title: str, data: Mapping[str, Any]
) -> Document:
    """Return the row of a document that is yet to be written, and to be saved."""
    authority_id, document_id = scope.one(), new_id()
    return Document(
        id=document_id,
        authority_id=authority_id,
        case_id=case_id,
        key=key,
        template=template,
        title=title,
        code=secret_code(),
        data=encryption.seal_json(case_key, dict(data), *data_place(authority_id, document_id)),
        ordered_at=clock.now(),
    )


def render(*, document_id: UUID) -> None:
    """Typeset an ordered document, seal it and keep it under the case's key; safe to do twice.

    Where the authority's seal is away, the document stays ordered and this raises
    `dienstweg.documents.port.Unavailable`, so that it is tried again: nothing goes out unsealed.
    """
    row = Document.objects.filter(id=document_id, state="ordered").first()
    if row is None:
        return
    opened = cases.opened(row.case_id)
    data = encryption.unseal_json(
        opened.key, bytes(row.data), *data_place(row.authority_id, row.id)
    )
    pdf = pdf_of(row, opened, data)
    manifest = offers.release(opened.case.digest).manifest
    sealed = sealing.seal(row, pdf) if rules.is_sealed(manifest, row.template) else None
    failpoints.reach("documents.keep.before")
    with transaction.atomic():
        if not _written(row, opened, sealed or pdf, sealed=sealed is not None):
            return
        _tell(row)
    failpoints.reach("documents.keep.after")


def _written(row: Document, opened: cases.Opened, pdf: bytes, *, sealed: bool) -> bool:
    """Keep the bytes and note the document as written; tell whether nobody else has done so.

    Two workers may have typeset it: the first one keeps its file, the other takes its back.
    """
    file, now = _kept(row, opened, pdf), clock.now()
    kept = Document.objects.filter(id=row.id, state="ordered").update(
        state="written",
        written_at=now,
        file_id=file.id,
        size=file.size,
        sha256=hashlib.sha256(pdf).digest(),
        sealed_at=now if sealed else None,
        seal_failed_at=None,
    )
    if not kept:
        files.discard(owner_id=row.case_id, file_id=file.id)
    return bool(kept)


def _kept(row: Document, opened: cases.Opened, pdf: bytes) -> FileCard:
    return files.keep(
        owner_id=row.case_id,
        key=opened.key,
        name=f"{row.title} {opened.case.number}",
        media_type="application/pdf",
        content=pdf,
    )


def _tell(row: Document) -> None:
    kind = ReceiptWritten if row.template == RECEIPT else DocumentWritten
    events.record(
        kind(
            authority_id=row.authority_id,
            case_id=row.case_id,
            document_id=row.id,
            key=row.key,
            template=row.template,
        )
    )
