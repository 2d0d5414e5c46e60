"""Whose a task is: claimed, released, given to a colleague."""

from uuid import UUID

from django.db import transaction

from dienstweg.accounts import queries as accounts
from dienstweg.cases.actions.tasks import locked
from dienstweg.cases.errors import AlreadyDecided, NotTheirs, TakenMeanwhile
from dienstweg.cases.facts import TaskAssigned
from dienstweg.cases.models import Task
from dienstweg.events import actions as events
from dienstweg.kernel import clock


def assign(
    *, task_id: UUID, to: UUID | None, account_id: UUID, instead_of: UUID | None = None
) -> None:
    """Make an open task that of ``to``, or nobody's; twice is once.

    ``instead_of`` is whose it was when that was decided: raises `TakenMeanwhile` if it is somebody
    else's by now, `NotTheirs` if ``to`` may not do it, `AlreadyDecided`, `NoSuchTask`.
    """
    with transaction.atomic():
        row = locked(task_id)
        if row.state != "open":
            raise AlreadyDecided
        if row.assignee == to:
            return
        if row.assignee not in {None, account_id, instead_of}:
            raise TakenMeanwhile
        if to is not None and row.role not in _roles(row, to, account_id):
            raise NotTheirs
        _write(row, to, actor=f"staff:{account_id}")


def give_back(*, authority_id: UUID, account_id: UUID) -> int:
    """Make tasks nobody's whose assignee may no longer do them here; return how many."""
    roles = accounts.own_roles(account_id).get(authority_id, set())
    rows = Task.objects.filter(state="open", assignee=account_id).exclude(role__in=roles)
    ids = list(rows.values_list("id", flat=True))
    for task_id in ids:
        with transaction.atomic():
            row = locked(task_id)
            if row.state == "open" and row.assignee == account_id:
                _write(row, None, actor="system")
    return len(ids)


def _roles(row: Task, to: UUID, account_id: UUID) -> set[str]:
    """Return what ``to`` may do here; as a deputy only if they take it themselves."""
    given = accounts.roles_of(to) if to == account_id else accounts.own_roles(to)
    return given.get(row.authority_id, set())


def _write(row: Task, to: UUID | None, *, actor: str) -> None:
    Task.objects.filter(id=row.id).update(assignee=to, claimed_at=clock.now() if to else None)
    fact = TaskAssigned(
        authority_id=row.authority_id,
        case_id=row.case_id,
        task_id=row.id,
        key=row.key,
        assignee=to,
    )
    events.record(fact, actor=actor)
