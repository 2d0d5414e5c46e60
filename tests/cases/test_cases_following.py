"""Parties after a correction, and after somebody declined or was removed: who is asked what."""

from datetime import timedelta

import pytest
from django.core import mail

from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.errors import (
    ApplicationChanged,
    NotAllowed,
    NotYours,
    NumberOrCodeOfPartyWrong,
)
from dienstweg.cases.models import Party
from dienstweg.events import queries as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from neighbourhood import given_case, invited, let_in, new_version, with_codes
from working import work

pytestmark = pytest.mark.django_db
ANNA = new_id()
NORA = {"rufname": "Nora Nachbarin", "email": "nora@example.org"}
PAUL = {"rufname": "Paul Papier"}
ZOE = {"rufname": "Zoe Zuletzt", "email": "zoe@example.org"}


@pytest.fixture
def case_id(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield given_case()


def cards(case_id):
    """Return who takes part, by name."""
    return {one.name: one for one in queries.parties(case_id, key=queries.key(case_id))}


def here(case_id):
    return {name: one.state for name, one in cards(case_id).items()}


def correct(case_id, **changed):
    new_version(case_id, **changed)
    actions.follow_correction(case_id=case_id)
    actions.follow_correction(case_id=case_id)


def sent_to(start):
    work("mail")
    return [(one.to[0], one.subject) for one in mail.outbox[start:]]


def process_task(case_id, *, party="nachbar", key="pruefen", item=None):
    return actions.ask(
        case_id=case_id, key=key, task="pruefen", role="", outcomes=["ja", "nein"], party=party,
        item=item,
    )  # fmt: skip


def own_task(party_id):
    (task,) = actions.open_for_party(party_id=party_id).tasks
    return task


def ask_to_sign(case_id, *roles):
    actions.sign(case_id=case_id, key="unterschriften", parties=roles, order="parallel")
    return {one.role: let_in(one) for one in with_codes(case_id).values()}


def asked(party_id):
    file = actions.open_for_party(party_id=party_id)
    return next((one for one in file.signatures if one.state == "asked"), None)


def sign(party_id, name):
    own = asked(party_id)
    actions.give_signature(
        party_id=party_id, signature_id=own.id, version=own.version, sha256=own.sha256, name=name
    )


def told(case_id):
    return [one.data["state"] for one in events.timeline(case_id) if one.name == "case.signed"]


# --- a correction ---


def test_who_moves_up_in_the_list_does_not_become_somebody_else(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    let_in(nora)
    actions.answer_as_party(
        party_id=nora.id, task_id=own_task(nora.id).card.id, outcome="objected", reason="Schatten."
    )
    start = len(mail.outbox)
    correct(case_id, tiere=[PAUL, ZOE])
    assert here(case_id) == {
        "Nora Nachbarin": "removed",
        "Paul Papier": "invited",
        "Zoe Zuletzt": "invited",
    }
    assert [to for to, _ in sent_to(start)] == ["zoe@example.org", "nora@example.org"]
    with pytest.raises(NumberOrCodeOfPartyWrong):
        actions.let_in_party(number=nora.number, code=nora.code)


def test_who_is_not_named_any_more_is_told_and_loses_access(case_id):
    found = invited(case_id, ["nachbar"])
    nora, since = found["nachbar@0"], clock.now()
    let_in(nora)
    assert queries.party_in_session(nora.number, {nora.id: since}) == nora.id
    start = len(mail.outbox)
    correct(case_id, tiere=[PAUL])
    ((to, subject),) = sent_to(start)
    assert to == "nora@example.org"
    assert "braucht Ihre Mitwirkung nicht mehr" in subject
    assert nora.code not in mail.outbox[-1].body
    assert "Nora" not in mail.outbox[-1].body
    assert queries.party_in_session(nora.number, {nora.id: since}) is None
    with pytest.raises(NumberOrCodeOfPartyWrong):
        actions.let_in_party(number=nora.number, code=nora.code)
    assert here(case_id)["Nora Nachbarin"] == "removed"
    gone = [one for one in events.timeline(case_id) if one.name == "party.removed"]
    assert [one.actor for one in gone] == ["system"]


def test_what_somebody_said_stays_with_them_alone(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    let_in(nora)
    task = own_task(nora.id).card.id
    actions.answer_as_party(party_id=nora.id, task_id=task, outcome="objected", reason="Schatten.")
    correct(case_id, tiere=[ZOE])
    asked_of = queries.party_tasks(case_id, key=queries.key(case_id))
    said = {owner: one.reason for owner, one in asked_of if one.card.state == "done"}
    assert said == {nora.id: "Schatten."}
    assert cards(case_id)["Zoe Zuletzt"].id != nora.id


def test_who_was_not_named_for_a_while_is_invited_anew(case_id):
    first = invited(case_id, ["nachbar"])["nachbar@0"]
    correct(case_id, tiere=[PAUL])
    correct(case_id, tiere=[PAUL, NORA])
    rows = Party.objects.filter(case_id=case_id, role="nachbar").order_by("id")
    assert [(row.key, row.state) for row in rows] == [
        ("nachbar@0", "removed"),
        ("nachbar@1", "invited"),
        ("nachbar@2", "invited"),
    ]
    second = with_codes(case_id)["nachbar@2"]
    assert second.id != first.id
    let_in(second)


def test_a_new_designer_takes_the_place_of_the_old_one(case_id):
    people = ask_to_sign(case_id, "bauherr", "planer")
    sign(people["bauherr"], "Änne Ödegård")
    task_id = process_task(case_id, party="planer")
    post = {"bauherr": "anne@example.org", "planer": "berta@example.org"}
    correct(case_id, post=post)
    found = {one.role: one for one in with_codes(case_id).values() if one.code}
    rows = {row.key: row for row in Party.objects.filter(case_id=case_id)}
    assert (rows["planer"].state, rows["planer@0"].state) == ("removed", "invited")
    assert found["planer"].id == rows["planer@0"].id
    let_in(found["planer"])
    assert [one.card.id for one in actions.open_for_party(party_id=found["planer"].id).tasks] == [
        task_id
    ]
    sign(people["bauherr"], "Änne Ödegård")
    assert told(case_id) == []
    sign(found["planer"].id, "Berta Planerin")
    assert told(case_id) == ["signed"]


def test_a_corrected_name_is_noted_and_nobody_is_told(case_id):
    invited(case_id, ["nachbar"])
    start = len(mail.outbox)
    correct(case_id, tiere=[{"rufname": "Nora Richtig", "email": "nora@example.org"}, PAUL])
    assert here(case_id) == {"Nora Richtig": "invited", "Paul Papier": "invited"}
    assert sent_to(start) == []


def test_who_gets_a_mailbox_gets_the_link_there(case_id):
    paul = invited(case_id, ["nachbar"])["nachbar@1"]
    start = len(mail.outbox)
    correct(case_id, tiere=[NORA, {**PAUL, "email": "paul@example.org"}])
    assert [to for to, _ in sent_to(start)] == ["paul@example.org"]
    card = cards(case_id)["Paul Papier"]
    assert (card.id, card.by_post, card.email) == (paul.id, False, "paul@example.org")


def test_whose_mailbox_goes_gets_a_letter(case_id):
    nora, since = invited(case_id, ["nachbar"])["nachbar@0"], clock.now()
    correct(case_id, tiere=[{"rufname": "Nora Nachbarin"}, PAUL])
    card = cards(case_id)["Nora Nachbarin"]
    assert (card.id, card.by_post, card.email) == (nora.id, True, "")
    assert nora.id in [one for one, *_ in queries.parties_to_post()]
    assert queries.party_in_session(nora.number, {nora.id: since}) is None


def test_an_address_that_a_caseworker_noted_is_not_forgotten(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    actions.send_link_again(party_id=nora.id, account_id=ANNA, email="nora.neu@example.org")
    correct(case_id, name="Änne Neu")
    card = cards(case_id)["Nora Nachbarin"]
    assert (card.id, card.state, card.email) == (nora.id, "invited", "nora.neu@example.org")


def test_whom_a_caseworker_removed_or_named_a_correction_does_not_touch(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    actions.remove_party(party_id=nora.id, account_id=ANNA)
    hans = actions.NewParty(role="nachbar", name="Hans Hinten", email="hans@example.org")
    actions.add_party(case_id=case_id, party=hans, account_id=ANNA)
    correct(case_id, tiere=[PAUL, NORA])
    assert here(case_id) == {
        "Nora Nachbarin": "removed",
        "Paul Papier": "invited",
        "Hans Hinten": "invited",
    }


def test_whom_a_correction_names_first_signs_too(case_id):
    new_version(case_id, tiere=[])
    actions.sign(case_id=case_id, key="u", parties=["nachbar"], order="parallel")
    assert told(case_id) == ["signed"], "nobody has to sign"
    correct(case_id, tiere=[NORA])
    nora = next(one for one in with_codes(case_id).values() if one.role == "nachbar")
    let_in(nora)
    sign(nora.id, "Nora Nachbarin")
    assert told(case_id) == ["signed", "signed"]


def test_whom_a_correction_names_first_is_invited_where_the_process_invited_nobody(case_id):
    new_version(case_id, tiere=[])
    assert actions.invite(case_id=case_id, key="laden", party="nachbar") == []
    correct(case_id, tiere=[NORA])
    assert here(case_id) == {"Nora Nachbarin": "invited"}


def test_whom_a_correction_names_first_is_asked_what_the_process_asks(case_id):
    new_version(case_id, tiere=[])
    task_id = process_task(case_id)
    correct(case_id, tiere=[NORA])
    nora = next(one for one in with_codes(case_id).values() if one.role == "nachbar")
    seen = {one.card.id for one in actions.open_for_party(party_id=let_in(nora)).tasks}
    assert task_id in seen


def test_nobody_is_invited_by_a_correction_whom_the_process_has_not_invited(case_id):
    correct(case_id, name="Änne Neu")
    assert here(case_id) == {}


def test_a_signing_does_not_wait_for_who_is_not_named_any_more(case_id):
    new_version(case_id, tiere=[NORA])
    ask_to_sign(case_id, "bauherr", "nachbar")
    correct(case_id, tiere=[])
    people = {one.role: one.id for one in with_codes(case_id).values()}
    sign(people["bauherr"], "Änne Ödegård")
    assert told(case_id) == ["signed"]


# --- removed by a caseworker ---


def test_what_the_process_asked_of_a_removed_party_goes_to_the_others(case_id):
    new_version(case_id, tiere=[NORA, ZOE])
    found = invited(case_id, ["nachbar"])
    nora, zoe = found["nachbar@0"], found["nachbar@1"]
    (fact,) = [one for one in facts_of(case_id) if one["name"] == "Nora Nachbarin"]
    hers = process_task(case_id, key="p@0", item=fact)
    free = process_task(case_id, key="p@1", item={"was": "Zaun"})
    actions.remove_party(party_id=nora.id, account_id=ANNA)
    let_in(zoe)
    seen = {one.card.id for one in actions.open_for_party(party_id=zoe.id).tasks}
    assert free in seen
    assert hers not in seen, "it is about Nora"
    (own,) = [one for one in queries.open_tasks() if one.id == hers]
    assert own.role == "sachbearbeitung"


def facts_of(case_id):
    return queries.party_facts(case_id, key=queries.key(case_id))


def test_a_caseworker_answers_for_the_only_one_who_is_removed(case_id):
    task_id = process_task(case_id, party="planer")
    ada = with_codes(case_id)["planer"]
    actions.remove_party(party_id=ada.id, account_id=ANNA)
    assert [(one.id, one.role) for one in queries.open_tasks()] == [(task_id, "sachbearbeitung")]
    until = actions.decide(task_id=task_id, account_id=ANNA, outcome="ja", reason="Nach Aktenlage.")
    with clock.shifted(until - clock.now() + timedelta(seconds=1)):
        actions.settle_task(task_id=task_id)
    assert events.timeline(case_id)[-1].name == "task.completed"


def test_what_is_asked_of_somebody_who_has_declined_is_a_caseworkers(case_id):
    new_version(case_id, tiere=[NORA, ZOE])
    found = invited(case_id, ["nachbar"])
    nora, zoe = let_in(found["nachbar@0"]), let_in(found["nachbar@1"])
    fact = next(one for one in facts_of(case_id) if one["name"] == "Nora Nachbarin")
    before = process_task(case_id, key="vorher", item=fact)
    actions.decline_invitation(party_id=nora, reason="")
    after = process_task(case_id, key="nachher", item=fact)
    seen = {one.card.id for one in actions.open_for_party(party_id=zoe).tasks}
    assert not {before, after} & seen, "they are about Nora"
    assert {one.id for one in queries.open_tasks() if one.role == "sachbearbeitung"} == {
        before,
        after,
    }


# --- declined ---


def test_who_takes_no_part_does_not_sign_either(case_id):
    people = ask_to_sign(case_id, "bauherr", "planer")
    actions.decline_invitation(party_id=people["planer"], reason="Nicht mein Haus.")
    assert told(case_id) == ["declined"]
    signatures = queries.signatures(case_id, key=queries.key(case_id))
    assert {one.role: (one.state, one.reason) for one in signatures} == {
        "bauherr": ("withdrawn", ""),
        "planer": ("declined", "Nicht mein Haus."),
    }
    assert asked(people["bauherr"]) is None, "nobody is asked in vain"


def test_what_is_to_be_signed_by_somebody_who_has_declined_is_declined(case_id):
    ada = let_in(invited(case_id, ["planer"])["planer"])
    actions.decline_invitation(party_id=ada, reason="Nein.")
    actions.sign(case_id=case_id, key="u", parties=["bauherr", "planer"], order="sequential")
    assert told(case_id) == ["declined"]


def test_declining_a_signature_spares_the_others(case_id):
    people = ask_to_sign(case_id, "bauherr", "planer")
    others = asked(people["bauherr"])
    own = asked(people["planer"])
    actions.decline_signature(party_id=people["planer"], signature_id=own.id, reason="Nein.")
    assert asked(people["bauherr"]) is None
    with pytest.raises(NotYours):
        actions.give_signature(
            party_id=people["bauherr"], signature_id=others.id, version=others.version,
            sha256=others.sha256, name="Änne Ödegård",
        )  # fmt: skip
    assert not actions.remind_party(party_id=people["bauherr"])


def test_what_was_changed_meanwhile_is_not_declined(case_id):
    people = ask_to_sign(case_id, "bauherr", "planer")
    own = asked(people["planer"])
    new_version(case_id, name="Änne Neu")
    with pytest.raises(ApplicationChanged):
        actions.decline_signature(party_id=people["planer"], signature_id=own.id, reason="Nein.")
    assert told(case_id) == []
    actions.follow_correction(case_id=case_id)
    sign(people["planer"], "Ada Planerin")


# --- by post ---


def test_who_had_a_letter_gets_another_one_when_something_is_new(case_id):
    paul = invited(case_id, ["nachbar"])["nachbar@1"]
    process_task(case_id, key="a", item={"id": "nachbar@1"})
    assert [since for one, _, _, since in queries.parties_to_post()] == [
        cards(case_id)["Paul Papier"].invited_at
    ], "the first letter will say it all"
    actions.letter_posted(party_id=paul.id, account_id=ANNA)
    assert queries.parties_to_post() == []
    with clock.shifted(timedelta(days=5)):
        process_task(case_id, key="b", item={"id": "nachbar@1"})
        ((party_id, _, _, since),) = queries.parties_to_post()
        assert (party_id, since) == (paul.id, cards(case_id)["Paul Papier"].news_since)
        assert since > clock.now() - timedelta(minutes=1)
        code = actions.letter_for(party_id=paul.id, account_id=ANNA)
        actions.letter_posted(party_id=paul.id, account_id=ANNA)
        assert queries.parties_to_post() == []
        assert actions.let_in_party(number=paul.number, code=code).party_id == paul.id


def test_who_is_asked_to_sign_anew_by_letter_gets_one(case_id):
    new_version(case_id, tiere=[PAUL])
    actions.sign(case_id=case_id, key="u", parties=["nachbar"], order="parallel")
    paul = next(one for one in with_codes(case_id).values() if one.role == "nachbar")
    actions.letter_posted(party_id=paul.id, account_id=ANNA)
    correct(case_id, name="Änne Neu")
    assert [one for one, *_ in queries.parties_to_post()] == [paul.id]


def test_a_reminder_of_somebody_without_a_mailbox_is_a_letter(case_id):
    paul = invited(case_id, ["nachbar"])["nachbar@1"]
    assert not actions.remind_party(party_id=paul.id), "the first is not posted yet"
    actions.letter_posted(party_id=paul.id, account_id=ANNA)
    assert actions.remind_party(party_id=paul.id)
    assert [one for one, *_ in queries.parties_to_post()] == [paul.id]


def test_who_is_not_named_any_more_is_told_by_letter_without_a_code(case_id):
    paul = invited(case_id, ["nachbar"])["nachbar@1"]
    actions.letter_posted(party_id=paul.id, account_id=ANNA)
    correct(case_id, tiere=[NORA])
    assert [one for one, *_ in queries.parties_to_post()] == [paul.id]
    assert actions.letter_for(party_id=paul.id, account_id=ANNA) == ""
    actions.letter_posted(party_id=paul.id, account_id=ANNA)
    assert queries.parties_to_post() == []


def test_who_was_never_written_to_need_not_be_told(case_id):
    paul = invited(case_id, ["nachbar"])["nachbar@1"]
    correct(case_id, tiere=[NORA])
    assert queries.parties_to_post() == []
    with pytest.raises(NotAllowed):
        actions.letter_for(party_id=paul.id, account_id=ANNA)


def test_what_a_party_is_asked_leaves_nothing_to_decide(case_id):
    process_task(case_id, party="gutachter")
    assert not queries.is_to_be_decided(case_id), (
        "it is no caseworker's, and nobody's in particular"
    )
    actions.ask(case_id=case_id, key="k", task="pruefen", role="sachbearbeitung", outcomes=["ja"])
    assert queries.is_to_be_decided(case_id)


def test_an_account_that_is_closed_is_named_no_longer(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    place = queries.case(case_id).authority_id
    actions.let_in_party(number=nora.number, code=nora.code, account_id=ANNA)
    with scope.enter(scope.of_account(ANNA)):
        assert queries.own_places() == {place}
        assert queries.own() == [], "the case is somebody else's"
    with scope.enter(scope.of_account(new_id())):
        assert queries.own_places() == set()
    actions.let_go_of_account(account_id=ANNA)
    assert queries.party(nora.id).account_id is None
