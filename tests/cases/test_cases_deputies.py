"""What a deputy took for somebody goes back when the absence is over, and everybody can see it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from procrastinate.contrib.django import app as queue

from deskwork import Clerk, task
from dienstweg.accounts import actions as accounts
from dienstweg.accounts.models import Absence, Membership
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases.models import Task
from dienstweg.events import queries as events
from dienstweg.events.job import known_jobs
from dienstweg.kernel import clock
from staffing import colleague

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    authorities.forget()
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def anna(inside: UUID) -> UUID:
    return colleague("anna", kranichsee="sachbearbeitung")


def deputy(anna: UUID, role: str = "kasse", days: int = 2) -> UUID:
    dora = colleague("dora", kranichsee=role)
    today = clock.today()
    accounts.be_away(
        account_id=anna, begins=today, ends=today + days * DAY, deputy_id=dora, made_by=anna
    )
    return dora


def claim(task_id: UUID, person: UUID, instead_of: UUID | None = None) -> None:
    actions.assign(task_id=task_id, to=person, account_id=person, instead_of=instead_of)


def whose(task_id: UUID) -> UUID | None:
    return Task.objects.get(id=task_id).assignee


def test_after_the_absence_it_is_the_persons_again(inside: UUID, anna: UUID) -> None:
    own, free = task(inside), task(inside)
    claim(own, anna)
    dora = deputy(anna)
    claim(own, dora, instead_of=anna)
    claim(free, dora)
    assert actions.return_after_absence() == 0, "the absence goes on"
    with clock.shifted(3 * DAY):
        assert actions.return_after_absence() == 2
        assert actions.return_after_absence() == 0
    assert whose(own) == whose(free) == anna
    row = Task.objects.get(id=own)
    assert (row.claimed_for, row.returned_from) == (None, dora)
    told = [one for one in events.timeline(row.case_id) if one.name == "task.assigned"]
    assert (told[-1].actor, told[-1].data["assignee"]) == ("system", str(anna))


def test_what_the_deputy_may_do_anyway_stays_theirs(inside: UUID, anna: UUID) -> None:
    own, free = task(inside), task(inside)
    claim(own, anna)
    dora = deputy(anna, role="sachbearbeitung")
    claim(own, dora, instead_of=anna)
    claim(free, dora)
    with clock.shifted(3 * DAY):
        assert actions.return_after_absence() == 1
    assert (whose(own), whose(free)) == (anna, dora)


def test_who_may_no_longer_do_it_gets_nothing_back(inside: UUID, anna: UUID) -> None:
    own = task(inside)
    claim(own, anna)
    claim(own, deputy(anna), instead_of=anna)
    Membership.objects.filter(account_id=anna).update(role="archiv")
    Absence.objects.all().delete()
    assert actions.return_after_absence() == 1
    assert whose(own) is None


def test_what_was_decided_or_given_away_meanwhile_stays(inside: UUID, anna: UUID) -> None:
    done, given = task(inside), task(inside)
    ben = colleague("ben", kranichsee="sachbearbeitung")
    dora = deputy(anna)
    for one in (done, given):
        claim(one, dora)
    actions.decide(task_id=done, account_id=dora, outcome="granted", reason="Passt.")
    actions.assign(task_id=given, to=ben, account_id=dora)
    with clock.shifted(3 * DAY):
        assert actions.return_after_absence() == 0
    assert whose(given) == ben


def test_the_sweeper_gives_it_back(inside: UUID, anna: UUID) -> None:
    own = task(inside)
    claim(own, deputy(anna))
    known_jobs()
    with clock.shifted(3 * DAY):
        queue.tasks["cases.sweep"].func(authority_id=str(inside), event_id=str(inside))
    assert whose(own) == anna


def test_who_is_back_early_finds_it_on_the_list(authority: UUID) -> None:
    anna = Clerk("anna", kranichsee="sachbearbeitung")
    dora = Clerk("dora", kranichsee="kasse")
    own = task(authority)
    today = clock.today().isoformat()
    anna.send("abwesenheit", von=today, bis=today, vertretung=str(dora.id))
    dora.send(f"aufgaben/{own}/zuteilen", an=str(dora.id))
    (back,) = [one for one in anna.open("teams").forms if one["action"].endswith("/beenden")]
    anna.send(back["action"].removeprefix("/arbeitsplatz/"))
    page = anna.open(liste="meine")
    assert "zurück nach der Vertretung durch dora" in page.html
    anna.send(f"aufgaben/{own}/zuteilen", an="")
    assert "zurück nach der Vertretung" not in anna.open().html
