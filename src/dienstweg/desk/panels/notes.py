"""What caseworkers have noted for each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from dienstweg.accounts import queries as accounts
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.cases import rules
from dienstweg.cases.queries import CaseFile, NoteView
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.kernel import clock
from dienstweg.reception import acts


@dataclass(frozen=True, slots=True)
class Noted:
    """A note with its author; ``open`` while who wrote it may write it anew."""

    note: NoteView
    by: str
    when: str
    open: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a case, and the key for a new one."""

    noted: Sequence[Noted]
    act: str
    minutes: int


def panel(desk: Desk, file: CaseFile, _release: Release, _lang: str) -> Notes:
    """Return the notes of the case, the oldest first."""
    found = cases.notes(file.case.id, key=file.key)
    people = accounts.names({one.account_id for one in found})
    now = clock.now()
    noted = [
        Noted(
            note=one,
            by=people.get(one.account_id, ""),
            when=moment(one.at),
            open=one.account_id == desk.account_id
            and rules.is_note_open(written_at=one.at, now=now),
        )
        for one in found
    ]
    return Notes(noted, acts.new_key(), int(rules.NOTE_OPEN.total_seconds() // 60))
