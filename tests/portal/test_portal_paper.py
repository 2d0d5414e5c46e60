"""The assistant on paper: empty for anybody, filled for whoever holds the draft."""

import io
from datetime import timedelta

import pikepdf
import pytest

from dienstweg.authorities import scope
from dienstweg.documents import actions as documents
from dienstweg.documents.models import Paper
from dienstweg.kernel import clock
from working import work

pytestmark = pytest.mark.django_db
EMPTY = "/leistungen/hausbewohner/papier"


def pdf_of(response):
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    return pikepdf.open(io.BytesIO(response.content))


def test_the_empty_paper_is_printed_once_and_downloaded(applicant, town):
    assert EMPTY in applicant.open("/leistungen/hausbewohner").links
    applicant.open(EMPTY)
    page = applicant.send(action="/papier")
    assert "Wir erstellen gerade" in page.html
    assert 'http-equiv="refresh"' in page.html
    assert applicant.client.get(f"{EMPTY}.pdf").status_code == 303
    applicant.client.post(EMPTY)
    with scope.enter(scope.of(town)):
        assert Paper.objects.count() == 1
    work("documents")
    page = applicant.open(EMPTY)
    assert f"{EMPTY}.pdf" in page.links
    assert 'http-equiv="refresh"' not in page.html
    with pdf_of(applicant.client.get(f"{EMPTY}.pdf")) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "de"
        assert pdf.docinfo["/Title"] == "Hausbewohner anmelden"


def test_a_draft_on_paper_holds_what_was_entered_and_is_gone_soon(applicant, town):
    applicant.begin()
    applicant.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    papers = f"{applicant.draft}/papier"
    page = applicant.open(papers)
    assert page.status == 200
    page = applicant.send(action="/papier")
    assert "Wir erstellen gerade" in page.html
    with scope.enter(scope.of(town)):
        assert b"degard" not in bytes(Paper.objects.get().order)
    work("documents")
    page = applicant.open(papers)
    assert f"{papers}.pdf" in page.links
    with pdf_of(applicant.client.get(f"{papers}.pdf")) as pdf:
        assert pdf.Root.StructTreeRoot
    with scope.enter(scope.of(town)), clock.shifted(timedelta(hours=1, minutes=1)):
        documents.sweep(authority_id=town)
        assert Paper.objects.count() == 0


def test_a_changed_draft_is_printed_anew(applicant):
    applicant.begin()
    applicant.send(name="Änne", haustier="false", weiter="weiter")
    papers = f"{applicant.draft}/papier"
    applicant.open(papers)
    applicant.send(action="/papier")
    work("documents")
    assert applicant.client.get(f"{papers}.pdf").status_code == 200
    applicant.open(f"{applicant.draft}/person")
    applicant.send(name="Berta", haustier="false", weiter="weiter")
    assert applicant.client.get(f"{papers}.pdf").status_code == 303


def test_only_who_holds_the_draft_gets_its_paper(applicant, town):
    from applicant import Applicant

    applicant.begin()
    papers = f"{applicant.draft}/papier"
    other = Applicant()
    assert other.client.get(papers).status_code == 404
    assert other.client.get(f"{papers}.pdf").status_code == 404
    assert other.client.post(papers).status_code in {403, 404}
    with scope.enter(scope.of(town)):
        assert Paper.objects.count() == 0


def test_printing_again_and_again_has_to_wait(applicant):
    applicant.begin()
    address = f"{applicant.draft}/papier"
    codes = [applicant.client.post(address).status_code for _ in range(8)]
    assert codes[0] == 303
    assert codes[-1] == 429


def test_a_discarded_draft_takes_its_paper_with_it(applicant, town):
    applicant.begin()
    applicant.open(f"{applicant.draft}/papier")
    applicant.send(action="/papier")
    work("documents")
    draft = applicant.draft
    applicant.open(f"{draft}/verwerfen")
    applicant.client.post(f"{draft}/verwerfen")
    with scope.enter(scope.of(town)):
        assert Paper.objects.count() == 0


def test_what_cannot_be_typeset_is_told_and_can_be_tried_again(applicant, town, monkeypatch):
    from dienstweg.blueprint.typesetter import DocumentFailed
    from dienstweg.documents.actions import papers

    class Broken:
        def pdf(self, _source):
            raise DocumentFailed("secret words")

    monkeypatch.setattr(papers, "typesetter", Broken)
    applicant.client.post(EMPTY)
    work("documents")
    page = applicant.open(EMPTY)
    assert "ließ sich nicht erstellen" in page.html
    monkeypatch.undo()
    applicant.send(action="/papier")
    work("documents")
    assert f"{EMPTY}.pdf" in applicant.open(EMPTY).links
