"""What reads about cases return: frozen data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from dienstweg.assistants.queries import Contact


@dataclass(frozen=True, slots=True)
class CaseView:
    """What is said about a case without reading what the applicant wrote.

    Whoever came in by an access code before ``code_renewed_at`` has to type the new one.
    One that was handed over says to which authority (``moved_to``) and under which number it is
    there (``moved_as``); the copy there says where it came from.
    """

    id: UUID
    authority_id: UUID
    number: str
    state: str
    outcome: str
    offer_id: UUID
    digest: str
    lang: str
    submitted_at: datetime
    closed_at: datetime | None
    account_id: UUID | None = None
    code_renewed_at: datetime | None = None
    handing_to: UUID | None = None
    moved_to: UUID | None = None
    moved_as: str = ""
    came_from: UUID | None = None
    came_as: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer to a submission: the number and the code that opens the case page.

    The code is empty when the applicant has asked for a new one since.
    """

    case_id: UUID
    number: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One version of an application: the data, and what was declared with it."""

    version: int
    data: Mapping[str, Any]
    declaration: Mapping[str, Any]
    sha256: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with its key and the newest version of its application."""

    case: CaseView
    key: bytes = field(repr=False)
    application: ApplicationView = field(repr=False)


@dataclass(frozen=True, slots=True)
class AttachmentCard:
    """A file of an application: ``field`` is the JSON pointer to its place in the data."""

    file_id: UUID
    field: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task in a list of the desk, with what is said about its case."""

    id: UUID
    authority_id: UUID
    case_id: UUID
    number: str
    offer_id: UUID
    digest: str
    key: str
    task: str
    role: str
    outcomes: tuple[str, ...]
    state: str
    submitted_at: datetime
    asked_at: datetime
    due_at: datetime | None
    decided_by: UUID | None
    undo_until: datetime | None
    outcome: str
    form: tuple[str, ...] = ()
    assignee: UUID | None = None
    claimed_at: datetime | None = None
    approval_role: str = ""
    proposed_by: UUID | None = None
    proposed_at: datetime | None = None
    decided_at: datetime | None = None
    returned_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What somebody has written for a decision and not sent: the inputs by name, and since when.

    ``version`` counts what was kept; nothing in it where it was discarded.
    """

    at: datetime
    version: int
    given: Mapping[str, Sequence[str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A task with the decision: reason and data are empty until there is one.

    ``item`` is the entry of a list that the task is about, if it is about one. ``remark`` is why a
    second person sent a proposal back; reason and data are what had been proposed then. ``version``
    is that of the application which who decided had read, 0 where nobody said.
    """

    card: TaskCard
    reason: str
    data: Mapping[str, Any]
    item: Any = None
    remark: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class ReadingEntry:
    """One line of the access log."""

    account_id: UUID
    at: datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything a caseworker sees of a case."""

    case: CaseView
    application: ApplicationView
    attachments: tuple[AttachmentCard, ...]
    contact: Contact
    withdrawal: str
    tasks: tuple[TaskFile, ...]
    key: bytes = field(repr=False)
