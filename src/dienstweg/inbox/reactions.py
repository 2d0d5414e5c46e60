"""What an applicant is told when the virus scan refuses a file of a case."""

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
