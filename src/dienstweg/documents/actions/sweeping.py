"""Looks for what never came: documents that were ordered, papers and previews past their time."""

import logging
from datetime import timedelta
from uuid import UUID

from dienstweg.cases.errors import NoSuchCase
from dienstweg.documents.actions.papers import sweep_papers
from dienstweg.documents.actions.previews import sweep_previews
from dienstweg.documents.actions.writing import render
from dienstweg.documents.models import Document
from dienstweg.events import actions as events
from dienstweg.kernel import clock

SWEPT_EVERY = timedelta(minutes=15)
WRITTEN_WITHIN = timedelta(minutes=5)
"""A document that is not written this long after it was ordered has been lost sight of."""
SWEPT_AT_ONCE = 100

log = logging.getLogger("dienstweg.documents")


def sweep(*, authority_id: UUID) -> int:
    """Write the scope's documents that were ordered and never came; return how many those were.

    There are none, unless a job has been lost or a seal is away. Papers and previews whose time is
    over are deleted. Looks again after `SWEPT_EVERY`.
    """
    now = clock.now()
    sweep_papers(now, within=WRITTEN_WITHIN, most=SWEPT_AT_ONCE)
    sweep_previews(now)
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
