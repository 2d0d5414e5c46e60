"""A decision is about the version that was read: what changed since is shown before it counts."""

import re

import pytest

import deskwork
from amending import corrected
from deskwork import Clerk
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.errors import AlreadyDecided, ApplicationChanged, ProposalChanged
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(authority, settings):
    settings.DIENSTWEG_STRICT_WORDS = True
    offers.forget()
    yield authority
    offers.forget()


@pytest.fixture
def anna(place):
    return Clerk("anna", kranichsee="sachbearbeitung")


def case(place):
    return deskwork.case(place, haustier=False)


def file(place, task_id):
    with scope.enter(scope.of(place)):
        return queries.task(task_id)


def readings(place, case_id):
    with scope.enter(scope.of(place)):
        return len(queries.readings(case_id))


def change(place, case_id, **data):
    with scope.enter(scope.of(place)):
        return corrected(case_id, **{"name": "Anna Neu", **data})


def read_version(anna, case_id):
    """Return the version that stands in the form of the page of a case."""
    form = next(
        one for one in anna.open(f"vorgaenge/{case_id}").forms
        if one["action"].endswith("/entscheiden")
    )  # fmt: skip
    return form["fields"]["fassung"][0]


def test_a_decision_on_an_older_version_is_refused_and_nothing_is_lost(anna, place):
    case_id = case(place)
    task_id = deskwork.task(place, case_id)
    read = read_version(anna, case_id)
    assert read == "1"
    change(place, case_id, remark="Nach der Heirat.")
    typed = {"ergebnis": "granted", "begruendung": "Alles liegt vor."}
    page = anna.send(f"aufgaben/{task_id}/entscheiden", fassung=read, **typed)
    assert page.status == 422 and file(place, task_id).card.state == "open"
    own = page.html[page.html.index("data-shortcut-first") : page.html.index("Vorschau ansehen")]
    for words in ("<del>Änne</del>", "<ins>Anna Neu</ins>", "Nach der Heirat.", "Alles liegt vor."):
        assert words in own, words
    assert "nachdem Sie ihn gelesen haben" in page.html
    page = anna.send(
        f"aufgaben/{task_id}/entscheiden", fassung=read_version(anna, case_id), **typed
    )
    assert page.status == 200
    assert file(place, task_id).card.state == "decided" and file(place, task_id).version == 2


def test_that_the_refusal_showed_the_case_is_in_the_log(anna, place):
    case_id = case(place)
    task_id = deskwork.task(place, case_id)
    change(place, case_id)
    assert readings(place, case_id) == 0
    anna.send(f"aufgaben/{task_id}/entscheiden", fassung="1", ergebnis="granted", begruendung="x")
    assert readings(place, case_id) == 1


def test_a_proposal_about_an_older_version_cannot_be_agreed_to(anna, place):
    leader = Clerk("leiterin", kranichsee="leitung")
    case_id = case(place)
    task_id = deskwork.task(place, case_id, approval="leitung")
    anna.send(f"aufgaben/{task_id}/entscheiden", fassung="1", ergebnis="granted", begruendung="Ja.")
    shown = next(
        one for one in leader.open(f"vorgaenge/{case_id}").forms
        if one["action"].endswith("/zustimmen")
    )["fields"]  # fmt: skip
    change(place, case_id)
    page = leader.send(
        f"aufgaben/{task_id}/zustimmen",
        vorschlag=shown["vorschlag"][0],
        fassung=shown["fassung"][0],
    )
    assert page.status == 422 and "nach diesem Vorschlag geändert" in page.html
    assert "bezieht sich auf Fassung 1" in page.html and "/zustimmen" not in page.html
    assert file(place, task_id).card.state == "proposed"
    leader.send(f"aufgaben/{task_id}/zurueckgeben", bemerkung="Der Name hat sich geändert.")
    anna.send(f"aufgaben/{task_id}/entscheiden", fassung="2", ergebnis="granted", begruendung="Ja.")
    shown = next(
        one for one in leader.open(f"vorgaenge/{case_id}").forms
        if one["action"].endswith("/zustimmen")
    )["fields"]  # fmt: skip
    page = leader.send(
        f"aufgaben/{task_id}/zustimmen",
        vorschlag=shown["vorschlag"][0],
        fassung=shown["fassung"][0],
    )
    assert page.status == 200 and file(place, task_id).card.state == "decided"


def test_a_proposal_made_again_takes_the_place_of_the_first(place):
    anna, cora = new_id(), new_id()
    task_id = deskwork.task(place, case(place), approval="leitung")
    words = {"task_id": task_id, "account_id": anna, "outcome": "granted"}
    with scope.enter(scope.of(place)):
        actions.decide(**words, reason="Liegt vor.")
        first = queries.task(task_id).card.proposed_at
        actions.decide(**words, reason="Liegt vor.")
        assert queries.task(task_id).card.proposed_at == first, "the same twice is one"
        actions.decide(**words, reason="Liegt jetzt vollständig vor.", data={"zahl": 3})
        found = queries.task(task_id)
        assert (found.reason, found.data) == ("Liegt jetzt vollständig vor.", {"zahl": 3})
        with pytest.raises(ProposalChanged):
            actions.agree(task_id=task_id, account_id=cora, proposed_at=first)
        with pytest.raises(AlreadyDecided):
            actions.decide(task_id=task_id, account_id=cora, outcome="granted", reason="x")
        actions.agree(task_id=task_id, account_id=cora)
        with pytest.raises(AlreadyDecided):
            actions.decide(**words, reason="Noch etwas.")
        assert queries.task(task_id).reason == "Liegt jetzt vollständig vor."


