"""Accounts of applicants: begun without, kept in one, gone on with elsewhere, sent, deleted."""

import json
import re
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import small_blueprint
from account_holder import NETWORK, PASSWORD, Holder
from applicant import Applicant
from dienstweg.accounts.models import Account, Passage, Proof, Stay
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.blueprint import archive
from dienstweg.cases.models import Case
from dienstweg.kernel import clock
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from dienstweg.portal import keys
from dienstweg.portal.views.account.entering import PROOF
from dienstweg.reception import staying
from working import work

pytestmark = pytest.mark.django_db

TOWN = "kranichsee.localhost"
OTHER = "Kürbissuppe im Nebel"


@pytest.fixture
def letters(town, mailoutbox):
    def to(address):
        with scope.enter(scope.of(town)):
            work("mail")
        return [one for one in mailoutbox if one.to == [address]]

    return to


@pytest.fixture
def code(letters):
    return lambda address: re.search(r"\b\d{6}\b", letters(address)[-1].body)[0]


@pytest.fixture
def holder(town, code):
    """Give somebody who is signed in at the network's host."""
    return sign_up(Holder(), code)


def sign_up(someone, code, onwards=""):
    someone.open(f"/konto/anlegen{onwards}", NETWORK)
    page = someone.send(email=someone.email, passwort=PASSWORD)
    assert page.heading == "E-Mail-Adresse bestätigen"
    someone.send(code=code(someone.email))
    return someone


def with_purposes(town):
    """Let the service ask for the name of the applicant as such."""
    given = dict(small_blueprint.files("2.0.0"))
    plain, marked = b"{id: name, at: /name}", b"{id: name, at: /name, autocomplete: name}"
    given["assistant.yaml"] = given["assistant.yaml"].replace(plain, marked)
    with scope.enter(scope.of(town)):
        offers.go_live(archive=archive.pack(given), settings={})
    offered.forget()


def begin(someone):
    someone.open("/leistungen/hausbewohner", TOWN)
    return someone.send(action="/hausbewohner/beginnen")


# Signing up, in, and out


def test_an_account_is_made_by_the_code_and_its_holder_is_in(holder):
    assert holder.page.heading == "Mein Nutzerkonto"
    assert Account.objects.get().email == "anna@example.org"


