"""Writes: order a document, and typeset it."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import documents as layout
from dienstweg.blueprint.pages import from_application, summary
from dienstweg.blueprint.typesetter import DocumentFailed, Typesetter
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import NoSuchCase
from dienstweg.documents.facts import DocumentWritten, ReceiptWritten
from dienstweg.documents.models import Document, Paper
from dienstweg.events import actions as events
from dienstweg.events.job import defer
from dienstweg.files import actions as files
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock, encryption, failpoints
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers

RECEIPT = "receipt"
"""The document that every blueprint has: the copy of the application (section 9a OZG)."""
_RECEIPT_TITLE = "Kopie Ihres Antrags"
SWEPT_EVERY = timedelta(minutes=15)
WRITTEN_WITHIN = timedelta(minutes=5)
"""A document that is not written this long after it was ordered has been lost sight of."""
SWEPT_AT_ONCE = 100

log = logging.getLogger("dienstweg.documents")


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


def write_receipt(*, case_id: UUID) -> None:
    """Write the copy of an application right after it was submitted; safe to do twice.

    Nobody has ordered it before, so that it is ordered and written in one transaction.
    """
    opened = cases.opened(case_id)
    case = opened.case
    title = offers.release(case.digest).text(case.lang, "documents.receipt.title", _RECEIPT_TITLE)
    row = _ordered(
        case_id=case_id, case_key=opened.key, key=RECEIPT, template=RECEIPT, title=title, data={}
    )
    pdf = _typeset(row, opened, {})
    failpoints.reach("documents.keep.before")
    try:
        with transaction.atomic():
            file = _kept(row, opened, pdf)
            row.file_id, row.size = file.id, file.size
            row.state, row.written_at = "written", clock.now()
            row.save(force_insert=True)
            _tell(row)
    except IntegrityError:
        # It was written before; the bytes that no row speaks of are swept.
        if not Document.objects.filter(case_id=case_id, key=RECEIPT).exists():
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
        data=encryption.seal_json(case_key, dict(data), *_place(authority_id, document_id)),
        ordered_at=clock.now(),
    )


def render(*, document_id: UUID) -> None:
    """Typeset an ordered document and keep it under the case's key; safe to do twice."""
    row = Document.objects.filter(id=document_id, state="ordered").first()
    if row is None:
        return
    opened = cases.opened(row.case_id)
    data = encryption.unseal_json(opened.key, bytes(row.data), *_place(row.authority_id, row.id))
    pdf = _typeset(row, opened, data)
    failpoints.reach("documents.keep.before")
    with transaction.atomic():
        file = _kept(row, opened, pdf)
        # Two workers may have typeset it: the first one keeps its file, the other takes its back.
        kept = Document.objects.filter(id=document_id, state="ordered").update(
            state="written", written_at=clock.now(), file_id=file.id, size=file.size
        )
        if not kept:
            files.discard(owner_id=row.case_id, file_id=file.id)
            return
        _tell(row)
    failpoints.reach("documents.keep.after")


def _kept(row: Document, opened: cases.Opened, pdf: bytes) -> FileCard:
    return files.keep(
        owner_id=row.case_id,
        key=opened.key,
        name=f"{row.title} {opened.case.number}",
        media_type="application/pdf",
        content=pdf,
    )


def _tell(row: Document) -> None:
    kind = ReceiptWritten if row.key == RECEIPT else DocumentWritten
    events.record(
        kind(
            authority_id=row.authority_id,
            case_id=row.case_id,
            document_id=row.id,
            key=row.key,
            template=row.template,
        )
    )


@transaction.atomic
def order_paper(
    *, key: str, source: layout.Source, kept: timedelta, draft_id: UUID | None = None
) -> None:
    """Order an assistant on paper, once for each ``key``; it is deleted after ``kept``.

    Ordered again after its end, or after it failed, it is printed anew.
    """
    authority_id, paper_id, now = scope.one(), new_id(), clock.now()
    known = Paper.objects.filter(key=key)
    known.filter(Q(ends_at__lte=now) | Q(state="failed")).delete()
    if known.exists():
        return
    order = {"main": source.main, "inputs": source.inputs, "timestamp": source.timestamp}
    owner = authorities.authority_key(authority_id)
    row = Paper(
        id=paper_id,
        authority_id=authority_id,
        key=key,
        draft_id=draft_id,
        order=encryption.seal_json(owner, order, *_paper_place(authority_id, paper_id, "order")),
        ordered_at=now,
        ends_at=now + kept,
    )
    Paper.objects.bulk_create([row], ignore_conflicts=True)
    defer("documents.print_paper", authority_id=authority_id, paper_id=paper_id)


