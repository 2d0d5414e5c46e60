"""Review, warning, confirmation, submission, and the page of the case."""

import re

import pytest
from django.core import mail

from applicant import Applicant, Page
from dienstweg.authorities import scope
from dienstweg.cases import actions as case_actions
from dienstweg.cases import queries as cases
from dienstweg.cases.models import Case
from dienstweg.kernel.references import new_id
from working import work

pytestmark = pytest.mark.django_db


def codes(page: Page) -> tuple[str, str]:
    number, code = re.findall(r'class="dw-code" translate="no">([^<]+)<', page.html)
    return number, code


def test_the_review_shows_everything_and_warns(at_summary):
    page = at_summary.page
    assert "Änne Ödegård" in page.html
    assert "verbindlichen Antrag" in page.html
    assert any(link.endswith("/person?von=zusammenfassung") for link in page.links)


def test_changing_leads_back_to_the_review(at_summary):
    change = next(
        one for one in at_summary.page.links if one.endswith("person?von=zusammenfassung")
    )
    at_summary.open(change)
    at_summary.send(name="Grace Hopper", weiter="weiter")
    assert at_summary.page.heading == "Prüfen Sie Ihren Antrag"
    assert "Grace Hopper" in at_summary.page.html


def test_a_change_that_asks_for_more_leads_there(at_summary):
    change = next(
        one for one in at_summary.page.links if one.endswith("person?von=zusammenfassung")
    )
    at_summary.open(change)
    at_summary.send(haustier="true", weiter="weiter")
    assert at_summary.page.heading == "Ihre Tiere"


def test_without_confirmation_nothing_is_sent(at_summary, town):
    page = at_summary.send(action="/absenden")
    assert page.status == 422
    assert 'href="#feld-bestaetigt"' in page.html
    with scope.enter(scope.of(town)):
        assert not Case.objects.exists()


def test_submitting_twice_gives_one_case_and_the_same_answer(at_summary, town):
    form = at_summary.page.form("/absenden")
    body = {**form["fields"], "bestaetigt": "ja"}
    first = at_summary.client.post(form["action"], body)
    second = at_summary.client.post(form["action"], body)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    one, two = (codes(Page(at_summary.client.get(first.headers["Location"]))) for _ in range(2))
    assert one == two
    with scope.enter(scope.of(town)):
        assert Case.objects.count() == 1


def test_right_after_there_is_the_copy_with_date_and_time(submitted, town):
    assert "Bei uns eingegangen:" in submitted.page.html
    assert re.search(r"\d\d:\d\d Uhr", submitted.page.html)
    assert "Änne Ödegård" in submitted.page.html
    assert "lädt sich von selbst neu" in submitted.page.html
    with scope.enter(scope.of(town)):
        work("documents")
    page = submitted.open(submitted.page.url)
    address = next(link for link in page.links if "/dokument/" in link)
    response = submitted.client.get(address)
    assert response.content.startswith(b"%PDF")
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_the_draft_is_closed_after_submission(submitted):
    draft = submitted.draft
    assert submitted.open(f"{draft}/person").heading == "Ihr Antrag ist abgeschickt"
    assert submitted.open(f"{draft}/zusammenfassung").heading == "Ihr Antrag ist abgeschickt"


def test_number_and_code_open_the_case_elsewhere(submitted):
    number, code = codes(submitted.page)
    phone = Applicant()
    assert phone.open(f"/vorgang/{number}").heading == "Vorgang ansehen"
    assert phone.page.form()["fields"]["nummer"] == [number]
    phone.send(nummer=number.lower(), code=code.replace("-", " ").lower())
    assert phone.page.url == f"/vorgang/{number}"
    assert "Hausbewohner anmelden" in phone.page.html
    assert phone.send(action="/verlassen").url == "/"
    assert phone.open(f"/vorgang/{number}").heading == "Vorgang ansehen"


def test_a_new_code_ends_what_the_old_one_opened(submitted, town):
    number, _ = codes(submitted.page)
    submitted.open(f"/vorgang/{number}")
    assert submitted.page.status == 200
    with scope.enter(scope.of(town)):
        case_id = cases.by_number(number).id
        new = case_actions.new_code_by_post(case_id=case_id, account_id=new_id())
    assert submitted.open(f"/vorgang/{number}").url == "/vorgang"
    submitted.send(nummer=number, code=new)
    assert submitted.open(f"/vorgang/{number}").url == f"/vorgang/{number}"


