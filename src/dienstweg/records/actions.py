"""Writes: an archive is asked for, made by a worker, and deleted after a few days."""

import zipfile
from functools import partial
from uuid import UUID

from django.db import transaction

from dienstweg.cases import queries as cases
from dienstweg.events import actions as events
from dienstweg.events.job import defer
from dienstweg.events.queries import without_job
from dienstweg.files import actions as files
from dienstweg.kernel import clock, failpoints
from dienstweg.kernel.references import new_id
from dienstweg.kernel.sealed_pieces import SealedWriter
from dienstweg.records import gathering, rules
from dienstweg.records.models import Export

MAKE, EXPIRE = "records.make", "records.expire"
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The time in the archive's own list: the earliest that ZIP knows, so that it says nothing."""


def order(*, case_id: UUID, account_id: UUID, key: str) -> UUID:
    """Ask for the archive of a case, once for each ``key``; a worker makes it.

    Raises `dienstweg.cases.errors.NoSuchCase`, `dienstweg.cases.errors.Erased`.
    """
    with transaction.atomic():
        cases.key(case_id)
        authority_id = cases.case(case_id).authority_id
        known = Export.objects.filter(case_id=case_id, key=key).values_list("id", flat=True)
        if (existing := known.first()) is not None:
            return UUID(str(existing))
        now = clock.now()
        row = Export(
            id=new_id(),
            authority_id=authority_id,
            case_id=case_id,
            key=key,
            account_id=account_id,
            ordered_at=now,
            ends_at=now + rules.KEPT,
        )
        row.save(force_insert=True)
        defer(MAKE, authority_id=authority_id, export_id=row.id)
        events.due(at=row.ends_at, job=EXPIRE, authority_id=authority_id, object_id=row.id)
    return UUID(str(row.id))


def make(*, export_id: UUID) -> None:
    """Make an archive that was asked for; safe to do twice: the first one stays.

    However long it gets, no more than one of its files is in memory. Raises
    `dienstweg.cases.errors.Erased` when the case is gone meanwhile.
    """
    row = Export.objects.filter(id=export_id, state="ordered").first()
    if row is None:
        return
    failpoints.reach("records.keep.before")
    file = files.keep_archive(
        owner_id=row.case_id,
        key=cases.key(row.case_id),
        name="Akte",
        fill=partial(_pack, row.case_id),
    )
    with transaction.atomic():
        made = Export.objects.filter(id=export_id, state="ordered").update(
            state="made", file_id=file.id, size=file.size
        )
        if not made:
            files.discard(owner_id=row.case_id, file_id=file.id)
    failpoints.reach("records.keep.after")


def _pack(case_id: UUID, out: SealedWriter) -> None:
    """Write the archive of a case to ``out``, one of its files after the other."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in gathering.gather(case_id):
            info = zipfile.ZipInfo(one.entry.path, _STAMP)
            archive.writestr(info, one.content, zipfile.ZIP_DEFLATED)


def expire(*, export_id: UUID) -> None:
    """Delete an archive whose time is over, with its bytes; twice is once."""
    with transaction.atomic():
        row = Export.objects.select_for_update().filter(id=export_id).first()
        if row is None or row.ends_at > clock.now():
            return
        if row.file_id is not None:
            files.discard(owner_id=row.case_id, file_id=row.file_id)
        row.delete()


def sweep(*, authority_id: UUID) -> int:
    """Ask again for archives of the scope that never came, end those that nobody ended.

    Returns how many those were. Looks again after `rules.SWEPT_EVERY`.
    """
    now = clock.now()
    lost = Export.objects.filter(state="ordered", ordered_at__lt=now - rules.LOST_AFTER)
    over = Export.objects.filter(ends_at__lt=now - rules.LOST_AFTER)
    ended = list(over.values_list("id", flat=True)[: rules.SWEPT_AT_ONCE])
    for export_id in ended:
        expire(export_id=export_id)
    lost = without_job(lost, job=MAKE, named="export_id")
    again = list(lost.values_list("id", flat=True)[: rules.SWEPT_AT_ONCE])
    for export_id in again:
        defer(MAKE, authority_id=authority_id, export_id=export_id)
    events.look_again(job="records.sweep", authority_id=authority_id, after=rules.SWEPT_EVERY)
    return len(ended) + len(again)
