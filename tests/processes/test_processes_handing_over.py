"""A case goes to another authority with everything: there open, here closed, never both or none."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

import neighbourhood
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.cases.errors import NoSuchCase, NotAllowed, WrongNumberOrCode
from dienstweg.cases.models import Case, Party, Task
from dienstweg.documents.models import Document
from dienstweg.documents.places import data_place
from dienstweg.events import actions as falling_due
from dienstweg.events import queries as recorded
from dienstweg.events.models import Due, Event
from dienstweg.files import actions as files
from dienstweg.files import queries as kept
from dienstweg.inbox import actions as inbox
from dienstweg.inbox import queries as messages
from dienstweg.kernel import clock, encryption, failpoints
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from dienstweg.processes import actions
from dienstweg.processes.models import Conduct
from journeying import picture
from neighbourhood import APPLICATION, BY_MAIL, let_in, with_codes
from working import live_through, work

pytestmark = pytest.mark.django_db
ANNA = new_id()
ROOMS = ("cases", "processes", "mail")


def staff_of(authority_id):
    return {authority_id: ["sachbearbeitung"]}


@pytest.fixture
def town(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    yield authority
    offers.forget()


class Given:
    """A case with something in every room, and what its people know."""

    def __init__(self, town):
        self.town = town
        with self.here():
            self._submit()
            self._fill()
        self.moved = None

    def here(self):
        return scope.enter(scope.of(self.town))

    def _submit(self):
        begun = assistants.begin(offer_id=neighbourhood.given_offer(), lang="de")
        draft = drafts.opened(begun.draft_id, begun.secret)
        card = files.take(owner_id=draft.id, key=draft.key, name="beleg.png", chunks=[picture()])
        draft = drafts.opened(begun.draft_id, begun.secret)
        submitted = cases.submit(
            draft=draft,
            application={**APPLICATION, "belege": [str(card.id)]},
            notify=BY_MAIL,
            declaration={"confirmed": True},
        )
        self.file_id, self.id = card.id, submitted.case_id
        self.number, self.code = submitted.number, submitted.code
        actions.go_on(case_id=self.id, event=process.Submitted())
        self.key = queries.key(self.id)
        self.sha256 = queries.opened(self.id).application.sha256

    def _fill(self):
        cases.sign(case_id=self.id, key="u", parties=["bauherr", "planer"], order="parallel")
        cases.invite(case_id=self.id, key="n", party="nachbar")
        people = with_codes(self.id)
        self.ada, self.nora = people["planer"], people["nachbar@0"]
        let_in(self.ada)
        self.proof = cases.hand_in(party_id=self.ada.id, name="plan.png", chunks=[picture()]).id
        (own,) = cases.open_for_party(party_id=self.ada.id).signatures
        cases.give_signature(
            party_id=self.ada.id, signature_id=own.id, version=1,
            sha256=own.sha256, name="Ada Planerin",
        )  # fmt: skip
        inbox.tell(case_id=self.id, case_key=self.key, key="m", subject="Eingang", body="Danke.")
        cases.note(case_id=self.id, account_id=ANNA, key="k", text="Bitte bald.")
        pdf = files.keep(
            owner_id=self.id, key=self.key, name="kopie.pdf", media_type="application/pdf",
            content=b"%PDF-1.7",
        )  # fmt: skip
        document_id = new_id()
        Document.objects.create(
            id=document_id, authority_id=self.town, case_id=self.id, key="receipt",
            template="receipt", title="Kopie", state="written", file_id=pdf.id,
            data=encryption.seal_json(self.key, {"a": 1}, *data_place(self.town, document_id)),
            code="D-1", ordered_at=clock.now(), written_at=clock.now(),
        )  # fmt: skip
        work(*ROOMS)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")

    def go(self, to):
        with self.here():
            actions.order(case_id=self.id, to=to, account_id=ANNA)
            work(*ROOMS)
            row = Case.objects.get(id=self.id)
        with scope.enter(scope.of(to)):
            self.moved = Case.objects.get(number=row.moved_as) if row.moved_as else None
        return self.moved


@pytest.fixture
def given(town):
    return Given(town)


def open_cases(*authority_ids):
    """Return how many open cases these authorities have, and how many all in all."""
    found = []
    for authority_id in authority_ids:
        with scope.enter(scope.of(authority_id)):
            found += Case.objects.values_list("state", flat=True)
    return found.count("open"), len(found)


def test_everything_goes_and_the_case_is_open_in_one_place(given, other_authority):
    moved = given.go(other_authority)
    assert open_cases(given.town, other_authority) == (1, 2)
    with given.here():
        old = queries.case(given.id)
        assert (old.state, old.moved_to, old.moved_as) == ("closed", other_authority, moved.number)
        assert set(Task.objects.filter(case_id=given.id).values_list("state", flat=True)) == {
            "withdrawn"
        }
        assert recorded.timeline(given.id)[-1].name == "case.moved"
    with scope.enter(scope.of(other_authority)):
        new = queries.opened(moved.id)
        assert new.case.number.startswith("MOO-")
        assert (new.case.came_from, new.case.came_as) == (given.town, given.number)
        assert new.application.sha256 == given.sha256, "what was signed is the same"
        assert new.application.data["name"] == APPLICATION["name"]
        assert new.key != given.key
        names = [one.name for one in recorded.timeline(moved.id)]
        assert names[0] == "case.submitted"
        assert names[-1] == "case.taken_over"
        assert {"signature.given", "party.handed_in", "message.sent"} <= set(names)
        assert [one.text for one in queries.notes(moved.id, key=new.key)] == ["Bitte bald."]
        told = messages.of_case(moved.id, key=new.key)
        assert [one.subject for one in told] == ["Eingang"]


def test_files_answer_to_the_ids_that_were_signed(given, other_authority):
    moved = given.go(other_authority)
    with scope.enter(scope.of(other_authority)):
        new = queries.opened(moved.id)
        (attachment,) = queries.attachments_of(new)
        assert (attachment.file_id, attachment.name) == (given.file_id, "beleg.png")
        here = {one.id: one.name for one in kept.cards(moved.id, key=new.key)}
        assert here[given.file_id] == "beleg.png"
        assert here[given.proof] == "plan.png"
        content = kept.content(given.file_id, key=new.key)
        assert kept.states(moved.id)[given.file_id] == "ready"
        files.discard(owner_id=moved.id, file_id=given.proof)
        assert given.proof not in kept.states(moved.id)
    with given.here():
        assert kept.content(given.file_id, key=given.key) == content
        assert kept.content(given.proof, key=given.key), "the original is not touched"


def test_documents_can_be_read_there(given, other_authority):
    from dienstweg.documents import queries as documents

    moved = given.go(other_authority)
    with scope.enter(scope.of(other_authority)):
        (one,) = documents.of_case(moved.id)
        assert documents.content(one.id, case_id=moved.id) == ("kopie.pdf", b"%PDF-1.7")


def test_the_process_goes_on_there_and_not_here(given, other_authority):
    moved = given.go(other_authority)
    with scope.enter(scope.of(other_authority)):
        (task,) = queries.open_tasks(roles=staff_of(scope.one()))
        assert task.case_id == moved.id
        cases.decide(task_id=task.id, account_id=ANNA, outcome="ja", reason="Passt.")
        live_through(timedelta(minutes=2), *ROOMS)
        assert queries.case(moved.id).state == "closed"
        assert queries.case(moved.id).outcome == "granted"
    with given.here():
        assert Conduct.objects.get(id=given.id).finished
        actions.go_on(case_id=given.id, event=process.TimerDue(key="frist"))
        assert queries.case(given.id).outcome == ""


def test_what_falls_due_falls_due_there(given, other_authority):
    before = Due.objects.filter(object_id=given.id).count()
    assert before
    moved = given.go(other_authority)
    assert not Due.objects.filter(object_id=given.id).exists()
    assert Due.objects.filter(object_id=moved.id, authority_id=other_authority).count() == before
    with clock.shifted(timedelta(days=31)):
        falling_due.tick(now=clock.now())
        work("processes")
    with scope.enter(scope.of(other_authority)):
        assert queries.case(moved.id).outcome == "late"


def test_the_applicant_is_told_and_keeps_the_code(given, other_authority):
    from django.core import mail

    moved = given.go(other_authority)
    with given.here():
        told = messages.of_case(given.id, key=given.key)[0]
        assert moved.number in told.body
        assert "/vorgang" in told.body
        assert cases.let_in(number=given.number, code=given.code).moved_as == moved.number
        with pytest.raises(WrongNumberOrCode):
            cases.let_in(number=moved.number, code=given.code)
    with scope.enter(scope.of(other_authority)):
        assert cases.let_in(number=moved.number, code=given.code).id == moved.id
        renewed = cases.new_code_by_post(case_id=moved.id, account_id=ANNA)
        assert cases.let_in(number=moved.number, code=renewed).id == moved.id
        with pytest.raises(WrongNumberOrCode):
            cases.let_in(number=moved.number, code=given.code)
    assert any("anne@example.org" in one.to for one in mail.outbox)


def test_parties_keep_their_code_and_are_led_on(given, other_authority):
    moved = given.go(other_authority)
    with given.here():
        got_in = cases.let_in_party(number=given.nora.number, code=given.nora.code)
        assert got_in.moved_authority == other_authority
        with pytest.raises(NotAllowed):
            cases.hand_in(party_id=given.ada.id, name="a.png", chunks=[picture()])
    with scope.enter(scope.of(other_authority)):
        there = cases.let_in_party(number=got_in.moved_to, code=given.nora.code)
        (task,) = cases.open_for_party(party_id=there.party_id).tasks
        cases.answer_as_party(
            party_id=there.party_id, task_id=task.card.id, outcome="agreed", reason=""
        )
        key = queries.key(moved.id)
        signed = {(one.role, one.state) for one in queries.signatures(moved.id, key=key)}
        assert signed == {("bauherr", "asked"), ("planer", "signed")}
        facts = queries.party_facts(moved.id, key=key)
    with given.here():
        ids = [one["id"] for one in queries.party_facts(given.id, key=given.key)]
    assert [one["id"] for one in facts] == ids, "expressions know them by the same ids"


def test_neither_authority_sees_the_others(given, other_authority):
    moved = given.go(other_authority)
    with given.here():
        for ask in (queries.case, queries.opened):
            with pytest.raises(NoSuchCase):
                ask(moved.id)
        assert not Party.objects.filter(case_id=moved.id).exists()
        assert not Event.objects.filter(case_id=moved.id).exists()
        assert kept.states(moved.id) == {}
    with scope.enter(scope.of(other_authority)):
        with pytest.raises(NoSuchCase):
            queries.case(given.id)
        assert messages.of_case(given.id, key=given.key) == []
        assert recorded.timeline(given.id) == []
        with pytest.raises(encryption.Unreadable):
            queries.application(moved.id, key=given.key)


def test_who_does_not_offer_the_service_can_take_the_case(given, other_authority):
    moved = given.go(other_authority)
    with scope.enter(scope.of(other_authority)):
        offers.forget()
        assert offers.live("hausbewohner") is None, "nobody can apply there"
        offer = offers.offer(moved.offer_id)
        assert (offer.slug, offer.state) == ("hausbewohner", "withdrawn")
        assert offers.release(moved.digest).id == "hausbewohner"


def test_who_offers_it_works_with_its_own_settings(given, other_authority):
    with scope.enter(scope.of(other_authority)):
        own = neighbourhood.given_offer()
        offers.forget()
    moved = given.go(other_authority)
    assert moved.offer_id == own


def test_there_and_back_again(given, other_authority):
    moved = given.go(other_authority)
    with scope.enter(scope.of(other_authority)):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        actions.order(case_id=moved.id, to=given.town, account_id=ANNA)
        work(*ROOMS)
        number = queries.case(moved.id).moved_as
    with given.here():
        back = cases.let_in(number=number, code=given.code)
        assert queries.opened(back.id).application.sha256 == given.sha256
        assert kept.cards(back.id, key=queries.key(back.id))
    assert open_cases(given.town, other_authority) == (1, 3)


def test_twice_is_once(given, other_authority):
    with given.here():
        actions.order(case_id=given.id, to=other_authority, account_id=ANNA)
        actions.order(case_id=given.id, to=other_authority, account_id=ANNA)
        actions.hand_over(case_id=given.id)
        actions.hand_over(case_id=given.id)
    assert open_cases(given.town, other_authority) == (1, 2)


def test_it_can_be_called_off_in_time(given, other_authority):
    with given.here():
        actions.order(case_id=given.id, to=other_authority, account_id=ANNA)
        cases.call_off_handing_over(case_id=given.id, account_id=ANNA)
        work(*ROOMS)
        assert queries.case(given.id).state == "open"
    assert open_cases(given.town, other_authority) == (1, 1)
    given.go(other_authority)
    with given.here(), pytest.raises(NotAllowed):
        cases.call_off_handing_over(case_id=given.id, account_id=ANNA)


@pytest.mark.parametrize("to", ["itself", "nobody"])
def test_where_it_cannot_go(given, to):
    with given.here(), pytest.raises(NotAllowed):
        actions.order(
            case_id=given.id, to=given.town if to == "itself" else new_id(), account_id=ANNA
        )


def test_a_closed_case_stays(given, other_authority):
    with given.here():
        cases.close(case_id=given.id, outcome="granted")
        assert "closed" in actions.hindrances(given.id)
        with pytest.raises(NotAllowed):
            actions.order(case_id=given.id, to=other_authority, account_id=ANNA)


def test_what_is_under_way_is_waited_for(given, other_authority):
    """A decision that can still be undone: the job comes back when it stands."""
    with given.here():
        (task,) = queries.open_tasks(roles=staff_of(scope.one()))
        cases.decide(task_id=task.id, account_id=ANNA, outcome="ja", reason="Passt.")
        assert actions.hindrances(given.id) == ("decision",)
        actions.order(case_id=given.id, to=other_authority, account_id=ANNA)
        with pytest.raises(actions.NotYet):
            actions.hand_over(case_id=given.id)
        cases.undo(task_id=task.id, account_id=ANNA)
        live_through(timedelta(minutes=1), *ROOMS)
        assert queries.case(given.id).moved_to == other_authority


def test_what_goes_is_told_before(given, other_authority):
    with given.here():
        seen = actions.preview_handing_over(case_id=given.id, to=other_authority)
    assert (seen.offered, seen.versions, seen.files, seen.documents) == (False, 1, 3, 1)
    assert (seen.messages, seen.parties, seen.payments, seen.told_by_mail) == (1, 4, 0, True)
    assert seen.hindrances == ()


@pytest.mark.parametrize("point", ["before", "copied", "after"])
def test_a_worker_killed_anywhere_leaves_one_open_case(given, other_authority, monkeypatch, point):
    """Whatever commits has one open case, all in all; after the kill the job comes again."""

    class Killed(BaseException):
        pass

    def reach(name):
        if name == f"processes.hand_over.{point}":
            raise Killed

    with given.here():
        actions.order(case_id=given.id, to=other_authority, account_id=ANNA)
        monkeypatch.setattr(failpoints, "reach", reach)
        with pytest.raises(Killed), transaction.atomic():
            actions.hand_over(case_id=given.id)
        assert open_cases(given.town, other_authority)[0] == 1
        monkeypatch.undo()
        actions.hand_over(case_id=given.id)
    assert open_cases(given.town, other_authority) == (1, 2)
