"""What keeps the process of a case from going on, in words, with the button to try again."""

from dataclasses import dataclass

from dienstweg.blueprint.release import Release
from dienstweg.cases.queries import CaseFile
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.desk.troubles import cause, element
from dienstweg.processes import queries as processes


@dataclass(frozen=True, slots=True)
class Standstill:
    """One reason: ``text`` is what the interpreter said, for whoever looks after the blueprint."""

    cause: str
    element: str
    text: str
    since: str
    tries: int


def panel(_desk: Desk, file: CaseFile, release: Release, lang: str) -> list[Standstill]:
    """Return what the process of the case could not take; nothing when it goes its way."""
    return [
        Standstill(
            cause=cause(trouble.code, lang),
            element=element(release, trouble.where),
            text=processes.reason(trouble),
            since=moment(trouble.first_at),
            tries=trouble.tries,
        )
        for trouble in processes.stuck(case_id=file.case.id)
    ]
