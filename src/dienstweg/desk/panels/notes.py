"""What caseworkers have noted for each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from dienstweg.accounts import queries as accounts
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseFile, NoteView
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.kernel import clock
from dienstweg.reception import acts


@dataclass(frozen=True, slots=True)
class Noted:
    """A note with its author; ``open`` while who wrote it may write it anew, within ``minutes``."""

    note: NoteView
    by: str
    when: str
    open: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a case, and the key for a new one."""

    noted: Sequence[Noted]
    act: str


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
            open=one.account_id == desk.account_id and now < one.open_until,
            minutes=int((one.open_until - one.at).total_seconds() // 60),
        )
        for one in found
    ]
    return Notes(noted, acts.new_key())
