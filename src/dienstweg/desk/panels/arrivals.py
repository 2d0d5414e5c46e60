"""What may come by paper while the process of a case waits for it, and be noted here."""

from dataclasses import dataclass

from dienstweg.blueprint.arrivals import Arrival
from dienstweg.blueprint.release import Release
from dienstweg.cases.queries import CaseFile
from dienstweg.desk.door import Desk
from dienstweg.kernel import clock
from dienstweg.processes import queries as processes
from dienstweg.reception import acts


@dataclass(frozen=True, slots=True)
class Notable:
    """One kind of news that can be noted; ``today`` is the latest day on which it can have come."""

    arrival: Arrival
    title: str
    help: str
    earliest: str
    today: str
    act: str


def panel(desk: Desk, file: CaseFile, release: Release, lang: str) -> list[Notable]:
    """Return what this person can note: only while the process waits for it, and in its role."""
    case = file.case
    if case.state != "open":
        return []
    return [
        Notable(
            arrival=one,
            title=release.text(lang, f"arrivals.{one.id}.title", one.id),
            help=release.text(lang, f"arrivals.{one.id}.help", ""),
            earliest=clock.local(case.submitted_at).date().isoformat(),
            today=clock.today().isoformat(),
            act=acts.new_key(),
        )
        for one in processes.awaited(case.id, file=(file.key, release))
        if desk.may(case.authority_id, one.role)
    ]
