"""A caseworker asks back, looks at files, writes notes; what a message to the applicant says."""

import io
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from PIL import Image

import small_blueprint
from amending import replaced
from dienstweg.accounts import actions as accounts
from dienstweg.accounts.models import Membership
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import pages
from dienstweg.blueprint.correcting import Mark
from dienstweg.cases import actions, queries
from dienstweg.cases.models import Case, Note, Reading
from dienstweg.desk import asking
from dienstweg.files import actions as files
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from seeding import BY_MAIL, given_draft
from working import work

pytestmark = pytest.mark.django_db


class Clerk:
    """Somebody of the staff at the page of one case."""

    def __init__(self, client, case):
        self.client, self.case = client, case

    def get(self, part=""):
        return self.client.get(f"/arbeitsplatz/vorgaenge/{self.case.id}{part}")

    def page(self, part=""):
        answer = self.get(part)
        assert answer.status_code == 200, answer
        return answer.content.decode()

    def post(self, part, **fields):
        fields.setdefault("handlung", str(new_id()))
        return self.client.post(f"/arbeitsplatz/vorgaenge/{self.case.id}{part}", fields)


@pytest.fixture
def clerk(authority, tmp_path, settings):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.DIENSTWEG_STRICT_WORDS = True
    authorities.forget()
    offered.forget()
    word = "ein-langes-Kennwort-fuer-Tests"
    accounts.add_staff(
        email="huber@kranichsee.example",
        name="A. Huber",
        password=word,
        authority_slugs=[authorities.card(authority).slug],
        role="sachbearbeitung",
    )
    client = Client(headers={"host": settings.DIENSTWEG_NETWORK_HOST})
    client.post("/arbeitsplatz/anmelden", {"email": "huber@kranichsee.example", "passwort": word})
    with scope.enter(scope.of(authority)):
        offer_id = offers.go_live(archive=small_blueprint.packed(), settings={})
        draft = given_draft(offer_id)
        stream = io.BytesIO()
        Image.new("RGB", (9, 9)).save(stream, "PNG")
        card = files.take(
            owner_id=draft.id, key=draft.key, name="bild.png", chunks=[stream.getvalue()]
        )
        data = {"name": "Änne Ödegård", "haustier": False, "belege": [str(card.id)]}
        case_id = actions.submit(
            draft=draft, application=data, notify=BY_MAIL, declaration={}
        ).case_id
        yield Clerk(client, queries.case(case_id))
    offered.forget()


def test_asking_back_goes_over_the_message_as_it_will_be_read(clerk):
    form = clerk.page("/nachfordern")
    assert 'value="person//name"' in form
    due = (clock.today() + timedelta(days=14)).isoformat()
    chosen = {
        "stelle": ["person//name", "gibt-es-nicht//x"],
        "hinweis:person//name": "Bitte den vollen Namen.",
        "unterlage-1": "Mietvertrag",
        "frist": due,
        "text": "Uns fehlt noch etwas.",
    }
    seen = clerk.post("/nachfordern", **chosen, schritt="vorschau").content.decode()
    for words in ("Uns fehlt noch etwas.", "– Ihr Name: Bitte den vollen Namen.", "– Mietvertrag"):
        assert words in seen
    assert queries.under_way(clerk.case.id) is None, "nothing is sent before"
    back = clerk.post("/nachfordern", **chosen, schritt="zurueck").content.decode()
    assert "Mietvertrag" in back
    act = str(new_id())
    for _ in range(2):
        answer = clerk.post("/nachfordern", **chosen, schritt="senden", handlung=act)
        assert answer.status_code == 302
    (view,) = queries.corrections(clerk.case.id, key=queries.key(clerk.case.id))
    assert view.marks == (Mark("person", "name", (), "Bitte den vollen Namen."),)
    assert view.documents == (("Mietvertrag", ""),)
    assert view.card.due_on.isoformat() == due
    assert "Wartet auf die antragstellende Person" in clerk.page()
    assert clerk.get("/nachfordern").status_code == 302, "one at a time"
    assert f"/nachfordern/{view.card.id}/zuruecknehmen" in clerk.page()
    assert clerk.post(f"/nachfordern/{view.card.id}/zuruecknehmen").status_code == 302
    assert queries.under_way(clerk.case.id) is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "kreuzen Sie an"),
        ({"stelle": "person//name", "frist": "2001-01-01"}, "Datum"),
        ({"stelle": "person//name", "frist": "bald"}, "Datum"),
    ],
)
def test_what_cannot_be_asked_is_told(clerk, fields, words):
    answer = clerk.post("/nachfordern", **{"frist": "2999-01-01", **fields}, schritt="senden")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert queries.under_way(clerk.case.id) is None


