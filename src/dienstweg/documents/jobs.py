"""The worker's part: typeset documents and papers."""

from uuid import UUID

from dienstweg.cases.errors import Erased
from dienstweg.documents import actions
from dienstweg.events.job import job


@job("documents.render", void=Erased)
def render(*, authority_id: UUID, document_id: UUID) -> None:
    """Typeset the ordered document."""
    actions.render(document_id=document_id)


@job("documents.print_paper")
def print_paper(*, authority_id: UUID, paper_id: UUID) -> None:
    """Typeset the ordered paper."""
    actions.print_paper(paper_id=paper_id)
