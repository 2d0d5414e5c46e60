"""Whose the open tasks of a case are, and what waits for the agreement of a second person."""

from dataclasses import dataclass, replace

from dienstweg.accounts import queries as accounts
from dienstweg.accounts.queries import Colleague
from dienstweg.blueprint.release import Release
from dienstweg.cases.queries import CaseFile, TaskCard, TaskFile
from dienstweg.desk import tasknames
from dienstweg.desk.door import LEADS, Desk
from dienstweg.desk.moments import moment
from dienstweg.reception import acts


@dataclass(frozen=True, slots=True)
class Assignment:
    """One task: whose it is, who else could have it, and what this person may do about it."""

    card: TaskCard
    title: str
    whose: str
    mine: bool
    away: bool
    may: bool
    colleagues: tuple[Colleague, ...]
    proposed_by: str
    proposed_at: str
    outcome: str
    reason: str
    remark: str
    own: bool
    approves: bool
    act: str
    proposal: str
    """Which proposal stands there: agreeing to it is agreeing to no other."""
    about: int = 0
    """The version of the application that the proposal is about."""
    outdated: bool = False


def panel(desk: Desk, file: CaseFile, release: Release, lang: str) -> list[Assignment]:
    """Return the tasks that are open or wait for an agreement, the oldest first."""
    tasks = [one for one in file.tasks if one.card.state in {"open", "proposed"}]
    if not tasks:
        return []
    people = accounts.colleagues([file.case.authority_id])
    newest = file.application.version
    return [
        replace(_of_task(desk, one, people, release, lang), outdated=0 < one.version < newest)
        for one in tasks
    ]


def _of_task(
    desk: Desk, task: TaskFile, people: list[Colleague], release: Release, lang: str
) -> Assignment:
    card = task.card
    by_id = {one.id: one for one in people}
    assignee = by_id.get(card.assignee) if card.assignee else None
    proposer = by_id.get(card.proposed_by) if card.proposed_by else None
    return Assignment(
        card=card,
        title=tasknames.title(release, lang, card.task, task.item),
        whose=assignee.name if assignee else "",
        mine=card.assignee == desk.account_id,
        away=bool(assignee and assignee.away),
        may=desk.may(card.authority_id, card.role) or desk.may(card.authority_id, LEADS),
        colleagues=tuple(
            one
            for one in people
            if one.may(card.authority_id, card.role) and one.id != card.assignee
        ),
        proposed_by=proposer.name if proposer else "",
        proposed_at=moment(card.proposed_at) if card.proposed_at else "",
        outcome=tasknames.outcome(release, lang, card.task, card.outcome),
        reason=task.reason,
        remark=task.remark,
        own=card.proposed_by == desk.account_id,
        approves=bool(card.approval_role) and desk.may(card.authority_id, card.approval_role),
        act=acts.new_key(),
        proposal=card.proposed_at.isoformat() if card.proposed_at else "",
        about=task.version,
    )
