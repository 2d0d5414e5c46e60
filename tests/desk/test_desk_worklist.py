"""The work list in a browser: lists, filters, views, the next task, many tasks at once."""

from datetime import timedelta

import pytest

from deskwork import Clerk, case, task
from dienstweg.accounts import actions as accounts
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.events import queries as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.reception import acts
from staffing import team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def strict(settings):
    settings.DIENSTWEG_STRICT_WORDS = True


@pytest.fixture
def anna(authority):
    return Clerk("anna", kranichsee="sachbearbeitung")


def number(place, task_id):
    with scope.enter(scope.of(place)):
        return queries.task(task_id).card.number


def card(place, task_id):
    with scope.enter(scope.of(place)):
        return queries.task(task_id).card


def test_the_lists_say_what_is_whose(anna, authority):
    ben = Clerk("ben", kranichsee="sachbearbeitung")
    free, mine, bens = (task(authority) for _ in range(3))
    anna.send(f"aufgaben/{mine}/zuteilen", an=str(anna.id))
    ben.send(f"aufgaben/{bens}/zuteilen", an=str(ben.id))
    for name, expected in (
        ("team", {free, mine, bens}), ("meine", {mine}), ("frei", {free}), ("freigabe", set()),
    ):  # fmt: skip
        page = anna.open(liste=name)
        for one in (free, mine, bens):
            assert (number(authority, one) in page.html) == (one in expected), name
        assert f"({len(expected)})</a>" in page.html
    assert "Zurzeit wartet kein Vorschlag" in anna.open(liste="freigabe").html
    assert "In einer anderen Liste wartet etwas:" in anna.open(liste="freigabe").html
    assert ">ben<" in anna.open().html


def test_only_who_has_nothing_anywhere_is_told_that_all_is_done(anna, authority):
    page = anna.open()
    assert "Alles erledigt" in page.html
    assert "In einer anderen Liste" not in page.html
    task(authority, approval="leitung")
    assert "Alles erledigt" not in anna.open(liste="meine").html


def test_filters_narrow_the_list_and_can_be_taken_away(anna, authority):
    late = task(authority, due=clock.now() - DAY)
    other = task(authority)
    page = anna.open(frist="ueberfaellig")
    assert number(authority, late) in page.html
    assert number(authority, other) not in page.html
    page = anna.open(leistung="hausbewohner", stand="offen", behoerde="kranichsee", rolle="x")
    assert "Zu diesen Filtern gibt es keine Aufgabe." in page.html
    assert "Ohne Filter" in page.html


def test_a_view_is_kept_shown_shared_and_forgotten(anna, authority):
    task(authority)
    ben = Clerk("ben")
    team_id = team("amt", ["kranichsee"], ["sachbearbeitung"], ["anna", "ben"])
    assert 'name="name"' in anna.open(frist="ueberfaellig", ansicht="").html
    anna.send("ansichten", name="  Eilt   sehr ", frist="ueberfaellig", team=str(team_id))
    page = ben.open()
    assert "Eilt sehr" in page.html and "für amt" in page.html
    assert "?frist=ueberfaellig" in " ".join(page.links)
    (view,) = [one for one in anna.open().forms if "/entfernen" in one["action"]]
    ben.send(view["action"].removeprefix("/arbeitsplatz/"))
    assert "Eilt sehr" in anna.open().html, "it is not his"
    anna.send(view["action"].removeprefix("/arbeitsplatz/"))
    assert "Eilt sehr" not in anna.open().html
    assert anna.send("ansichten", name="X", team=str(new_id())).status == 404
    assert anna.send("ansichten", name="X", team="keins").status == 404
    assert anna.send("ansichten", name="").status == 200


def test_the_next_task_is_ones_own_first_then_the_most_urgent(anna, authority):
    assert anna.open("naechste").url == "/arbeitsplatz/"
    task(authority)
    soon = task(authority, due=clock.now() + DAY)
    own = task(authority)
    anna.send(f"aufgaben/{own}/zuteilen", an=str(anna.id))
    cases = {one: card(authority, one).case_id for one in (soon, own)}
    assert anna.open("naechste").url.endswith(str(cases[own]))
    assert anna.open("naechste", nach=str(cases[own])).url.endswith(str(cases[soon]))


def test_a_deputy_is_told_and_has_the_others_tasks_among_theirs(anna, authority):
    dora = Clerk("dora", kranichsee="kasse")
    own = task(authority)
    anna.send(f"aufgaben/{own}/zuteilen", an=str(anna.id))
    assert number(authority, own) not in dora.open(liste="meine").html
    today = clock.today().isoformat()
    anna.send("abwesenheit", von=today, bis=today, vertretung=str(dora.id))
    page = dora.open(liste="meine")
    assert "Sie vertreten zurzeit:" in page.html and number(authority, own) in page.html
    assert (
        dora.send(
            f"aufgaben/{own}/entscheiden", fassung="1", ergebnis="granted", begruendung="x"
        ).status
        == 200
    )
    assert card(authority, own).state == "decided"


