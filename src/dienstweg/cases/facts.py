"""What has happened to cases and their tasks."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSubmitted(Fact):
    """An applicant submitted an application: there is a case."""

    name: ClassVar[str] = "case.submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Fact):
    """A caseworker opened the case for the first time."""

    name: ClassVar[str] = "case.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWithdrawn(Fact):
    """The applicant withdrew the application."""

    name: ClassVar[str] = "case.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Fact):
    """The case came to its end with an outcome of its blueprint."""

    name: ClassVar[str] = "case.closed"

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRefused(Fact):
    """Malware was found in a file of the application after it was submitted; it is deleted."""

    name: ClassVar[str] = "case.attachment_refused"

    file_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseErased(Fact):
    """The data of the case was deleted; ``reason`` is a word of our own."""

    name: ClassVar[str] = "case.erased"

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRenewed(Fact):
    """The applicant asked for a new access code, since the old one was lost."""

    name: ClassVar[str] = "case.code_renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAsked(Fact):
    """The process asked something of a caseworker."""

    name: ClassVar[str] = "task.asked"

    task_id: UUID
    key: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDecided(Fact):
    """A caseworker decided; it can be undone for a while."""

    name: ClassVar[str] = "task.decided"

    task_id: UUID
    key: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskUndone(Fact):
    """A caseworker took the decision back in time."""

    name: ClassVar[str] = "task.undone"

    task_id: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Fact):
    """The decision stands: the process goes on."""

    name: ClassVar[str] = "task.completed"

    task_id: UUID
    key: str
    outcome: str
