"""Writes: let a case go on, up to the next thing that it has to wait for."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.cases import queries as case_queries
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption, failpoints
from dienstweg.offers import queries as offers
from dienstweg.processes.intents import Errand, carry_out
from dienstweg.processes.models import Conduct

SWEPT_EVERY = timedelta(minutes=15)
BEGUN_WITHIN = timedelta(minutes=5)
"""A case whose process has not begun this long after its submission has been lost sight of."""

log = logging.getLogger("dienstweg.processes")


def go_on(*, case_id: UUID, event: process.Event) -> None:
    """Tell the process of a case that ``event`` has happened, and carry out what it asks for.

    One transaction: the case's row is the lock, so that one case's events are taken one after
    another. Nothing foreign is called; intents become rows and jobs. An event that the process
    has already seen, or that comes after its end, changes nothing, so that this may be repeated.
    Raises `dienstweg.cases.errors.NoSuchCase`.
    """
    if isinstance(event, process.Submitted):
        _begin(case_id)
    else:
        _go_on(case_id, event)
    failpoints.reach("processes.step.after")


def begin(*, case_id: UUID) -> None:
    """Begin the process of a case, unless the request that submitted it could do so by itself.

    Then a look is enough, without the lock. Raises `dienstweg.cases.errors.NoSuchCase`.
    """
    if not _begun(case_id):
        with transaction.atomic():
            held = cases.hold(case_id=case_id)
            if not _begun(case_id):
                _take(held, None, process.Submitted())


def _begun(case_id: UUID) -> bool:
    return Conduct.objects.filter(id=case_id).exists()


def _begin(case_id: UUID) -> None:
    """Begin a process that nobody else has begun, most likely; the table allows one for a case."""
    try:
        with transaction.atomic():
            _take(cases.hold(case_id=case_id), None, process.Submitted())
    except IntegrityError:
        if not _begun(case_id):
            raise


def _go_on(case_id: UUID, event: process.Event) -> None:
    with transaction.atomic():
        held = cases.hold(case_id=case_id)
        conduct = Conduct.objects.filter(id=case_id).first()
        if conduct is not None and conduct.finished:
            return
        if conduct is None:
            # The fact came before the process could begin: it begins first.
            _take(held, None, process.Submitted())
            conduct = Conduct.objects.get(id=case_id)
        _take(held, conduct, event)


def sweep(*, authority_id: UUID) -> int:
    """Begin the processes of the scope's cases that have none; return how many those were.

    There are none, unless a job has been lost. Looks again after `SWEPT_EVERY`.
    """
    now, found = clock.now(), 0
    ids = case_queries.unfinished(submitted_before=now - BEGUN_WITHIN)
    while ids:
        begun = set(Conduct.objects.filter(id__in=ids).values_list("id", flat=True))
        for case_id in (one for one in ids if one not in begun):
            found += 1
            try:
                go_on(case_id=case_id, event=process.Submitted())
            except Exception as error:  # one case must not keep the others from being found
                log.error("process_not_begun case=%s error=%s", case_id, type(error).__name__)
        ids = case_queries.unfinished(submitted_before=now - BEGUN_WITHIN, after=ids[-1])
    events.look_again(job="processes.sweep", authority_id=authority_id, after=SWEPT_EVERY)
    return found


def _take(held: cases.Held, conduct: Conduct | None, event: process.Event) -> None:
    """Take one step, store where it led, and carry out what it asks for."""
    case = held.case
    errand = Errand(
        case=case,
        key=held.key,
        application=held.application.data,
        release=offers.release(case.digest),
    )
    step = process.step(
        errand.release,
        None if conduct is None else _unsealed(held, conduct),
        event,
        application=dict(errand.application),
        facts={"case_number": case.number, "submitted_at": case.submitted_at.isoformat()},
        now=clock.now(),
    )
    _store(held, conduct, step)
    for intent in step.intents:
        carry_out(errand, intent)


def _store(held: cases.Held, conduct: Conduct | None, step: process.Step) -> None:
    authority_id, case_id = scope.one(), held.case.id
    values: dict[str, Any] = {
        "state": encryption.seal_json(held.key, step.state, *_place(authority_id, case_id)),
        "waiting": list(step.waiting),
        "finished": step.finished,
        "changed_at": clock.now(),
    }
    if conduct is None:
        Conduct(id=case_id, authority_id=authority_id, **values).save(force_insert=True)
    else:
        Conduct.objects.filter(id=case_id).update(**values)


def _unsealed(held: cases.Held, conduct: Conduct) -> dict[str, Any]:
    place = _place(conduct.authority_id, conduct.id)
    state: dict[str, Any] = encryption.unseal_json(held.key, bytes(conduct.state), *place)
    return state


def _place(authority_id: UUID, case_id: UUID) -> tuple[str, ...]:
    return (str(authority_id), "processes", str(case_id), "state")
