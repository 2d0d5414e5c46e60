"""What documents do when something has happened."""

from uuid import UUID

from dienstweg.cases.errors import Erased
from dienstweg.documents import actions
from dienstweg.events.job import SOON, job


@job("documents.write_receipt", void=Erased, priority=SOON)
def write_receipt(
    *, authority_id: UUID, case_id: UUID, version: str = "1", **_fact: object
) -> None:
    """A case was submitted or corrected: the applicant, who looks at a page, gets a copy.

    That of the version that came, whatever has come since.
    """
    actions.write_receipt(case_id=case_id, version=int(version))


@job("documents.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for documents that never came, and again from then on."""
    actions.sweep(authority_id=authority_id)
