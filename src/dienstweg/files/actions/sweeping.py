"""Clear away: bytes that no row speaks of, and uploads whose time is over."""

from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from dienstweg.events import actions as events
from dienstweg.files import store
from dienstweg.files.models import File, Upload
from dienstweg.kernel import clock

_ORPHAN_AGE = timedelta(hours=24)
_SWEPT_AT_ONCE = 1000
"""Files that one statement is asked about."""
SWEPT_EVERY = timedelta(hours=6)


def sweep(*, authority_id: UUID) -> int:
    """Delete the authority's stored bytes that no row speaks of; return how many.

    They are what a crash between storing and committing leaves behind, and the pieces of uploads
    that nobody completed. Bytes are looked at a day after they were written, so that no running
    request loses its own. Looks again after `SWEPT_EVERY`.
    """
    removed = _end_late_uploads(authority_id)
    stored = store.stored_before(authority_id, (clock.now() - _ORPHAN_AGE).timestamp())
    while some := list(islice(stored, _SWEPT_AT_ONCE)):
        for orphan in set(some) - _known(some):
            store.remove(authority_id, orphan)
            removed += 1
    events.look_again(job="files.sweep", authority_id=authority_id, after=SWEPT_EVERY)
    return removed


def _known(ids: list[UUID]) -> set[UUID]:
    """Return those of ``ids`` that a file or an upload speaks of."""
    files = File.objects.filter(id__in=ids).exclude(state="refused")
    known = set(files.values_list("id", flat=True))
    if known.issuperset(ids):
        return known
    uploads = Upload.objects.filter(done=False).values_list("pieces", flat=True)
    return known | {UUID(one) for pieces in uploads.iterator() for one, _ in pieces}


def _end_late_uploads(authority_id: UUID) -> int:
    """Delete uploads whose time is over; return of how many pieces."""
    removed = 0
    while True:
        with transaction.atomic():
            late = Upload.objects.select_for_update(skip_locked=True).filter(
                expires_at__lt=clock.now()
            )
            rows = list(late.order_by("expires_at")[:_SWEPT_AT_ONCE])
            Upload.objects.filter(id__in=[row.id for row in rows]).delete()
        pieces = [UUID(one) for row in rows for one, _ in row.pieces]
        for piece in pieces:
            store.remove(authority_id, piece)
        removed += len(pieces)
        if len(rows) < _SWEPT_AT_ONCE:
            return removed
