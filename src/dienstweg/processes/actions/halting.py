"""A second try for what a process could not take."""

from contextlib import suppress
from uuid import UUID

from dienstweg.blueprint import process
from dienstweg.cases import queries as cases
from dienstweg.processes import halts
from dienstweg.processes.actions import stepping
from dienstweg.processes.models import Halt


def try_again(*, case_id: UUID) -> int:
    """Let the process of a case take what it could not take, in the order in which it happened.

    What still cannot be taken is kept. Returns how much that is; 0: the case goes on. Raises
    `dienstweg.cases.errors.NoSuchCase`, `dienstweg.cases.errors.Erased`.
    """
    key = cases.key(case_id)
    for row in Halt.objects.filter(case_id=case_id).order_by("id"):
        event, _ = halts.content_of(row, key=key)
        with suppress(Exception):  # it is kept and logged; what came after it may be taken
            stepping.go_on(case_id=case_id, event=event)
            _forget_if_taken(row, event)
    return Halt.objects.filter(case_id=case_id).count()


def _forget_if_taken(row: Halt, event: process.Event) -> None:
    """Forget what was taken without a step that could do so: the first one of a process."""
    again = Halt.objects.filter(id=row.id).first()
    if again is not None and again.tries == row.tries:
        halts.forget(case_id=row.case_id, event=event)
