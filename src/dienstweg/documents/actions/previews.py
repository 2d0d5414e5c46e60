"""What a decision would look like, before it is taken: typeset, shown, and soon forgotten."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.blueprint.typesetter import DocumentFailed
from dienstweg.cases import queries as cases
from dienstweg.documents.models import Preview
from dienstweg.documents.places import preview_place
from dienstweg.documents.setting import draft_pdf
from dienstweg.events.job import defer
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id

KEPT = timedelta(minutes=15)
"""A preview is there to be looked at now."""

log = logging.getLogger("dienstweg.documents")


@transaction.atomic
def order_preview(
    *, case_id: UUID, account_id: UUID, template: str, data: Mapping[str, Any]
) -> UUID:
    """Order the draft of a document for one caseworker; return the preview's id.

    ``data`` is what the process would know. Whatever this person has previewed of the case before
    is deleted. A worker typesets it; nothing is recorded, since nothing has happened. Raises
    `dienstweg.cases.errors.NoSuchCase`, `Erased`.
    """
    authority_id, preview_id, now = scope.one(), new_id(), clock.now()
    key = cases.key(case_id)
    Preview.objects.filter(case_id=case_id, account_id=account_id).delete()
    Preview(
        id=preview_id,
        authority_id=authority_id,
        case_id=case_id,
        account_id=account_id,
        template=template,
        order=encryption.seal_json(
            key, dict(data), *preview_place(authority_id, preview_id, "order")
        ),
        ordered_at=now,
        ends_at=now + KEPT,
    ).save(force_insert=True)
    defer("documents.render_preview", authority_id=authority_id, preview_id=preview_id)
    return preview_id


def render_preview(*, preview_id: UUID) -> None:
    """Typeset an ordered preview, marked as a draft; safe to do twice."""
    row = Preview.objects.filter(id=preview_id, state="ordered").first()
    if row is None:
        return
    opened = cases.opened(row.case_id)
    place = preview_place(row.authority_id, row.id, "order")
    data = encryption.unseal_json(opened.key, bytes(row.order), *place)
    waiting = Preview.objects.filter(id=preview_id, state="ordered")
    try:
        pdf = draft_pdf(opened, row.template, data, at=row.ordered_at)
    except DocumentFailed:
        # The log names the preview only: what Typst says could quote what somebody entered.
        log.error("preview_not_set preview=%s", row.id)
        waiting.update(state="failed", order=b"")
        return
    place = preview_place(row.authority_id, row.id, "content")
    waiting.update(state="written", content=encryption.seal(opened.key, pdf, *place), order=b"")


def sweep_previews(now: datetime) -> None:
    """Delete the previews whose time is over; one that a lost job has left is ordered anew by
    whoever still wants it."""
    Preview.objects.filter(ends_at__lte=now).delete()