def test_a_wrong_code_says_so_and_the_right_one_still_works(town, code):
    someone = Holder()
    someone.open("/konto/anlegen", NETWORK)
    someone.send(email=someone.email, passwort=PASSWORD)
    page = someone.send(code="000000" if code(someone.email) != "000000" else "111111")
    assert page.status == 422
    assert "Dieser Code stimmt nicht" in page.html
    assert someone.send(code=code(someone.email)).heading == "Mein Nutzerkonto"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"email": "anna", "passwort": PASSWORD}, "vollständige E-Mail-Adresse"),
        ({"email": "a@b.de", "passwort": "Xy7-abc"}, "zu kurz"),
        ({"email": "a@b.de", "passwort": "qwertzuiop12"}, "leicht erraten"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_no_password_comes_back(town, answers, said):
    someone = Holder()
    someone.open("/konto/anlegen", NETWORK)
    page = someone.send(**answers)
    assert page.status == 422
    assert said in page.html
    assert 'id="fehler"' in page.html
    assert answers["passwort"] not in page.html


def test_nobody_learns_who_has_an_account(holder, letters):
    def answers(email):
        pages = []
        for path, given in (
            ("/konto/anmelden", {"email": email, "passwort": "Falsches-Wort-99"}),
            ("/konto/anlegen", {"email": email, "passwort": OTHER}),
            ("/konto/passwort-vergessen", {"email": email}),
        ):
            someone = Holder(email)
            someone.open(path, NETWORK)
            page = someone.send(**given)
            shown = re.sub(r'value="[^"]*"|[0-9A-F]{8}', "", page.html.replace(email, "#"))
            pages.append((page.status, page.url, shown))
        return pages

    assert answers("anna@example.org") == answers("niemand@example.net")


def test_the_session_gets_another_key_when_somebody_signs_in(holder):
    someone = Holder()
    client = someone.at(NETWORK)
    session = client.session
    session["prepared"] = "by a stranger"
    session.save()
    client.cookies["dw_sitzung"] = session.session_key
    someone.open("/konto/anmelden", NETWORK)
    assert someone.sign_in().heading == "Mein Nutzerkonto"
    assert client.cookies["dw_sitzung"].value != session.session_key
    client.cookies["dw_sitzung"] = session.session_key
    assert someone.open("/konto/", NETWORK).heading == "Anmelden"


def test_guessing_passwords_is_limited(holder):
    someone = Holder()
    for _ in range(5):
        someone.open("/konto/anmelden", NETWORK)
        assert someone.sign_in("Falsches-Wort-99").status == 422
    someone.open("/konto/anmelden", NETWORK)
    assert someone.sign_in().status == 429


@pytest.mark.parametrize("path", ["/konto/anmelden", "/konto/anlegen", "/konto/abmelden"])
def test_forms_need_their_token(holder, path):
    client = Client(enforce_csrf_checks=True, headers={"host": NETWORK})
    given = {"email": "anna@example.org", "passwort": PASSWORD}
    assert client.post(path, given).status_code == 403


@pytest.mark.parametrize(
    "target",
    [
        "https://boese.example/",
        "//boese.example/konto/",
        "/\\boese.example",
        "/arbeitsplatz/",
        "javascript:alert(1)",
        "/konto/../../x",
        "konto/",
    ],
)
def test_signing_in_leads_to_nowhere_else(holder, target):
    someone = Holder()
    someone.open(f"/konto/anmelden?{urlencode({'weiter': target})}", NETWORK)
    assert "weiter" not in someone.page.forms[-1]["fields"]
    someone.sign_in()
    assert someone.address.startswith("http://localhost:8000/konto/")
    someone.open(f"/konto/weiter?{urlencode({'weiter': target})}", TOWN)
    assert someone.address.startswith(f"http://{TOWN}:8000/")
    assert "boese" not in someone.address


def test_a_forgotten_password_is_chosen_anew(holder, code, letters):
    someone = Holder()
    someone.open("/konto/passwort-vergessen", NETWORK)
    someone.send(email=someone.email)
    page = someone.send(code=code(someone.email), passwort="kurz")
    assert "zu kurz" in page.html
    assert someone.send(code=code(someone.email), passwort=OTHER).heading == "Mein Nutzerkonto"
    assert holder.open("/konto/", NETWORK).heading == "Anmelden", "the old session is out"
    assert holder.sign_in(OTHER).heading == "Mein Nutzerkonto"


# To an authority's host


def test_who_is_signed_in_enters_an_authoritys_host(holder):
    page = holder.open("/konto/weiter?weiter=%2Fhilfe", TOWN)
    assert page.url == "/hilfe"
    assert staying.COOKIE in holder.at(TOWN).cookies
    assert staying.COOKIE not in holder.at(NETWORK).cookies
    assert Stay.objects.count() == 1
    assert not Passage.objects.exists()
    cookie = holder.at(TOWN).cookies[staying.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def passed(holder):
    """Return the address by which the browser would enter the town, without entering."""
    start = holder.at(TOWN).get("/konto/weiter?weiter=%2Fhilfe").headers["Location"]
    page = holder.at(NETWORK).get(start.split(":8000", 1)[1]).content.decode()
    return re.search(r'url=http://[^/]+(/[^"]+)"', page)[1].replace("&amp;", "&")


def test_the_way_is_good_once_and_in_the_browser_where_it_began(holder):
    address = passed(holder)
    stranger = Client(headers={"host": TOWN})
    assert stranger.get(address).status_code == 400, "sign-in CSRF: another browser's way"
    stranger.get("/konto/weiter?weiter=%2Fhilfe")
    assert stranger.get(address).status_code == 400, "mixed up with one of its own"
    assert holder.at(TOWN).get(address).status_code == 302
    again = holder.at(TOWN).get(address)
    assert again.status_code == 400
    assert "Die Anmeldung hat nicht geklappt" in again.content.decode()
    assert Stay.objects.count() == 1


def test_the_way_leads_to_hosts_of_the_network_alone(holder):
    query = {"state": "s" * 32, "challenge": "c" * 43}
    for host in ("boese.example", "", "kranichsee.localhost.boese.example", "localhost"):
        address = f"/konto/weitergabe?{urlencode({'an': host, **query})}"
        assert holder.at(NETWORK).get(address).status_code == 400
    for wrong in ({"state": "<b>"}, {"challenge": "c" * 42}, {"challenge": ""}):
        address = f"/konto/weitergabe?{urlencode({'an': TOWN, **query, **wrong})}"
        assert holder.at(NETWORK).get(address).status_code == 400
    assert not Passage.objects.exists()


def test_signing_out_anywhere_signs_out_everywhere(holder):
    holder.open("/konto/weiter?weiter=%2Fhilfe", TOWN)
    gone = holder.at(TOWN).post("/konto/verlassen").cookies
    assert all(gone[name].value == "" for name in (keys.CASES, keys.PARTIES)), "all is closed here"
    assert holder.open("/konto/", NETWORK).heading == "Anmelden"
    holder.sign_in()
    holder.open("/konto/weiter?weiter=%2Fhilfe", TOWN)
    assert Stay.objects.count() == 1
    holder.open("/konto/", NETWORK)
    holder.send(action="/konto/abmelden")
    assert not Stay.objects.exists()


# Drafts


def test_a_draft_begun_without_account_is_kept_in_one_and_loses_nothing(town, code):
    someone = Holder()
    begin(someone)
    page = someone.send(name="Änne", weiter="konto")
    assert page.heading == "Im Nutzerkonto speichern"
    draft = someone.draft
    link = next(one for one in page.links if one.startswith("/konto/weiter"))
    someone.open(link)
    assert someone.page.heading == "Anmelden"
    someone.open(next(one for one in someone.page.links if "anlegen" in one))
    someone.send(email=someone.email, passwort=PASSWORD)
    page = someone.send(code=code(someone.email))
    assert page.heading == "Im Nutzerkonto speichern", "back where they were"
    assert someone.address.endswith(f"{draft}/entwurf/konto")
    page = someone.send()
    assert "Ihr Antrag liegt in Ihrem Nutzerkonto" in page.html
    assert keys.drafts(_request(someone.at(TOWN))) == {}, "only the account opens it now"
    assert 'value="Änne"' in someone.open(f"{draft}/person").html

    elsewhere = Holder()
    elsewhere.open("/konto/", NETWORK)
    page = elsewhere.sign_in()
    assert "Hausbewohner" in page.html or "kranichsee" in page.html.lower()
    link = next(one for one in page.links if draft.replace("/", "%2F") in one)
    page = elsewhere.open(link)
    assert elsewhere.draft == draft
    assert 'value="Änne"' in elsewhere.open(f"{draft}/person").html
    assert not elsewhere.at(TOWN).cookies.get(keys.DRAFTS)


def _request(client):
    from django.http import HttpRequest

    request = HttpRequest()
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return request


def test_a_draft_of_an_account_is_opened_by_no_other(holder, code):
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    draft = holder.draft
    other = sign_up(Holder("berta@example.org"), code)
    other.open("/konto/weiter?weiter=%2F", TOWN)
    for path in ("", "person", "pause", "entwurf/konto", "zusammenfassung"):
        page = other.open(f"{draft}/{path}", TOWN)
        assert page.status == 404
        assert "Haustier" not in page.html
    assert other.at(TOWN).post(f"{draft}/person", {"name": "Berta"}).status_code == 404
    assert other.at(TOWN).post(f"{draft}/entwurf/konto-angaben").status_code == 404
    stranger = Applicant()
    assert stranger.open(f"{draft}/person").status == 404


def test_another_account_cannot_take_a_draft_whose_code_it_knows(holder, code):
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    page = holder.open(f"{holder.draft}/pause")
    secret = re.search(r'dw-code" translate="no">([^<]+)', page.html)[1]
    other = sign_up(Holder("berta@example.org"), code)
    other.open("/konto/weiter?weiter=%2Ffortsetzen", TOWN)
    other.send(code=secret)
    page = other.open(f"{other.draft}/entwurf/konto")
    assert page.status == 409
    assert "anderen Nutzerkonto" in page.html
    assert other.at(TOWN).post(f"{other.draft}/entwurf/konto").status_code == 409
    anna = Account.objects.get(email="anna@example.org")
    with scope.enter(scope.of_account(anna.id)):
        assert Draft.objects.count() == 1


def test_after_the_session_has_ended_it_goes_on_exactly_there_and_nothing_is_lost(holder):
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    draft = holder.draft
    with clock.shifted(timedelta(minutes=61)):
        page = holder.send(name="Änne", haustier="false", weiter="merken")
        assert page.heading == "Anmelden", "nothing is shown"
        assert "Änne" not in page.html
        page = holder.sign_in()
        assert holder.address.endswith(f"{draft}/person")
        assert 'value="Änne"' in page.html, "what was typed is saved"
    with clock.shifted(timedelta(minutes=125)):
        assert holder.open(f"{draft}/person?von=zusammenfassung", TOWN).heading == "Anmelden"
        holder.sign_in()
        assert holder.address.endswith(f"{draft}/person?von=zusammenfassung")
    with clock.shifted(timedelta(minutes=190)):
        page = Holder._follow(
            holder, holder.at(TOWN).post(f"{draft}/verwerfen"), f"http://{TOWN}:8000/"
        )
        assert page.heading == "Anmelden"
        assert Draft._base_manager is not None
        holder.sign_in()
        assert holder.draft == draft, "nothing but saving is done without signing in"


def test_work_at_an_authoritys_host_keeps_the_session_alive(holder):
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    for minutes in (50, 100, 150):
        with clock.shifted(timedelta(minutes=minutes)):
            assert holder.open(f"{holder.draft}/person", TOWN).status == 200, minutes
            assert "Nutzerkonto angemeldet" in holder.page.html
    with clock.shifted(timedelta(minutes=200)):
        assert holder.open("/konto/", NETWORK).heading == "Mein Nutzerkonto"
    with clock.shifted(timedelta(hours=13)):
        assert holder.open("/konto/", NETWORK).heading == "Anmelden"


def test_in_the_last_of_twelve_hours_nothing_says_that_working_on_helps(holder):
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    for minutes in range(50, 690, 50):
        with clock.shifted(timedelta(minutes=minutes)):
            page = holder.open(f"{holder.draft}/person", TOWN)
    assert "Weiterarbeiten" in page.html
    with clock.shifted(timedelta(hours=11, minutes=20)):
        page = holder.open(f"{holder.draft}/person", TOWN)
        assert "auch wenn Sie weiterarbeiten" in page.html and "neu anmelden" in page.html
        assert "Weiterarbeiten" not in page.html
        page = holder.open("/konto/angaben", NETWORK)
        assert "auch wenn Sie weiterarbeiten" in page.html
        assert "Schicken Sie vorher ab" in page.html


# Details taken over


def test_details_are_offered_and_taken_over_by_a_button(holder, town):
    with_purposes(town)
    holder.open("/konto/angaben", NETWORK)
    page = holder.send(vorname="Änne", nachname="Ödegård", geburtsdatum="31.2.1984", plz="123")
    assert page.status == 422
    assert "Dieses Datum kann nicht stimmen" in page.html
    assert 'value="31.2.1984"' in page.html
    page = holder.send(geburtsdatum="7.3.1984", plz="17235", telefon="03981 / 123 45")
    assert "Ihre Angaben sind gespeichert" in page.html
    page = holder.open("/konto/angaben")
    assert 'value="7.3.1984"' in page.html
    assert 'value="+49 3981 12345"' in page.html
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    page = begin(holder)
    assert "Änne" not in page.html, "offered, never silent"
    assert "Angaben aus Ihrem Nutzerkonto übernehmen" in page.html
    page = holder.send(action="/konto-angaben")
    assert "eine Angabe übernommen" in page.html
    page = holder.open(f"{holder.draft}/person")
    assert 'value="Änne Ödegård"' in page.html
    assert "Aus Ihrem Nutzerkonto" in page.html
    assert "Angaben aus Ihrem Nutzerkonto übernehmen" not in page.html
    assert holder.send(name="Anna", haustier="false", weiter="weiter").status == 200
    assert 'value="Anna"' in holder.open(f"{holder.draft}/person").html, "not locked"


def test_what_was_typed_stands_and_an_empty_account_fills_nothing(holder, town):
    with_purposes(town)
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    assert "steht nichts" in holder.send(action="/konto-angaben").html
    holder.open("/konto/angaben", NETWORK)
    holder.send(vorname="Änne", nachname="Ödegård")
    begin(holder)
    holder.send(name="Getippt", weiter="merken")
    assert "steht nichts" in holder.send(action="/konto-angaben").html
    assert 'value="Getippt"' in holder.open(f"{holder.draft}/person").html


def test_a_source_that_fails_blocks_nobody(holder, town, monkeypatch):
    with_purposes(town)
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)

    def broken(_account_id):
        raise RuntimeError("out of order")

    monkeypatch.setattr("dienstweg.assistants.own_account.accounts.known", broken)
    page = holder.send(action="/konto-angaben")
    assert "konnten Ihre Angaben nicht laden" in page.html
    assert holder.open(holder.draft + "/").status == 200


@pytest.mark.usefixtures("remembering")
def test_a_page_of_an_account_costs_two_statements_more_at_most(holder, applicant):
    def statements(client, path):
        client.get(path)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(path).status_code == 200
        return len(counted)

    applicant.begin()
    without = statements(applicant.client, f"{applicant.draft}/person")
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    assert statements(holder.at(TOWN), f"{holder.draft}/person") <= without + 2
    page = statements(applicant.client, "/hilfe")
    assert statements(holder.at(TOWN), "/hilfe") == page, "who asks nothing costs nothing"


def test_a_stay_is_worth_nothing_at_another_authority(holder, other_authority):
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    elsewhere = holder.at("moorwald.localhost")
    elsewhere.cookies = holder.at(TOWN).cookies
    answer = elsewhere.get("/konto/weiter?weiter=%2Fhilfe")
    assert "/konto/weitergabe" in answer.headers["Location"]
    assert elsewhere.get(f"{holder.draft}/person").status_code != 200
    stranger = Client(headers={"host": TOWN})
    stranger.cookies["dw_konto"] = holder.at(NETWORK).cookies["dw_sitzung"].value
    assert stranger.get(f"{holder.draft}/person").status_code == 303


def test_the_address_of_the_account_needs_no_code(holder, mailoutbox):
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    holder.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    page = holder.send(weiter="weiter")
    assert 'value="anna@example.org"' in page.html
    assert holder.send(weg="email").heading == "Prüfen Sie Ihren Antrag"
    holder.open(f"{holder.draft}/kontakt")
    assert holder.send(weg="email", email="neu@example.org").url.endswith("/kontakt/code")


# Cases


def send_in(holder):
    holder.open("/konto/weiter?weiter=%2F", TOWN)
    begin(holder)
    holder.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    holder.send(weiter="weiter")
    holder.send(weg="post")
    page = holder.send(action="/absenden", bestaetigt="ja")
    assert page.heading == "Ihr Antrag ist abgeschickt"
    return re.search(r"KRA(-[0-9A-Z]{3,4}){3}", page.html)[0]


def test_a_case_of_an_account_needs_no_code(holder, code):
    number = send_in(holder)
    assert keys.CASES not in holder.at(TOWN).cookies, "it is closed by signing out"
    page = holder.open("/konto/", NETWORK)
    assert number in page.html
    page = holder.open(next(one for one in page.links if number in one))
    assert page.url == f"/vorgang/{number}"
    assert number in page.html
    other = sign_up(Holder("berta@example.org"), code)
    other.open("/konto/weiter?weiter=%2F", TOWN)
    assert other.open(f"/vorgang/{number}", TOWN).url == "/vorgang"
    holder.open("/konto/", NETWORK)
    holder.send(action="/konto/abmelden")
    assert holder.open(f"/vorgang/{number}", TOWN).heading == "Anmelden"


def test_the_export_lists_what_there_is(holder):
    number = send_in(holder)
    begin(holder)
    answer = holder.at(NETWORK).get("/konto/daten.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    content = json.loads(answer.content)
    assert content["account"]["email"] == "anna@example.org"
    assert [one["number"] for one in content["cases"]] == [number]
    assert len(content["drafts"]) == 1


# Changing and deleting


def test_the_address_is_changed_with_password_and_code(holder, code, letters):
    holder.open("/konto/email", NETWORK)
    assert holder.send(email="neu@example.org", passwort="falsch").status == 422
    page = holder.send(email="neu@example.org", passwort=PASSWORD)
    assert page.heading == "Neue Adresse bestätigen"
    page = holder.send(code=code("neu@example.org"))
    assert "Ihre E-Mail-Adresse ist geändert" in page.html
    assert "geändert" in letters("anna@example.org")[-1].subject


def test_an_address_that_another_asked_for_is_not_theirs_to_confirm(holder, code):
    holder.open("/konto/email", NETWORK)
    holder.send(email="neu@example.org", passwort=PASSWORD)
    other = sign_up(Holder("otto@example.org"), code)
    other.at(NETWORK).cookies[PROOF] = holder.at(NETWORK).cookies[PROOF].value
    other.open("/konto/email/code", NETWORK)
    assert urlsplit(other.address).path == "/konto/email"
    holder.open("/konto/email/code", NETWORK)
    assert "ist geändert" in holder.send(code=code("neu@example.org")).html


def test_with_a_new_password_no_code_of_before_is_worth_anything(holder):
    thief = Holder()
    thief.open("/konto/anmelden", NETWORK)
    thief.sign_in()
    thief.open("/konto/email", NETWORK)
    page = thief.send(email="dieb@example.org", passwort=PASSWORD)
    assert page.heading == "Neue Adresse bestätigen" and Proof.objects.exists()
    holder.open("/konto/passwort", NETWORK)
    holder.send(passwort=PASSWORD, neu=OTHER)
    assert not (Proof.objects.exists() or Passage.objects.exists())


def test_a_new_code_is_no_new_chance_to_guess(holder, code):
    stranger = Holder()
    for _ in range(2):
        stranger.open("/konto/passwort-vergessen", NETWORK)
        stranger.send(email=stranger.email)
        right = code(stranger.email)
        wrong = "000000" if right != "000000" else "000001"
        found = [stranger.send(code=wrong, passwort=OTHER).status for _ in range(3)]
    assert found == [422, 422, 429]
    assert holder.open("/konto/", NETWORK).heading == "Mein Nutzerkonto"


def test_the_password_is_changed_and_this_browser_stays_in(holder):
    elsewhere = Holder()
    elsewhere.open("/konto/anmelden", NETWORK)
    elsewhere.sign_in()
    elsewhere.open("/konto/weiter?weiter=%2F", TOWN)
    holder.open("/konto/passwort", NETWORK)
    assert holder.send(passwort="falsch", neu=OTHER).status == 422
    page = holder.send(passwort=PASSWORD, neu=OTHER)
    assert "Ihr Passwort ist geändert" in page.html
    assert elsewhere.open("/konto/", NETWORK).heading == "Anmelden"
    assert not Stay.objects.exists()


def test_deleting_takes_drafts_along_and_leaves_cases(holder, town, letters):
    number = send_in(holder)
    begin(holder)
    draft = UUID(holder.draft.split("/")[2])
    holder.open("/konto/loeschen", NETWORK)
    assert holder.send(passwort="falsch").status == 422
    page = holder.send(passwort=PASSWORD)
    assert page.heading == "Ihr Nutzerkonto ist gelöscht"
    assert not Account.objects.exists()
    with scope.enter(scope.of(town)):
        assert not Draft.objects.filter(id=draft).exists()
        assert Case.objects.get(number=number).account_id is None
    assert holder.open("/konto/", NETWORK).heading == "Anmelden"
    assert letters("anna@example.org")[-1].subject == "Ihr Nutzerkonto ist gelöscht"


def test_staff_are_told_who_looks_after_their_account(town):
    from dienstweg.accounts import actions as accounts

    accounts.add_staff(
        email="erika@example.org",
        name="Erika",
        password=PASSWORD,
        authority_slugs=["kranichsee"],
        role="leitung",
    )
    erika = Holder("erika@example.org")
    erika.open("/konto/anmelden", NETWORK)
    assert erika.sign_in().heading == "Mein Nutzerkonto"
    for path, answers in (
        ("email", {"email": "x@example.org", "passwort": PASSWORD}),
        ("passwort", {"passwort": PASSWORD, "neu": OTHER}),
        ("loeschen", {"passwort": PASSWORD}),
    ):
        erika.open(f"/konto/{path}", NETWORK)
        page = erika.send(**answers)
        assert page.status == 403
        assert "Verwaltung" in page.html
    assert Account.objects.get().check_password(PASSWORD)


def test_every_page_speaks_english_too(town, code):
    someone = Holder(lang="en")
    for path in ("anmelden", "anlegen", "passwort-vergessen"):
        page = someone.open(f"/konto/{path}", NETWORK)
        assert 'lang="en"' in page.html
        assert "Passwort" not in page.html
    sign_up_english(someone, code)
    for path in ("", "angaben", "email", "passwort", "loeschen"):
        assert someone.open(f"/konto/{path}", NETWORK).status == 200


def sign_up_english(someone, code):
    someone.open("/konto/anlegen", NETWORK)
    someone.send(email=someone.email, passwort=PASSWORD)
    assert someone.send(code=code(someone.email)).heading == "My user account"
