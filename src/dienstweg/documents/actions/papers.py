"""Assistants on paper: ordered, printed, forgotten."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import documents as layout
from dienstweg.blueprint.typesetter import DocumentFailed
from dienstweg.documents.models import Paper
from dienstweg.documents.places import paper_place
from dienstweg.documents.setting import typesetter
from dienstweg.events.job import defer
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id

log = logging.getLogger("dienstweg.documents")


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
        order=encryption.seal_json(owner, order, *paper_place(authority_id, paper_id, "order")),
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
        owner, bytes(row.order), *paper_place(row.authority_id, row.id, "order")
    )
    source = layout.Source(files={}, attach={}, **order)
    try:
        pdf = typesetter().pdf(source)
    except DocumentFailed:
        # The log names the paper only: what Typst says could quote what somebody entered.
        log.error("paper_not_printed paper=%s", row.id)
        Paper.objects.filter(id=paper_id, state="ordered").update(state="failed", order=b"")
        return
    sealed = encryption.seal(owner, pdf, *paper_place(row.authority_id, row.id, "content"))
    Paper.objects.filter(id=paper_id, state="ordered").update(
        state="written", content=sealed, order=b""
    )


def forget_papers(*, draft_id: UUID) -> None:
    """Delete what was printed of a draft."""
    Paper.objects.filter(draft_id=draft_id).delete()


def sweep_papers(now: datetime, *, within: timedelta, most: int) -> None:
    """Delete papers whose time is over, and print those that a lost job has left."""
    Paper.objects.filter(ends_at__lte=now).delete()
    late = Paper.objects.filter(state="ordered", ordered_at__lt=now - within)
    for paper_id in list(late.order_by("id").values_list("id", flat=True)[:most]):
        print_paper(paper_id=paper_id)
