"""Reads about corrections, the versions of an application, and caseworkers' notes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dienstweg.assistants.queries import mark_of
from dienstweg.blueprint.correcting import Mark
from dienstweg.cases import places, rules
from dienstweg.cases.errors import NoSuchCorrection
from dienstweg.cases.models import Application, Correction, Note, Task
from dienstweg.cases.queries.parties import TASKS_OF
from dienstweg.cases.queries.rows import application_of
from dienstweg.cases.queries.views import ApplicationView
from dienstweg.kernel import encryption

UNDER_WAY = ("asked", "offered")


@dataclass(frozen=True, slots=True)
class CorrectionCard:
    """How a correction stands, without what anybody wrote: ``asked_by`` None is the applicant."""

    id: UUID
    authority_id: UUID
    case_id: UUID
    number: str
    state: str
    base: int
    made: int | None
    asked_by: UUID | None
    asked_at: datetime
    due_on: date | None
    ended_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        """Whether the applicant can work on it."""
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction with what was asked and answered.

    ``documents`` are names with remarks; ``remark`` is what the applicant said with the answer.
    """

    card: CorrectionCard
    marks: tuple[Mark, ...]
    documents: tuple[tuple[str, str], ...]
    subject: str
    body: str
    remark: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note of a caseworker's; until ``open_until`` its author may write it anew."""

    id: UUID
    account_id: UUID
    at: datetime
    corrected_at: datetime | None
    open_until: datetime
    text: str = field(repr=False)


def correction_card(correction_id: UUID) -> CorrectionCard | None:
    """Return how a correction stands; None for an id that is none (a draft's, perhaps)."""
    row = Correction.objects.select_related("case").filter(id=correction_id).first()
    return card_of(row) if row else None


def under_way(case_id: UUID) -> CorrectionCard | None:
    """Return the correction that the applicant can work on now, if there is one."""
    rows = Correction.objects.select_related("case").filter(case_id=case_id, state__in=UNDER_WAY)
    row = rows.first()
    return card_of(row) if row else None


def awaiting(case_ids: Collection[UUID]) -> dict[UUID, date | None]:
    """Return which of these cases wait for an answer of the applicant, and until when."""
    rows = Correction.objects.filter(case_id__in=case_ids, state="asked")
    return dict(rows.values_list("case_id", "due_on"))


def may_offer(case_id: UUID) -> bool:
    """Tell whether an applicant may correct by themself: somebody has yet to decide.

    No other correction is under way then.
    """
    if Correction.objects.filter(case_id=case_id, state__in=UNDER_WAY).exists():
        return False
    return is_to_be_decided(case_id)


def is_to_be_decided(case_id: UUID) -> bool:
    """Tell whether the case is open and a caseworker has a task in it that nobody has decided."""
    rows = Task.objects.filter(case_id=case_id, case__state="open", state="open")
    return rows.exclude(role__startswith=TASKS_OF).exists()


def correction(correction_id: UUID, *, key: bytes) -> CorrectionView:
    """Return a correction with what was asked; raises `NoSuchCorrection`."""
    row = Correction.objects.select_related("case").filter(id=correction_id).first()
    if row is None:
        raise NoSuchCorrection
    return view_of_correction(row, key)


def corrections(case_id: UUID, *, key: bytes) -> list[CorrectionView]:
    """Return the corrections of a case, the oldest first."""
    rows = Correction.objects.select_related("case").filter(case_id=case_id).order_by("id")
    return [view_of_correction(row, key) for row in rows]


def versions(case_id: UUID, *, key: bytes) -> list[ApplicationView]:
    """Return all versions of an application, the oldest first."""
    rows = Application.objects.filter(case_id=case_id).order_by("version")
    return [application_of(row, key) for row in rows]


def notes(case_id: UUID, *, key: bytes) -> list[NoteView]:
    """Return the notes about a case, the oldest first."""
    return [note_of(row, key) for row in Note.objects.filter(case_id=case_id).order_by("id")]


def card_of(row: Correction) -> CorrectionCard:
    """Return a row, read with its case, as frozen data."""
    return CorrectionCard(
        id=row.id,
        authority_id=row.authority_id,
        case_id=row.case_id,
        number=row.case.number,
        state=row.state,
        base=row.base,
        made=row.made,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        due_on=row.due_on,
        ended_at=row.ended_at,
    )


def content_of(row: Correction, key: bytes) -> Mapping[str, Any]:
    """Return what is sealed in a row; empty where it is erased."""
    if row.sealed is None:
        return {}
    content: Mapping[str, Any] = encryption.unseal_json(
        key, bytes(row.sealed), *places.correction_place(row)
    )
    return content


def view_of_correction(row: Correction, key: bytes) -> CorrectionView:
    """Return a row, read with its case, with what was written."""
    content = content_of(row, key)
    return CorrectionView(
        card=card_of(row),
        marks=tuple(mark_of(one) for one in content.get("marks", ())),
        documents=tuple((one["name"], one["remark"]) for one in content.get("documents", ())),
        subject=content.get("subject", ""),
        body=content.get("body", ""),
        remark=content.get("remark", ""),
    )


def note_of(row: Note, key: bytes) -> NoteView:
    """Return a note with its words."""
    text = encryption.unseal(key, bytes(row.sealed), *places.note_place(row)).decode()
    until = row.at + rules.NOTE_OPEN
    return NoteView(row.id, row.account_id, row.at, row.corrected_at, until, text)
