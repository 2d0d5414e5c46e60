"""Anybody may ask whether a document is genuine, and learns nothing of what it says."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import decided_blueprint
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.documents import actions
from dienstweg.documents import queries as documents
from dienstweg.documents.models import Document
from dienstweg.offers import queries as offers
from dienstweg.reception import guesses
from seeding import given_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(town, monkeypatch):
    """A decision of the town: its code and its bytes."""
    made = decided_blueprint.compiled()
    monkeypatch.setattr(offers, "release", lambda _digest: made)
    with scope.enter(scope.of(town)):
        case = given_case(name="Änne Ödegård")
        actions.write(
            case_id=case.id, case_key=cases.key(case.id), key="bescheid", template="bescheid",
            title="Bescheid", data={"task": {"pruefen": {"data": {"frist": "2027-01-31"}}}},
        )  # fmt: skip
        row = Document.objects.get(case_id=case.id, key="bescheid")
        actions.render(document_id=row.id)
        yield row.code, documents.content(row.id, case_id=case.id)[1]


def ask(applicant, **form):
    return applicant.client.post("/pruefen", form)


def told(response, status=200):
    assert response.status_code == status
    html = response.content.decode()
    assert "Ödegård" not in html
    assert "Bescheid" not in html
    return html


def file(content):
    return SimpleUploadedFile("x.pdf", content, content_type="application/pdf")


def test_the_code_in_the_address_says_that_there_is_such_a_document(applicant, issued):
    code, _pdf = issued
    html = told(applicant.client.get(f"/pruefen/{code.lower()}"))
    assert "Ein Dokument mit diesem Prüfcode gibt es" in html


def test_the_file_is_genuine_changed_or_unknown(applicant, issued):
    code, pdf = issued
    for form in (
        {"datei": file(pdf)},
        {"datei": file(pdf), "code": code},
        {"hash": hashlib.sha256(pdf).hexdigest().upper()},
        {"hash": hashlib.sha256(pdf).hexdigest(), "code": f" {code.lower()} "},
    ):
        assert "echt und unverändert" in told(ask(applicant, **form))
    assert "nicht das ausgestellte" in told(ask(applicant, datei=file(pdf + b" "), code=code))
    assert "Diese Datei kennen wir nicht" in told(ask(applicant, datei=file(pdf + b" ")))
    assert "Diesen Prüfcode kennen wir nicht" in told(ask(applicant, code="7F3K-9M2Q-4XBC-0000"))


def test_what_is_no_question_is_said(applicant, issued):
    assert "Bitte geben Sie etwas ein" in told(ask(applicant), 422)
    assert "kein Fingerabdruck" in told(ask(applicant, hash="x" * 64))
    assert "zu groß" in told(ask(applicant, datei=file(b"x" * (17 << 20))))


def test_nothing_that_was_uploaded_is_kept(applicant, issued, settings, monkeypatch):
    monkeypatch.setattr("dienstweg.files.store.write", None)
    told(ask(applicant, datei=file(b"%PDF-1.7 geheim")))


def test_files_of_some_do_not_close_the_page_to_others(applicant, issued):
    _code, pdf = issued
    for _ in range(guesses.ADDRESS.tries):
        told(ask(applicant, datei=file(b"other")))
    assert ask(applicant, datei=file(pdf)).status_code == 429
    applicant.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert "echt und unverändert" in told(ask(applicant, datei=file(pdf)))


def test_guessing_is_limited(applicant, issued):
    for typed in ("7F3K-9M2Q-4XBC-1111", "7f3k9m2q4xbc1111", "7F3K 9M2Q 4XBC 1111") * 2:
        if (answer := ask(applicant, code=typed)).status_code == 200:
            told(answer)
    assert answer.status_code == 429, "however it is typed, it is the same code"
    for _ in range(guesses.TARGET.tries):
        ask(applicant, code="7F3K-9M2Q-4XBC-1111")
    assert ask(applicant, code="7F3K-9M2Q-4XBC-1111").status_code == 429


def test_another_town_does_not_know_it(applicant, issued, make_authority):
    _code, pdf = issued
    other = make_authority("moorwald", ars="120650136136", number_prefix="MOO")
    with scope.enter(scope.of(other)):
        host = authorities.card(other).host
        answer = applicant.client.post("/pruefen", {"datei": file(pdf)}, headers={"host": host})
    assert "Diese Datei kennen wir nicht" in told(answer)
