"""What the room does when its authority begins to offer something, and after a virus scan."""

from uuid import UUID

from dienstweg.cases import actions
from dienstweg.cases.errors import Erased
from dienstweg.events.job import job


@job("cases.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for decisions that nobody settled and absences that are over, and again from then on."""
    actions.sweep(authority_id=authority_id)
    actions.return_after_absence()


@job("cases.after_refused_file")
def after_refused_file(
    *, authority_id: UUID, owner_id: UUID, file_id: UUID, **_fact: object
) -> None:
    """Tell a case of a file that the virus scan has refused."""
    actions.note_refused_file(case_id=owner_id, file_id=file_id)


@job("cases.after_correction", void=Erased)
def after_correction(*, authority_id: UUID, case_id: UUID, **_fact: object) -> None:
    """Let parties and signatures follow a new version of the application."""
    actions.follow_correction(case_id=case_id)


@job("cases.after_roles_changed")
def after_roles_changed(*, authority_id: UUID, account_id: UUID, **_fact: object) -> None:
    """Make tasks nobody's that somebody had and may no longer do."""
    actions.give_back(authority_id=authority_id, account_id=account_id)
