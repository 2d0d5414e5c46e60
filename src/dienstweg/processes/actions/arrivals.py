"""What came by paper or telephone, noted at the desk while the process waits for it."""

from datetime import date
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.cases import actions as cases
from dienstweg.events import actions as events
from dienstweg.events.queries import waiting
from dienstweg.processes import queries
from dienstweg.processes.errors import AlreadyNoted, NotAwaited
from dienstweg.processes.facts import ArrivalNoted

AFTER_ARRIVAL = "processes.after_arrival"


def note_arrival(
    *, case_id: UUID, account_id: UUID, key: str, arrival: str, on: date, text: str
) -> UUID:
    """Note that ``arrival`` (an id of the blueprint's `arrivals`) came ``on`` a day, once per key.

    ``text`` is kept as a note of the case, whose id is returned; the process goes on by a job.
    Raises `NotAwaited` where the process does not wait for it any more, `AlreadyNoted` while it has
    not yet taken one that somebody else has noted (most likely the same letter),
    `dienstweg.cases.errors.NoSuchCase`, `Erased`, `EmptyNote`.
    """
    with transaction.atomic():
        cases.hold(case_id=case_id)
        found = next((one for one in queries.awaited(case_id) if one.id == arrival), None)
        if found is None:
            raise NotAwaited
        note_id = cases.note(case_id=case_id, account_id=account_id, key=key, text=text)
        _refuse_second(case_id, found.message, note_id)
        fact = ArrivalNoted(
            authority_id=scope.one(),
            case_id=case_id,
            note_id=note_id,
            arrival=arrival,
            message=found.message,
            on=on.isoformat(),
        )
        events.record(fact, actor=f"staff:{account_id}")
    return note_id


def _refuse_second(case_id: UUID, message: str, note_id: UUID) -> None:
    """Refuse a note beside one that no job has taken to the process; under the case's lock."""
    for one in waiting(AFTER_ARRIVAL, case_id=str(case_id), message=message):
        if one["note_id"] != str(note_id):
            raise AlreadyNoted
