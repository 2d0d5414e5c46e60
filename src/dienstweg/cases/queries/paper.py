"""Reads about what parties did on paper."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dienstweg.cases.models import PaperNote


@dataclass(frozen=True, slots=True)
class PaperCard:
    """What came on paper: on which day, who wrote it down when, and the scan.

    ``what`` is answer, signature, refusal or file; ``about_id`` the task, signature or file.
    """

    party_id: UUID
    what: str
    about_id: UUID
    came_on: date
    file_id: UUID
    noted_by: UUID
    noted_at: datetime


def papers(case_id: UUID) -> dict[UUID, PaperCard]:
    """Return what came on paper in a case, the oldest first, by what it is about."""
    rows = PaperNote.objects.filter(case_id=case_id).order_by("id")
    return {
        row.about_id: PaperCard(
            party_id=row.party_id,
            what=row.what,
            about_id=row.about_id,
            came_on=row.came_on,
            file_id=row.file_id,
            noted_by=row.noted_by,
            noted_at=row.noted_at,
        )
        for row in rows
    }
