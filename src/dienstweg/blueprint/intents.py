"""What can happen to a process, and what a process can want: events in, intents out.

Every intent has a key that stays the same however often a step is repeated: the id of its BPMN
element, and from the second time on its number ("pruefen", "pruefen#2").
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

FORMAT = 1
"""Version of the stored state; raised whenever a stored state could not be read any more."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The application has arrived: the process begins."""


@dataclass(frozen=True, slots=True)
class PaymentSettled:
    """A payment attempt has ended: `state` is paid, failed or cancelled."""

    key: str
    state: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The back office has taken a delivery."""

    key: str
    reference: str


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A caseworker has decided, and the time for undoing is over."""

    key: str
    outcome: str
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DocumentWritten:
    """A document has been set and stored."""

    key: str


@dataclass(frozen=True, slots=True)
class Reported:
    """News from outside, such as the back office's decision; `key` tells repeats apart."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class TimerDue:
    """The time that a `Wait` asked for has come."""

    key: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The applicant has withdrawn the application: the process ends."""


Event = (
    Submitted
    | PaymentSettled
    | Delivered
    | TaskCompleted
    | DocumentWritten
    | Reported
    | TimerDue
    | Withdrawn
)


@dataclass(frozen=True, slots=True)
class Collect:
    """Collect `amount` cents; `items` are dicts of reference, description, quantity, amount."""

    key: str
    amount: int
    purpose: str
    items: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand the application over in the form of a mapping; `data` is what the process knows."""

    key: str
    mapping: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Write:
    """Write a document; `data` is what the process knows (decision, task, report, outcome ...)."""

    key: str
    document: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tell:
    """Send the applicant a message; `documents` are the keys of documents written before."""

    key: str
    message: str
    documents: tuple[str, ...]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a caseworker of `role` to choose one of `outcomes`, by `due` (UTC) if there is a date."""

    key: str
    task: str
    role: str
    due: datetime | None
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """Close the case with an outcome."""

    key: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Bring `TimerDue(key)` at this time (UTC)."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoLongerWait:
    """What stood under `key` is no longer wanted: another path was taken, or it was withdrawn."""

    key: str
    kind: Literal["ask", "collect", "deliver", "write", "report", "timer"]


Intent = Collect | Deliver | Write | Tell | Ask | Close | Wait | NoLongerWait


@dataclass(frozen=True, slots=True)
class Step:
    """What a step gives: the state to store, what to do, and what the case now waits for (keys).

    `outcome` is how the case was closed, or None as long as it was not.
    """

    state: dict[str, Any]
    intents: tuple[Intent, ...]
    finished: bool
    waiting: tuple[str, ...]
    outcome: str | None = None


class Stuck(Exception):
    """The process cannot go on with this data: a condition has no answer, or it never waits."""


class UnknownState(Exception):
    """The stored state was written by another version of the interpreter."""
