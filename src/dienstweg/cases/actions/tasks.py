"""What a process asks of a caseworker: asked, decided, undone within a minute, settled."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from dienstweg.authorities import scope
from dienstweg.cases import places, queries, rules
from dienstweg.cases.actions import indexing
from dienstweg.cases.actions.inviting import Meant, meant_by
from dienstweg.cases.actions.party_links import tell_of_more
from dienstweg.cases.errors import (
    AlreadyDecided,
    ApplicationChanged,
    NoSuchTask,
    NotTheirs,
    ReasonNeeded,
    TooLateToUndo,
    UnknownOutcome,
)
from dienstweg.cases.facts import (
    TaskAsked,
    TaskCompleted,
    TaskDecided,
    TaskProposed,
    TaskUndone,
)
from dienstweg.cases.models import Application, Task, TaskDraft
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id

SETTLE = "cases.settle_task"


def ask(
    *,
    case_id: UUID,
    key: str,
    task: str,
    role: str,
    outcomes: Sequence[str],
    due: datetime | None = None,
    party: str = "",
    approval: str = "",
    form: Sequence[str] = (),
    item: Any = None,
) -> UUID:
    """Ask a caseworker in ``role`` for one of ``outcomes``; the same task for the same ``key``.

    With a ``party`` (a role of a blueprint) it is theirs, and they are invited; for who is gone
    caseworkers answer. A second person in the role ``approval`` must agree. ``form`` names fields,
    ``item`` is the entry that it is about. Under the case's lock. Raises `NoSuchCase`, `Erased`.
    """
    existing = Task.objects.filter(case_id=case_id, key=key).values_list("id", flat=True).first()
    if existing is not None:
        return UUID(str(existing))
    case = queries.row_of(case_id)
    meant = meant_by(queries.opened(case_id), party, item) if party else Meant(role)
    row = Task(
        id=new_id(),
        authority_id=scope.one(),
        case_id=case_id,
        key=key,
        task=task,
        role=meant.role,
        outcomes=list(outcomes),
        form=list(form),
        offer_id=case.offer_id,
        asked_at=clock.now(),
        due_at=due,
        approval_role=approval,
        party_id=meant.party_id,
        given_up_by=meant.given_up_by,
    )
    if item is not None:
        place = places.task_place(row)
        row.sealed = encryption.seal_json(queries.key_of(case), {"item": item}, *place)
    with transaction.atomic():
        row.save(force_insert=True)
        about = {"authority_id": row.authority_id, "case_id": case_id, "task_id": row.id}
        events.record(TaskAsked(**about, key=key, role=row.role))
        tell_of_more(meant.told)
    return UUID(str(row.id))


def no_longer_ask(*, case_id: UUID, key: str) -> None:
    """Take the task with this ``key`` back, unless it is settled."""
    rows = Task.objects.filter(
        case_id=case_id, key=key, state__in=rules.sources(rules.TASK, "withdrawn")
    )
    forget_drafts(rows)
    rows.update(state="withdrawn")


def decide(
    *,
    task_id: UUID,
    account_id: UUID,
    outcome: str,
    reason: str,
    data: Mapping[str, Any] | None = None,
    reason_needed: bool = True,
    version: int | None = None,
) -> datetime | None:
    """Decide a task; return until when that can be undone. Nothing leaves before then.

    Where a second person must agree it is a proposal, and there is no such time yet (see
    `approving.agree`); another proposal of the same person takes its place. The same decision twice
    is one. ``version`` is that of the application which was read. Raises `NoSuchTask`,
    `UnknownOutcome`, `ReasonNeeded` (section 39 (1) VwVfG; what the blueprint says to need none
    comes with ``reason_needed=False``), `AlreadyDecided`, `ApplicationChanged`, `Erased`.
    """
    with transaction.atomic():
        newest = newest_version(task_id)
        row = locked(task_id)
        if outcome not in row.outcomes:
            raise UnknownOutcome
        if reason_needed and not reason.strip():
            raise ReasonNeeded
        key = queries.key_of(row.case)
        file = queries.task_file(row, key)
        written = {"reason": reason.strip(), "data": dict(data or {})}
        own = (row.proposed_by or row.decided_by) == account_id
        if own and (row.outcome, file.reason, dict(file.data)) == (outcome, *written.values()):
            return row.undo_until
        if row.state != "open" and not (own and row.state == "proposed"):
            raise AlreadyDecided
        if version is not None and version != newest:
            raise ApplicationChanged
        content = {**written, "item": file.item, "version": version or 0}
        values = {
            "outcome": outcome,
            "sealed": encryption.seal_json(key, content, *places.task_place(row)),
            "assignee": account_id,
            "claimed_at": row.claimed_at or clock.now(),
        }
        forget_drafts(Task.objects.filter(id=task_id))
        if row.approval_role:
            _propose(row, account_id, outcome, values)
            return None
        return stand(row, account_id, outcome, values)


def stand(row: Task, account_id: UUID, outcome: str, values: Mapping[str, Any]) -> datetime:
    """Write a decision down that can be undone for a while, and return until when."""
    undo_until = clock.now() + timedelta(seconds=settings.DIENSTWEG_UNDO_SECONDS)
    Task.objects.filter(id=row.id).update(
        **values,
        state="decided",
        decided_by=account_id,
        decided_at=clock.now(),
        undo_until=undo_until,
    )
    events.due(at=undo_until, job=SETTLE, authority_id=row.authority_id, object_id=row.id)
    fact = TaskDecided(
        authority_id=row.authority_id,
        case_id=row.case_id,
        task_id=row.id,
        key=row.key,
        outcome=outcome,
    )
    events.record(fact, actor=f"staff:{account_id}")
    return undo_until


def _propose(row: Task, account_id: UUID, outcome: str, values: Mapping[str, Any]) -> None:
    """Write a decision down to which a second person must agree."""
    Task.objects.filter(id=row.id).update(
        **values, state="proposed", proposed_by=account_id, proposed_at=clock.now()
    )
    fact = TaskProposed(
        authority_id=row.authority_id,
        case_id=row.case_id,
        task_id=row.id,
        key=row.key,
        outcome=outcome,
    )
    events.record(fact, actor=f"staff:{account_id}")


def undo(*, task_id: UUID, account_id: UUID) -> None:
    """Take a decision back in time, or one's own proposal to which nobody has agreed yet.

    What a second person agreed to becomes a proposal again. Raises `NoSuchTask`, `TooLateToUndo`,
    `NotTheirs` for the proposal of somebody else.
    """
    with transaction.atomic():
        row = locked(task_id)
        if row.state == "open":
            return
        if row.state == "proposed":
            if row.proposed_by != account_id:
                raise NotTheirs
            _reopen(row)
        elif row.state != "decided" or not rules.can_undo(
            now=clock.now(), undo_until=row.undo_until
        ):
            raise TooLateToUndo
        elif row.proposed_by:
            Task.objects.filter(id=task_id).update(
                state="proposed", decided_by=None, decided_at=None, undo_until=None
            )
        else:
            _reopen(row)
        events.no_longer_due(job=SETTLE, object_id=task_id)
        events.record(
            TaskUndone(
                authority_id=row.authority_id, case_id=row.case_id, task_id=task_id, key=row.key
            ),
            actor=f"staff:{account_id}",
        )


def _reopen(row: Task) -> None:
    """Make the task open again; of what was sealed only what it is about stays."""
    key = queries.key_of(row.case)
    about = {"item": queries.task_file(row, key).item}
    Task.objects.filter(id=row.id).update(
        state="open",
        outcome="",
        proposed_by=None,
        proposed_at=None,
        decided_by=None,
        decided_at=None,
        undo_until=None,
        sealed=encryption.seal_json(key, about, *places.task_place(row)),
    )


def settle_task(*, task_id: UUID) -> None:
    """Let a decision stand once it can no longer be undone; safe to do twice."""
    with transaction.atomic():
        row = locked(task_id)
        if row.state != "decided" or rules.can_undo(now=clock.now(), undo_until=row.undo_until):
            return
        Task.objects.filter(id=task_id).update(state="done")
        events.record(
            TaskCompleted(
                authority_id=row.authority_id,
                case_id=row.case_id,
                task_id=task_id,
                key=row.key,
                outcome=row.outcome,
            ),
            actor=f"staff:{row.decided_by}",
        )


def sweep(*, authority_id: UUID) -> int:
    """Settle decisions of the scope whose time is over but which nobody settled; return how many.

    There are none, unless what was due has been lost. Indexes cases of before there was an index,
    too. Looks again after `rules.SWEPT_EVERY`.
    """
    now = clock.now()
    late = Task.objects.filter(state="decided", undo_until__lt=now - rules.SETTLED_WITHIN)
    ids = list(late.order_by("undo_until").values_list("id", flat=True)[: rules.SWEPT_AT_ONCE])
    for task_id in ids:
        settle_task(task_id=task_id)
    indexing.sweep_index()
    events.look_again(job="cases.sweep", authority_id=authority_id, after=rules.SWEPT_EVERY)
    return len(ids)


def forget_drafts(tasks: QuerySet[Task]) -> None:
    """Delete what was written for decisions that nobody will take any more; for this room."""
    TaskDraft.objects.filter(task__in=tasks).delete()


def newest_version(task_id: UUID) -> int:
    """Return the newest version of a task's application; until the end none can come to it.

    The case is locked, before its task is, as everywhere. Raises `NoSuchTask`.
    """
    case_id = Task.objects.filter(id=task_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NoSuchTask
    queries.row_of(case_id, lock=True)
    versions = Application.objects.filter(case_id=case_id).order_by("-version")
    return versions.values_list("version", flat=True).first() or 0


def locked(task_id: UUID) -> Task:
    """Return the row of a task, locked, with its case, for this room; raises `NoSuchTask`."""
    row: Task | None = (
        Task.objects.select_related("case")
        .select_for_update(of=("self",), no_key=True)
        .filter(id=task_id)
        .first()
    )
    if row is None:
        raise NoSuchTask
    return row