@pytest.mark.usefixtures("remembering")
def test_a_page_of_the_list_is_few_statements(anna, authority, django_assert_max_num_queries):
    for _ in range(3):
        task(authority)
    anna.open()
    with django_assert_max_num_queries(8):
        anna.open()


def chosen(*ids):
    return [str(one) for one in ids]


def test_many_are_claimed_with_a_preview_that_says_what_is_left_out(anna, authority):
    ben = Clerk("ben", kranichsee="sachbearbeitung")
    free, bens, other = task(authority), task(authority), task(authority, role="kasse")
    ben.send(f"aufgaben/{bens}/zuteilen", an=str(ben.id))
    page = anna.send("auswahl", tun="uebernehmen", aufgabe=chosen(free, bens, other))
    assert "Diese Aufgabe übernehmen Sie:" in page.html
    assert "Darum kümmert sich schon jemand anderes." in page.html
    assert "Dafür ist eine andere Rolle zuständig." in page.html
    assert card(authority, free).assignee is None, "a preview changes nothing"
    page = anna.send("auswahl/ausfuehren", tun="uebernehmen", aufgabe=chosen(free, bens, other))
    assert "Übernommen" in page.html and "Nicht erledigt" in page.html
    assert [card(authority, one).assignee for one in (free, bens, other)] == [anna.id, ben.id, None]
    page = anna.send("auswahl/ausfuehren", tun="abgeben", aufgabe=chosen(free))
    assert card(authority, free).assignee is None


def test_many_are_given_to_a_colleague(anna, authority):
    ben = Clerk("ben", kranichsee="sachbearbeitung")
    kim = Clerk("kim", kranichsee="kasse")
    ids = [task(authority), task(authority, role="kasse")]
    page = anna.send("auswahl", tun="zuweisen", aufgabe=chosen(*ids))
    assert "Wer soll sich kümmern?" in page.html and "kim" in page.html
    page = anna.send("auswahl", tun="zuweisen", an=str(ben.id), aufgabe=chosen(*ids))
    assert "Diese Aufgabe bekommt:" in page.html and "Nicht dabei" in page.html
    page = anna.send("auswahl/ausfuehren", tun="zuweisen", aufgabe=chosen(*ids))
    assert page.status == 422 and "Bitte wählen Sie aus, wer" in page.html
    anna.send("auswahl/ausfuehren", tun="zuweisen", an=str(ben.id), aufgabe=chosen(*ids))
    assert [card(authority, one).assignee for one in ids] == [ben.id, None]
    stranger = new_id()
    page = anna.send("auswahl/ausfuehren", tun="zuweisen", an=str(stranger), aufgabe=chosen(*ids))
    assert page.status == 422
    assert kim.send("auswahl/ausfuehren", tun="uebernehmen", aufgabe=chosen(ids[1])).status == 200
    assert card(authority, ids[1]).assignee == kim.id


def decide(clerk, ids, key=None, **more):
    fields = {"tun": "entscheiden", "ergebnis": "granted", "begruendung": "Alles liegt vor."}
    read = [f"{one}:1" for one in ids]
    given = {**fields, "gelesen": read, **more, "aufgabe": chosen(*ids)}
    if key:
        given[acts.FIELD] = key
    return clerk.send("auswahl/ausfuehren", **given)


def test_many_are_decided_alike_each_for_itself_and_once(anna, authority):
    like = [task(authority), task(authority)]
    other = task(authority, task="nachsehen", outcomes=["done"])
    form = task(authority, form=["bedenken"])
    page = anna.send("auswahl", tun="entscheiden", aufgabe=chosen(*like, other, form))
    assert "Diese 2 Aufgaben werden gleich entschieden:" in page.html
    assert "Das ist eine andere Aufgabe." in page.html
    assert "Hier sind weitere Angaben nötig." in page.html
    for missing, words in (({"ergebnis": "nein"}, "Ergebnis"), ({"begruendung": " "}, "begründen")):
        page = decide(anna, like, **missing)
        assert page.status == 422 and words in page.html
    assert decide(anna, like, begruendung="x" * 5001).status == 422
    key = acts.new_key()
    page = decide(anna, [*like, other, form], key)
    assert "Entschieden" in page.html
    states = [card(authority, one).state for one in (*like, other, form)]
    assert states == ["decided", "decided", "open", "open"]
    page = anna.send("auswahl/ausfuehren", tun="zuruecknehmen", aufgabe=chosen(*like))
    assert [card(authority, one).state for one in like] == ["open", "open"]
    decide(anna, like, key)
    assert [card(authority, one).state for one in like] == ["open", "open"], "the same key again"
    decide(anna, like)
    assert [card(authority, one).state for one in like] == ["decided", "decided"]
    with scope.enter(scope.of(authority)):
        due = [events.due_at(job="cases.settle_task", object_id=one) for one in like]
    assert all(due)


