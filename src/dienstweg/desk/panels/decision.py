"""The tasks of a case: what is to be decided, what can be undone, what is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from dienstweg.accounts import queries as accounts
from dienstweg.blueprint import task_forms, text_modules
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import FieldView
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseFile, KeptDraft, TaskFile
from dienstweg.desk import application, deciding, tasknames
from dienstweg.desk.application import Revision
from dienstweg.desk.deciding import Decision, fields_of
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.documents import queries as documents
from dienstweg.kernel import clock
from dienstweg.reception import acts

ELSEWHERE = "elsewhere"
"""The problem of who has written for the same task in another window."""


@dataclass(frozen=True, slots=True)
class ModuleChoice:
    """A text module to be chosen: ``only`` are the outcomes it fits, where it does not fit all."""

    id: str
    title: str
    text: str
    only: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class TaskPanel:
    """A task as the case page shows it: to decide, to undo, or done.

    ``read`` is the version of the application that stands on the page, ``since`` what has changed
    since the one that was read before, ``written`` what somebody wrote for a task that is no longer
    open, or in another window. ``restored`` says since when a draft of this person is kept, which
    stands in the form, ``version`` is the draft's.
    ``needs_reason`` names the outcomes that need a reason, empty where all do; ``approval`` is the
    role of the second person who must agree. ``problem`` is what was wrong with this decision.
    """

    task: TaskFile
    title: str
    help: str
    outcomes: tuple[tuple[str, str], ...]
    outcome: str
    decided_by: str
    mine: bool
    seconds_left: int
    act: str
    fields: Sequence[FieldView] = ()
    modules: Sequence[ModuleChoice] = ()
    free: str = ""
    reason: str = ""
    needs_reason: str = ""
    approval: str = ""
    chosen: str = ""
    problem: str = ""
    read: int = 0
    since: Sequence[Revision] = ()
    written: Sequence[str] = ()
    restored: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class DecisionPanel:
    """All tasks of a case, and the documents that wait for the seal: title, since when."""

    tasks: Sequence[TaskPanel]
    unsealed: Sequence[tuple[str, str]]


def panel(desk: Desk, file: CaseFile, release: Release, lang: str) -> DecisionPanel | None:
    """Return the tasks of the case, the oldest first; None where there is nothing to say."""
    kept = cases.drafts(file.case.id, account_id=desk.account_id, key=file.key)
    tasks = [
        _restored(_of_task(desk, file, one, release, lang), kept, file, release, lang)
        for one in file.tasks
    ]
    unsealed = [(title, moment(since)) for title, since in documents.waiting_for_seal(file.case.id)]
    return DecisionPanel(tasks, unsealed) if tasks or unsealed else None


def _restored(
    shown: TaskPanel,
    kept: Mapping[UUID, KeptDraft],
    file: CaseFile,
    release: Release,
    lang: str,
) -> TaskPanel:
    """Return a task with what this person had written for it, and what has changed since."""
    draft = kept.get(shown.task.card.id)
    if draft is None or shown.task.card.state != "open" or not shown.mine:
        return shown
    if not draft.given:
        return replace(shown, version=draft.version)
    decision = deciding.kept(draft, shown.task.card, release, lang)
    changed = decision.version is not None and decision.version < file.application.version
    made = application.revisions(file, release, lang) if changed else ()
    since = [one for one in made if decision.version and one.version > decision.version]
    typed = _typed(shown, decision, since)
    return replace(typed, restored=moment(draft.at), version=draft.version)


def typed_again(
    found: DecisionPanel | None,
    task_id: UUID,
    decision: Decision,
    revisions: Sequence[Revision] = (),
) -> Any:
    """Return the panel with what was typed for a task that could not be decided so.

    Of ``revisions``, what came after the version that was read is shown there.
    """
    if found is None:
        return None
    since = [one for one in revisions if decision.version and one.version > decision.version]
    tasks = [
        _typed(one, decision, since) if one.task.card.id == task_id else one for one in found.tasks
    ]
    return replace(found, tasks=tasks)


def _typed(task: TaskPanel, decision: Decision, since: Sequence[Revision]) -> TaskPanel:
    if task.task.card.state != "open":
        written = [decision.reason, *decision.texts.values()]
        return replace(task, written=[one for one in written if one.strip()])
    elsewhere = decision.problem == ELSEWHERE
    return replace(
        task,
        outcome=decision.outcome,
        reason=decision.reason,
        fields=decision.fields,
        free=decision.texts.get(text_modules.FREE, ""),
        modules=[_chosen(one, decision.texts) for one in task.modules],
        problem=decision.problem,
        since=since,
        restored="",
        written=_elsewhere(task) if elsewhere else (),
        version=task.version if elsewhere else decision.draft,
    )


def _elsewhere(task: TaskPanel) -> list[str]:
    """Return what this person has written for the task in another window."""
    chosen = [one.text for one in task.modules if one.chosen]
    return [one for one in (task.reason, *chosen, task.free) if one.strip()]


def _chosen(module: ModuleChoice, texts: Mapping[str, str]) -> ModuleChoice:
    text = texts.get(module.id)
    return replace(module, chosen=text is not None, text=text or module.text)


def _of_task(desk: Desk, file: CaseFile, task: TaskFile, release: Release, lang: str) -> TaskPanel:
    card, name = task.card, f"tasks.{task.card.task}"
    left = (card.undo_until - clock.now()).total_seconds() if card.undo_until else 0
    by = card.decided_by or card.proposed_by
    labels = {one: release.text(lang, f"{name}.outcomes.{one}", one) for one in card.outcomes}
    shown = TaskPanel(
        task=task,
        title=tasknames.title(release, lang, card.task, task.item),
        help=release.text(lang, f"{name}.help", ""),
        outcomes=tuple(labels.items()),
        outcome=labels.get(card.outcome, card.outcome),
        decided_by=accounts.names({by}).get(by, "") if by else "",
        mine=desk.may(card.authority_id, card.role),
        seconds_left=max(0, round(left)) if card.state == "decided" else 0,
        act=acts.new_key(),
        approval=_role(release, card.approval_role),
        chosen=", ".join(_titles(release, task)),
        read=file.application.version,
    )
    if card.state == "open" and shown.mine:
        return _to_decide(shown, file, release, lang, labels)
    return shown


def _to_decide(
    shown: TaskPanel, file: CaseFile, release: Release, lang: str, labels: Mapping[str, str]
) -> TaskPanel:
    """Add what the form needs; what a second person has sent back stands in it again."""
    task = shown.task
    card = task.card
    before = {str(one.get("id")): str(one.get("text")) for one in _listed(task)}
    context = {"data": file.application.data, "case_number": card.number}
    said = [
        text_modules.Opinion(one.card.key, one.card.task, one.card.outcome, one.reason, one.item)
        for one in file.tasks
        if one.card.state == "done"
    ]
    offered = text_modules.offered(release, card.task, card.outcomes, context, said)
    modules = [
        ModuleChoice(
            one.id,
            one.title,
            one.text,
            ", ".join(labels[name] for name in one.outcomes if name in labels),
            chosen=False,
        )
        for one in offered
    ]
    needing = [
        label for name, label in labels.items() if task_forms.needs_reason(release, card.task, name)
    ]
    return replace(
        shown,
        outcome="",
        fields=fields_of(card, release, lang, task.data),
        modules=[_chosen(one, before) for one in modules],
        free=before.get(text_modules.FREE, ""),
        reason=task.reason,
        needs_reason="" if len(needing) == len(labels) else ", ".join(needing),
    )


def _listed(task: TaskFile) -> list[Mapping[str, Any]]:
    found = task.data.get(text_modules.KEY)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _titles(release: Release, task: TaskFile) -> list[str]:
    return [
        release.text("de", f"{text_modules.KEY}.{text_modules.base(str(one.get('id')))}.title", "")
        for one in _listed(task)
        if one.get("id") != text_modules.FREE
    ]


def _role(release: Release, role: str) -> str:
    return str(release.manifest.get("roles", {}).get(role, {}).get("title", role))
