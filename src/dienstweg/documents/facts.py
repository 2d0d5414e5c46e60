"""What has happened to documents."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWritten(Fact):
    """A document was typeset and lies in the case."""

    name: ClassVar[str] = "document.written"

    document_id: UUID
    key: str
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptWritten(DocumentWritten):
    """The applicant's copy of the application lies in the case; no process waits for it."""

    name: ClassVar[str] = "receipt.written"