def test_what_needs_a_second_person_is_proposed_alike(anna, authority):
    like = [task(authority, approval="leitung"), task(authority, approval="leitung")]
    decide(anna, like)
    assert [card(authority, one).state for one in like] == ["proposed", "proposed"]


def test_a_choice_that_makes_no_sense_does_no_harm(anna, authority):
    task_id = task(authority)
    assert anna.send("auswahl", tun="uebernehmen").url == "/arbeitsplatz/"
    assert anna.send("auswahl", tun="loeschen", aufgabe=chosen(task_id)).status == 400
    assert anna.send("auswahl", aufgabe=["x", "'", str(new_id())]).url == "/arbeitsplatz/"
    for key in ("", "x" * 65):
        fields = {"tun": "uebernehmen", "aufgabe": chosen(task_id), acts.FIELD: key}
        assert anna.send("auswahl/ausfuehren", **fields).status == 400
    assert card(authority, task_id).assignee is None


def test_nobody_touches_what_is_another_authoritys(anna, authority, other_authority):
    theirs = task(other_authority)
    for tun in ("uebernehmen", "zuweisen", "entscheiden", "zuruecknehmen"):
        page = anna.send("auswahl/ausfuehren", tun=tun, an=str(anna.id), aufgabe=chosen(theirs),
                         ergebnis="granted", begruendung="x")  # fmt: skip
        assert "MOO-" not in page.html
    for path in ("zuteilen", "zustimmen", "zurueckgeben", "entscheiden", "zuruecknehmen"):
        assert anna.send(f"aufgaben/{theirs}/{path}", an=str(anna.id)).status == 404
    assert (card(other_authority, theirs).state, card(other_authority, theirs).assignee) == (
        "open",
        None,
    )
    assert number(other_authority, theirs) not in anna.open().html
    assert anna.open(behoerde="moorwald").status == 200


def test_who_has_left_or_has_another_role_touches_nothing(anna, authority):
    kim = Clerk("kim", kranichsee="kasse")
    gone = Clerk("gone")
    team_id = team("amt", ["kranichsee"], ["sachbearbeitung"], ["gone"], leaders=["anna"])
    task_id = task(authority)
    assert gone.open().status == 200
    accounts.remove_member(team_id=team_id, member_id=gone.id, account_id=anna.id)
    assert gone.open().status == 403
    assert gone.send(f"aufgaben/{task_id}/zuteilen", an=str(gone.id)).status == 403
    for path in ("zuteilen", "zustimmen", "zurueckgeben", "entscheiden"):
        assert kim.send(f"aufgaben/{task_id}/{path}", an=str(kim.id)).status == 404
    kim.send("auswahl/ausfuehren", tun="uebernehmen", aufgabe=chosen(task_id))
    assert card(authority, task_id).assignee is None


def test_two_people_agree_on_the_page_of_the_case(anna, authority):
    leader = Clerk("leiterin", kranichsee="leitung")
    kim = Clerk("kim", kranichsee="kasse")
    task_id = task(authority, approval="leitung")
    case_id = card(authority, task_id).case_id
    page = anna.open(f"vorgaenge/{case_id}")
    assert "Eine zweite Person muss der Entscheidung zustimmen." in page.html
    anna.send(
        f"aufgaben/{task_id}/entscheiden", fassung="1", ergebnis="granted", begruendung="Passt."
    )
    page = anna.open(f"vorgaenge/{case_id}")
    assert "Ihr Vorschlag wartet" in page.html and "zustimmen" not in " ".join(
        one["action"] for one in page.forms
    )
    assert anna.send(f"aufgaben/{task_id}/zustimmen").status == 404, "not her role"
    assert kim.send(f"aufgaben/{task_id}/zustimmen").status == 404
    assert "(1)" in leader.open(liste="freigabe").html
    page = leader.open(f"vorgaenge/{case_id}")
    assert "Passt." in page.html and "anna hat am" in page.html
    page = leader.send(f"aufgaben/{task_id}/zurueckgeben", bemerkung=" ")
    assert page.status == 422 and "Bitte schreiben Sie, was zu ändern ist." in page.html
    leader.send(f"aufgaben/{task_id}/zurueckgeben", bemerkung="Bitte genauer.")
    assert "Bitte genauer." in anna.open(f"vorgaenge/{case_id}").html
    anna.send(
        f"aufgaben/{task_id}/entscheiden",
        fassung="1",
        ergebnis="granted",
        begruendung="Passt genau.",
    )
    page = leader.open(f"vorgaenge/{case_id}")
    leader.send(f"aufgaben/{task_id}/zustimmen", vorschlag=read(page), fassung="1")
    assert card(authority, task_id).state == "decided"
    leader.send(f"aufgaben/{task_id}/zuruecknehmen")
    assert card(authority, task_id).state == "proposed"


