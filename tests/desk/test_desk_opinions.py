"""Several bodies are asked at once, one decides with what they said, and somebody objects."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import opinion_blueprint
from deskwork import Clerk
from dienstweg.authorities import scope
from dienstweg.blueprint import items, process
from dienstweg.blueprint.check import check
from dienstweg.blueprint.problems import errors
from dienstweg.cases import queries
from dienstweg.cases.models import Case
from dienstweg.desk import tasknames
from dienstweg.events import queries as events
from dienstweg.events.job import known_jobs
from dienstweg.kernel import clock
from dienstweg.offers import actions as offers
from dienstweg.offers.models import Offer
from dienstweg.processes import actions as processes
from seeding import given_draft, submit
from working import live_through

FIRE, WATER = "Brandschutzdienststelle", "Untere Wasserbehörde"
ROOMS = ("cases", "processes")


@pytest.fixture
def clerk(authority, settings):
    settings.DIENSTWEG_STRICT_WORDS = True
    return Clerk("anna", kranichsee="sachbearbeitung")


@pytest.fixture
def case_id(authority):
    known_jobs()
    with scope.enter(scope.of(authority)):
        offer_id = offers.go_live(archive=opinion_blueprint.packed(), settings={})
        own = submit(given_draft(offer_id), name="Änne").case_id
        Case.objects.filter(id=own).update(digest=Offer.objects.get(id=offer_id).digest)
        processes.go_on(case_id=own, event=process.Submitted())
    return own


def tasks(authority: UUID, case_id: UUID) -> dict[str, queries.TaskFile]:
    """Return the tasks of the case by key."""
    with scope.enter(scope.of(authority)):
        return {one.card.key: one for one in queries.tasks(case_id, key=queries.key(case_id))}


def decide(clerk, authority, case_id, key, outcome, reason="", **more):
    task_id = tasks(authority, case_id)[key].card.id
    return clerk.send(
        f"aufgaben/{task_id}/entscheiden",
        fassung="1",
        ergebnis=outcome,
        begruendung=reason,
        **more,
    )


def settle(authority):
    with scope.enter(scope.of(authority)):
        live_through(timedelta(minutes=3), *ROOMS)


def to_objection(clerk, authority, case_id):
    """Lead the case to where its process waits for an objection."""
    for key in ("stellungnahme@0", "stellungnahme@1"):
        decide(clerk, authority, case_id, key, "gut")
    settle(authority)
    decide(clerk, authority, case_id, "pruefen", "granted")
    settle(authority)


def object_to(clerk, case_id, **typed):
    today = clock.today().isoformat()
    return clerk.send(
        f"vorgaenge/{case_id}/eingang", **{"eingang": "widerspruch", "eingang_am": today, **typed}
    )


def test_the_blueprint_of_these_tests_is_sound():
    assert not errors(check(opinion_blueprint.files(), cases=False))


@pytest.mark.django_db
def test_five_open_opinions_are_told_apart(clerk, authority, case_id):
    for page in (clerk.open(liste="team"), clerk.open(f"vorgaenge/{case_id}")):
        for body in (FIRE, WATER):
            assert f"Stellungnahme abgeben: {body}" in page.html, page.url
    ids = [str(one.card.id) for one in tasks(authority, case_id).values()]
    looked = clerk.send("auswahl", tun="uebernehmen", aufgabe=ids)
    assert f"Stellungnahme abgeben: {WATER}" in looked.html


@pytest.mark.django_db
def test_the_timeline_says_which_body_said_what(clerk, authority, case_id):
    decide(clerk, authority, case_id, "stellungnahme@1", "auflagen", "Sickerschacht bauen.")
    page = clerk.open(f"vorgaenge/{case_id}").html
    timeline = page[page.index('id="verlauf"') :]
    assert f"Stellungnahme abgeben: {WATER} · Mit Auflagen · anna" in timeline
    assert "stellungnahme@" not in timeline


@pytest.mark.django_db
def test_conditions_of_the_bodies_are_offered_to_who_decides(clerk, authority, case_id):
    decide(clerk, authority, case_id, "stellungnahme@0", "gut", "Keine Einwände.")
    decide(clerk, authority, case_id, "stellungnahme@1", "auflagen", "Sickerschacht bauen.")
    settle(authority)
    page = clerk.open(f"vorgaenge/{case_id}").html
    assert f"Auflage: {WATER}" in page and "Sickerschacht bauen.</textarea>" in page
    assert f"Auflage: {FIRE}" not in page, "no condition was asked for there"
    name = "aus-stellungnahme:stellungnahme@1"
    decide(
        clerk, authority, case_id, "pruefen", "granted",
        baustein=[name, "hof"], **{f"baustein-{name}": "Bauen Sie einen Sickerschacht.",
                                   "baustein-hof": "Der Hof ist frei zu halten."},
    )  # fmt: skip
    file = tasks(authority, case_id)["pruefen"]
    assert file.data["modules"] == [
        {"id": name, "text": "Bauen Sie einen Sickerschacht."},
        {"id": "hof", "text": "Der Hof ist frei zu halten."},
    ]
    assert "Ausgewählte Textbausteine: Auflage, Hof" in clerk.open(f"vorgaenge/{case_id}").html


@pytest.mark.django_db
def test_one_letter_that_two_people_note_is_one_objection(clerk, authority, case_id):
    to_objection(clerk, authority, case_id)
    object_to(clerk, case_id)
    page = object_to(clerk, case_id, eingang_notiz="Der Brief des Nachbarn.")
    assert page.status == 422
    assert "eben schon vermerkt" in page.html and "Der Brief des Nachbarn." in page.html
    with scope.enter(scope.of(authority)):
        names = [one.name for one in events.timeline(case_id)]
    assert names.count("process.arrival_noted") == 1
    assert "Brief des Nachbarn" not in clerk.open(f"vorgaenge/{case_id}").html, "no note of it"


@pytest.mark.django_db
def test_an_objection_on_paper_is_noted_while_its_time_runs(clerk, authority, case_id):
    assert "Eingang vermerken" not in clerk.open(f"vorgaenge/{case_id}").html
    to_objection(clerk, authority, case_id)
    assert "Eingang vermerken: Widerspruch" in clerk.open(f"vorgaenge/{case_id}").html
    page = object_to(clerk, case_id, eingang_notiz="Herr Nachbar, Brief im Ordner 3.")
    assert page.status == 200
    settle(authority)
    page = clerk.open(f"vorgaenge/{case_id}").html
    assert "Über den Widerspruch entscheiden" in page
    day = f"{clock.today():%d.%m.%Y}"
    assert f"Widerspruch, eingegangen am {day}." in page and "Brief im Ordner 3." in page
    assert "Eingang vermerken:" not in page, "it is not waited for any more"
    with scope.enter(scope.of(authority)):
        (entry,) = (one for one in events.timeline(case_id) if one.name == "process.arrival_noted")
    assert "Nachbar" not in str(entry.data)


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["", "gestern", "2001-01-01", "2199-01-01"])
def test_a_day_that_cannot_be_is_told_and_nothing_is_lost(clerk, authority, case_id, day):
    to_objection(clerk, authority, case_id)
    page = object_to(clerk, case_id, eingang_am=day, eingang_notiz="Brief im <Ordner>")
    assert page.status == 422
    assert "Bitte geben Sie den Tag an" in page.html and "Brief im &lt;Ordner&gt;" in page.html
    with scope.enter(scope.of(authority)):
        assert not queries.notes(case_id, key=queries.key(case_id))


@pytest.mark.django_db
def test_what_is_not_waited_for_cannot_be_noted(clerk, authority, case_id):
    page = object_to(clerk, case_id)
    assert page.status == 422 and "Darauf wartet der Vorgang nicht mehr." in page.html
    assert object_to(clerk, case_id, eingang="anderes").status == 404
    stranger = Clerk("kim", kranichsee="kasse")
    assert object_to(stranger, case_id).status == 403
    with scope.enter(scope.of(authority)):
        assert not queries.notes(case_id, key=queries.key(case_id))
        live_through(timedelta(days=1), *ROOMS)
        assert "widerspruch" not in tasks(authority, case_id)


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ({"code": "feuer", "name": "Feuerwehr"}, "Feuerwehr"),
        ({"code": "feuer"}, "feuer"),
        ({"name": "", "title": " Eine  Stelle\n"}, "Eine Stelle"),
        ("Nord", "Nord"),
        (7, "7"),
        (True, ""),
        (None, ""),
        ({"name": {"de": "x"}}, ""),
        ("x" * 900, "x" * items.LONGEST),
    ],
)
def test_an_entry_is_called_by_what_names_it(item, name):
    assert items.name_of(item) == name


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_whatever_the_entry_its_name_is_one_short_line(item):
    name = items.name_of(item)
    assert len(name) <= items.LONGEST and "\n" not in name


@pytest.mark.parametrize(
    ("key", "task"),
    [("pruefen", "pruefen"), ("pruefen#2", "pruefen"), ("opinion@0", "opinion"),
     ("opinion@0@3#12", "opinion"), ("", "")],
)  # fmt: skip
def test_a_key_names_its_task(key, task):
    assert tasknames.task_of(key) == task