def print_paper(*, paper_id: UUID) -> None:
    """Typeset an ordered paper and keep it for its short time; safe to do twice."""
    row = Paper.objects.filter(id=paper_id, state="ordered").first()
    if row is None:
        return
    owner = authorities.authority_key(row.authority_id)
    order = encryption.unseal_json(
        owner, bytes(row.order), *_paper_place(row.authority_id, row.id, "order")
    )
    source = layout.Source(files={}, attach={}, **order)
    try:
        pdf = _typesetter().pdf(source)
    except DocumentFailed:
        # The log names the paper only: what Typst says could quote what somebody entered.
        log.error("paper_not_printed paper=%s", row.id)
        Paper.objects.filter(id=paper_id, state="ordered").update(state="failed", order=b"")
        return
    sealed = encryption.seal(owner, pdf, *_paper_place(row.authority_id, row.id, "content"))
    Paper.objects.filter(id=paper_id, state="ordered").update(
        state="written", content=sealed, order=b""
    )


def forget_papers(*, draft_id: UUID) -> None:
    """Delete what was printed of a draft."""
    Paper.objects.filter(draft_id=draft_id).delete()


def _paper_place(authority_id: UUID, paper_id: UUID, column: str) -> tuple[str, ...]:
    return (str(authority_id), "papers", str(paper_id), column)


def _sweep_papers(now: datetime) -> None:
    """Delete papers whose time is over, and print those that a lost job has left."""
    Paper.objects.filter(ends_at__lte=now).delete()
    late = Paper.objects.filter(state="ordered", ordered_at__lt=now - WRITTEN_WITHIN)
    for paper_id in list(late.order_by("id").values_list("id", flat=True)[:SWEPT_AT_ONCE]):
        print_paper(paper_id=paper_id)


def sweep(*, authority_id: UUID) -> int:
    """Write the scope's documents that were ordered and never came; return how many those were.

    There are none, unless a job has been lost. Papers whose time is over are deleted. Looks again
    after `SWEPT_EVERY`.
    """
    now = clock.now()
    _sweep_papers(now)
    late = Document.objects.filter(state="ordered", ordered_at__lt=now - WRITTEN_WITHIN)
    ids = list(late.order_by("ordered_at").values_list("id", flat=True)[:SWEPT_AT_ONCE])
    for document_id in ids:
        try:
            render(document_id=document_id)
        except NoSuchCase:  # it was erased meanwhile: nobody waits for its papers
            continue
        except Exception as error:  # one document must not keep the others from being written
            name = type(error).__name__
            log.error("document_not_written document=%s error=%s", document_id, name)
    events.look_again(job="documents.sweep", authority_id=authority_id, after=SWEPT_EVERY)
    return len(ids)


def _typeset(row: Document, opened: cases.Opened, data: Mapping[str, Any]) -> bytes:
    """Return the PDF (PDF/A-3a and PDF/UA-1) of a document."""
    case, application = opened.case, opened.application.data
    release = offers.release(case.digest)
    card = authorities.card(row.authority_id)
    submitted = clock.local(case.submitted_at)
    sections = summary(
        release,
        from_application(release, application),
        lang=case.lang,
        today=submitted.date(),
        file_names={str(one.file_id): one.name for one in cases.attachments_of(opened)},
    )
    context = {
        "case_number": case.number,
        "authority": {
            "name": card.name,
            "address": list(card.address),
            "phone": card.phone,
            "email": card.email,
            "accent": card.accent,
        },
        "application": application,
        "rows": [asdict(section) for section in sections],
        "submitted_at": submitted.strftime("%d.%m.%Y, %H:%M Uhr"),
        # The day on which it was ordered, so that a repetition gives the same document.
        "date": clock.local(row.ordered_at).isoformat(),
        "outcome": case.outcome,
        "data": data,
        "lang": case.lang,
    }
    return _typesetter().pdf(layout.source(release, row.template, context))


@lru_cache(maxsize=1)
def _typesetter() -> Typesetter:
    """Return the child process that this process keeps for typesetting."""
    return Typesetter()


def _place(authority_id: UUID, document_id: UUID) -> tuple[str, ...]:
    return (str(authority_id), "documents", str(document_id), "data")