def read(page):
    """Return which proposal stands on the page of a case."""
    return page.form("zustimmen")["fields"]["vorschlag"][0]


def test_what_was_exchanged_behind_somebodys_back_is_not_agreed_to(anna, authority):
    leader = Clerk("leiterin", kranichsee="leitung")
    task_id = task(authority, approval="leitung")
    path = f"vorgaenge/{card(authority, task_id).case_id}"
    anna.send(
        f"aufgaben/{task_id}/entscheiden", fassung="1", ergebnis="refused", begruendung="Fehlt."
    )
    seen = read(leader.open(path))
    anna.send(f"aufgaben/{task_id}/zuruecknehmen")
    anna.send(
        f"aufgaben/{task_id}/entscheiden", fassung="1", ergebnis="granted", begruendung="Passt."
    )
    for wrong in (seen, "", "gestern", "2026-11-22T10:00:00+09:00"):
        page = leader.send(f"aufgaben/{task_id}/zustimmen", vorschlag=wrong, fassung="1")
        assert page.status == 422 and "Vorschlag hat sich inzwischen geändert" in page.html
        assert card(authority, task_id).state == "proposed"
    leader.send(f"aufgaben/{task_id}/zustimmen", vorschlag=read(page), fassung="1")
    assert card(authority, task_id).state == "decided"


def test_nobody_is_both_persons(authority):
    both = Clerk("beides", kranichsee="sachbearbeitung")
    team("amt", ["kranichsee"], ["leitung"], ["beides"])
    task_id = task(authority, approval="leitung")
    both.send(
        f"aufgaben/{task_id}/entscheiden", fassung="1", ergebnis="granted", begruendung="Passt."
    )
    stands = card(authority, task_id).proposed_at.isoformat()
    page = both.send(f"aufgaben/{task_id}/zustimmen", vorschlag=stands, fassung="1")
    assert page.status == 422 and "eigenen Vorschlag" in page.html
    assert card(authority, task_id).state == "proposed"


def test_a_task_is_given_and_taken_on_the_page_of_the_case(anna, authority):
    ben = Clerk("ben", kranichsee="sachbearbeitung")
    task_id = task(authority)
    path = f"vorgaenge/{card(authority, task_id).case_id}"
    assert "Noch kümmert sich niemand" in anna.open(path).html
    anna.send(f"aufgaben/{task_id}/zuteilen", an=str(ben.id))
    assert "ben kümmert sich um diese Aufgabe." in anna.open(path).html
    page = anna.send(f"aufgaben/{task_id}/zuteilen", an=str(anna.id))
    assert page.status == 422 and "inzwischen jemand anderes" in page.html
    anna.send(f"aufgaben/{task_id}/zuteilen", an=str(anna.id), statt=str(ben.id))
    assert "Sie kümmern sich um diese Aufgabe." in anna.open(path).html
    anna.send(f"aufgaben/{task_id}/zuteilen", an="")
    assert card(authority, task_id).assignee is None
    assert anna.send(f"aufgaben/{task_id}/zuteilen", an="jemand").status == 404


def test_a_case_is_found_by_what_is_in_it(anna, authority, other_authority):
    own = case(authority, name="Ødegård")
    case(other_authority, name="Ødegård")
    with scope.enter(scope.of(authority)):
        found = queries.case(own).number
    page = anna.open("vorgaenge", suche="odegard")
    assert "Ein Vorgang gefunden" in page.html and found in page.html
    assert anna.open("vorgaenge", suche=found.lower()).url.endswith(str(own))
    assert anna.open("vorgaenge", nummer=found).url.endswith(str(own)), "an address of before"
    assert "Nichts gefunden" in anna.open("vorgaenge", suche="Nirgendwer").html
    assert "mindestens drei Buchstaben" in anna.open("vorgaenge", suche="a").html
    tomorrow = (clock.today() + DAY).isoformat()
    assert found not in anna.open("vorgaenge", von=tomorrow).html
    assert found in anna.open("vorgaenge", bis="31.12.2099", von="morgen", stand="egal").html
    with scope.enter(scope.of(authority)):
        actions.close(case_id=own, outcome="granted")
    assert found in anna.open("vorgaenge", stand="abgeschlossen", behoerde="kranichsee").html
    assert found not in anna.open("vorgaenge", stand="offen").html
