"""Correcting an application in the browser: asked by the authority, or offered by oneself."""

import re

import pytest

from dienstweg.authorities import scope
from dienstweg.blueprint.correcting import Mark
from dienstweg.cases import actions, queries
from dienstweg.cases.models import Case
from dienstweg.kernel.references import new_id
from working import work

pytestmark = pytest.mark.django_db
ANNA = new_id()


@pytest.fixture
def at_case(town, submitted):
    """Give an applicant whose case is open, and the case."""
    number, _ = re.findall(r'class="dw-code" translate="no">([^<]+)<', submitted.page.html)
    submitted.open(f"/vorgang/{number}")
    with scope.enter(scope.of(town)):
        # The process of this small service ends at once: here somebody still works on the case.
        Case.objects.filter(number=number).update(state="open", outcome="", closed_at=None)
        yield submitted, queries.by_number(number)


def ask(case, *marks, documents=()):
    asked = actions.ask_correction(
        case_id=case.id,
        account_id=ANNA,
        key=str(new_id()),
        marks=marks,
        documents=documents,
        subject="Bitte ergänzen Sie Ihren Antrag",
        body="Bitte den vollen Namen.",
    )
    work("inbox")
    return asked


def newest(case):
    return queries.application(case.id, key=queries.key(case.id))


def test_the_applicant_changes_what_was_marked_and_nothing_else(at_case):
    someone, case = at_case
    ask(case, Mark("person", "name", remark="Bitte den vollen Namen."))
    page = someone.open(f"/vorgang/{case.number}")
    assert "Bitte ergänzen Sie Ihren Antrag" in page.html
    page = someone.open(f"/vorgang/{case.number}/korrektur")
    assert page.heading == "Wer sind Sie?"
    assert "Das möchte das Amt von Ihnen" in page.html
    assert "Das bleibt, wie es ist." in page.html
    assert "haustier" not in page.form()["fields"]
    page = someone.send(name="Änne Maria Ödegård", haustier="true", weiter="weiter")
    assert page.heading == "Stimmt alles?"
    assert "Änne Maria Ödegård" in page.html
    page = someone.send(weiter="senden")
    assert page.status == 422, "it must be confirmed"
    page = someone.send(bestaetigt="ja")
    assert "Ihre Änderungen sind angekommen" in page.html
    assert newest(case).version == 2
    assert newest(case).data == {"name": "Änne Maria Ödegård", "haustier": False}
    assert someone.open(f"/vorgang/{case.number}/korrektur").url.endswith(case.number)


def test_what_a_change_brings_up_is_asked_as_well(at_case):
    someone, case = at_case
    ask(case, Mark("person", "haustier"))
    someone.open(f"/vorgang/{case.number}/korrektur")
    page = someone.send(haustier="true", weiter="weiter")
    assert page.heading == "Ihre Tiere"
    page = someone.send(hinzufuegen="1")
    page = someone.send(rufname="Rex", weiter="weiter")
    assert "Rex" not in page.html or page.heading == "Ihre Tiere"
    page = someone.send(weiter="weiter")
    assert page.heading == "Stimmt alles?"
    someone.send(bestaetigt="ja")
    assert newest(case).data["tiere"] == [{"rufname": "Rex"}]


def test_nobody_sends_nothing(at_case):
    someone, case = at_case
    ask(case, Mark("person", "name"))
    someone.open(f"/vorgang/{case.number}/korrektur/pruefen")
    page = someone.send(bestaetigt="ja")
    assert page.status == 422
    assert "noch nichts geändert" in page.html
    page = someone.send(bestaetigt="ja", anmerkung="Der Name stimmt.")
    assert newest(case).version == 2
    view = queries.corrections(case.id, key=queries.key(case.id))[0]
    assert view.remark == "Der Name stimmt."


def test_documents_are_handed_in(at_case, photo):
    someone, case = at_case
    ask(case, documents=[("Mietvertrag", "alle Seiten")])
    page = someone.open(f"/vorgang/{case.number}/korrektur")
    assert page.heading == "Unterlagen nachreichen"
    assert "alle Seiten" in page.html
    page = someone.upload("Unterlage-0", b"no picture", "vertrag.png")
    assert page.status == 422
    page = someone.upload("Unterlage-0", photo, "vertrag.png")
    assert "vertrag.png" in page.html
    page = someone.send(weiter="weiter")
    assert page.heading == "Stimmt alles?"
    someone.send(bestaetigt="ja")
    (attached,) = queries.attachments(case.id, key=queries.key(case.id))
    assert attached.name == "vertrag.png"


def test_only_who_opened_the_case_opens_its_correction(at_case, applicant):
    _, case = at_case
    asked = ask(case, Mark("person", "name"))
    from applicant import Applicant

    stranger = Applicant()
    assert stranger.open(f"/antrag/{asked}/person").status == 404
    assert stranger.open(f"/vorgang/{case.number}/korrektur").heading != "Wer sind Sie?"


def test_pages_of_a_new_application_are_none_of_a_correction(at_case):
    someone, case = at_case
    asked = ask(case, Mark("person", "name"))
    for place in ("kontakt", "zusammenfassung", "pause", "verwerfen", "papier"):
        assert someone.open(f"/antrag/{asked}/{place}").url.startswith(f"/vorgang/{case.number}")
    assert queries.under_way(case.id) is not None


def test_taken_back_leads_to_the_case(at_case):
    someone, case = at_case
    asked = ask(case, Mark("person", "name"))
    someone.open(f"/antrag/{asked}/person")
    actions.withdraw_correction(correction_id=asked, actor=f"staff:{ANNA}")
    work("inbox")
    page = someone.send(name="Zu spät", weiter="weiter")
    assert page.url.startswith(f"/vorgang/{case.number}")
    assert "Sie müssen nichts mehr nachreichen" in page.html


def test_one_may_correct_by_oneself_while_somebody_has_yet_to_decide(at_case):
    someone, case = at_case
    page = someone.open(f"/vorgang/{case.number}")
    assert "Angaben selbst korrigieren" not in page.html
    actions.ask(
        case_id=case.id, key="pruefen", task="pruefen", role="sachbearbeitung", outcomes=["granted"]
    )
    page = someone.open(f"/vorgang/{case.number}/korrektur")
    assert page.heading == "Möchten Sie etwas korrigieren?"
    page = someone.send()
    assert page.heading == "Wer sind Sie?"
    someone.send(name="Anna Ödegård", weiter="pause")
    page = someone.open(f"/vorgang/{case.number}")
    assert "Sie korrigieren gerade Ihren Antrag" in page.html
    someone.open(f"/vorgang/{case.number}/korrektur/verwerfen")
    someone.send()
    assert queries.under_way(case.id) is None
    assert newest(case).version == 1
