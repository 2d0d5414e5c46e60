"""The legal periods of a case."""

from dienstweg.blueprint.release import Release
from dienstweg.cases.queries import CaseFile
from dienstweg.desk.door import Desk
from dienstweg.desk.periods import Period, in_words
from dienstweg.processes import queries as processes


def panel(_desk: Desk, file: CaseFile, release: Release, lang: str) -> list[Period]:
    """Return the periods of the case, those that end first before the others."""
    if not release.manifest.get("deadlines"):
        return []
    views = processes.deadlines([file.case.id])[file.case.id]
    return [in_words(view, release, lang) for view in views]