def test_wrong_codes_tell_nothing_and_are_slowed_down(submitted):
    number, _ = codes(submitted.page)
    thief = Applicant()
    answers = []
    for tried in (number, "KRA-0000-0000-0"):
        thief.open("/vorgang")
        page = thief.send(nummer=tried, code="AAAA-BBBB-CCCC-DDDD")
        answers.append((page.status, "passen nicht zusammen" in page.html))
    assert answers == [(422, True), (422, True)]
    for _ in range(6):
        thief.open("/vorgang")
        last = thief.send(nummer=number, code="AAAA-BBBB-CCCC-DDDD")
    assert last.status == 429


def test_the_case_page_tells_how_it_stands(submitted):
    number, _ = codes(submitted.page)
    page = submitted.open(f"/vorgang/{number}")
    assert "Angemeldet" in page.html
    assert "Ihr Antrag ist eingegangen" in page.html
    assert "Der Vorgang ist abgeschlossen" in page.html


def test_a_closed_case_cannot_be_withdrawn(submitted):
    number, _ = codes(submitted.page)
    submitted.open(f"/vorgang/{number}/zuruecknehmen")
    page = submitted.send(grund="Ich ziehe um")
    assert page.status == 409
    assert "nicht mehr zurücknehmen" in page.html


def test_an_open_case_is_withdrawn_once(at_summary, town, monkeypatch):
    monkeypatch.setattr("dienstweg.portal.views.sending.processes.go_on", lambda **_: None)
    at_summary.send(action="/absenden", bestaetigt="ja")
    number, _ = codes(at_summary.page)
    at_summary.open(f"/vorgang/{number}/zuruecknehmen")
    form = at_summary.page.form()["fields"]
    at_summary.send(grund="Ich ziehe um")
    assert "Zurückgenommen" in at_summary.page.html
    again = at_summary.client.post(
        f"/vorgang/{number}/zuruecknehmen", {**form, "grund": "Ich ziehe um"}
    )
    assert again.headers["Location"] == f"/vorgang/{number}"
    other = at_summary.client.post(f"/vorgang/{number}/zuruecknehmen", {**form, "grund": "Anders"})
    assert other.status_code == 409


def test_a_failing_process_leaves_the_receipt(at_summary, monkeypatch, caplog):
    def fail(**_):
        raise RuntimeError("Änne")

    monkeypatch.setattr("dienstweg.portal.views.sending.processes.go_on", fail)
    page = at_summary.send(action="/absenden", bestaetigt="ja")
    assert page.heading == "Ihr Antrag ist abgeschickt"
    assert "request_failed" in caplog.text
    assert "Änne" not in caplog.text


def test_the_mail_address_is_confirmed_by_a_code(applicant, town):
    applicant.begin()
    applicant.send(name="Ada", haustier="false", weiter="weiter")
    applicant.send(weiter="weiter")
    assert applicant.send(weg="email", email="kaputt").status == 422
    applicant.send(weg="email", email="ada@example.org")
    assert applicant.page.heading == "E-Mail-Adresse bestätigen"
    draft = applicant.draft
    assert applicant.open(f"{draft}/zusammenfassung").heading != "Prüfen Sie Ihren Antrag"
    with scope.enter(scope.of(town)):
        work("mail")
    code = re.search(r"\b(\d{6})\b", mail.outbox[-1].body)[1]
    applicant.open(f"{draft}/kontakt/code")
    assert applicant.send(code="000000" if code != "000000" else "111111").status == 422
    applicant.send(code=code)
    assert applicant.page.heading == "Prüfen Sie Ihren Antrag"
    assert "ada@example.org" in applicant.page.html


def test_a_lost_code_is_answered_alike_for_everybody(submitted):
    number, _ = codes(submitted.page)
    pages = []
    for tried in (number, "KRA-0000-0000-0"):
        submitted.open("/code-vergessen")
        pages.append(submitted.send(nummer=tried, email="wer@example.org").html)
    assert pages[0] == pages[1]


def test_documents_of_other_cases_are_not_found(submitted):
    number, _ = codes(submitted.page)
    foreign = "01a200f8-2737-71c6-af49-7d484aed7688"
    assert submitted.open(f"/vorgang/{number}/dokument/{foreign}").status == 404


def test_payments_of_others_lead_nowhere(submitted):
    foreign = "01a200f8-2737-71c6-af49-7d484aed7688"
    number, _ = codes(submitted.page)
    assert submitted.open(f"/zahlung/{foreign}").url == "/vorgang"
    response = submitted.client.post(
        f"/vorgang/{number}/bezahlen", {"handlung": "x", "zahlung": foreign}
    )
    assert response.status_code == 404
