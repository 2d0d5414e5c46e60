"""Teams, absences and the log of readings at the desk: who may see and change what."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import dienstweg
from deskwork import Clerk, case
from dienstweg.accounts import actions as accounts
from dienstweg.accounts import queries as people
from dienstweg.accounts.models import Absence, Account
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.models import Look
from dienstweg.desk.views import log
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from staffing import team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def strict(settings):
    settings.DIENSTWEG_STRICT_WORDS = True


@pytest.fixture
def ben(authority):
    return Clerk("ben", kranichsee="sachbearbeitung")


@pytest.fixture
def leader(authority):
    return Clerk("leiterin", kranichsee="leitung")


@pytest.fixture
def bauamt(ben):
    return team("bauamt", ["kranichsee"], ["sachbearbeitung"], ["ben"])


def test_who_leads_the_authority_looks_after_its_teams(leader, ben, bauamt, authority):
    page = leader.open("teams")
    assert "bauamt" in page.html and "Neues Team" in page.html
    Clerk("kim", kranichsee="kasse")
    assert "kim" in leader.send(f"teams/{bauamt}/aufnehmen", email="kim@example.org").html
    leader.send(f"teams/{bauamt}/mitglieder/{ben.id}", tun="leitet")
    assert "leitung" in people.roles_of(ben.id)[authority]
    page = leader.send(f"teams/{bauamt}/mitglieder/{ben.id}", tun="leitet-nicht")
    assert page.status == 422 and "Ein Team braucht eine Leitung." in page.html
    kim = people.members(bauamt)[1].account_id
    leader.send(f"teams/{bauamt}/mitglieder/{kim}", tun="entfernen")
    assert [one.name for one in people.members(bauamt)] == ["ben"]
    page = leader.send(f"teams/{bauamt}/aufnehmen", email="fremd@example.org")
    assert page.status == 422 and "fremd@example.org" in page.html
    assert leader.send(f"teams/{bauamt}/mitglieder/{kim}", tun="alles").status == 400


def test_a_member_sees_the_team_and_changes_nothing(ben, bauamt):
    page = ben.open(f"teams/{bauamt}")
    assert "Mitglieder" in page.html and "aufnehmen" not in page.html
    before = people.members(bauamt), people.team(bauamt)
    for path, fields in (
        (f"teams/{bauamt}/aufnehmen", {"email": "ben@example.org"}),
        (f"teams/{bauamt}/mitglieder/{ben.id}", {"tun": "leitet"}),
        (f"teams/{bauamt}/aendern", {"name": "x", "rolle": "leitung"}),
    ):
        assert ben.send(path, **fields).status in {404, 422}
    assert ben.open("teams/neu").status == ben.send("teams/neu", name="x").status == 403
    assert (people.members(bauamt), people.team(bauamt)) == before


def test_nobody_sees_or_changes_the_teams_of_another_authority(bauamt, other_authority):
    stranger = Clerk("carla", moorwald="leitung")
    assert "bauamt" not in stranger.open("teams").html
    for path in ("", "/aufnehmen", "/aendern", f"/mitglieder/{new_id()}"):
        fields = {"name": "x", "behoerde": str(other_authority), "tun": "leitet"}
        page = stranger.send(f"teams/{bauamt}{path}", **fields) if path else stranger.open(
            f"teams/{bauamt}"
        )  # fmt: skip
        assert page.status == 404, path
    assert stranger.open(f"teams/{new_id()}").status == 404


def test_a_shared_team_is_changed_only_by_who_leads_at_all_its_authorities(
    leader, authority, other_authority
):
    Clerk("ben", kranichsee="sachbearbeitung")
    shared = team("kreis", ["kranichsee", "moorwald"], ["sachbearbeitung"], ["ben"])
    assert leader.send(f"teams/{shared}/aufnehmen", email="ben@example.org").status == 404
    both = Clerk("beide", kranichsee="leitung", moorwald="leitung")
    both.send(
        f"teams/{shared}/aendern", name="Kreis", behoerde=str(authority), rolle="sachbearbeitung"
    )
    card = people.team(shared)
    assert (card.name, card.authority_ids) == ("Kreis", {authority})


def test_a_team_is_made_for_ones_own_authorities_with_known_roles(
    leader, ben, authority, other_authority
):
    for fields, words in (
        ({"behoerde": str(authority)}, "Bitte geben Sie dem Team einen Namen."),
        ({"name": "Neu"}, "mindestens eine Behörde"),
        ({"name": "Neu", "behoerde": str(other_authority)}, "mindestens eine Behörde"),
        ({"name": "Neu", "behoerde": "x"}, "mindestens eine Behörde"),
    ):
        page = leader.send("teams/neu", **fields)
        assert page.status == 422 and words in page.html
    roles = ["sachbearbeitung", "datenschutz", "leitung", "erfunden"]
    page = leader.send("teams/neu", name="Neu", behoerde=str(authority), rolle=roles)
    assert "Neu" in page.html
    (card,) = people.teams_of(leader.id)
    assert (card.roles, card.authority_ids) == (("sachbearbeitung",), {authority})


def absence(person):
    return Absence.objects.get(account_id=person.id)


def test_somebody_says_that_they_are_away_and_back(ben, leader):
    today = clock.today()
    page = ben.send("abwesenheit", von=today.isoformat(), vertretung=str(leader.id))
    assert "bis auf Weiteres" in page.html and "Vertretung: leiterin" in page.html
    assert "ben" in leader.open("teams").html
    ben.send(f"abwesenheit/{absence(ben).id}/beenden")
    assert not Absence.objects.exists()


def test_an_absence_that_makes_no_sense_is_asked_again(ben, other_authority):
    stranger = Clerk("carla", moorwald="leitung")
    today = clock.today()
    for fields, words in (
        ({"von": ""}, "prüfen Sie die Tage"),
        ({"von": "31.2.2027"}, "prüfen Sie die Tage"),
        ({"von": str(today), "bis": "bald"}, "prüfen Sie die Tage"),
        ({"von": str(today), "bis": str(today - DAY)}, "prüfen Sie die Tage"),
        ({"von": str(today), "vertretung": "x"}, "kann nicht vertreten"),
        ({"von": str(today), "vertretung": str(stranger.id)}, "kann nicht vertreten"),
        ({"von": str(today), "vertretung": str(ben.id)}, "kann nicht vertreten"),
    ):
        page = ben.send("abwesenheit", **fields)
        assert page.status == 422 and words in page.html, fields
    assert not Absence.objects.exists()


def test_who_leads_says_it_for_their_people_and_nobody_else_does(ben, leader, other_authority):
    kim = Clerk("kim", kranichsee="kasse")
    stranger = Clerk("carla", moorwald="leitung")
    today = clock.today().isoformat()
    for clerk in (kim, stranger):
        assert clerk.open("abwesenheit", wer=str(ben.id)).status == 404
        assert clerk.send("abwesenheit", wer=str(ben.id), von=today).status == 404
    leader.send("abwesenheit", wer=str(ben.id), von=today, vertretung=str(kim.id))
    own = absence(ben)
    assert own.made_by == leader.id
    for clerk in (kim, stranger):
        assert clerk.send(f"abwesenheit/{own.id}/beenden", wer=str(ben.id)).status == 404
        clerk.send(f"abwesenheit/{own.id}/beenden")
    assert Absence.objects.exists()
    leader.send(f"abwesenheit/{own.id}/beenden", wer=str(ben.id))
    assert not Absence.objects.exists()


def test_who_leads_here_gives_nobody_the_roles_of_another_authority(
    ben, leader, authority, other_authority
):
    kim = Clerk("kim", kranichsee="kasse", moorwald="leitung")
    Clerk("leiterin", moorwald="sachbearbeitung")
    today = clock.today().isoformat()
    for deputy in (leader, ben):
        page = leader.send("abwesenheit", wer=str(kim.id), von=today, vertretung=str(deputy.id))
        assert (page.status == 422) == (deputy is leader)
    assert absence(kim).deputy_id == ben.id
    assert people.roles_of(leader.id)[other_authority] == {"sachbearbeitung"}


@pytest.fixture
def officer(authority):
    return Clerk("dsb", kranichsee="datenschutz")


def read(place, clerk):
    own = case(place)
    clerk.open(f"vorgaenge/{own}")
    with scope.enter(scope.of(place)):
        return queries.case(own).number


def test_the_officer_reads_the_log_and_that_is_logged(officer, ben, leader, authority):
    first, second = read(authority, ben), read(authority, leader)
    html = officer.open("zugriffe").html
    assert html.index(second) < html.index(first), "the newest first"
    assert "bearbeiten" in html and ">ben<" in html
    html = officer.open("zugriffe", nummer=first.lower()).html
    assert first in html and second not in html.split("<section")[0]
    assert second not in officer.open("zugriffe", person=str(ben.id)).html
    tomorrow = (clock.today() + DAY).isoformat()
    assert "Dazu gibt es keinen Zugriff." in officer.open("zugriffe", von=tomorrow).html
    assert first in officer.open("zugriffe", von=str(clock.today()), bis=str(clock.today())).html
    page = officer.open("zugriffe", nummer="KRA-0000-0000-000")
    assert "gibt es hier nicht" in page.html and "dsb · ein Vorgang" in page.html
    with scope.enter(scope.of(authority)):
        looks = list(Look.objects.order_by("at", "id"))
        assert [one.account_id for one in looks] == [officer.id] * 5, "a lost number is no look"
        assert (looks[1].case_id is not None, looks[2].person) == (True, ben.id)


def test_the_log_is_for_the_officer_alone_and_of_their_authorities(
    officer, ben, leader, authority, other_authority
):
    carl = Clerk("carl", moorwald="sachbearbeitung")
    theirs = read(other_authority, carl)
    read(authority, ben)
    for clerk in (ben, leader, carl):
        assert clerk.open("zugriffe").status == clerk.open("zugriffe.csv").status == 403
        assert "/zugriffe" not in " ".join(clerk.open().links)
    assert "/zugriffe" in " ".join(officer.open().links)
    assert theirs not in officer.open("zugriffe").html
    assert "<tbody" not in officer.open("zugriffe", nummer=theirs).html
    both = Clerk("mehr", kranichsee="datenschutz", moorwald="sachbearbeitung")
    assert theirs not in both.open("zugriffe").html, "at the other authority they are a clerk"
    assert officer.open("zugriffe.csv", nummer=theirs).status == 404


def test_the_log_is_read_page_by_page(officer, ben, authority):
    own = case(authority)
    for _ in range(3):
        ben.open(f"vorgaenge/{own}")
    with scope.enter(scope.of(authority)):
        first = actions.read_log(account_id=officer.id, limit=2)
        rest = actions.read_log(account_id=officer.id, limit=2, before=(first[-1].at, first[-1].id))
    assert len(first) == 2 and len(rest) == 1
    assert len({one.id for one in (*first, *rest)}) == 3
    own = str(new_id())
    for odd in ({"vor": "x"}, {"vor": own, "vorzeit": "gestern"},
                {"vor": own, "vorzeit": "2026-11-22T00:00:00+23:00"}):  # fmt: skip
        assert officer.open("zugriffe", **odd).status == 200


def test_the_file_has_the_same_lines_and_no_formulas(officer, authority):
    formel = Clerk("=SUMME", kranichsee="sachbearbeitung")
    Account.objects.filter(id=formel.id).update(display_name="=1+1")
    number = read(authority, formel)
    answer = officer.client.get("/arbeitsplatz/zugriffe.csv", {"person": str(formel.id)})
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    head, line = answer.content.decode("utf-8-sig").splitlines()
    assert head == "Zeit;Person;Vorgang;Behörde;Wozu"
    assert line.split(";")[1:3] == ["'=1+1", number]
    with scope.enter(scope.of(authority)):
        assert Look.objects.get().exported


def test_who_stands_in_does_not_watch_over_others(officer, ben, authority):
    today = clock.today()
    accounts.be_away(
        account_id=officer.id, begins=today, ends=today, deputy_id=ben.id, made_by=officer.id
    )
    assert ben.open("zugriffe").status == 403


def test_every_purpose_for_which_the_desk_reads_has_words():
    folder = Path(dienstweg.__file__).parent / "desk"
    texts = [one.read_text(encoding="utf-8") for one in folder.rglob("*.py")]
    named = {
        purpose
        for text in texts
        for call in re.findall(r"open_for\(([^()]*)\)", text)
        for purpose in re.findall(r'purpose="(\w+)"', call)
    }
    assert named and named <= log.PURPOSES


def test_a_look_into_the_log_of_several_authorities_is_told_once(authority, other_authority, ben):
    officer = Clerk("beide", kranichsee="datenschutz", moorwald="datenschutz")
    number = read(authority, ben)
    officer.open("zugriffe")
    page = officer.open("zugriffe", nummer=number)
    assert page.html.count(" · beide") == 2
    with scope.enter(scope.of(other_authority)):
        assert Look.objects.get().case_id is None, "that case is none of its business"