def test_old_and_new_stand_side_by_side(clerk):
    from dienstweg.assistants import actions as assistants
    from dienstweg.assistants import queries as drafts

    asked = actions.ask_correction(
        case_id=clerk.case.id, account_id=new_id(), key="1",
        marks=[Mark("person", "name")], subject="x", body="y",
    )  # fmt: skip
    secret = drafts.correction_secret(asked)
    assistants.answer(
        draft_id=asked, secret=secret, page="person", posted={"name": ["Anna Ödegård"]}, version=0
    )
    draft = drafts.opened(asked, secret)
    data = {**queries.application(clerk.case.id, key=draft.key).data, "name": "Anna Ödegård"}
    actions.answer_correction(
        draft=draft, application=data, declaration={}, remark="Nach der Heirat."
    )
    seen = clerk.page()
    assert "<del>Änne Ödegård</del>" in seen
    assert "<ins>Anna Ödegård</ins>" in seen
    assert "Nach der Heirat." in seen
    assert "Fassung 2" in seen


def test_the_file_of_an_earlier_version_is_opened_and_stands_beside_the_new_one(clerk):
    stream = io.BytesIO()
    Image.new("RGB", (12, 9)).save(stream, "PNG")
    (old,) = queries.attachments(clerk.case.id, key=queries.key(clerk.case.id))
    assert replaced(clerk.case.id, stream.getvalue(), name="besser.png") == 2
    (new,) = queries.attachments(clerk.case.id, key=queries.key(clerk.case.id))
    seen = clerk.page()
    assert f"/anlagen/{old.file_id}/ansehen" in seen and f"/anlagen/{new.file_id}/ansehen" in seen
    assert "gehört zu einer früheren Fassung" in clerk.page(f"/anlagen/{old.file_id}/ansehen")
    assert "früheren Fassung" not in clerk.page(f"/anlagen/{new.file_id}/ansehen")
    beside = f"/anlagen/{old.file_id}/neben/{new.file_id}"
    assert beside in seen
    page = clerk.page(beside)
    for words in ("bild.png", "besser.png", "Nachweis", "Bisher"):
        assert words in page
    for one, content in ((old, (9, 9)), (new, (12, 9))):
        assert f"/anlagen/{one.file_id}/inhalt" in page
        answer = clerk.get(f"/anlagen/{one.file_id}/inhalt")
        assert Image.open(io.BytesIO(answer.getvalue())).size == content
    assert clerk.get(f"/anlagen/{new.file_id}/neben/{old.file_id}").status_code == 302


def test_every_file_of_an_asked_document_is_told(clerk):
    from dienstweg.assistants import actions as assistants
    from dienstweg.assistants import queries as drafts

    asked = actions.ask_correction(
        case_id=clerk.case.id, account_id=new_id(), key="1",
        documents=[("Impfpass", "Alle Seiten")], subject="x", body="y",
    )  # fmt: skip
    secret = drafts.correction_secret(asked)
    for number in (1, 2, 3):
        stream = io.BytesIO()
        Image.new("RGB", (20 + number, 9)).save(stream, "PNG")
        assistants.attach(
            draft_id=asked, secret=secret, field="Unterlage-0", name=f"seite-{number}.png",
            chunks=[stream.getvalue()],
        )  # fmt: skip
    draft = drafts.opened(asked, secret)
    data = queries.application(clerk.case.id, key=draft.key).data
    actions.answer_correction(draft=draft, application=dict(data), declaration={})
    seen = clerk.page()
    told = seen[seen.index('id="fassung-2"') : seen.index('id="antrag"')]
    for number in (1, 2, 3):
        assert f"seite-{number}.png" in told, number


def test_a_file_is_looked_at_where_nothing_of_it_runs(clerk):
    page = clerk.page()
    (place,) = re.findall(r"/anlagen/[0-9a-f-]+/ansehen", page)
    assert "Anlage 1 von 1" in clerk.page(place)
    answer = clerk.get(place.replace("ansehen", "inhalt"))
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    purposes = set(Reading.objects.values_list("purpose", flat=True))
    assert {"work", "look", "attachment"} <= purposes
    assert clerk.get(f"/anlagen/{new_id()}/inhalt").status_code == 404


