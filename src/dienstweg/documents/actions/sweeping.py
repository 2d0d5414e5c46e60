"""Looks for what never came: documents that were ordered, papers and previews past their time."""

from datetime import timedelta
from uuid import UUID

from dienstweg.documents.actions.papers import sweep_papers
from dienstweg.documents.actions.previews import sweep_previews
from dienstweg.documents.models import Document
from dienstweg.events import actions as events
from dienstweg.events.job import Order, defer_all
from dienstweg.events.queries import without_job
from dienstweg.kernel import clock

SWEPT_EVERY = timedelta(minutes=15)
WRITTEN_WITHIN = timedelta(minutes=5)
"""A document that is not written this long after it was ordered has been lost sight of."""
SWEPT_AT_ONCE = 100


def sweep(*, authority_id: UUID) -> int:
    """Ask again for the scope's documents that were ordered and never came; return how many.

    There are none, unless a job has been lost: what waits in a heap, or fails and comes again, is
    not asked for twice. Each is a job of its own, so that they hold up nobody and no other. Papers
    and previews whose time is over are deleted. Looks again after `SWEPT_EVERY`.
    """
    now = clock.now()
    sweep_papers(now, within=WRITTEN_WITHIN, most=SWEPT_AT_ONCE)
    sweep_previews(now)
    late = Document.objects.filter(state="ordered", ordered_at__lt=now - WRITTEN_WITHIN)
    lost = without_job(late, job="documents.render", named="document_id")
    ids = list(lost.order_by("ordered_at").values_list("id", flat=True)[:SWEPT_AT_ONCE])
    defer_all(
        [Order("documents.render", authority_id, args=(("document_id", str(one)),)) for one in ids]
    )
    events.look_again(job="documents.sweep", authority_id=authority_id, after=SWEPT_EVERY)
    return len(ids)
