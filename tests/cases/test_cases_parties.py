"""Who takes part in a case: invited once, let in by number and code, seeing and doing its part."""

from datetime import timedelta

import pytest
from django.core import mail

import neighbourhood
from dienstweg.authorities import scope
from dienstweg.cases import actions, party_rules, queries
from dienstweg.cases.actions import taking_part
from dienstweg.cases.errors import (
    AlreadyTookPart,
    InvitationExpired,
    NoSuchParty,
    NoSuchRole,
    NotAllowed,
    NotYours,
    NumberOrCodeOfPartyWrong,
    ReasonNeeded,
    TooManyParties,
    TooManyTries,
    UnknownOutcome,
)
from dienstweg.cases.models import Party, Task
from dienstweg.events import actions as falling_due
from dienstweg.events import queries as events
from dienstweg.files import queries as files
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.mail.errors import InvalidAddress
from dienstweg.offers import queries as offers
from journeying import picture
from neighbourhood import code_for, given_case, invited, let_in, states, with_codes
from working import work

pytestmark = pytest.mark.django_db
ANNA = new_id()


@pytest.fixture
def inside(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def case_id(inside):
    return given_case()


def names(case_id):
    return [one.name for one in events.timeline(case_id)][1:]


def facts(case_id, start):
    return [one for one in names(case_id) if one.startswith(start)]


def tasks_of(party_id):
    return list(actions.open_for_party(party_id=party_id).tasks)


def test_people_of_the_application_are_invited_once(case_id):
    found = invited(case_id, ["nachbar", "planer"])
    again = invited(case_id, ["nachbar", "planer"])
    assert {one.id for one in found.values()} == {one.id for one in again.values()}
    assert states(case_id) == {
        "nachbar@0": "invited",
        "nachbar@1": "invited",
        "planer": "invited",
    }
    cards = {one.key: one for one in queries.parties(case_id, key=queries.key(case_id))}
    assert (cards["nachbar@0"].email, cards["nachbar@0"].by_post) == ("nora@example.org", False)
    assert (cards["nachbar@1"].name, cards["nachbar@1"].by_post) == ("Paul Papier", True)
    assert cards["nachbar@1"].address == ("Gasse 1", "05171 Ort")
    assert cards["nachbar@0"].due_at == cards["nachbar@0"].invited_at + timedelta(days=14)
    assert facts(case_id, "party.") == ["party.invited"] * 3
    assert [one.to for one in mail.outbox] == [["nora@example.org"], ["ada@example.org"]]


def test_a_mail_says_nothing_of_the_case_or_of_anybody(case_id):
    found = invited(case_id, ["nachbar"])
    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    for word in ("Nora", "Änne", "nora@", "Hausbewohner", queries.case(case_id).number):
        assert word not in text
    assert f"/beteiligt/{found['nachbar@0'].number}" in text
    assert found["nachbar@0"].code not in text.split("/beteiligt/")[1].split()[0]


def test_only_number_and_code_together_let_in(case_id):
    nora = invited(case_id, ["nachbar", "planer"])["nachbar@0"]
    ada = with_codes(case_id)["planer"]
    got_in = actions.let_in_party(number=nora.number.lower(), code=f" {nora.code.lower()} ")
    assert (got_in.party_id, got_in.moved_to) == (nora.id, "")
    wrong = (
        (nora.number, ada.code), (ada.number, nora.code), ("B-0000-0000-000", nora.code),
        (nora.number, ""), ("", ""), (queries.case(case_id).number, nora.code),
    )  # fmt: skip
    for number, code in wrong:
        with pytest.raises(NumberOrCodeOfPartyWrong):
            actions.let_in_party(number=number, code=code)


def test_guessing_ends(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    for _ in range(10):
        with pytest.raises(NumberOrCodeOfPartyWrong):
            actions.let_in_party(number=nora.number, code="0000-0000-0000-0000")
    with pytest.raises(TooManyTries):
        actions.let_in_party(number=nora.number, code=nora.code)
    with clock.shifted(timedelta(minutes=16)):
        assert actions.let_in_party(number=nora.number, code=nora.code).party_id == nora.id


def test_an_invitation_ends(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    with clock.shifted(party_rules.VALID_FOR + timedelta(seconds=1)):
        with pytest.raises(InvitationExpired):
            actions.let_in_party(number=nora.number, code=nora.code)
        with pytest.raises(NumberOrCodeOfPartyWrong):
            actions.let_in_party(number=nora.number, code="0000-0000-0000-0000")


def test_every_look_is_written_down(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    let_in(nora)
    actions.open_for_party(party_id=nora.id, purpose="file")
    assert [(one.party_id, one.purpose) for one in queries.visits(case_id)] == [
        (nora.id, "page"),
        (nora.id, "file"),
    ]
    assert facts(case_id, "party.joined") == ["party.joined"]
    assert states(case_id)["nachbar@0"] == "joined"


def test_a_party_sees_its_own_and_nothing_of_others(case_id):
    found = invited(case_id, ["nachbar", "planer"])
    nora, ada = let_in(found["nachbar@0"]), let_in(found["planer"])
    (task,) = tasks_of(nora)
    assert (task.card.task, task.card.outcomes) == ("agree", ("agreed", "objected"))
    assert tasks_of(ada) == []
    with pytest.raises(NotYours):
        actions.answer_as_party(party_id=ada, task_id=task.card.id, outcome="agreed", reason="")
    with pytest.raises(NotYours):
        actions.answer_as_party(party_id=nora, task_id=new_id(), outcome="agreed", reason="")
    with pytest.raises(NoSuchParty):
        actions.open_for_party(party_id=new_id())


def test_an_objection_needs_words_and_is_done_once(case_id):
    nora = let_in(invited(case_id, ["nachbar"])["nachbar@0"])
    (task,) = tasks_of(nora)

    def answer(outcome, reason=""):
        actions.answer_as_party(party_id=nora, task_id=task.card.id, outcome=outcome, reason=reason)

    with pytest.raises(ReasonNeeded):
        answer("objected", "  ")
    with pytest.raises(UnknownOutcome):
        answer("granted", "x")
    answer("objected", " Es wird mir zu schattig. ")
    answer("objected", " Es wird mir zu schattig. ")
    with pytest.raises(NotYours):
        answer("agreed")
    (done,) = tasks_of(nora)
    assert (done.card.state, done.card.outcome, done.reason) == (
        "done",
        "objected",
        "Es wird mir zu schattig.",
    )
    assert facts(case_id, "party.")[-2:] == ["party.answered", "party.done"]
    assert facts(case_id, "task.completed") == [], "the process has asked nothing"
    assert states(case_id)["nachbar@0"] == "done"


def test_what_the_process_asks_goes_back_to_it(case_id):
    task_id = ask(case_id)
    assert ask(case_id) == task_id
    ada = let_in(with_codes(case_id)["planer"])
    assert [one.card.id for one in tasks_of(ada)] == [task_id]
    actions.answer_as_party(party_id=ada, task_id=task_id, outcome="ja", reason="Passt.")
    assert names(case_id)[-3:] == ["party.answered", "task.completed", "party.done"]
    assert queries.task(task_id).reason == "Passt."
    assert queries.task(task_id).card.role == "party:planer"
    assert queries.tasks(case_id, key=queries.key(case_id)) == [], "no caseworker's"
    ask(case_id, key="pruefen#2")
    assert states(case_id)["planer"] == "joined", "something is open again"
    work("mail")
    assert "gibt es Neues" in mail.outbox[-1].body


def ask(case_id, key="pruefen", party="planer", item=None):
    return actions.ask(
        case_id=case_id, key=key, task="pruefen", role="", outcomes=["ja", "nein"],
        party=party, item=item,
    )  # fmt: skip


def test_of_several_people_each_can_be_meant_or_any(case_id):
    found = invited(case_id, ["nachbar"])
    everybody = queries.party_facts(case_id, key=queries.key(case_id))
    assert [one["name"] for one in everybody] == ["Nora Nachbarin", "Paul Papier"]
    own = [ask(case_id, f"p@{n}", "nachbar", item) for n, item in enumerate(everybody)]
    anyone = ask(case_id, "alle", "nachbar")
    nora = found["nachbar@0"].id
    seen = {one.card.id for one in tasks_of(nora) if one.card.task == "pruefen"}
    assert seen == {own[0], anyone}
    with pytest.raises(NotYours):
        actions.answer_as_party(party_id=nora, task_id=own[1], outcome="ja", reason="")
    actions.answer_as_party(party_id=nora, task_id=anyone, outcome="ja", reason="")
    paul = found["nachbar@1"].id
    assert anyone not in {one.card.id for one in tasks_of(paul)}, "somebody has answered"
    assert queries.task(own[0]).item["name"] == "Nora Nachbarin"


def test_files_are_handed_in_and_taken_back(case_id):
    ada = let_in(invited(case_id, ["planer"])["planer"])
    card = actions.hand_in(party_id=ada, name="plan.png", chunks=[picture()])
    assert card.name == "plan.png"
    (proof,) = queries.proofs(case_id)
    assert (proof.file_id, proof.party_id) == (card.id, ada)
    assert states(case_id)["planer"] == "done"
    other = let_in(invited(case_id, ["nachbar"])["nachbar@0"])
    with pytest.raises(NotYours):
        actions.take_file_back(party_id=other, file_id=card.id)
    actions.take_file_back(party_id=ada, file_id=card.id)
    last = events.timeline(case_id)[-1]
    assert (last.name, last.actor, last.data["file_id"]) == (
        "party.took_back", f"party:{ada}", str(card.id),
    )  # fmt: skip
    assert queries.proofs(case_id) == []
    assert files.states(case_id) == {}


def test_files_are_bounded(case_id, monkeypatch):
    monkeypatch.setattr(taking_part, "MOST_PROOFS", 1)
    ada = let_in(invited(case_id, ["planer"])["planer"])
    actions.hand_in(party_id=ada, name="a.png", chunks=[picture()])
    with pytest.raises(NotAllowed):
        actions.hand_in(party_id=ada, name="b.png", chunks=[picture()])


def test_files_are_bounded_when_they_come_at_once(case_id, monkeypatch):
    monkeypatch.setattr(taking_part, "MOST_PROOFS", 1)
    ada = let_in(invited(case_id, ["planer"])["planer"])

    def while_another_comes():
        actions.hand_in(party_id=ada, name="a.png", chunks=[picture()])
        yield picture()

    with pytest.raises(NotAllowed):
        actions.hand_in(party_id=ada, name="b.png", chunks=while_another_comes())
    (proof,) = queries.proofs(case_id)
    assert list(files.states(case_id)) == [proof.file_id]


def test_somebody_may_decline_until_something_is_done(case_id):
    found = invited(case_id, ["nachbar", "planer"])
    nora, ada = let_in(found["nachbar@0"]), let_in(found["planer"])
    actions.decline_invitation(party_id=nora, reason="Ich ziehe um.")
    actions.decline_invitation(party_id=nora, reason="Ich ziehe um.")
    assert facts(case_id, "party.declined") == ["party.declined"]
    assert queries.party(nora).decline_reason == "Ich ziehe um."
    actions.take_part_again(party_id=nora)
    assert states(case_id)["nachbar@0"] == "joined"
    actions.hand_in(party_id=ada, name="a.png", chunks=[picture()])
    with pytest.raises(NotAllowed):
        actions.decline_invitation(party_id=ada, reason="")


def test_a_new_link_comes_to_the_known_address_only(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    sent = len(mail.outbox)
    with clock.shifted(timedelta(hours=1)):
        actions.renew_link(number=nora.number, email="fremd@example.org")
        actions.renew_link(number="B-0000-0000-000", email="nora@example.org")
        work("mail")
        assert len(mail.outbox) == sent
        actions.renew_link(number=nora.number, email=" Nora@Example.org ")
        actions.renew_link(number=nora.number, email="nora@example.org")
        work("mail")
        assert len(mail.outbox) == sent + 1, "not again at once"
        new = code_for(nora.number)
        assert new != nora.code
        with pytest.raises(NumberOrCodeOfPartyWrong):
            actions.let_in_party(number=nora.number, code=nora.code)
        assert actions.let_in_party(number=nora.number, code=new).party_id == nora.id


def test_a_session_ends_with_the_code_that_began_it(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    began = clock.now()
    assert holds(nora.id, began)
    with clock.shifted(timedelta(hours=1)):
        actions.send_link_again(party_id=nora.id, account_id=ANNA)
        assert not holds(nora.id, began)
        assert holds(nora.id, clock.now())
    assert not holds(new_id(), began)


def let_pass(time):
    with clock.shifted(time):
        falling_due.tick(now=clock.now())
        work("cases", "mail")


def holds(party_id, since):
    number = Party.objects.filter(id=party_id).values_list("number", flat=True).first() or ""
    return queries.party_in_session(number, {party_id: since}) == party_id


@pytest.mark.django_db
def test_reminders_come_while_something_is_open(case_id):
    task_id = ask(case_id)
    ada = let_in(with_codes(case_id)["planer"])
    sent = len(mail.outbox)
    let_pass(timedelta(days=4))
    assert ["Etwas ist noch offen" in one.body for one in mail.outbox[sent:]] == [True]
    actions.answer_as_party(party_id=ada, task_id=task_id, outcome="ja", reason="")
    let_pass(timedelta(days=8))
    assert len(mail.outbox) == sent + 1
    assert facts(case_id, "party.reminded") == ["party.reminded"]
    assert not actions.remind_party(party_id=ada, account_id=ANNA)
    assert not actions.remind_party(party_id=new_id())


def test_letters_have_a_code_of_their_own(case_id):
    paul = invited(case_id, ["nachbar"])["nachbar@1"]
    ((party_id, own_case, _, _),) = queries.parties_to_post()
    assert (party_id, own_case) == (paul.id, case_id)
    first = actions.letter_for(party_id=paul.id, account_id=ANNA)
    second = actions.letter_for(party_id=paul.id, account_id=ANNA)
    with pytest.raises(NumberOrCodeOfPartyWrong):
        actions.let_in_party(number=paul.number, code=first)
    actions.letter_posted(party_id=paul.id, account_id=ANNA)
    assert queries.parties_to_post() == []
    assert actions.let_in_party(number=paul.number, code=second).party_id == paul.id


def new(role="nachbar", name="Hans Hinten", email="hans@example.org"):
    return actions.NewParty(role=role, name=name, email=email)


def test_a_caseworker_names_and_removes_somebody(case_id):
    hans = actions.add_party(case_id=case_id, party=new(), account_id=ANNA)
    found = next(one for one in with_codes(case_id).values() if one.id == hans)
    actions.remove_party(party_id=hans, account_id=ANNA)
    actions.remove_party(party_id=hans, account_id=ANNA)
    with pytest.raises(NumberOrCodeOfPartyWrong):
        actions.let_in_party(number=found.number, code=found.code)
    assert not holds(hans, clock.now())
    assert [one.card.state for one in all_tasks(case_id)] == ["withdrawn"]
    assert facts(case_id, "party.") == ["party.invited", "party.removed"]


def all_tasks(case_id):
    return [one for _, one in queries.party_tasks(case_id, key=queries.key(case_id))]


def test_whoever_has_done_something_stays(case_id):
    nora = let_in(invited(case_id, ["nachbar"])["nachbar@0"])
    (task,) = tasks_of(nora)
    actions.answer_as_party(party_id=nora, task_id=task.card.id, outcome="agreed", reason="")
    with pytest.raises(AlreadyTookPart):
        actions.remove_party(party_id=nora, account_id=ANNA)


def test_what_cannot_be_named_is_refused(case_id, monkeypatch):
    with pytest.raises(NoSuchRole):
        actions.add_party(case_id=case_id, party=new("koenig"), account_id=ANNA)
    with pytest.raises(InvalidAddress):
        actions.add_party(case_id=case_id, party=new(email="keine"), account_id=ANNA)
    assert not Party.objects.exists()
    monkeypatch.setattr(party_rules, "MOST_PARTIES", 0)
    with pytest.raises(TooManyParties):
        actions.add_party(case_id=case_id, party=new(), account_id=ANNA)


def test_an_ended_case_asks_nothing_more(case_id):
    nora = let_in(invited(case_id, ["nachbar"])["nachbar@0"])
    (task,) = tasks_of(nora)
    actions.close(case_id=case_id, outcome="granted")
    for act in (
        lambda: actions.answer_as_party(
            party_id=nora, task_id=task.card.id, outcome="agreed", reason=""
        ),
        lambda: actions.decline_invitation(party_id=nora, reason=""),
        lambda: actions.hand_in(party_id=nora, name="a.png", chunks=[picture()]),
        lambda: actions.letter_for(party_id=nora, account_id=ANNA),
        lambda: actions.send_link_again(party_id=nora, account_id=ANNA),
        lambda: actions.add_party(case_id=case_id, party=new(), account_id=ANNA),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Task.objects.get(id=task.card.id).state == "withdrawn"


def test_nothing_is_left_readable_of_an_erased_case(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    actions.erase(case_id=case_id, reason="test")
    row = Party.objects.get(id=nora.id)
    assert (row.sealed, row.code_hash) == (None, None)
    with pytest.raises(NumberOrCodeOfPartyWrong):
        actions.let_in_party(number=nora.number, code=nora.code)


def test_another_authority_sees_none_of_it(case_id, other_authority):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    with scope.enter(scope.of(other_authority)):
        with pytest.raises(NumberOrCodeOfPartyWrong):
            actions.let_in_party(number=nora.number, code=nora.code)
        with pytest.raises(NoSuchParty):
            actions.open_for_party(party_id=nora.id)
        assert queries.party_by_number(nora.number) is None
        assert queries.parties_to_post() == []


def test_the_numbers_of_parties_are_no_case_numbers(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    assert nora.number.startswith("B-")
    assert queries.by_number(nora.number) is None
    assert neighbourhood.code_for("B-") != ""
