"""Going on: by a link, on a shared device, under another release, with what is known already."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

import small_blueprint
from applicant import Applicant, Page
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.actions import Given
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.blueprint import archive
from dienstweg.cases import queries as cases
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from dienstweg.portal import keys
from working import work

pytestmark = pytest.mark.django_db


def go_live(town, version, *, prefill=False):
    given = dict(small_blueprint.files(version))
    if prefill:
        plain, marked = b"{id: name, at: /name}", b"{id: name, at: /name, prefill: [link]}"
        given["assistant.yaml"] = given["assistant.yaml"].replace(plain, marked)
    with scope.enter(scope.of(town)):
        offers.go_live(archive=archive.pack(given), settings={})
    offered.forget()


def withdraw(town, version=""):
    with scope.enter(scope.of(town)):
        offers.withdraw_release(slug="hausbewohner", version=version, reason="Eine Frage fehlte.")
        work("catalogue")
    offered.forget()


# A link with parameters


def test_a_link_fills_in_what_the_blueprint_allows_and_begins_nothing(applicant, town):
    go_live(town, "2.0.0", prefill=True)
    page = applicant.open("/leistungen/hausbewohner/beginnen?name=%C3%84nne&haustier=true&utm=x")
    assert page.status == 200
    assert "Schon für Sie ausgefüllt" in page.html
    assert "Manches aus dem Link" in page.html
    assert keys.DRAFTS not in applicant.client.cookies
    assert not [link for link in page.links if "nne" in link], "no address of ours carries it"
    page = applicant.send(action="/hausbewohner/beginnen")
    assert 'value="Änne"' in page.html
    assert "Aus dem Link, über den Sie gekommen sind" in page.html
    assert page.form()["fields"].get("haustier") is None
    assert page.query == ""


def test_what_a_link_may_not_say_is_ignored(applicant, town):
    hostile = "name=" + "x" * 900 + "&version=9&csrfmiddlewaretoken=1&name=%E2%80%AE&%5B%5D=1"
    page = applicant.open(f"/leistungen/hausbewohner/beginnen?{hostile}")
    assert page.status == 200
    assert "Schon für Sie ausgefüllt" not in page.html
    page = applicant.send(action="/hausbewohner/beginnen", **{"vorab-name": "Forged"})
    assert "Forged" not in page.html


# The link by e-mail


def test_a_link_is_mailed_and_opens_the_draft_elsewhere(applicant, mailoutbox, town):
    applicant.begin()
    applicant.send(name="Änne", haustier="false", weiter="pause")
    assert "Link per E-Mail" in applicant.page.html
    wrong = applicant.send(action="/entwurf/link", email="anna")
    assert wrong.status == 422
    page = applicant.send(email="anna@example.org", to=f"{applicant.draft}/entwurf/link")
    assert "anna@example.org" in page.html
    assert applicant.send(code="1").status == 422
    with scope.enter(scope.of(town)):
        work("mail")
    page = applicant.send(code=mailoutbox[-1].subject.split()[-1])
    assert page.url.endswith("/entwurf/link/verschickt")
    with scope.enter(scope.of(town)):
        work("mail")
    link = re.search(r"http\S+#(\S+)", mailoutbox[-1].body)
    elsewhere = Applicant()
    elsewhere.open("/fortsetzen")
    assert elsewhere.send(code=link[1]).heading == "Nachweise"
    elsewhere.open(f"{elsewhere.draft}/person")
    assert 'value="Änne"' in elsewhere.page.html


# The session on a device


def test_a_shared_device_closes_the_draft_and_the_code_opens_it_again(applicant):
    applicant.open("/leistungen/hausbewohner")
    page = applicant.send(action="/hausbewohner/beginnen", geraet="gemeinsam")
    code = re.search(r'dw-code" translate="no">([^<]+)', page.html)[1]
    assert page.url.endswith("/pause")
    assert applicant.client.cookies[keys.SHARED]["max-age"] == ""
    page = applicant.open(f"{applicant.draft}/person")
    assert 'data-ends-after="1800"' in page.html
    assert "gemeinsamen Gerät" in page.html
    applicant.send(name="Änne", haustier="false", weiter="weiter")
    draft = applicant.draft
    with clock.shifted(timedelta(minutes=29)):
        assert applicant.open(f"{draft}/person").status == 200, "each page begins it anew"
    with clock.shifted(timedelta(minutes=58)):
        assert applicant.open(f"{draft}/person").status == 200
    with clock.shifted(timedelta(minutes=89)):
        gone = applicant.open(f"{draft}/person")
        assert gone.status == 404
        assert "Antrag fortsetzen" in gone.html
        assert "Änne" not in gone.html
        applicant.open("/fortsetzen")
        assert draft not in applicant.page.html
        applicant.send(code=code)
        assert applicant.open(f"{draft}/person").html.count('value="Änne"') == 1


def test_an_own_device_keeps_the_draft_as_long_as_it_lives(applicant):
    applicant.begin()
    draft = applicant.draft
    for days in (19, 38, 57, 76):
        with clock.shifted(timedelta(days=days)):
            page = applicant.open(f"{draft}/person")
            assert page.status == 200, days
            assert "ist bis zum" in page.html
            applicant.send(name=f"Tag {days}", weiter="merken")
    with clock.shifted(timedelta(days=97)):
        assert applicant.open(f"{draft}/person").status == 410


def test_going_on_working_prolongs_what_would_end(applicant):
    applicant.begin()
    draft = applicant.draft
    with clock.shifted(timedelta(days=19)):
        page = applicant.open(f"{draft}/person")
        token = page.form()["fields"]["csrfmiddlewaretoken"]
        answer = applicant.client.post(
            f"{draft}/entwurf/verlaengern",
            {"csrfmiddlewaretoken": token},
            headers={"X-Dienstweg-Autosave": "1"},
        )
        assert (answer.status_code, answer.json()) == (200, {})
    with clock.shifted(timedelta(days=38)):
        assert applicant.open(f"{draft}/person").status == 200
        assert applicant.send(action="/entwurf/verlaengern").url == f"{draft}/person"


def test_a_device_forgets_and_the_draft_is_kept(applicant):
    applicant.begin()
    applicant.send(name="Änne", haustier="false", weiter="pause")
    code = re.search(r'dw-code" translate="no">([^<]+)', applicant.page.html)[1]
    draft = applicant.draft
    assert applicant.send(action="/entwurf/vergessen").url == "/fortsetzen"
    assert applicant.open(f"{draft}/person").status == 404
    applicant.open("/fortsetzen")
    assert applicant.send(code=code).url.startswith(draft)


# A withdrawn release


def test_a_withdrawn_release_says_so_and_offers_what_fits(applicant, town):
    applicant.begin()
    applicant.send(name="Änne", haustier="false", weiter="weiter")
    draft = applicant.draft
    go_live(town, "2.0.0", prefill=True)
    assert applicant.open(f"{draft}/person").heading == "Wer sind Sie?", "nothing has changed"
    page_before = applicant.page
    withdraw(town, "1.0.0")
    for path in ("", "person", "zusammenfassung", "kontakt"):
        page = applicant.open(f"{draft}/{path}")
        assert page.heading == "Für diesen Antrag gibt es eine neue Fassung", path
    assert "Eine Frage fehlte." in page.html
    assert "Änne" in page.html
    typed = applicant.client.post(
        f"{draft}/person",
        {**page_before.form()["fields"], "name": "Spät getippt", "weiter": "merken"},
        headers={"X-Dienstweg-Autosave": "1"},
    )
    assert typed.status_code == 200, "what somebody is typing is still saved"
    stale = applicant.send()
    assert stale.status == 409
    assert "Spät getippt" in stale.html
    page = applicant.send()
    assert page.url.startswith(draft)
    assert "neue-fassung" not in page.url
    applicant.open(f"{draft}/person")
    assert 'value="Spät getippt"' in applicant.page.html
    with scope.enter(scope.of(town)):
        assert offered.live("hausbewohner").digest


def test_without_another_release_the_answers_are_shown_and_kept(at_summary, town):
    draft = at_summary.draft
    before = at_summary.page
    withdraw(town)
    sent = at_summary.client.post(
        f"{draft}/absenden", {**before.form("/absenden")["fields"], "bestaetigt": "ja"}, follow=True
    )
    page = Page(sent)
    assert page.heading == "Für diesen Antrag gibt es eine neue Fassung"
    assert "gerade nicht absenden" in page.html
    assert "Änne Ödegård" in page.html
    assert not [form for form in page.forms if form["action"].endswith("/absenden")]
    assert at_summary.open(f"{draft}/pause").status == 200


# An earlier case


def test_answers_of_an_earlier_application_are_taken_over(submitted, town):
    codes = re.findall(r'dw-code" translate="no">([^<]+)', submitted.page.html)
    number, code = codes[:2]
    submitted.begin()
    assert "früheren Antrag" in submitted.page.html
    draft = submitted.draft
    submitted.open(f"{draft}/entwurf/frueherer")
    assert submitted.send(nummer=number, code="AAAA-BBBB-CCCC-DDDD").status == 422
    page = submitted.send(nummer=number, code=code)
    assert "2 Angaben übernommen" in page.html
    page = submitted.open(f"{draft}/person")
    assert 'value="Änne Ödegård"' in page.html
    assert f"Aus Ihrem Antrag {number} vom" in page.html
    other = Client(headers={"host": "kranichsee.localhost"})
    assert other.get(f"{draft}/entwurf/frueherer").status_code == 404


# An account


def test_waiting_for_an_account_ends_and_can_be_ended(applicant, town):
    applicant.begin()
    draft = applicant.draft
    assert applicant.open(f"{draft}/entwurf/daten").url == f"{draft}/person", "nobody was asked"
    with scope.enter(scope.of(town)):
        found = drafts.by_code(_code(applicant))
        secret = _code(applicant)
        assistants.ask(draft_id=found[0], secret=secret, source="account", ticket="t")
    page = applicant.open(f"{draft}/entwurf/daten")
    assert "Wir laden Ihre Daten" in page.html
    assert 'http-equiv="refresh"' in page.html
    with clock.shifted(timedelta(seconds=10)):
        page = applicant.open(f"{draft}/entwurf/daten")
        assert "Wir konnten Ihre Daten nicht laden" in page.html
        assert 'http-equiv="refresh"' not in page.html
    applicant.open(f"{draft}/entwurf/daten")
    assert applicant.send(action="").url == f"{draft}/person"
    assert "Wir konnten Ihre Daten nicht laden" in applicant.open(f"{draft}/entwurf/daten").html


def _code(applicant):
    here = applicant.page.url
    page = applicant.open(f"{applicant.draft}/pause")
    applicant.open(here)
    return re.search(r'dw-code" translate="no">([^<]+)', page.html)[1]


# The law


def test_the_contact_has_a_step_and_a_way_back(applicant):
    applicant.begin()
    applicant.send(name="Ada", haustier="false", weiter="weiter")
    page = applicant.send(weiter="weiter")
    assert page.heading == "Wie dürfen wir Sie erreichen?"
    assert "Schritt 3 von 4" in page.html
    assert f"{applicant.draft}/belege" in page.links
    page = applicant.send(weg="post")
    assert "Schritt 4 von 4" in page.html


def test_what_is_kept_is_said_before_the_first_entry(applicant):
    page = applicant.open("/leistungen/hausbewohner")
    for words in ("verschlüsselt", "nur für diesen Antrag", "20 Tage", "Fragen zu Ihren Daten"):
        assert words in page.html
    assert "/datenschutz" in page.links


def test_who_wants_no_digital_decision_is_written_down_with_the_case(submitted, town):
    draft_id = submitted.draft.split("/")[2]
    with scope.enter(scope.of(town)):
        opened = cases.opened(UUID(draft_id))
        assert opened.application.declaration["digital_decision"] is False
        assert cases.contact(UUID(draft_id)).way == "post"
    assert "Kopie" in submitted.page.html


# A draft that a machine has begun


def test_what_happens_to_the_data_is_said_before_a_strangers_draft_is_opened(applicant, town):
    given = Given({"/name": "Änne"}, "api", "Übermittelt von Stadtwerke")
    with scope.enter(scope.of(town)):
        offer = offered.live("hausbewohner")
        begun = assistants.begin_for(draft_id=new_id(), offer_id=offer.id, lang="de", given=given)
        code = drafts.handover_code(begun.draft_id)
    applicant.open("/fortsetzen")
    page = applicant.send(code=code, geraet="gemeinsam")
    assert page.heading == "Für Sie ist ein Antrag vorbereitet"
    assert "Übermittelt von Stadtwerke" in page.html
    assert 'href="/datenschutz"' in page.html[page.html.index("<main") : page.html.index("</main")]
    assert "20 Tage nach Ihrer letzten Änderung" in page.html
    assert "Änne" not in page.html, "nothing is opened yet"
    assert keys.DRAFTS not in applicant.client.cookies
    with scope.enter(scope.of(town)):
        assert Draft.objects.get(id=begun.draft_id).handover, "it can still be opened"
    page = applicant.send(action="/fortsetzen")
    assert 'value="Änne"' in page.html
    assert keys.SHARED in applicant.client.cookies, "the device is still a shared one"
    again = Applicant()
    again.open("/fortsetzen")
    assert again.send(code=code).status == 422, "the code was good once"
    own = applicant.open(f"{applicant.draft}/pause")
    code = re.search(r'dw-code" translate="no">([^<]+)', own.html)[1]
    again.open("/fortsetzen")
    assert "vorbereitet" not in again.send(code=code).html, "only the first time"