def test_what_was_written_for_a_decided_task_is_shown_again(anna, place):
    case_id = case(place)
    task_id = deskwork.task(place, case_id)
    ben = Clerk("ben", kranichsee="sachbearbeitung")
    own = {"fassung": "1", "ergebnis": "granted", "begruendung": "Von Ben."}
    ben.send(f"aufgaben/{task_id}/entscheiden", **own)
    page = anna.send(
        f"aufgaben/{task_id}/entscheiden", ergebnis="refused", begruendung="Lange überlegt."
    )
    assert page.status == 422 and "Das hatten Sie geschrieben" in page.html
    assert "Lange überlegt." in page.html and "Von Ben." in page.html
    assert file(place, task_id).reason == "Von Ben."


def test_without_a_page_nobody_says_which_version_was_read(place):
    case_id = case(place)
    task_id = deskwork.task(place, case_id)
    change(place, case_id)
    words = {"task_id": task_id, "account_id": new_id(), "outcome": "granted", "reason": "x"}
    with scope.enter(scope.of(place)):
        with pytest.raises(ApplicationChanged):
            actions.decide(**words, version=1)
        with pytest.raises(ApplicationChanged):
            actions.decide(**words, version=3)
        actions.decide(**words)
        assert queries.task(task_id).version == 0


def many(anna, place):
    """Return two tasks, what the preview of both shows as read, and the first one's case."""
    cases_of = [case(place), case(place)]
    ids = [deskwork.task(place, one) for one in cases_of]
    page = anna.send("auswahl", tun="entscheiden", aufgabe=[str(one) for one in ids])
    return ids, shown_as_read(page), cases_of[0]


def shown_as_read(page):
    """Return what the form of a preview says was read."""
    return re.findall(r'name="gelesen" value="([^"]*)"', page.html)


DECIDED = {"tun": "entscheiden", "ergebnis": "granted", "begruendung": "Alles liegt vor."}


def test_of_many_what_was_corrected_meanwhile_is_left_out_and_named(anna, place):
    ids, shown, case_id = many(anna, place)
    assert sorted(shown) == sorted(f"{one}:1" for one in ids)
    change(place, case_id)
    page = anna.send(
        "auswahl/ausfuehren", **DECIDED, aufgabe=[str(one) for one in ids], gelesen=shown
    )
    files = [file(place, one) for one in ids]
    assert [one.card.state for one in files] == ["open", "decided"]
    assert files[1].version == 1
    left = page.html[page.html.index("Nicht erledigt") :]
    assert files[0].card.number in left and files[1].card.number not in left
    assert "Der Antrag wurde inzwischen geändert." in left


def test_what_was_shown_stays_what_was_read_when_something_is_missing(anna, place):
    ids, shown, case_id = many(anna, place)
    change(place, case_id)
    own = {**DECIDED, "aufgabe": [str(one) for one in ids], "gelesen": shown}
    page = anna.send("auswahl/ausfuehren", **{**own, "begruendung": ""})
    assert page.status == 422
    assert sorted(shown_as_read(page)) == sorted(shown)


@pytest.mark.parametrize("read", [[], ["x"], ["{}"], ["{}:0"], ["{}:2"], ["{}:²"], ["{}:1:1"]])
def test_of_many_nothing_is_decided_that_was_not_shown(anna, place, read):
    task_id = deskwork.task(place, case(place))
    given = [one.format(task_id) for one in read]
    anna.send("auswahl/ausfuehren", **DECIDED, aufgabe=[str(task_id)], gelesen=given)
    assert file(place, task_id).card.state == "open"


@pytest.mark.parametrize("read", [{}, {"fassung": ""}, {"fassung": "x"}, {"fassung": "0"}])
def test_who_says_not_what_was_read_decides_and_agrees_to_nothing(anna, place, read):
    leader = Clerk("leiterin", kranichsee="leitung")
    task_id = deskwork.task(place, case(place), approval="leitung")
    typed = {"ergebnis": "granted", "begruendung": "Passt."}
    page = anna.send(f"aufgaben/{task_id}/entscheiden", **typed, **read)
    assert page.status == 422 and "Passt." in page.html
    assert file(place, task_id).card.state == "open"
    anna.send(f"aufgaben/{task_id}/entscheiden", **typed, fassung="1")
    stands = file(place, task_id).card.proposed_at.isoformat()
    assert leader.send(f"aufgaben/{task_id}/zustimmen", vorschlag=stands, **read).status == 422
    assert file(place, task_id).card.state == "proposed"
