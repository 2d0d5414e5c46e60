"""The worker's part: typeset documents, papers and previews.

A thousand decisions at once must hold up nobody: whatever else is to be done overtakes them, and
what somebody waits for at a screen overtakes everything.
"""

from uuid import UUID

from dienstweg.cases.errors import Erased
from dienstweg.documents import actions
from dienstweg.events.job import LATER, SOON, job


@job("documents.render", void=Erased, priority=LATER)
def render(*, authority_id: UUID, document_id: UUID) -> None:
    """Typeset the ordered document."""
    actions.render(document_id=document_id)


@job("documents.print_paper", priority=SOON)
def print_paper(*, authority_id: UUID, paper_id: UUID) -> None:
    """Typeset the ordered paper."""
    actions.print_paper(paper_id=paper_id)


@job("documents.render_preview", void=Erased, priority=SOON)
def render_preview(*, authority_id: UUID, preview_id: UUID) -> None:
    """Typeset the ordered preview."""
    actions.render_preview(preview_id=preview_id)
