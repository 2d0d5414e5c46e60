"""Before a session ends the page says so, with script and without, and goes on when asked to."""

import re
from datetime import timedelta

import pytest

import neighbourhood
from applicant import Applicant
from dienstweg.authorities import scope
from dienstweg.kernel import clock
from dienstweg.portal import keys
from working import work

pytestmark = pytest.mark.django_db
QUIETLY = {"X-Dienstweg-Autosave": "1"}


def told(page):
    """Return the plain sentence and the seconds that the script counts."""
    sentence = re.search(r'<p class="dw-saved">([^<]*)', page.html)[1]
    return sentence, int(re.search(r'data-ends-after="(\d+)"', page.html)[1])


def prolong(browser, address):
    form = next(one for one in browser.page.forms if one["action"].endswith(address))
    return browser.client.post(form["action"], form["fields"], headers=QUIETLY)


@pytest.fixture
def party(town):
    with scope.enter(scope.of(town)):
        case_id = neighbourhood.given_case()
        one = neighbourhood.invited(case_id, ["nachbar"])["nachbar@0"]
    browser = Applicant()
    browser.open(f"/beteiligt/{one.number}")
    browser.send(action="/beteiligt", code=one.code)
    return browser, f"/beteiligt/{one.number}"


def test_the_pages_before_sending_say_until_when_too(applicant):
    applicant.open("/leistungen/hausbewohner")
    applicant.send(action="/hausbewohner/beginnen", geraet="gemeinsam")
    for place in ("pause", "person", "kontakt", "zusammenfassung", "papier", "verwerfen"):
        page = applicant.open(f"{applicant.draft}/{place}")
        sentence, seconds = told(page)
        end = clock.local(clock.now() + timedelta(minutes=30))
        assert seconds == 1800, place
        assert "gemeinsamen Gerät" in sentence
        assert any(f"{end - timedelta(minutes=one):%H:%M} Uhr" in sentence for one in (0, 1)), place


def test_an_invitation_says_until_when_and_is_prolonged(party):
    browser, path = party
    for place in ("", "/unterlagen"):
        page = browser.open(f"{path}{place}")
        sentence, seconds = told(page)
        assert seconds == 3600
        assert "Danach brauchen Sie Nummer und Code wieder" in sentence
        assert "noch nicht abgeschickt" in page.html
    with clock.shifted(timedelta(minutes=58)):
        answer = prolong(browser, "/verlaengern")
        assert (answer.status_code, answer.json()) == (200, {"seconds": 3600})
    with clock.shifted(timedelta(minutes=100)):
        assert browser.open(path).url == path, "it was prolonged"
        answer = browser.send(action="/verlaengern")
        assert answer.url == path, "without script the page is shown again"
    with clock.shifted(timedelta(minutes=170)):
        assert browser.open(path).url == "/beteiligt"
        assert prolong(browser, "/beteiligt").status_code != 200


def test_an_invitation_is_open_for_twelve_hours_at_most(party):
    browser, path = party
    for minutes in range(0, 690, 50):
        with clock.shifted(timedelta(minutes=minutes)):
            page = browser.open(path)
            assert page.url == path
    assert "Weiterarbeiten" in page.html
    with clock.shifted(timedelta(hours=11, minutes=30)):
        page = browser.open(path)
        sentence, seconds = told(page)
        assert 1790 <= seconds <= 1800, "half an hour before the end"
        assert "auch wenn Sie weiterarbeiten" in sentence
        assert "Weiterarbeiten" not in page.html, "that would not keep it open"
        assert 'href="/beteiligt" target="_blank"' in page.html
        answer = prolong(browser, "/verlaengern")
        assert 1790 <= answer.json()["seconds"] <= 1800


def test_a_case_says_until_when_and_is_prolonged(applicant, town):
    applicant.begin()
    applicant.send(name="Änne", haustier="false", weiter="weiter")
    applicant.send(weiter="weiter")
    applicant.send(weg="post")
    applicant.send(action="/absenden", bestaetigt="ja")
    with scope.enter(scope.of(town)):
        work("processes", "documents")
    number = re.search(r"KRA(-[0-9A-Z]{3,4}){3}", applicant.page.html)[0]
    sentence, seconds = told(applicant.open(f"/vorgang/{number}"))
    assert seconds == 3600
    assert "bis" in sentence
    with clock.shifted(timedelta(minutes=59)):
        assert prolong(applicant, "/verlaengern").json() == {"seconds": 3600}
    with clock.shifted(timedelta(minutes=100)):
        assert applicant.open(f"/vorgang/{number}").url == f"/vorgang/{number}"
    del applicant.client.cookies[keys.CASES]
    assert prolong(applicant, "/verlaengern").status_code == 302, "it leads to the door"
