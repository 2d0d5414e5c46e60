"""One step of a case's process: load, advance, store, and carry out what it asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction

from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.cases.errors import NoSuchCase
from dienstweg.kernel import clock, encryption, failpoints
from dienstweg.offers import queries as offers
from dienstweg.processes import halts, periods, places
from dienstweg.processes.intents import Errand, carry_out, facts_of
from dienstweg.processes.models import Conduct, Deadline

_ADVANCED = (
    "(id) DO UPDATE SET state = excluded.state, digest = excluded.digest,"
    " waiting = excluded.waiting, finished = excluded.finished,"
    " changed_at = excluded.changed_at, next_at = excluded.next_at"
    " WHERE processes_conduct.authority_id = excluded.authority_id"
)
"""What a step changes of a process that has begun: not whether it is stuck."""


def go_on(*, case_id: UUID, event: process.Event) -> None:
    """Tell the process of a case that ``event`` has happened, and carry out what it asks for.

    One transaction: the case's row is the lock, so that one case's events are taken one after
    another. Nothing foreign is called; intents become rows and jobs. An event that the process
    has already seen, or that comes after its end, changes nothing, so that this may be repeated.

    Where the process cannot take the event, the case stays where it was; the event is kept with
    what was wrong, for a person who can have it tried again (`try_again`). Raises
    `dienstweg.cases.errors.NoSuchCase`.
    """
    try:
        advance(case_id=case_id, event=event)
    except (process.Stuck, process.UnknownState) as error:
        halts.keep(case_id=case_id, event=event, error=error)
    except (DatabaseError, NoSuchCase):
        raise
    except Exception as error:
        # Not the blueprint's fault: the job comes back by itself, and a person can see it.
        halts.keep(case_id=case_id, event=event, error=error)
        raise
    failpoints.reach("processes.step.after")


def advance(*, case_id: UUID, event: process.Event) -> None:
    """Take the step, and raise what keeps the process from taking it.

    Raises `dienstweg.blueprint.process.Stuck`, `dienstweg.blueprint.process.UnknownState`, and
    `dienstweg.cases.errors.NoSuchCase`.
    """
    if isinstance(event, process.Submitted):
        _begin(case_id)
    else:
        _go_on(case_id, event)


def begin(*, case_id: UUID) -> None:
    """Begin the process of a case, unless the request that submitted it could do so by itself.

    Then a look is enough, without the lock. Raises `dienstweg.cases.errors.NoSuchCase`.
    """
    if _begun(case_id):
        return
    event = process.Submitted()
    go_on(case_id=case_id, event=event)
    if _begun(case_id):
        with transaction.atomic():
            halts.forget(case_id=case_id, event=event)


def _begun(case_id: UUID) -> bool:
    return Conduct.objects.filter(id=case_id).exists()


def _begin(case_id: UUID) -> None:
    """Begin a process that nobody else has begun, most likely; the table allows one for a case."""
    try:
        with transaction.atomic():
            held = cases.hold(case_id=case_id, besides=[_deadlines(case_id)])
            take(held, None, process.Submitted(), held.besides[0])
    except IntegrityError:
        if not _begun(case_id):
            raise


def _go_on(case_id: UUID, event: process.Event) -> None:
    with transaction.atomic():
        held = cases.hold(
            case_id=case_id,
            besides=[(Conduct.objects, "id = %s", [case_id]), _deadlines(case_id)],
        )
        conducts, deadlines = held.besides
        conduct: Conduct | None = conducts[0] if conducts else None
        if conduct is not None and conduct.finished:
            return
        if conduct is None:
            # The fact came before the process could begin: it begins first.
            take(held, None, process.Submitted())
            take(held, Conduct.objects.get(id=case_id), event)
        else:
            take(held, conduct, event, deadlines)


def _deadlines(case_id: UUID) -> scope.Asked:
    return Deadline.objects, "case_id = %s", [case_id]


def take(
    held: cases.Held,
    conduct: Conduct | None,
    event: process.Event,
    deadlines: Sequence[Deadline] | None = None,
) -> process.Step:
    """Take one step, store where it led, and carry out what it asks for; under the case's lock.

    ``deadlines`` are the rows of its legal periods, where they have been read already.
    """
    now = clock.now()
    errand = Errand(
        case=held.case,
        key=held.key,
        application=held.application.data,
        release=offers.release(held.case.digest),
    )
    kept = periods.load(held.case, errand.release, deadlines)
    kept.heed(event, now)
    step = process.step(
        errand.release,
        None if conduct is None else places.unsealed_state(held.key, conduct),
        event,
        application=dict(errand.application),
        facts=facts_of(errand, kept.facts(), land=kept.land),
        now=now,
    )
    kept.conclude(step, errand.release, now)
    with scope.writing_together():
        store(held, conduct, step, now)
        periods.save(kept, now=now)
    if isinstance(event, process.Withdrawn):
        periods.drop(held.case, errand.release)
    for intent in step.intents:
        carry_out(errand, intent)
    if conduct is not None and conduct.stuck_at is not None:
        halts.forget(case_id=held.case.id, event=event)
    failpoints.reach("processes.step.before")
    return step


def store(held: cases.Held, conduct: Conduct | None, step: process.Step, now: datetime) -> None:
    """Store where a step led, sealed; under the case's lock."""
    authority_id, case_id = scope.one(), held.case.id
    place = places.state_place(authority_id, case_id)
    row = Conduct(
        id=case_id,
        authority_id=authority_id,
        state=encryption.seal_json(held.key, step.state, *place),
        digest=held.case.digest,
        waiting=list(step.waiting),
        finished=step.finished,
        changed_at=now,
        next_at=next_timer(step.state),
    )
    Conduct.objects.add_by_hand([row], _ADVANCED if conduct is not None else "")


def next_timer(state: dict[str, Any]) -> datetime | None:
    """Return when the first of a state's timers is due."""
    timers = [datetime.fromisoformat(at) for at in state.get("timers", {}).values()]
    return min(timers, default=None)
