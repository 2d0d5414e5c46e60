"""Decides what becomes of many tasks at once, and does it, each in a transaction of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from dienstweg.accounts.queries import Colleague
from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases.errors import (
    AlreadyDecided,
    ApplicationChanged,
    Erased,
    NoSuchTask,
    NotTheirs,
    ReasonNeeded,
    TakenMeanwhile,
    TooLateToUndo,
    UnknownOutcome,
)
from dienstweg.cases.queries import TaskCard
from dienstweg.desk.door import LEADS, Desk
from dienstweg.reception import acts

Verb = Literal["claim", "release", "assign", "decide", "undo"]
MOST = 100
"""Tasks that are chosen at once: two pages of the list."""
REFUSED: dict[type[Exception], str] = {
    AlreadyDecided: "decided",
    ApplicationChanged: "corrected",
    TakenMeanwhile: "taken",
    NotTheirs: "not_theirs",
    UnknownOutcome: "other_task",
    ReasonNeeded: "reason",
    TooLateToUndo: "too_late",
    NoSuchTask: "gone",
    Erased: "gone",
}
"""What can be refused when it is done -> the word for why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with all of them; ``like`` is the task that shows what can be decided.

    ``read`` is by task the version of the application that stood when the preview was shown.
    """

    verb: Verb
    to: Colleague | None = None
    outcome: str = ""
    reason: str = ""
    like: TaskCard | None = None
    read: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A task that was chosen: it will be (or was) done, or is left out, and why."""

    card: TaskCard
    why: str = ""


def verdicts(wish: Wish, cards: Sequence[TaskCard], desk: Desk) -> list[Verdict]:
    """Return for each task whether it can be done, or the word for why it is left out."""
    return [Verdict(card, _why_not(wish, card, desk)) for card in cards]


def do(wish: Wish, cards: Sequence[TaskCard], desk: Desk, *, key: str) -> list[Verdict]:
    """Do it for every task that can be done, and return what became of each.

    ``key`` is that of the form: sent twice, it is done once, also where it was undone meanwhile.
    """
    return [
        one if one.why else replace(one, why=_do(wish, one.card, desk, key))
        for one in verdicts(wish, cards, desk)
    ]


def _why_not(wish: Wish, card: TaskCard, desk: Desk) -> str:
    if wish.verb == "undo":
        mine = desk.account_id in {card.decided_by, card.proposed_by}
        return "" if mine and card.state in {"decided", "proposed"} else "too_late"
    theirs = desk.may(card.authority_id, card.role)
    leads = desk.may(card.authority_id, LEADS) and wish.verb in {"assign", "release"}
    if not (theirs or leads):
        return "role"
    return "decided" if card.state != "open" else _why_not_open(wish, card, desk)


def _why_not_open(wish: Wish, card: TaskCard, desk: Desk) -> str:
    """Tell why a task that is open and theirs is left out."""
    taken = card.assignee is not None and card.assignee not in desk.people
    match wish.verb:
        case "release":
            return "" if card.assignee else "not_assigned"
        case "assign":
            able = wish.to is not None and wish.to.may(card.authority_id, card.role)
            return "" if able else "not_theirs"
        case "claim":
            return "taken" if taken else ""
        case _:
            return "taken" if taken else _decidable(card, wish.like)


def _decidable(card: TaskCard, like: TaskCard | None) -> str:
    """Tell why a task cannot be decided with the others: it must be the same question."""
    if card.form:
        return "form"
    same = like is not None and (card.task, card.outcomes, card.offer_id) == (
        like.task,
        like.outcomes,
        like.offer_id,
    )
    return "" if same else "other_task"


def _do(wish: Wish, card: TaskCard, desk: Desk, key: str) -> str:
    """Do it for one task; return the word for why it could not be done, or nothing."""
    with scope.enter(scope.of(card.authority_id)):
        try:
            acts.once_for("desk.bulk", f"{key}:{card.id}", lambda: _act(wish, card, desk))
        except tuple(REFUSED) as error:
            return REFUSED[type(error)]
    return ""


def _act(wish: Wish, card: TaskCard, desk: Desk) -> None:
    me = desk.account_id
    match wish.verb:
        case "decide":
            actions.decide(
                task_id=card.id,
                account_id=me,
                outcome=wish.outcome,
                reason=wish.reason,
                version=wish.read.get(card.id, 0),
            )
        case "undo":
            actions.undo(task_id=card.id, account_id=me)
        case verb:
            to = wish.to.id if wish.to and verb == "assign" else me if verb == "claim" else None
            actions.assign(task_id=card.id, to=to, account_id=me, instead_of=card.assignee)
