"""Looks ahead without moving anything: what would come of an event."""

from uuid import UUID

from dienstweg.blueprint import foreseeing, process
from dienstweg.cases import queries as cases
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.processes import periods, places
from dienstweg.processes.intents import Errand, facts_of
from dienstweg.processes.models import Conduct


def foreseen(*, case_id: UUID, event: process.Event) -> list[process.Write]:
    """Return the documents that ``event`` would bring about; none where nothing is written.

    Nothing is stored and nothing carried out. Raises `dienstweg.blueprint.process.Stuck`,
    `dienstweg.cases.errors.NoSuchCase`, `Erased`.
    """
    opened = cases.opened(case_id)
    conduct = Conduct.objects.filter(id=case_id).first()
    if conduct is None or conduct.finished:
        return []
    release = offers.release(opened.case.digest)
    errand = Errand(
        case=opened.case, key=opened.key, application=opened.application.data, release=release
    )
    kept, now = periods.load(opened.case, release), clock.now()
    kept.heed(event, now)
    return foreseeing.written(
        release,
        places.unsealed_state(opened.key, conduct),
        event,
        application=dict(errand.application),
        facts=facts_of(errand, kept.facts(), land=kept.land),
        now=now,
    )
