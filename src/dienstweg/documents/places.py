"""Where what this room encrypts stands: the associated data of each ciphertext."""

from uuid import UUID


def data_place(authority_id: UUID, document_id: UUID) -> tuple[str, ...]:
    """Return the place of what a process knew when it wanted a document."""
    return (str(authority_id), "documents", str(document_id), "data")


def paper_place(authority_id: UUID, paper_id: UUID, column: str) -> tuple[str, ...]:
    """Return the place of a column of a paper."""
    return (str(authority_id), "papers", str(paper_id), column)


def preview_place(authority_id: UUID, preview_id: UUID, column: str) -> tuple[str, ...]:
    """Return the place of a column of a preview."""
    return (str(authority_id), "previews", str(preview_id), column)


def seal_place(authority_id: UUID, seal_id: UUID) -> tuple[str, ...]:
    """Return the place of a seal's secrets."""
    return (str(authority_id), "seals", str(seal_id), "secrets")
