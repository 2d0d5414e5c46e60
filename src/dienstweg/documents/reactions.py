"""What documents do when something has happened."""

from uuid import UUID

from dienstweg.cases.errors import Erased
from dienstweg.documents import actions
from dienstweg.events.job import job


@job("documents.write_receipt", void=Erased)
def write_receipt(*, authority_id: UUID, case_id: UUID, **_fact: object) -> None:
    """A case was submitted: the applicant gets a copy."""
    actions.write_receipt(case_id=case_id)


@job("documents.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for documents that never came, and again from then on."""
    actions.sweep(authority_id=authority_id)
