"""What can happen to a process, and what a process can want: events in, intents out.

Every intent has a key that stays the same however often a step is repeated: the id of its BPMN
element, and from the second time on its number ("pruefen", "pruefen#2"). Inside of what is done
for every entry of a list, the number of the entry follows ("stellungnahme@0", "stellungnahme@1").
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

FORMAT = 2
"""Version of the stored state; raised whenever a stored state could not be read any more."""

Open = Literal["ask", "collect", "deliver", "write", "refund", "sign", "report", "signal", "timer"]
"""What a process can wait for."""


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
class Refused:
    """What was asked for under `key` has failed for good.

    `code` is delivery.refused, payment.failed, document.failed, refund.failed or sign.declined. A
    process that does not catch the code ignores the event: a person sees the failure elsewhere.
    """

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Signed:
    """All signers have signed (`state` is signed), or one of them would not (declined)."""

    key: str
    state: str


@dataclass(frozen=True, slots=True)
class Refunded:
    """The money that a `Refund` gives back has left."""

    key: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A new version of the application has come: from now on expressions see its data.

    What waits for the report "application.corrected" goes on. `key` tells repeats apart.
    """

    key: str = ""


@dataclass(frozen=True, slots=True)
class Suspended:
    """A legal period stands still: timers that end with it wait for `Resumed`."""

    deadline: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """A legal period runs again, or ends at another time: its timers are set anew."""

    deadline: str


@dataclass(frozen=True, slots=True)
class Signalled:
    """A signal from outside: whatever waits for it now goes on; it is not kept for later."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    key: str = ""


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
    | Refused
    | Signed
    | Refunded
    | Corrected
    | Suspended
    | Resumed
    | Signalled
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
    """Send a message; `documents` are the keys of documents written before.

    It goes to the applicant, or with `party` to the parties of that role; with `answers`
    to those of them who have answered so (`parties.SILENT`: not at all).
    """

    key: str
    message: str
    documents: tuple[str, ...]
    data: dict[str, Any]
    party: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask a caseworker of `role` to choose one of `outcomes`, by `due` (UTC) if there is a date.

    With `party` it is a party of that role that is asked, and `role` is empty. `approval` is the
    role whose second person must agree; `form` are keys of `tasks.<task>.fields` in
    blueprint.yaml; `item` is the entry of a list that the task is about.
    """

    key: str
    task: str
    role: str
    due: datetime | None
    outcomes: tuple[str, ...]
    party: str = ""
    approval: str = ""
    form: tuple[str, ...] = ()
    item: Any = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Give back money that was collected under the key `of`; `amount` in cents, None is all."""

    key: str
    of: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """Have the parties of these roles sign the application, at once or one after another."""

    key: str
    parties: tuple[str, ...]
    order: Literal["parallel", "sequential"] = "parallel"


@dataclass(frozen=True, slots=True)
class Invite:
    """Invite the parties of a role that have not been invited yet; nobody waits for them."""

    key: str
    party: str


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
    kind: Open


Intent = (
    Collect | Deliver | Write | Tell | Ask | Refund | Sign | Invite | Close | Wait | NoLongerWait
)


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
    """The process cannot go on with this data: a condition has no answer, or it never waits.

    `code` is stable and for machines (no-answer, no-way, endless, too-many, bad-value, bad-time,
    bad-outcome, uncaught-error, not-begun); `where` is the id of the BPMN element or arrow, or
    empty. The text names expressions of the blueprint, never data of the case.
    """

    def __init__(self, message: str, *, code: str = "", where: str = "") -> None:
        super().__init__(message)
        self.code, self.where = code, where


class UnknownState(Exception):
    """The stored state was written by another version of the interpreter."""
