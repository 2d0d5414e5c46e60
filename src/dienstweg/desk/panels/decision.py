"""The tasks of a case: what is to be decided, what can be undone, what is done."""

from dataclasses import dataclass

from dienstweg.accounts import queries as accounts
from dienstweg.blueprint.release import Release
from dienstweg.cases.queries import CaseFile, TaskFile
from dienstweg.desk.door import Desk
from dienstweg.kernel import clock
from dienstweg.reception import acts


@dataclass(frozen=True, slots=True)
class TaskPanel:
    """A task as the case page shows it: to decide, to undo, or done."""

    task: TaskFile
    title: str
    help: str
    outcomes: tuple[tuple[str, str], ...]
    outcome: str
    decided_by: str
    mine: bool
    seconds_left: int
    act: str


def panel(desk: Desk, file: CaseFile, release: Release, lang: str) -> list[TaskPanel]:
    """Return the tasks of the case, the oldest first."""
    return [_of_task(desk, one, release, lang) for one in file.tasks]


def _of_task(desk: Desk, task: TaskFile, release: Release, lang: str) -> TaskPanel:
    card, name = task.card, f"tasks.{task.card.task}"
    left = (card.undo_until - clock.now()).total_seconds() if card.undo_until else 0
    decided_by = accounts.names({card.decided_by}) if card.decided_by else {}
    return TaskPanel(
        task=task,
        title=release.text(lang, f"{name}.title", card.task),
        help=release.text(lang, f"{name}.help", ""),
        outcomes=tuple(
            (one, release.text(lang, f"{name}.outcomes.{one}", one)) for one in card.outcomes
        ),
        outcome=release.text(lang, f"{name}.outcomes.{card.outcome}", card.outcome),
        decided_by=decided_by.get(card.decided_by, "") if card.decided_by else "",
        mine=desk.may(card.authority_id, card.role),
        seconds_left=max(0, round(left)) if card.state == "decided" else 0,
        act=acts.new_key(),
    )
