"""Whose a task is: claimed, released, given to a colleague, back after an absence."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from dienstweg.accounts import queries as accounts
from dienstweg.cases import rules
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
        away = _claimed_for(row, to) if to == account_id else None
        _write(row, to, actor=f"staff:{account_id}", claimed_for=away)


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


def return_after_absence() -> int:
    """Give back what deputies of the scope took for somebody who is there again; return how many.

    It becomes theirs for whom it was taken, or nobody's if they may not do it any more. An absence
    that was ended early, cut short or forgotten counts alike. Safe to do twice.
    """
    rows = Task.objects.filter(state="open", claimed_for__isnull=False).order_by("id")
    found = list(rows.values_list("id", "assignee", "claimed_for")[: rules.SWEPT_AT_ONCE])
    still = {deputy: set(accounts.standing(deputy).stands_in) for _, deputy, _ in found if deputy}
    ended = [one for one, deputy, away in found if away not in still.get(deputy, ())]
    for task_id in ended:
        with transaction.atomic():
            _give_back(locked(task_id), still)
    return len(ended)


def _give_back(row: Task, still: Mapping[UUID, Collection[UUID]]) -> None:
    deputy, away = row.assignee, row.claimed_for
    if row.state != "open" or away is None or (deputy and away in still.get(deputy, ())):
        return
    may = row.role in accounts.own_roles(away).get(row.authority_id, ())
    _write(row, away if may else None, actor="system", returned_from=deputy)


def _claimed_for(row: Task, deputy: UUID) -> UUID | None:
    """Return for whom a deputy takes a task: whose it is, or whose role they lack themselves."""
    away = set(accounts.standing(deputy).stands_in)
    if row.assignee in away:
        return row.assignee
    if row.role in accounts.own_roles(deputy).get(row.authority_id, ()):
        return None
    may = (
        one for one in sorted(away) if row.role in accounts.own_roles(one).get(row.authority_id, ())
    )
    return next(may, None)


def _roles(row: Task, to: UUID, account_id: UUID) -> set[str]:
    """Return what ``to`` may do here; as a deputy only if they take it themselves."""
    given = accounts.roles_of(to) if to == account_id else accounts.own_roles(to)
    return given.get(row.authority_id, set())


def _write(
    row: Task,
    to: UUID | None,
    *,
    actor: str,
    claimed_for: UUID | None = None,
    returned_from: UUID | None = None,
) -> None:
    Task.objects.filter(id=row.id).update(
        assignee=to,
        claimed_at=clock.now() if to else None,
        claimed_for=claimed_for,
        returned_from=returned_from if to else None,
    )
    fact = TaskAssigned(
        authority_id=row.authority_id,
        case_id=row.case_id,
        task_id=row.id,
        key=row.key,
        assignee=to,
    )
    events.record(fact, actor=actor)
