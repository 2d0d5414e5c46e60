"""What has happened to the course of a case: its periods, its halts, its moves."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStuck(Fact):
    """The process could not take something that happened: a person must look."""

    name: ClassVar[str] = "process.stuck"

    code: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessUnstuck(Fact):
    """The process has taken what had stopped it."""

    name: ClassVar[str] = "process.unstuck"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMoved(Fact):
    """The case was moved to another release of its blueprint, or back."""

    name: ClassVar[str] = "process.moved"

    from_digest: str
    to_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSuspended(Fact):
    """A legal period stands still."""

    name: ClassVar[str] = "deadline.suspended"

    deadline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineResumed(Fact):
    """A legal period runs again; ``last_day`` is an ISO date."""

    name: ClassVar[str] = "deadline.resumed"

    deadline: str
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineNear(Fact):
    """The end of a legal period is near; ``last_day`` is an ISO date."""

    name: ClassVar[str] = "deadline.near"

    deadline: str
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineEscalated(Fact):
    """The end of a legal period is near, and a role beyond the case's own was told."""

    name: ClassVar[str] = "deadline.escalated"

    deadline: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineEnded(Fact):
    """A legal period is over: ``state`` is ``met``, ``missed`` or ``deemed``."""

    name: ClassVar[str] = "deadline.ended"

    deadline: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalNoted(Fact):
    """The desk noted what came by paper: ``arrival`` is the blueprint's id, ``on`` an ISO date."""

    name: ClassVar[str] = "process.arrival_noted"

    note_id: UUID
    arrival: str
    message: str
    on: str
