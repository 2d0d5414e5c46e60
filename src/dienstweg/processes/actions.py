"""Writes: let a case go on, up to the next thing that it has to wait for."""

from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import queries as cases
from dienstweg.kernel import clock, encryption, failpoints
from dienstweg.offers import queries as offers
from dienstweg.processes.intents import Errand, carry_out
from dienstweg.processes.models import Conduct


def go_on(*, case_id: UUID, event: process.Event) -> None:
    """Tell the process of a case that ``event`` has happened, and carry out what it asks for.

    One transaction: the case's row is the lock, so that one case's events are taken one after
    another. Nothing foreign is called; intents become rows and jobs. An event that the process
    has already seen, or that comes after its end, changes nothing, so that this may be repeated.
    Raises `dienstweg.cases.errors.NoSuchCase`.
    """
    with transaction.atomic():
        case = cases.locked(case_id)
        conduct = Conduct.objects.filter(id=case_id).first()
        if conduct is not None and (conduct.finished or isinstance(event, process.Submitted)):
            return
        if conduct is None and not isinstance(event, process.Submitted):
            _begin(case)
            conduct = Conduct.objects.get(id=case_id)
        _take(case, conduct, event)
    failpoints.reach("processes.step.after")


def _begin(case: cases.Locked) -> None:
    """Take the first step of a process that an event finds not yet begun."""
    _take(case, None, process.Submitted())


def _take(case: cases.Locked, conduct: Conduct | None, event: process.Event) -> None:
    """Take one step and store where it led."""
    view = case.view
    release = offers.release(view.digest)
    state = None if conduct is None else _unsealed(case, conduct)
    step = process.step(
        release,
        state,
        event,
        application=case.application,
        facts={"case_number": view.number, "submitted_at": view.submitted_at.isoformat()},
        now=clock.now(),
    )
    _store(case, conduct, step)
    errand = Errand(case=case, release=release)
    for intent in step.intents:
        carry_out(errand, intent)


def _store(case: cases.Locked, conduct: Conduct | None, step: process.Step) -> None:
    authority_id = scope.one()
    values: dict[str, Any] = {
        "state": encryption.seal_json(case.key, step.state, *_place(authority_id, case.view.id)),
        "waiting": list(step.waiting),
        "finished": step.finished,
        "changed_at": clock.now(),
    }
    if conduct is None:
        Conduct.objects.bulk_create([Conduct(id=case.view.id, authority_id=authority_id, **values)])
    else:
        Conduct.objects.filter(id=conduct.id).update(**values)


def _unsealed(case: cases.Locked, conduct: Conduct) -> dict[str, Any]:
    place = _place(conduct.authority_id, conduct.id)
    state: dict[str, Any] = encryption.unseal_json(case.key, bytes(conduct.state), *place)
    return state


def _place(authority_id: UUID, case_id: UUID) -> tuple[str, ...]:
    return (str(authority_id), "processes", str(case_id), "state")
