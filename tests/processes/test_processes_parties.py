"""What a process wants of parties is carried out by the rooms, once, and comes back to it."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.blueprint.parties import SILENT
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.inbox import actions as inbox
from dienstweg.inbox import queries as messages
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from dienstweg.processes import actions
from dienstweg.processes.intents import Errand, carry_out, facts_of
from neighbourhood import given_case, let_in, with_codes
from working import waiting, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def case_id(authority, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield given_case()


def errand(case_id):
    opened = queries.opened(case_id)
    return Errand(
        case=opened.case,
        key=opened.key,
        application=opened.application.data,
        release=offers.release(opened.case.digest),
    )


def tell(own, key, answers, documents=()):
    inbox.tell_parties(
        case_id=own.case_id, case_key=own.key, key=key, role="nachbar", answers=answers,
        subject="Entschieden", body="Gut.", documents=documents,
    )  # fmt: skip


def ask(key, party, item=None):
    return process.Ask(
        key=key, task="pruefen", role="", due=datetime(2026, 12, 24, tzinfo=UTC),
        outcomes=("ja", "nein"), party=party, item=item,
    )  # fmt: skip


def test_invite_ask_and_sign_bring_the_same_people(case_id):
    own = errand(case_id)
    for intent in (
        process.Invite(key="laden", party="planer"),
        ask("pruefen", "planer"),
        process.Sign(key="unterschrift", parties=("planer",)),
    ):
        carry_out(own, intent)
        carry_out(own, intent)
    (ada,) = queries.parties(case_id, key=own.key)
    assert ada.email == "ada@example.org"
    file = cases.open_for_party(party_id=ada.id)
    assert [one.card.task for one in file.tasks] == ["pruefen"]
    assert [one.state for one in file.signatures] == ["asked"]
    (fact,) = facts_of(own)["parties"]
    assert (fact["id"], fact["role"], fact["name"], fact["state"], fact["answer"]) == (
        "planer", "planer", "Ada Planerin", "joined", "",
    )  # fmt: skip


def test_what_neighbours_answer_is_seen_by_the_process(case_id):
    own = errand(case_id)
    carry_out(own, process.Invite(key="laden", party="nachbar"))
    nora = let_in(with_codes(case_id)["nachbar@0"])
    (task,) = cases.open_for_party(party_id=nora).tasks
    cases.answer_as_party(
        party_id=nora, task_id=task.card.id, outcome="objected", reason="Zu viel Schatten."
    )
    said = {one["name"]: (one["answer"], one["reason"]) for one in facts_of(own)["parties"]}
    assert said == {
        "Nora Nachbarin": ("objected", "Zu viel Schatten."),
        "Paul Papier": ("", ""),
    }
    for answer in ("agreed", "objected"):
        tell(own, f"sagen-{answer}", (answer,))
    paul = queries.parties(case_id, key=own.key)[1].id
    assert len(messages.of_party(case_id, nora, key=own.key)) == 1
    assert messages.of_party(case_id, paul, key=own.key) == []
    tell(own, "allen", ("objected", SILENT))
    assert len(messages.of_party(case_id, nora, key=own.key)) == 2
    assert len(messages.of_party(case_id, paul, key=own.key)) == 1


def test_a_decision_reaches_by_post_who_would_rather_not_take_part(case_id):
    own = errand(case_id)
    carry_out(own, process.Invite(key="laden", party="nachbar"))
    nora = let_in(with_codes(case_id)["nachbar@0"])
    cases.decline_invitation(party_id=nora, reason="")
    sent = len(mail.outbox)
    tell(own, "neues", (SILENT,))
    assert messages.of_party(case_id, nora, key=own.key) == []
    tell(own, "bescheid", (SILENT,), documents=("genehmigung",))
    (letter,) = [one for one in messages.to_be_posted() if one.party_id == nora]
    assert letter.case_id == case_id
    assert len(mail.outbox) == sent, "nothing more by e-mail"


def test_what_is_not_wanted_any_more_is_taken_back(case_id):
    own = errand(case_id)
    carry_out(own, process.Sign(key="unterschrift", parties=("planer",)))
    carry_out(own, process.NoLongerWait(key="unterschrift", kind="sign"))
    carry_out(own, ask("pruefen", "planer"))
    carry_out(own, process.NoLongerWait(key="pruefen", kind="ask"))
    ada = let_in(with_codes(case_id)["planer"])
    file = cases.open_for_party(party_id=ada)
    assert file.tasks == ()
    assert [one.state for one in file.signatures] == ["withdrawn"]


def test_the_process_hears_that_all_have_signed(case_id, monkeypatch):
    heard = []
    carry_out(errand(case_id), process.Sign(key="unterschrift", parties=("planer",)))
    ada = let_in(with_codes(case_id)["planer"])
    (own,) = cases.open_for_party(party_id=ada).signatures
    cases.give_signature(
        party_id=ada, signature_id=own.id, version=1, sha256=own.sha256, name="Ada Planerin"
    )
    assert "processes.after_signatures" in waiting("processes")
    monkeypatch.setattr(actions, "go_on", lambda *, case_id, event: heard.append((case_id, event)))
    work("processes")
    assert (case_id, process.Signed(key="unterschrift", state="signed")) in heard


def test_each_party_has_messages_of_its_own(case_id):
    key = queries.key(case_id)
    cases.invite(case_id=case_id, key="l", party="nachbar")
    for _ in range(2):
        inbox.tell_parties(
            case_id=case_id, case_key=key, key="termin", role="nachbar",
            subject="Ortstermin", body="Am Montag um 10 Uhr.",
        )  # fmt: skip
    nora, paul = queries.parties(case_id, key=key)
    (told,) = messages.of_party(case_id, nora.id, key=key)
    assert (told.subject, told.by_post, told.first_opened_at) == ("Ortstermin", False, None)
    assert messages.of_case(case_id, key=key) == [], "the applicant is told nothing of it"
    assert messages.of_party(case_id, new_id(), key=key) == []
    (letter,) = messages.to_be_posted()
    assert letter.party_id == paul.id, "who has no e-mail gets a letter"
    inbox.opened(case_id=case_id)
    assert messages.of_party(case_id, nora.id, key=key)[0].first_opened_at is None
    inbox.opened(case_id=case_id, party_id=nora.id)
    assert messages.of_party(case_id, nora.id, key=key)[0].first_opened_at is not None
    assert messages.of_party(case_id, paul.id, key=key)[0].first_opened_at is None
