"""Reads: how an archive stands, and its bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dienstweg.cases import queries as cases
from dienstweg.files import queries as files
from dienstweg.kernel import clock
from dienstweg.records.errors import NoSuchExport
from dienstweg.records.models import Export


@dataclass(frozen=True, slots=True)
class ExportCard:
    """An archive that was asked for: ordered or made, its size in bytes, until when it is kept."""

    id: UUID
    state: str
    size: int
    ordered_at: datetime
    ends_at: datetime


def newest(case_id: UUID) -> ExportCard | None:
    """Return the archive of a case that was asked for last and is still there."""
    rows = Export.objects.filter(case_id=case_id, ends_at__gt=clock.now()).order_by("-id")
    row = rows.first()
    if row is None:
        return None
    return ExportCard(row.id, row.state, row.size, row.ordered_at, row.ends_at)


def content(export_id: UUID, *, case_id: UUID) -> tuple[int, Iterator[bytes]]:
    """Return how many bytes an archive of this case has, and those piece by piece.

    Raises `NoSuchExport`, `Erased`, `dienstweg.files.errors.NoSuchFile`.
    """
    rows = Export.objects.filter(id=export_id, case_id=case_id, state="made")
    row = rows.filter(ends_at__gt=clock.now()).first()
    if row is None or row.file_id is None:
        raise NoSuchExport
    return row.size, files.pieces(row.file_id, key=cases.key(case_id))
