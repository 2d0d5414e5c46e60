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


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyInvited(Fact):
    """Somebody was invited to take part in the case, by e-mail or by a letter to be posted."""

    name: ClassVar[str] = "party.invited"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyJoined(Fact):
    """A party opened the invitation for the first time."""

    name: ClassVar[str] = "party.joined"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAnswered(Fact):
    """A party answered what it was asked."""

    name: ClassVar[str] = "party.answered"

    party_id: UUID
    role: str
    key: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyHandedIn(Fact):
    """A party handed in a file."""

    name: ClassVar[str] = "party.handed_in"

    party_id: UUID
    role: str
    file_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTookBack(Fact):
    """A party took back a file that it had handed in."""

    name: ClassVar[str] = "party.took_back"

    party_id: UUID
    role: str
    file_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyProven(Fact):
    """A caseworker noted that a party is a person of their own; see `party_rules.clash`."""

    name: ClassVar[str] = "party.proven"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNotedOnPaper(Fact):
    """A caseworker wrote down what a party did on paper: ``what`` it was, and when it came.

    ``what`` is answer, signature, refusal or file; ``came_on`` an ISO date.
    """

    name: ClassVar[str] = "party.noted_on_paper"

    party_id: UUID
    role: str
    what: str
    came_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDone(Fact):
    """A party has done everything that was asked of it."""

    name: ClassVar[str] = "party.done"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDeclined(Fact):
    """A party does not want to take part."""

    name: ClassVar[str] = "party.declined"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRemoved(Fact):
    """A caseworker removed a party that had done nothing yet, or a corrected application did not
    name it any more.
    """

    name: ClassVar[str] = "party.removed"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyReminded(Fact):
    """A party was reminded of what is still open."""

    name: ClassVar[str] = "party.reminded"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCodeRenewed(Fact):
    """A party got a new link and code; the old code is no longer valid."""

    name: ClassVar[str] = "party.code_renewed"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureGiven(Fact):
    """A party signed a version of the application: its SHA-256 is part of the fact."""

    name: ClassVar[str] = "signature.given"

    party_id: UUID
    role: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureDeclined(Fact):
    """A party does not want to sign."""

    name: ClassVar[str] = "signature.declined"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignaturesVoid(Fact):
    """A new version of the application came: the signatures count no more and are asked anew."""

    name: ClassVar[str] = "signature.void"

    key: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSigned(Fact):
    """Everybody has signed (``state`` is signed), or somebody does not want to (declined)."""

    name: ClassVar[str] = "case.signed"

    key: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProposed(Fact):
    """A caseworker proposed a decision, to which a second person must agree."""

    name: ClassVar[str] = "task.proposed"

    task_id: UUID
    key: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReturned(Fact):
    """The second person did not agree, and said why."""

    name: ClassVar[str] = "task.returned"

    task_id: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Fact):
    """A task became somebody's, or nobody's again."""

    name: ClassVar[str] = "task.assigned"

    task_id: UUID
    key: str
    assignee: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAsked(Fact):
    """A caseworker asked the applicant to correct something or to hand something in."""

    name: ClassVar[str] = "correction.asked"

    correction_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAnswered(Fact):
    """The applicant answered: there is a new version of the application."""

    name: ClassVar[str] = "correction.answered"

    correction_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionWithdrawn(Fact):
    """What was asked back is not wanted any more: a caseworker says so, or the case ended."""

    name: ClassVar[str] = "correction.withdrawn"

    correction_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCorrected(Fact):
    """There is a new version of the application, asked for or offered."""

    name: ClassVar[str] = "case.corrected"

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOverOrdered(Fact):
    """A caseworker ordered that the case goes to another authority."""

    name: ClassVar[str] = "case.handing_over_asked"

    to_authority_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOverCalledOff(Fact):
    """A caseworker took the order back before it was carried out."""

    name: ClassVar[str] = "case.handing_over_called_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved(Fact):
    """The case goes on at another authority, under another number; here it is closed."""

    name: ClassVar[str] = "case.moved"

    to_authority_id: UUID
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTakenOver(Fact):
    """The case came from another authority, where it had another number."""

    name: ClassVar[str] = "case.taken_over"

    from_authority_id: UUID
    number: str
