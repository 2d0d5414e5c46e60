"""Suggestions while typing: bounded, paced, kept privately, the same for everybody."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dienstweg.authorities import scope
from dienstweg.blueprint.archive import pack
from dienstweg.blueprint.folder import read_folder
from dienstweg.catalogue import actions
from dienstweg.kernel import clock
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from dienstweg.portal.views import lookups
from dienstweg.reception.guesses import Limit

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parents[1] / "blueprints" / "feldarten"
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


@pytest.fixture
def party(streets, applicant):
    """Give an applicant on the page with an address, in a town that knows its streets."""
    with scope.enter(scope.of(streets)):
        offers.go_live(
            archive=pack(read_folder(FOLDER)), slug="fest", settings={"connection": "akte"}
        )
    offered.forget()
    applicant.begin("fest")
    applicant.send(oeffentlich="true", weiter="weiter")
    applicant.send(rolle="person", weiter="weiter")
    applicant.send(
        weiter="weiter",
        **{
            "person-vorname": "Änne",
            "person-nachname": "Ödegård",
            "person-geburtsdatum": "4.11.1971",
        },
    )
    assert applicant.page.heading == "Wie erreichen wir Sie?"
    return applicant


def reach(applicant, **other):
    given = {
        "anschrift-strasse": "Brückengasse",
        "anschrift-hausnummer": "3 a",
        "anschrift-plz": "05171",
        "anschrift-ort": "Mühlbrück",
        "email": "aenne@beispiel.example",
        "herkunft": "DE",
        "weiter": "weiter",
        **other,
    }
    return applicant.send(**given)


def test_a_street_of_the_register_needs_no_question(party):
    reach(party)
    assert party.page.heading == "Ihr Fest"


def test_a_misspelled_street_is_asked_about_and_may_stay(party):
    page = reach(party, **{"anschrift-strasse": "Brukengasse"})
    assert page.status == 200
    assert "Meinten Sie eine dieser Straßen?" in page.html
    assert "Brückengasse, 05171 Mühlbrück" in page.html
    party.send(weiter="weiter")
    assert party.page.heading == "Ihr Fest"


def test_a_street_that_was_meant_is_put_in_with_its_town(party):
    reach(party, **{"anschrift-strasse": "Lindnallee", "anschrift-ort": "?"})
    meant = "Lindenallee|05172|Oberlohe"
    party.send(weiter="weiter", **{"anschrift-strasse-vorschlag": meant})
    assert party.page.heading == "Ihr Fest"
    party.send(weiter="zurueck")
    fields = party.page.form()["fields"]
    assert fields["anschrift-strasse"] == ["Lindenallee"]
    assert fields["anschrift-plz"] == ["05172"]
    assert fields["anschrift-ort"] == ["Oberlohe"]


@pytest.mark.parametrize("sent", ["", "-", "a|b", "a|b|c|d", "|" * 500])
def test_whatever_is_sent_as_a_suggestion_costs_nothing(party, sent):
    page = reach(party, **{"anschrift-strasse-vorschlag": sent})
    assert page.heading == "Ihr Fest"


def test_nobody_is_asked_on_the_way_back_or_while_pausing(party):
    reach(party, **{"anschrift-strasse": "Brukengasse", "weiter": "zurueck"})
    assert party.page.heading == "Wer meldet das Fest an?"


def test_errors_and_the_question_about_a_street_stand_together(party):
    page = reach(party, **{"anschrift-strasse": "Brukengasse", "anschrift-hausnummer": ""})
    assert page.status == 422
    assert 'href="#feld-anschrift-hausnummer"' in page.html
    assert "Meinten Sie" in page.html


@pytest.mark.usefixtures("remembering")
def test_a_page_with_an_address_costs_few_statements(party):
    reach(party)
    party.send(weiter="zurueck")
    with CaptureQueriesContext(connection) as statements:
        party.client.get(f"{party.draft}/erreichbar")
    assert len(statements) <= 6, [one["sql"][:80] for one in statements]


@pytest.fixture
def at_offer(party):
    """Give an applicant on the page with a search and a table."""
    reach(party)
    day = clock.today() + timedelta(days=60)
    party.send(weiter="weiter", name="Fest", tag=f"{day:%d.%m.%Y}", beginn="14:30", gaeste="20")
    party.send(weiter="weiter", **{"buehne-adresse": "Am Markt"})
    assert party.page.heading == "Was gibt es auf dem Fest?"
    return party


def test_the_button_of_a_search_shows_what_may_be_meant(at_offer):
    page = at_offer.send(suchen="ware", **{"ware-suche": "wafeln"})
    assert page.status == 200
    assert 'value="157"' in page.html
    assert "Was davon meinen Sie?" in page.html
    assert 'role="alert"' not in page.html, "nothing is wrong yet"


def test_the_code_list_of_a_draft_answers_while_typing(at_offer):
    answer = at_offer.client.get(f"{at_offer.draft}/auswahl/ware?suche=wafeln")
    assert answer.json() == {"options": [{"value": "157", "label": "Waffeln"}]}
    assert answer.headers["Cache-Control"].startswith("private")
    english = at_offer.client.get(f"{at_offer.draft}/auswahl/ware?suche=honey&lang=en")
    assert english.json()["options"] == [{"value": "104", "label": "Honey"}]


@pytest.mark.parametrize("field", ["gibt-es-nicht", "name", "staende", "oeffentlich"])
def test_a_field_without_a_code_list_has_no_suggestions(at_offer, field):
    answer = at_offer.client.get(f"{at_offer.draft}/auswahl/{field}?suche=wa")
    assert answer.json() == {"options": []}


def test_somebody_elses_draft_tells_nothing(at_offer):
    stranger = type(at_offer)()
    assert stranger.client.get(f"{at_offer.draft}/auswahl/ware?suche=wa").status_code == 404


def test_rows_of_a_table_come_and_go_by_buttons(at_offer):
    filled = {"staende-0-was": "Waffeln", "staende-0-breite": "2"}
    at_offer.send(zeile="staende", **filled)
    at_offer.send(zeile="staende", **{"staende-1-was": "Bücher", "staende-1-breite": "3"})
    fields = at_offer.page.form()["fields"]
    assert fields["staende-1-was"] == ["Bücher"]
    assert fields["staende-2-was"] == [""]
    at_offer.send(zeile_entfernen="staende/0")
    fields = at_offer.page.form()["fields"]
    assert fields["staende-0-was"] == ["Bücher"]
    assert fields["staende-1-was"] == [""]
    assert "staende-2-was" not in fields


def test_a_map_is_there_only_with_tiles_and_only_where_a_place_is_asked_for(party, settings):
    reach(party)
    place = f"{party.draft}/ort"
    without = party.client.get(place)
    assert b"data-map" not in without.content
    assert b"leaflet" not in without.content
    settings.DIENSTWEG_TILES_URL = "https://karten.example/{z}/{x}/{y}.png"
    mapped = party.client.get(place)
    assert b"data-map" in mapped.content
    assert "img-src 'self' https://karten.example data:" in mapped["Content-Security-Policy"]
    assert b"54.12" in mapped.content, "it begins where the streets are"
    elsewhere = party.client.get(f"{party.draft}/erreichbar")
    assert "karten" not in elsewhere["Content-Security-Policy"]
