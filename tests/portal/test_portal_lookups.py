"""Suggestions while typing: bounded, paced, kept privately, the same for everybody."""

import pytest

from dienstweg.authorities import scope
from dienstweg.catalogue import actions
from dienstweg.portal.views import lookups
from dienstweg.reception.guesses import Limit

pytestmark = pytest.mark.django_db

STREETS = """strasse;plz;ort;lat;lon
Brückengasse;05171;Mühlbrück;54.12;12.52
Brunnenweg;05171;Mühlbrück;;
Lindenallee;05171;Mühlbrück;;
Lindenallee;05172;Oberlohe;;
"""


@pytest.fixture
def streets(town):
    with scope.enter(scope.of(town)):
        actions.load_streets(content=STREETS.encode())
    return town


def options(applicant, query):
    answer = applicant.client.get(f"/strassen?{query}")
    assert answer.status_code == 200
    return answer.json()["options"]


def test_streets_are_suggested_with_postcode_town_and_place(applicant, streets):
    assert options(applicant, "suche=bru") == [
        {
            "value": "Brückengasse",
            "label": "Brückengasse, 05171 Mühlbrück",
            "plz": "05171",
            "ort": "Mühlbrück",
            "lat": 54.12,
            "lon": 12.52,
        },
        {
            "value": "Brunnenweg",
            "label": "Brunnenweg, 05171 Mühlbrück",
            "plz": "05171",
            "ort": "Mühlbrück",
            "lat": None,
            "lon": None,
        },
    ]


def test_the_postcode_says_which_town_comes_first(applicant, streets):
    found = options(applicant, "suche=linden&plz=05172")
    assert [one["plz"] for one in found] == ["05172", "05171"]


@pytest.mark.parametrize("query", ["", "suche=", "suche=b", "suche=%25%25", "suche=" + "x" * 900])
def test_nothing_is_found_for_nothing(applicant, streets, query):
    assert options(applicant, query) == []


def test_without_a_register_there_are_no_suggestions(applicant, town):
    assert options(applicant, "suche=bruecken") == []


def test_an_answer_is_kept_by_the_browser_alone(applicant, streets):
    headers = applicant.client.get("/strassen?suche=linden").headers
    assert headers["Cache-Control"] == "private, max-age=300"
    assert headers["Content-Type"] == "application/json"


def test_who_asks_too_often_waits(applicant, streets, monkeypatch):
    monkeypatch.setattr(lookups, "PACE", Limit(tries=3, seconds=60))
    answers = [applicant.client.get("/strassen?suche=linden") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[-1].json() == {"options": []}
    assert int(answers[-1].headers["Retry-After"]) > 0
