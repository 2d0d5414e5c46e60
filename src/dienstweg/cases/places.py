"""The places that sealed values of cases are bound to, so that none can be moved elsewhere."""

from uuid import UUID

from dienstweg.cases.models import (
    Application,
    Attachment,
    Correction,
    Note,
    Party,
    Signature,
    Task,
    TaskDraft,
)


def case_place(authority_id: UUID, case_id: UUID, column: str) -> tuple[str, ...]:
    """Name the place a sealed value of a case is bound to."""
    return str(authority_id), "cases_case", str(case_id), column


def application_place(row: Application) -> tuple[str, ...]:
    """Name the place the data of a version is bound to."""
    return str(row.authority_id), "cases_application", str(row.id), "sealed"


def attachment_place(row: Attachment) -> tuple[str, ...]:
    """Name the place the name of an attachment is bound to."""
    return str(row.authority_id), "cases_attachment", str(row.id), "name"


def task_place(row: Task) -> tuple[str, ...]:
    """Name the place a decision is bound to."""
    return str(row.authority_id), "cases_task", str(row.id), "sealed"


def draft_place(row: TaskDraft) -> tuple[str, ...]:
    """Name the place what was written for a decision is bound to."""
    return str(row.authority_id), "cases_taskdraft", str(row.id), "sealed"


def party_place(row: Party) -> tuple[str, ...]:
    """Name the place what is said of a party is bound to."""
    return str(row.authority_id), "cases_party", str(row.id), "sealed"


def signature_place(row: Signature) -> tuple[str, ...]:
    """Name the place what was signed with is bound to."""
    return str(row.authority_id), "cases_signature", str(row.id), "sealed"


def correction_place(row: Correction) -> tuple[str, ...]:
    """Name the place what was asked back is bound to."""
    return str(row.authority_id), "cases_correction", str(row.id), "sealed"


def note_place(row: Note) -> tuple[str, ...]:
    """Name the place a note is bound to."""
    return str(row.authority_id), "cases_note", str(row.id), "sealed"
