"""What documents do when something has happened."""

from uuid import UUID

from dienstweg.documents import actions
from dienstweg.events.job import job


@job("documents.write_receipt")
def write_receipt(*, authority_id: UUID, case_id: UUID, **_fact: object) -> None:
    """A case was submitted: the applicant gets a copy."""
    actions.write_receipt(case_id=case_id)
