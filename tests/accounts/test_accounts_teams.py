"""Who may do what where: by membership, by team, and standing in for somebody who is away."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.accounts import actions, grants, queries
from dienstweg.accounts.errors import (
    LastLeader,
    NoSuchColleague,
    NoSuchTeam,
    NotToBeGiven,
    TooMany,
    WrongDates,
)
from dienstweg.accounts.models import Account
from dienstweg.authorities import scope
from dienstweg.authorities.errors import NoSuchAuthority
from dienstweg.events.models import Event
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from staffing import colleague, team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_team_gives_its_roles_at_each_of_its_authorities(authority, other_authority):
    anna = colleague("anna")
    assert queries.roles_of(anna) == {}
    team("bauamt", ["kranichsee", "moorwald"], ["sachbearbeitung", "bauaufsicht"], ["anna"])
    assert queries.roles_of(anna) == {
        authority: {"sachbearbeitung", "bauaufsicht"},
        other_authority: {"sachbearbeitung", "bauaufsicht"},
    }


def test_memberships_and_teams_add_up_and_who_leads_may_lead(authority, other_authority):
    anna = colleague("anna", kranichsee="kasse")
    team("amt", ["kranichsee"], ["sachbearbeitung"], [], leaders=["anna"])
    roles = queries.roles_of(anna)
    assert roles == {authority: {"kasse", "sachbearbeitung", "leitung"}}
    assert grants.may_lead(roles, [authority])
    assert not grants.may_lead(roles, [authority, other_authority])
    assert not grants.may_lead(roles, [])


def test_who_left_the_team_or_the_house_has_no_roles(authority):
    anna = colleague("anna")
    colleague("ben", kranichsee="leitung")
    team_id = team("amt", ["kranichsee"], ["kasse"], ["anna"], leaders=["ben"])
    actions.remove_member(team_id=team_id, member_id=anna, account_id=new_id())
    assert queries.roles_of(anna) == {}
    with scope.enter(scope.of(authority)):
        (event,) = Event.objects.filter(name="staff.roles_changed")
        assert (event.data, event.case_id) == ({"account_id": str(anna)}, None)
    ben = colleague("ben")
    Account.objects.filter(id=ben).update(is_active=False)
    assert queries.roles_of(ben) == {}


def away(person, *, deputy, begins=0, ends=0, by=None):
    today = clock.today()
    return actions.be_away(
        account_id=person,
        deputy_id=deputy,
        begins=today + begins * DAY,
        ends=None if ends is None else today + ends * DAY,
        made_by=by or person,
    )


def test_a_deputy_has_the_roles_for_as_long_as_the_absence_lasts(authority):
    anna = colleague("anna", kranichsee="kasse")
    ben = colleague("ben", kranichsee="sachbearbeitung")
    away(anna, deputy=ben, begins=1, ends=2)
    own, both = {"sachbearbeitung"}, {"sachbearbeitung", "kasse"}
    for days, expected in enumerate((own, both, both, own)):
        with clock.shifted(days * DAY):
            assert queries.roles_of(ben) == {authority: expected}, days
            assert queries.own_roles(ben) == {authority: {"sachbearbeitung"}}
            assert [one.account_id for one in queries.stand_ins(ben)] == (
                [anna] if expected == both else []
            )
            assert queries.roles_of(anna) == {authority: {"kasse"}}, "who is away may come in"


def test_a_deputy_who_is_away_has_a_deputy_and_a_circle_does_no_harm(authority):
    anna = colleague("anna", kranichsee="a")
    ben = colleague("ben", kranichsee="b")
    cora = colleague("cora", kranichsee="c")
    away(anna, deputy=ben, ends=None)
    away(ben, deputy=cora)
    assert queries.roles_of(cora) == {authority: {"a", "b", "c"}}
    away(cora, deputy=anna)
    assert queries.roles_of(anna) == {authority: {"a", "b", "c"}}
    assert [(one.name, one.ends) for one in queries.stand_ins(cora)] == [
        ("anna", None),
        ("ben", clock.today()),
    ]


def test_an_absence_opens_no_door_of_another_authority(authority, other_authority):
    anna = colleague("anna", kranichsee="kasse", moorwald="kasse")
    ben = colleague("ben", kranichsee="sachbearbeitung")
    away(anna, deputy=ben)
    assert queries.roles_of(ben) == {authority: {"sachbearbeitung", "kasse"}}


def test_nobody_stands_in_for_who_watches_over_the_others(authority):
    anna = colleague("anna", kranichsee="datenschutz")
    ben = colleague("ben", kranichsee="leitung")
    away(anna, deputy=ben, by=ben)
    assert queries.roles_of(ben) == {authority: {"leitung"}}


def test_an_absence_that_cannot_be_is_refused(authority, other_authority):
    anna = colleague("anna", kranichsee="kasse")
    stranger = colleague("stefan", moorwald="kasse")
    with pytest.raises(WrongDates):
        away(anna, deputy=None, begins=2, ends=1)
    with pytest.raises(WrongDates):
        away(anna, deputy=None, begins=-5, ends=-1)
    for deputy in (anna, stranger, new_id()):
        with pytest.raises(NoSuchColleague):
            away(anna, deputy=deputy)
    for _ in range(20):
        own = away(anna, deputy=None)
    with pytest.raises(TooMany):
        away(anna, deputy=None)
    actions.be_back(absence_id=own, account_id=stranger)
    assert len(queries.absences([anna])) == 20, "another's absence is not theirs to end"
    actions.be_back(absence_id=own, account_id=anna)
    assert len(queries.absences([anna])) == 19


def test_absences_are_told_today_and_later(authority):
    anna = colleague("anna", kranichsee="kasse")
    away(anna, deputy=None, begins=-3, ends=0)
    away(anna, deputy=colleague("ben", kranichsee="kasse"), begins=5, ends=None)
    now, later = queries.absences([anna])
    assert (now.present, now.deputy, now.ends) == (True, "", clock.today())
    assert (later.present, later.deputy, later.ends) == (False, "ben", None)
    with clock.shifted(DAY):
        assert [one.id for one in queries.absences([anna])] == [later.id]


def test_colleagues_are_told_with_what_they_may_do_by_themselves(authority, other_authority):
    anna = colleague("anna", kranichsee="kasse", moorwald="kasse")
    ben = colleague("ben")
    colleague("carl", moorwald="kasse")
    team("amt", ["kranichsee"], ["sachbearbeitung"], ["ben"])
    away(anna, deputy=ben)
    first, second = queries.colleagues([authority])
    assert (first.name, first.away, first.roles) == ("anna", True, {authority: {"kasse"}})
    assert (second.name, second.away) == ("ben", False)
    assert second.may(authority, "sachbearbeitung") and not second.may(authority, "kasse")


def test_only_who_works_here_joins_a_team(authority):
    colleague("anna", kranichsee="leitung")
    team_id = team("amt", ["kranichsee"], ["kasse"], [], leaders=["anna"])
    applicant = colleague("buerger")
    with pytest.raises(NoSuchColleague):
        actions.add_member(team_id=team_id, email="buerger@example.org", account_id=new_id())
    with pytest.raises(NoSuchColleague):
        actions.add_member(team_id=team_id, email="niemand@example.org", account_id=new_id())
    ben = colleague("ben", kranichsee="sachbearbeitung")
    for _ in range(2):
        actions.add_member(team_id=team_id, email=" BEN@example.org ", account_id=new_id())
    assert queries.roles_of(ben)[authority] == {"sachbearbeitung", "kasse"}
    assert queries.roles_of(applicant) == {}
    assert [(one.name, one.leads) for one in queries.members(team_id)] == [
        ("anna", True),
        ("ben", False),
    ]
    with pytest.raises(NoSuchTeam):
        actions.add_member(team_id=new_id(), email="ben@example.org", account_id=new_id())


def test_a_team_keeps_somebody_who_leads_it(authority):
    anna = colleague("anna", kranichsee="kasse")
    ben = colleague("ben", kranichsee="kasse")
    team_id = team("amt", ["kranichsee"], ["kasse"], ["ben"], leaders=["anna"])
    with pytest.raises(LastLeader):
        actions.remove_member(team_id=team_id, member_id=anna, account_id=anna)
    with pytest.raises(LastLeader):
        actions.set_leader(team_id=team_id, member_id=anna, leads=False, account_id=anna)
    actions.set_leader(team_id=team_id, member_id=ben, leads=True, account_id=anna)
    actions.set_leader(team_id=team_id, member_id=anna, leads=False, account_id=ben)
    assert "leitung" not in queries.roles_of(anna)[authority]
    assert "leitung" in queries.roles_of(ben)[authority]


def test_a_team_is_made_and_changed_but_never_watches_over_others(authority, other_authority):
    anna = colleague("anna", kranichsee="leitung", moorwald="leitung")
    with pytest.raises(NotToBeGiven):
        actions.new_team(
            name="X", authority_ids=[authority], roles=["datenschutz"], account_id=anna
        )
    team_id = actions.new_team(
        name="Bürgerbüro", authority_ids=[authority], roles=["kasse"], account_id=anna
    )
    values = {"team_id": team_id, "name": "Bürgerservice", "account_id": anna}
    with pytest.raises(NotToBeGiven):
        actions.change_team(**values, authority_ids=[authority], roles=["datenschutz"])
    actions.change_team(**values, authority_ids=[other_authority], roles=["sachbearbeitung"])
    card = queries.team(team_id)
    assert (card.name, card.roles, card.authority_ids) == (
        "Bürgerservice",
        ("sachbearbeitung",),
        {other_authority},
    )
    assert queries.teams_of(anna) == queries.teams_at([other_authority]) == [card]
    assert queries.teams_at([authority]) == []
    with scope.enter(scope.of(authority)):
        assert Event.objects.filter(name="staff.roles_changed").exists()


def test_what_the_operator_gave_to_a_team_stays(authority):
    anna = colleague("anna", kranichsee="leitung")
    team_id = team("dsb", ["kranichsee"], ["datenschutz", "kasse"], [], leaders=["anna"])
    actions.change_team(
        team_id=team_id, name="dsb", authority_ids=[authority], roles=[], account_id=anna
    )
    assert queries.team(team_id).roles == ("datenschutz",)


def test_who_leads_neither_joins_nor_empties_the_team_that_watches(authority, other_authority):
    anna = colleague("anna", kranichsee="leitung", moorwald="leitung")
    ben = colleague("ben", kranichsee="kasse")
    team_id = team("dsb", ["kranichsee"], ["datenschutz"], ["ben"])
    values = {"team_id": team_id, "account_id": anna}
    for act in (
        lambda: actions.add_member(email="anna@example.org", **values),
        lambda: actions.remove_member(member_id=ben, **values),
        lambda: actions.change_team(
            name="dsb", authority_ids=[authority, other_authority], roles=[], **values
        ),
    ):
        with pytest.raises(NotToBeGiven):
            act()
    assert "datenschutz" not in queries.roles_of(anna)[authority]
    assert queries.roles_of(ben) == {authority: {"kasse", "datenschutz"}}


def test_a_team_of_a_file_names_what_there_is(authority):
    with pytest.raises(NoSuchAuthority):
        team("amt", ["anderswo"], [], [])
    with pytest.raises(NoSuchColleague):
        team("amt", ["kranichsee"], [], ["niemand"])


def test_views_are_ones_own_or_shared_with_a_team(authority):
    anna = colleague("anna")
    ben = colleague("ben")
    cora = colleague("cora")
    team_id = team("amt", ["kranichsee"], ["kasse"], ["anna", "ben"])
    actions.keep_view(account_id=anna, name="Eilig", filters={"frist": "over"})
    actions.keep_view(account_id=anna, name="Eilig", filters={"frist": "week"})
    shared = actions.keep_view(account_id=anna, name="Amt", filters={}, team_id=team_id)
    assert [(one.name, one.filters, one.mine) for one in queries.views(anna)] == [
        ("Amt", {}, True),
        ("Eilig", {"frist": "week"}, True),
    ]
    assert [(one.id, one.team, one.mine) for one in queries.views(ben)] == [(shared, "amt", False)]
    assert queries.views(cora) == []
    with pytest.raises(NoSuchTeam):
        actions.keep_view(account_id=cora, name="Amt", filters={}, team_id=team_id)
    actions.forget_view(view_id=shared, account_id=ben)
    assert len(queries.views(ben)) == 1, "another's view is not theirs to forget"
    actions.forget_view(view_id=shared, account_id=anna)
    assert queries.views(ben) == []
    for number in range(29):
        actions.keep_view(account_id=anna, name=f"Sicht {number}", filters={})
    with pytest.raises(TooMany):
        actions.keep_view(account_id=anna, name="eine zu viel", filters={})


def test_the_roles_are_one_statement(authority, django_assert_num_queries):
    anna = colleague("anna", kranichsee="kasse")
    with django_assert_num_queries(1):
        assert queries.roles_of(anna)


IDS = st.integers(0, 3).map(lambda number: UUID(int=number))
ROLES = st.sampled_from(["kasse", "leitung", "datenschutz"])


@given(st.lists(st.tuples(IDS, IDS, ROLES), max_size=20))
def test_standing_in_never_adds_an_authority_nor_a_role_that_watches(given_roles):
    me = UUID(int=0)
    own = {(place, role) for account, place, role in given_roles if account == me}
    roles = grants.roles(me, given_roles)
    assert roles.keys() == {place for place, _ in own}
    for place, names in roles.items():
        assert {role for at, role in own if at == place} <= names
        assert "datenschutz" not in names or (place, "datenschutz") in own
        for name in names:
            assert any((at, role) == (place, name) for _, at, role in given_roles)
