"""What is overdue, due soon or escalated, in one list, with counts on the work list."""

from datetime import timedelta

import pytest

from deskwork import Clerk, case, task
from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.cases.models import Party, Task
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.processes.models import Deadline

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def strict(settings):
    settings.DIENSTWEG_STRICT_WORDS = True


@pytest.fixture
def anna(authority):
    return Clerk("anna", kranichsee="sachbearbeitung")


@pytest.fixture
def lead(authority):
    return Clerk("lead", kranichsee="leitung")


def number(place, case_id):
    with scope.enter(scope.of(place)):
        return cases.case(case_id).number


def period(place, days, **values):
    own, now = case(place), clock.now()
    with scope.enter(scope.of(place)):
        Deadline.objects.create(
            authority_id=place, case_id=own, name="frist", starts_at=now,
            due_at=now + days * DAY, state="missed" if days < 0 else "running",
            **values,
        )  # fmt: skip
    return own


def party(place, days, state="invited", own=None):
    own, now = own or case(place), clock.now()
    with scope.enter(scope.of(place)):
        row = Party(
            authority_id=place, case_id=own, key=str(new_id()), role="entwurf",
            number=str(new_id())[-20:], state=state, invited_at=now, expires_at=now + 90 * DAY,
            due_at=now + days * DAY,
        )  # fmt: skip
        row.save(force_insert=True)
    return own, row.id


def party_task(place, own, party_id, days=None):
    with scope.enter(scope.of(place)):
        Task(
            authority_id=place, case_id=own, key=str(new_id()), task="zustimmen",
            role="party:nachbar", party_id=party_id, asked_at=clock.now(),
            due_at=clock.now() + days * DAY if days else None,
        ).save(force_insert=True)  # fmt: skip


def counted(person):
    html = person.open().html
    return {
        name: int(html.partition(f"{name} (")[2].partition(")")[0])
        for name in ("Überfällig", "Bald fällig", "Ihnen gemeldet")
        if f"{name} (" in html
    }


def test_all_kinds_stand_in_one_list_by_their_days(anna, authority):
    late_case = case(authority)
    task(authority, late_case, due=clock.now() - 2 * DAY)
    missed, soon = period(authority, -5), period(authority, 3)
    silent, _ = party(authority, -1)
    far = period(authority, 60)
    html = anna.open("fristen").html
    order = [html.index(number(authority, one)) for one in (missed, late_case, silent, soon)]
    assert order == sorted(order)
    assert number(authority, far) not in html
    over = anna.open("fristen", stand="ueberfaellig").html
    assert number(authority, silent) in over and number(authority, soon) not in over
    near = anna.open("fristen", stand="bald").html
    assert number(authority, soon) in near and number(authority, missed) not in near
    assert counted(anna) == {"Überfällig": 3, "Bald fällig": 1}


def test_who_owes_nothing_any_more_is_not_late(anna, authority):
    signed, _ = party(authority, -1, state="joined")
    done, _ = party(authority, -1, state="done")
    owing, party_id = party(authority, -1, state="joined")
    party_task(authority, owing, party_id)
    own_day = case(authority)
    party_task(authority, own_day, None, days=-3)
    html = anna.open("fristen", stand="ueberfaellig").html
    shown = {one for one in (signed, done, owing, own_day) if number(authority, one) in html}
    assert shown == {owing, own_day}
    assert counted(anna)["Überfällig"] == 2


def test_what_was_escalated_is_for_whom_it_was_told(anna, lead, authority, other_authority):
    told = period(authority, 2, escalated_to="leitung")
    assert counted(lead) == {"Bald fällig": 1, "Ihnen gemeldet": 1}
    assert "Ihnen gemeldet" not in counted(anna)
    assert number(authority, told) in lead.open("fristen", stand="gemeldet").html
    assert number(authority, told) not in anna.open("fristen", stand="gemeldet").html
    both = Clerk("both", kranichsee="sachbearbeitung", moorwald="leitung")
    assert "Ihnen gemeldet" not in counted(both), "she leads elsewhere"


def test_what_stands_still_or_has_ended_is_not_counted(anna, authority):
    still = period(authority, 2)
    ended = period(authority, -2)
    with scope.enter(scope.of(authority)):
        Deadline.objects.filter(case_id=still).update(state="suspended")
        from dienstweg.cases.models import Case

        Case.objects.filter(id=ended).update(state="closed")
    assert counted(anna) == {}
    assert number(authority, still) in anna.open("fristen").html, "it is shown as standing still"
    assert "Es ist nichts überfällig." in anna.open("fristen", stand="ueberfaellig").html


def test_of_another_authority_nothing_is_shown(anna, other_authority):
    missed = period(other_authority, -5)
    party(other_authority, -1)
    assert counted(anna) == {}
    assert number(other_authority, missed) not in anna.open("fristen").html


def test_odd_addresses_show_the_list(anna, authority):
    for odd in ({"stand": "x"}, {"nach": "x"}, {"nach": str(new_id()), "nachzeit": "gestern"}):
        assert anna.open("fristen", **odd).status == 200


def test_somebody_wants_no_mails_and_wants_them_again(anna):
    from dienstweg.accounts import queries as accounts

    assert "höchstens eine am Tag" in anna.open("teams").html
    page = anna.send("erinnerungen", an="nein")
    assert "Sie bekommen keine E-Mails über Fristen." in page.html
    assert not accounts.wants_reminders(anna.id)
    anna.send("erinnerungen", an="ja")
    assert accounts.wants_reminders(anna.id)


def test_who_only_watches_over_others_has_nothing_to_do(authority):
    period(authority, -5)
    party(authority, -1)
    officer = Clerk("officer", kranichsee="datenschutz")
    assert counted(officer) == {}
    assert "Es ist nichts überfällig." in officer.open("fristen", stand="ueberfaellig").html
