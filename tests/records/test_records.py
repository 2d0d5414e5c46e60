"""A case as one file: asked for once, made by a worker, logged, and gone after a few days."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

import small_blueprint
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.authorities import scope
from dienstweg.blueprint.correcting import Mark
from dienstweg.cases import actions as cases
from dienstweg.cases import queries as case_queries
from dienstweg.documents import actions as documents
from dienstweg.events import actions as events
from dienstweg.files import queries as files
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from dienstweg.records import actions, queries, rules
from dienstweg.records.errors import NoSuchExport
from dienstweg.records.models import Export
from dienstweg.standards import xdomea
from seeding import BY_MAIL, given_draft
from working import live_through, work

ANNA = new_id()


@pytest.fixture
def case_id(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.DIENSTWEG_ERASURES = str(tmp_path / "erasures")
    offered.forget()
    with scope.enter(scope.of(authority)):
        offer_id = offers.go_live(archive=small_blueprint.packed(), settings={})
        draft = given_draft(offer_id)
        stream = io.BytesIO()
        Image.new("RGB", (9, 9)).save(stream, "PNG")
        own = {"draft_id": draft.id, "secret": draft.secret}
        card = assistants.attach(
            **own, field="nachweis", name="../Mietvertrag: alt?.png", chunks=[stream.getvalue()]
        )
        data = {"name": "Änne Ödegård", "haustier": False, "belege": [str(card.id)]}
        draft = drafts.opened(**own)
        yield cases.submit(
            draft=draft, application=data, notify=BY_MAIL, declaration={"words": ["Ja"]}
        ).case_id
    offered.forget()


def made(case_id, key="1"):
    export_id = actions.order(case_id=case_id, account_id=ANNA, key=key)
    work("records")
    size, pieces = queries.content(export_id, case_id=case_id)
    content = b"".join(pieces)
    assert len(content) == size
    return export_id, zipfile.ZipFile(io.BytesIO(content))


@pytest.mark.django_db
def test_the_archive_holds_everything_about_the_case(case_id):
    documents.write_receipt(case_id=case_id, version=1)
    cases.note(case_id=case_id, account_id=ANNA, key="1", text="Ruft am Montag an.")
    asked = cases.ask_correction(
        case_id=case_id, account_id=ANNA, key="1", marks=[Mark("person", "name")],
        subject="x", body="y",
    )  # fmt: skip
    secret = drafts.correction_secret(asked)
    posted = {"name": ["Anna"]}
    assistants.answer(draft_id=asked, secret=secret, page="person", posted=posted, version=0)
    draft = drafts.opened(asked, secret)
    data = {**case_queries.application(case_id, key=draft.key).data, "name": "Anna"}
    cases.answer_correction(draft=draft, application=data, declaration={})
    documents.write_receipt(case_id=case_id, version=2)
    _, archive = made(case_id)
    names = set(archive.namelist())
    assert {
        "LIESMICH.txt",
        "xdomea.xml",
        "antrag/antrag-fassung-1.json",
        "antrag/antrag-fassung-2.json",
        "anlagen/01-Mietvertrag-alt.png",
        "verlauf.json",
        "nachrichten.json",
        "zahlungen.json",
        "uebergaben.json",
        "notizen.json",
    } <= names
    assert sum(name.startswith("dokumente/") and name.endswith(".pdf") for name in names) == 2
    old, new = (json.loads(archive.read(f"antrag/antrag-fassung-{n}.json")) for n in (1, 2))
    assert (old["data"]["name"], new["data"]["name"]) == ("Änne Ödegård", "Anna")
    assert json.loads(archive.read("notizen.json"))[0]["text"] == "Ruft am Montag an."
    events_told = [one["event"] for one in json.loads(archive.read("verlauf.json"))]
    assert events_told[0] == "case.submitted"
    assert "case.corrected" in events_told
    message = xdomea.read(archive.read("xdomea.xml"))
    paths = {one.file for one in message.case.documents}
    assert paths <= names
    assert "anlagen/01-Mietvertrag-alt.png" in paths
    assert message.case.number == case_queries.case(case_id).number
    assert archive.read("dokumente/" + min(n[10:] for n in names if "dokumente/" in n))[:4] == (
        b"%PDF"
    )


@pytest.mark.django_db
def test_asked_for_twice_it_is_made_once(case_id):
    export_id, _ = made(case_id)
    assert actions.order(case_id=case_id, account_id=ANNA, key="1") == export_id
    before = set(files.states(case_id))
    actions.make(export_id=export_id)
    assert set(files.states(case_id)) == before
    other, _ = made(case_id, "2")
    assert queries.newest(case_id).id == other


@pytest.mark.django_db
def test_it_goes_after_a_few_days_with_its_bytes(case_id):
    before = set(files.states(case_id))
    export_id, _ = made(case_id)
    live_through(rules.KEPT + timedelta(minutes=1), "records")
    assert set(files.states(case_id)) == before
    assert not Export.objects.filter(id=export_id).exists()
    with pytest.raises(NoSuchExport):
        queries.content(export_id, case_id=case_id)


@pytest.mark.django_db
def test_what_nobody_made_or_ended_is_found(case_id, authority):
    export_id = actions.order(case_id=case_id, account_id=ANNA, key="1")
    ProcrastinateJob.objects.all().delete()
    with clock.shifted(rules.LOST_AFTER + timedelta(minutes=1)):
        assert actions.sweep(authority_id=authority) == 1
    work("records")
    assert queries.newest(case_id).state == "made"
    events.no_longer_due(job="records.expire", object_id=export_id)
    with clock.shifted(rules.KEPT + timedelta(hours=1)):
        assert actions.sweep(authority_id=authority) == 1
    assert Export.objects.count() == 0


@pytest.mark.django_db
def test_a_case_erased_meanwhile_leaves_nothing_to_make(case_id):
    export_id = actions.order(case_id=case_id, account_id=ANNA, key="1")
    cases.erase(case_id=case_id, reason="request")
    work("records")
    assert Export.objects.get(id=export_id).state == "ordered"
    assert files.states(case_id) == {}


@pytest.mark.django_db
def test_another_case_does_not_open_it(case_id):
    export_id, _ = made(case_id)
    with pytest.raises(NoSuchExport):
        queries.content(export_id, case_id=new_id())


@given(st.lists(st.text(max_size=120), max_size=8))
def test_names_in_the_archive_are_safe_and_different(names):
    found = rules.numbered(names)
    assert len(set(found)) == len(found) == len(names)
    for one in found:
        assert not set('\\/:*?"<>|\x00\n') & set(one)
        assert len(one) < 100
        assert ".." not in one.split(".")[0]
