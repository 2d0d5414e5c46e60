"""Feedback reaches the authority from every page, without a name and without a script."""

import pytest
from django.core import mail

from working import work

pytestmark = pytest.mark.django_db


def test_every_page_leads_to_the_feedback_and_the_statement(applicant):
    for path in ("/", "/leistungen/hausbewohner", "/fortsetzen", "/gibt-es-nicht"):
        links = applicant.open(path).links
        assert "/rueckmeldung" in links
        assert "/barrierefreiheit" in links
    applicant.begin()
    assert "/rueckmeldung" in applicant.page.links


def test_feedback_reaches_the_mailbox(applicant):
    applicant.open("/rueckmeldung")
    page = applicant.send(text="Der Vorleser\nliest nichts.", seite="/hilfe")
    assert page.url == "/rueckmeldung/danke"
    work("mail")
    (sent,) = mail.outbox
    assert "Der Vorleser liest nichts." in sent.body
    assert "Seite: /hilfe" in sent.body
    assert "Antwort an: -" in sent.body
    assert "\n" not in sent.subject


def test_sent_twice_it_arrives_once(applicant):
    applicant.open("/rueckmeldung")
    form = applicant.page.form()["fields"]
    body = {**{name: one[0] for name, one in form.items()}, "text": "Doppelt"}
    for _ in range(2):
        assert applicant.client.post("/rueckmeldung", body).status_code == 303
    work("mail")
    assert len(mail.outbox) == 1


def test_the_page_one_comes_from_is_named_without_whose_it_was(applicant):
    applicant.begin()
    host = "kranichsee.localhost"
    came = f"http://{host}{applicant.page.url}?von=x"
    html = applicant.client.get("/rueckmeldung", headers={"referer": came}).content.decode()
    assert 'value="/antrag/…/person"' in html
    case = f"http://{host}/vorgang/KRA-7F3K-9M2Q-X"
    html = applicant.client.get("/rueckmeldung", headers={"referer": case}).content.decode()
    assert "KRA-7F3K" not in html
    assert 'value="/vorgang/…"' in html
    for foreign in ("http://evil.example/geheim", "http://[", "x" * 5000):
        html = applicant.client.get("/rueckmeldung", headers={"referer": foreign}).content.decode()
        assert "geheim" not in html


def test_nothing_written_is_told_at_the_field(applicant):
    applicant.open("/rueckmeldung")
    page = applicant.send(text="  ", kontakt="a@example.org")
    assert page.status == 422
    assert "Bitte schreiben Sie, was Ihnen aufgefallen ist." in page.html
    assert 'value="a@example.org"' in page.html


def test_too_much_feedback_has_to_wait(applicant):
    codes = []
    for number in range(8):
        applicant.open("/rueckmeldung")
        codes.append(applicant.send(text=f"Nummer {number}").status)
    assert codes[0] == 200
    assert codes[-1] == 429