def test_a_printed_case_holds_everything_on_one_page(clerk):
    seen = clerk.page("/drucken")
    for words in ("Änne Ödegård", "bild.png", "Antrag eingegangen", "A. Huber"):
        assert words in seen
    assert "print" in set(Reading.objects.values_list("purpose", flat=True))


def test_the_whole_case_is_made_by_a_worker_and_its_download_is_logged(clerk):
    assert "Akte erstellen" in clerk.page("/akte")
    act = str(new_id())
    for _ in range(2):
        assert clerk.post("/akte", handlung=act).status_code == 302
    assert "wird gerade erstellt" in clerk.page("/akte")
    work("records")
    (place,) = re.findall(r"/akte/[0-9a-f-]+", clerk.page("/akte"))
    answer = clerk.get(place)
    assert answer.headers["Content-Disposition"].endswith(f"{clerk.case.number}.zip")
    assert answer.getvalue().startswith(b"PK")
    assert "export" in set(Reading.objects.values_list("purpose", flat=True))
    assert clerk.get(f"/akte/{new_id()}").status_code == 302


def purposes():
    return list(Reading.objects.order_by("id").values_list("purpose", flat=True))


def test_who_orders_an_archive_and_waits_for_it_is_in_the_log_once(clerk):
    before = purposes()
    assert clerk.post("/akte", handlung=str(new_id())).status_code == 302
    assert purposes() == [*before, "export"]
    for _ in range(3):
        waiting = clerk.page("/akte")
        assert clerk.case.number in waiting and 'http-equiv="refresh"' in waiting
    assert purposes() == [*before, "export"], "the page reloads itself and shows nothing"
    work("records")
    (place,) = re.findall(r"/akte/[0-9a-f-]+", clerk.page("/akte"))
    clerk.get(place)
    assert purposes() == [*before, "export", "work", "export"]


def test_nobody_waits_for_the_archive_of_what_is_erased(clerk):
    clerk.post("/akte", handlung=str(new_id()))
    Case.objects.update(state="erased", wrapped_key=None)
    assert clerk.get("/akte").status_code == 404


def test_notes_are_kept_and_corrected(clerk):
    act = str(new_id())
    for _ in range(2):
        clerk.post("/notizen", notiz="Ruft am Montag an.", handlung=act)
    note = Note.objects.get()
    assert "Ruft am Montag an." in clerk.page()
    assert b"Montag" not in bytes(note.sealed)
    clerk.post(f"/notizen/{note.id}", notiz="Ruft am Dienstag an.")
    assert "Ruft am Dienstag an." in clerk.page()
    assert clerk.post("/notizen", notiz="  ").status_code == 422
    long = clerk.post("/notizen", notiz="x" * 4001)
    assert long.status_code == 422
    assert "zu lang" in long.content.decode()
    with clock.shifted(timedelta(minutes=11)):
        late = clerk.post(f"/notizen/{note.id}", notiz="zu spät")
    assert late.status_code == 422
    assert "zu spät" not in clerk.page()


def test_who_only_watches_over_cases_asks_nothing_and_takes_nothing(clerk):
    Membership.objects.update(role="datenschutz")
    assert clerk.get().status_code == 200
    assert "/nachfordern" not in clerk.page()
    for part in ("/nachfordern", "/akte", f"/akte/{new_id()}"):
        assert clerk.get(part).status_code == 403
    assert clerk.post("/notizen", notiz="x").status_code == 403
    assert Note.objects.count() == 0


# The message, without a database


def test_the_message_names_everything_and_nothing_empty():
    from dienstweg.blueprint import release as releases

    release = releases.compile(dict(small_blueprint.files()))
    answers = pages.from_application(release, {"name": "Änne", "haustier": False})
    sections = pages.summary(release, answers, lang="de", today=date(2026, 11, 22))
    found = asking.asked(
        release,
        sections,
        {"stelle": ["person//"], "unterlage-2": [" Ausweis "], "frist": ["2026-12-24"]},
    )
    assert found.marks == (Mark("person"),)
    assert asking.problem(found, date(2026, 11, 22)) == ""
    assert asking.problem(found, date(2026, 12, 24)) == "date"
    subject, body = asking.message(release, sections, found, number="KRA-1", lang="de")
    assert subject == "Bitte ergänzen Sie Ihren Antrag"
    assert "– Wer sind Sie?\n" in body + "\n"
    assert "– Ausweis" in body
    assert "24.12.2026" in body
    assert "\n\n\n" not in body
