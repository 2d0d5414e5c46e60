"""Handing a case over at the desk: look, order, call off, and who may."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

import neighbourhood
from applicant import Applicant
from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from dienstweg.processes import actions
from working import waiting, work

pytestmark = pytest.mark.django_db
PASSWORD = "ein-langes-Kennwort-fuer-Tests"


@pytest.fixture
def town(authority, settings, tmp_path):
    settings.DIENSTWEG_STRICT_WORDS = True
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    yield authority
    offers.forget()


def clerk_of(authority, email):
    accounts.add_staff(
        email=email, name="Kim", password=PASSWORD,
        authority_slugs=[authorities.card(authority).slug], role="sachbearbeitung",
    )  # fmt: skip
    client = Client(headers={"host": "localhost", "accept-language": "de"})
    client.post("/arbeitsplatz/anmelden", {"email": email, "passwort": PASSWORD})
    return client


@pytest.fixture
def clerk(town):
    return clerk_of(town, "clerk@example.org")


@pytest.fixture
def case_id(town):
    from django.db import connection

    with scope.enter(scope.of(town)):
        own = neighbourhood.given_case()
        actions.go_on(case_id=own, event=process.Submitted())
        cases.invite(case_id=own, key="n", party="nachbar")
        neighbourhood.with_codes(own)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
    return own


def path(case_id):
    return f"/arbeitsplatz/vorgaenge/{case_id}/abgeben"


def send(clerk, case_id, **body):
    html = clerk.get(path(case_id)).content.decode()
    key = re.search(r'name="handlung" value="([^"]+)"', html)
    own = {"handlung": key[1]} if key else {}
    answer = clerk.post(path(case_id), {**own, **body}, follow=True)
    return answer.status_code, answer.content.decode()


def test_look_order_and_go(clerk, town, case_id, other_authority):
    status, html = send(clerk, case_id, behoerde=other_authority, vorschau="ja")
    assert status == 200
    for words in ("Das geht an: Gemeinde Moorwald", "Beteiligte: 2", "bietet diese Leistung nicht"):
        assert words in html
    status, html = send(clerk, case_id, behoerde=other_authority, abgeben="ja")
    assert (status, "wird abgegeben an: Gemeinde Moorwald" in html) == (200, True)
    assert waiting("processes") == ["processes.hand_over"]
    work("processes")
    html = clerk.get(f"/arbeitsplatz/vorgaenge/{case_id}").content.decode()
    assert "Abgegeben an: Gemeinde Moorwald" in html
    there = clerk_of(other_authority, "dort@example.org")
    with scope.enter(scope.of(town)):
        number = queries.case(case_id).moved_as
    with scope.enter(scope.of(other_authority)):
        new = queries.by_number(number)
    html = there.get(f"/arbeitsplatz/vorgaenge/{new.id}").content.decode()
    assert "Übernommen von: Gemeinde Kranichsee" in html
    assert "Nora Nachbarin" in html
    assert there.get(f"/arbeitsplatz/vorgaenge/{case_id}").status_code == 404
    assert clerk.get(f"/arbeitsplatz/vorgaenge/{new.id}").status_code == 404


def test_it_is_called_off(clerk, town, case_id, other_authority):
    send(clerk, case_id, behoerde=other_authority, abgeben="ja")
    status, _ = send(clerk, case_id, abbrechen="ja")
    assert status == 200
    work("processes")
    with scope.enter(scope.of(town)):
        assert queries.case(case_id).state == "open"


@pytest.mark.parametrize("to", ["", "unsinn", "01900000-0000-7000-8000-000000000000"])
def test_nobody_to_hand_over_to(clerk, case_id, other_authority, to):
    assert other_authority
    for what in ({"vorschau": "ja"}, {"abgeben": "ja"}):
        status, html = send(clerk, case_id, behoerde=to, **what)
        assert (status, "Bitte wählen Sie eine Behörde" in html) == (422, True)


def test_what_stands_in_the_way_is_told(clerk, town, case_id, other_authority):
    with scope.enter(scope.of(town)):
        cases.close(case_id=case_id, outcome="granted")
    assert "Der Vorgang ist abgeschlossen." in clerk.get(path(case_id)).content.decode()
    status, _ = send(clerk, case_id, behoerde=other_authority, abgeben="ja", handlung="x")
    assert status == 409


def test_only_the_own_staff_may(town, case_id, other_authority):
    stranger = clerk_of(other_authority, "fremd@example.org")
    assert stranger.get(path(case_id)).status_code == 404
    answer = stranger.post(path(case_id), {"behoerde": str(other_authority), "abgeben": "ja"})
    assert answer.status_code == 404
    assert Client(headers={"host": "localhost"}).get(path(case_id)).status_code == 302
    with scope.enter(scope.of(town)):
        assert queries.case(case_id).handing_to is None


def test_the_applicant_and_the_parties_are_led_on(clerk, town, case_id, other_authority):
    with scope.enter(scope.of(town)):
        old = queries.case(case_id)
        code = cases.new_code_by_post(case_id=case_id, account_id=new_id())
        nora = neighbourhood.with_codes(case_id)["nachbar@0"]
    send(clerk, case_id, behoerde=other_authority, abgeben="ja")
    work("processes")
    browser = Applicant()
    browser.open("/vorgang")
    page = browser.send(action="/vorgang", nummer=old.number, code=code)
    assert "Dieser Vorgang liegt jetzt bei: Gemeinde Moorwald" in page.html
    link = next(one for one in page.links if "moorwald" in one)
    there = Applicant("moorwald.localhost")
    parts = urlsplit(link)
    there.open(f"{parts.path}?{parts.query}")
    page = there.send(action="/vorgang", code=code)
    assert page.status == 200
    assert "Eine andere Behörde hat Ihren Antrag übernommen" in page.html
    party = Applicant()
    party.open(f"/beteiligt/{nora.number}")
    page = party.send(action="/beteiligt", code=nora.code)
    assert page.heading == "Hier geht es woanders weiter"
    assert any("moorwald" in one and "/beteiligt/B-" in one for one in page.links)
