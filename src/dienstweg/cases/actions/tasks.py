"""What a process asks of a caseworker: asked, decided, undone within a minute, settled."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.cases import places, queries, rules
from dienstweg.cases.actions.inviting import meant_by, tell_of_more
from dienstweg.cases.errors import (
    AlreadyDecided,
    NoSuchTask,
    ReasonNeeded,
    TooLateToUndo,
    UnknownOutcome,
)
from dienstweg.cases.facts import TaskAsked, TaskCompleted, TaskDecided, TaskUndone
from dienstweg.cases.models import Task
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

    With a ``party`` (a role of a blueprint's parties) it is theirs instead, and they are invited.
    ``approval`` is the role of the second person who must agree. ``form`` names the fields of the
    task in the blueprint, ``item`` is the entry of a list that it is about. Runs under the lock,
    which the process holds. Raises `NoSuchCase`, and `Erased` with an ``item``.
    """
    existing = Task.objects.filter(case_id=case_id, key=key).values_list("id", flat=True).first()
    if existing is not None:
        return UUID(str(existing))
    case = queries.row_of(case_id)
    asked, party_id = meant_by(queries.opened(case_id), party, item) if party else ((), None)
    row = Task(
        id=new_id(),
        authority_id=scope.one(),
        case_id=case_id,
        key=key,
        task=task,
        role=f"party:{party}" if party else role,
        outcomes=list(outcomes),
        form=list(form),
        offer_id=case.offer_id,
        asked_at=clock.now(),
        due_at=due,
        approval_role=approval,
        party_id=party_id,
    )
    if item is not None:
        place = places.task_place(row)
        row.sealed = encryption.seal_json(queries.key_of(case), {"item": item}, *place)
    with transaction.atomic():
        row.save(force_insert=True)
        fact = TaskAsked(
            authority_id=row.authority_id, case_id=case_id, task_id=row.id, key=key, role=row.role
        )
        events.record(fact)
        tell_of_more(asked)
    return UUID(str(row.id))


def no_longer_ask(*, case_id: UUID, key: str) -> None:
    """Take the task with this ``key`` back, unless it is settled."""
    Task.objects.filter(
        case_id=case_id, key=key, state__in=rules.sources(rules.TASK, "withdrawn")
    ).update(state="withdrawn")


def decide(
    *,
    task_id: UUID,
    account_id: UUID,
    outcome: str,
    reason: str,
    data: Mapping[str, Any] | None = None,
) -> datetime:
    """Decide a task; return until when that can be undone. Nothing leaves before then.

    The same decision by the same person twice is one. Raises `NoSuchTask`, `UnknownOutcome`,
    `ReasonNeeded` (section 39 VwVfG), `AlreadyDecided`, `Erased`.
    """
    with transaction.atomic():
        row = _locked(task_id)
        if outcome not in row.outcomes:
            raise UnknownOutcome
        if not reason.strip():
            raise ReasonNeeded
        if row.undo_until and (row.decided_by, row.outcome) == (account_id, outcome):
            return row.undo_until
        if not rules.may(rules.TASK, row.state, "decided"):
            raise AlreadyDecided
        undo_until = clock.now() + timedelta(seconds=settings.DIENSTWEG_UNDO_SECONDS)
        key = queries.key_of(row.case)
        content = {
            "reason": reason.strip(),
            "data": dict(data or {}),
            "item": queries.task_file(row, key).item,
        }
        Task.objects.filter(id=task_id).update(
            state="decided",
            outcome=outcome,
            decided_by=account_id,
            decided_at=clock.now(),
            undo_until=undo_until,
            sealed=encryption.seal_json(key, content, *places.task_place(row)),
        )
        events.due(at=undo_until, job=SETTLE, authority_id=row.authority_id, object_id=task_id)
        events.record(
            TaskDecided(
                authority_id=row.authority_id,
                case_id=row.case_id,
                task_id=task_id,
                key=row.key,
                outcome=outcome,
            ),
            actor=f"staff:{account_id}",
        )
    return undo_until


def undo(*, task_id: UUID, account_id: UUID) -> None:
    """Take a decision back in time; raises `NoSuchTask`, `TooLateToUndo`."""
    with transaction.atomic():
        row = _locked(task_id)
        if row.state == "open":
            return
        if row.state != "decided" or not rules.can_undo(now=clock.now(), undo_until=row.undo_until):
            raise TooLateToUndo
        Task.objects.filter(id=task_id).update(
            state="open",
            outcome="",
            decided_by=None,
            decided_at=None,
            undo_until=None,
            sealed=_undecided(row),
        )
        events.no_longer_due(job=SETTLE, object_id=task_id)
        events.record(
            TaskUndone(
                authority_id=row.authority_id, case_id=row.case_id, task_id=task_id, key=row.key
            ),
            actor=f"staff:{account_id}",
        )


def settle_task(*, task_id: UUID) -> None:
    """Let a decision stand once it can no longer be undone; safe to do twice."""
    with transaction.atomic():
        row = _locked(task_id)
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

    There are none, unless what was due has been lost. Looks again after `rules.SWEPT_EVERY`.
    """
    now = clock.now()
    late = Task.objects.filter(state="decided", undo_until__lt=now - rules.SETTLED_WITHIN)
    ids = list(late.order_by("undo_until").values_list("id", flat=True)[: rules.SWEPT_AT_ONCE])
    for task_id in ids:
        settle_task(task_id=task_id)
    events.look_again(job="cases.sweep", authority_id=authority_id, after=rules.SWEPT_EVERY)
    return len(ids)


def _undecided(row: Task) -> bytes | None:
    """Return what stays sealed of a task whose decision was taken back: what it is about."""
    key = queries.key_of(row.case)
    item = queries.task_file(row, key).item
    if item is None:
        return None
    return encryption.seal_json(key, {"item": item}, *places.task_place(row))


def _locked(task_id: UUID) -> Task:
    row: Task | None = (
        Task.objects.select_related("case")
        .select_for_update(of=("self",), no_key=True)
        .filter(id=task_id)
        .first()
    )
    if row is None:
        raise NoSuchTask
    return row
