"""An answer counts for what was read: when that changes, the same is asked anew."""

from datetime import timedelta

import pytest
from django.core import mail

from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.errors import ApplicationChanged
from dienstweg.cases.models import Task
from dienstweg.events import queries as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from neighbourhood import APPLICATION, given_case, invited, let_in, new_version
from working import work

pytestmark = pytest.mark.django_db
ANNA = new_id()
NORA = {"rufname": "Nora Nachbarin", "email": "nora@example.org"}
PAUL = {"rufname": "Paul Papier"}
ZOE = {"rufname": "Zoe Zuletzt", "email": "zoe@example.org"}
TWO, THREE = [NORA, PAUL], [NORA, PAUL, ZOE]


@pytest.fixture
def case_id(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield given_case({**APPLICATION, "haustier": True})


@pytest.fixture
def nora(case_id):
    one = invited(case_id, ["nachbar"])["nachbar@0"]
    let_in(one)
    answer(one.id)
    return one


def tasks_of(party_id):
    return list(actions.open_for_party(party_id=party_id).tasks)


def open_task(party_id):
    return next(one for one in tasks_of(party_id) if one.card.state == "open")


def answer(party_id, outcome="agreed", reason="", **more):
    actions.answer_as_party(
        party_id=party_id, task_id=open_task(party_id).card.id, outcome=outcome, reason=reason,
        **more,
    )  # fmt: skip


def correct(case_id, **changed):
    new_version(case_id, **changed)
    actions.follow_correction(case_id=case_id)
    actions.follow_correction(case_id=case_id)


def said(case_id, party):
    facts = queries.party_facts(case_id, key=queries.key(case_id))
    return next(one["answer"] for one in facts if one["id"] == party)


def asked_anew(case_id):
    return [one.data for one in events.timeline(case_id) if one.name == "party.asked_anew"]


def test_what_was_agreed_to_and_has_changed_is_asked_anew(case_id, nora):
    assert said(case_id, "nachbar@0") == "agreed"
    start = len(mail.outbox)
    correct(case_id, tiere=THREE)
    assert said(case_id, "nachbar@0") == "", "nothing is said to what is there now"
    card = queries.party(nora.id)
    assert card.state == "joined"
    assert card.due_at > card.invited_at + timedelta(days=14)
    work("mail")
    assert [one.to[0] for one in mail.outbox[start:]].count("nora@example.org") == 1
    (told,) = [one for one in asked_anew(case_id) if one["party_id"] == str(nora.id)]
    assert (told["task"], told["version"]) == ("agree", 2)
    answer(nora.id, "objected", "Zu hoch.")
    assert said(case_id, "nachbar@0") == "objected"
    kept = [one.card.outcome for one in tasks_of(nora.id)]
    assert kept == ["agreed", "objected"], "the first answer stays on record"
    assert queries.superseded(tasks_of(nora.id)) == {tasks_of(nora.id)[0].card.id}


def test_what_stays_as_it_was_is_not_asked_again(case_id, nora):
    start = len(mail.outbox)
    correct(case_id, name="Änne Neu")
    assert said(case_id, "nachbar@0") == "agreed"
    assert (asked_anew(case_id), mail.outbox[start:]) == ([], [])
    correct(case_id, tiere=THREE)
    assert len(asked_anew(case_id)) == 1


def test_whoever_is_asked_already_is_not_asked_again(case_id, nora):
    correct(case_id, tiere=THREE)
    work("mail")
    start = len(mail.outbox)
    for name in ("Zwei", "Drei", "Vier"):
        correct(case_id, tiere=[NORA, PAUL, ZOE, {"rufname": name}])
    work("mail")
    assert "nora@example.org" not in [one.to[0] for one in mail.outbox[start:]]
    assert len(asked_anew(case_id)) == 1
    assert sum(one.card.state == "open" for one in tasks_of(nora.id)) == 1
    answer(nora.id)
    correct(case_id, name="Änne Neu")
    assert said(case_id, "nachbar@0") == "agreed"


def test_an_answer_that_does_not_name_its_version_is_dated(case_id, nora):
    row = Task.objects.get(party_id=nora.id, state="done")
    Task.objects.filter(id=row.id).update(sealed=None)
    correct(case_id, name="Änne Neu")
    assert asked_anew(case_id) == []
    correct(case_id, tiere=THREE)
    assert len(asked_anew(case_id)) == 1


def test_by_post_a_further_letter_asks_anew(case_id):
    paul = invited(case_id, ["nachbar"])["nachbar@1"]
    actions.letter_for(party_id=paul.id, account_id=ANNA)
    actions.letter_posted(party_id=paul.id, account_id=ANNA)
    answer(paul.id)
    assert paul.id not in [one for one, *_ in queries.parties_to_post()]
    correct(case_id, tiere=THREE)
    assert paul.id in [one for one, *_ in queries.parties_to_post()]
    assert queries.party(paul.id).news_since is not None
    assert said(case_id, "nachbar@1") == ""


def test_what_was_read_in_an_older_version_is_not_answered(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    let_in(nora)
    new_version(case_id, tiere=THREE)
    with pytest.raises(ApplicationChanged):
        answer(nora.id, version=1)
    answer(nora.id, version=2)
    with clock.shifted(timedelta(minutes=1)):
        actions.follow_correction(case_id=case_id)
    assert asked_anew(case_id) == []


def test_who_has_not_answered_yet_is_not_told_that_anything_changed(case_id, nora):
    correct(case_id, tiere=THREE)
    paul = next(
        one
        for one in queries.parties(case_id, key=queries.key(case_id))
        if one.name == PAUL["rufname"]
    )
    assert [queries.asked_anew(one.card) for one in tasks_of(nora.id)] == [False, True]
    assert [queries.asked_anew(one.card) for one in tasks_of(paul.id)] == [False]
