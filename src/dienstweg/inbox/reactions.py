"""What an applicant is told when a file of theirs is refused, and of corrections."""

from uuid import UUID

from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.events.job import job
from dienstweg.inbox import actions


@job("inbox.after_refused_attachment", void=(Erased, NoSuchCase))
def after_refused_attachment(
    *, authority_id: UUID, case_id: UUID, file_id: UUID, **_fact: object
) -> None:
    """Tell the applicant which file could not be taken, and what to do."""
    actions.tell_refused_file(case_id=case_id, file_id=file_id)


@job("inbox.after_correction_asked", void=(Erased, NoSuchCase))
def after_correction_asked(
    *, authority_id: UUID, case_id: UUID, correction_id: UUID, **_fact: object
) -> None:
    """Tell the applicant what is to be corrected or handed in."""
    actions.tell_of_correction(case_id=case_id, correction_id=correction_id)


@job("inbox.after_correction_withdrawn", void=(Erased, NoSuchCase))
def after_correction_withdrawn(
    *, authority_id: UUID, case_id: UUID, correction_id: UUID, **_fact: object
) -> None:
    """Tell the applicant that nothing is asked of them any more, while the case goes on."""
    actions.tell_of_correction(case_id=case_id, correction_id=correction_id)
