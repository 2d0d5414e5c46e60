"""The worker's part: typeset a document."""

from uuid import UUID

from dienstweg.cases.errors import Erased
from dienstweg.documents import actions
from dienstweg.events.job import job


@job("documents.render", void=Erased)
def render(*, authority_id: UUID, document_id: UUID) -> None:
    """Typeset the ordered document."""
    actions.render(document_id=document_id)
