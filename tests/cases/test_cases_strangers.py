"""An invitation that has reached the wrong person: nothing is declined, the desk puts it right."""

from datetime import timedelta

import pytest
from django.core import mail

from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.errors import NotAllowed, NumberOrCodeOfPartyWrong
from dienstweg.events import queries as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.mail.errors import InvalidAddress
from dienstweg.offers import queries as offers
from neighbourhood import given_case, invited, let_in, with_codes
from working import work

pytestmark = pytest.mark.django_db
ANNA = new_id()


@pytest.fixture
def case_id(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield given_case()


def names(case_id):
    return [one.name for one in events.timeline(case_id)]


def sent_since(start):
    work("mail")
    return [one.to[0] for one in mail.outbox[start:]]


@pytest.fixture
def ada(case_id):
    actions.sign(case_id=case_id, key="u", parties=["bauherr", "planer"], order="parallel")
    one = with_codes(case_id)["planer"]
    let_in(one)
    return one


def test_who_is_not_meant_declines_nothing(case_id, ada):
    actions.say_not_meant(party_id=ada.id)
    actions.say_not_meant(party_id=ada.id)
    assert names(case_id).count("party.not_meant") == 1
    assert not {"signature.declined", "case.signed", "party.declined"} & set(names(case_id))
    assert {one.state for one in queries.signings(case_id)} == {"open"}
    signatures = queries.signatures(case_id, key=queries.key(case_id))
    assert {one.state for one in signatures} == {"asked"}, "everybody's is still waited for"


def test_who_is_not_meant_sees_nothing_more_and_hears_nothing_more(case_id, ada):
    actions.say_not_meant(party_id=ada.id)
    assert queries.party_in_session(ada.number, {ada.id: clock.now()}) is None
    with pytest.raises(NumberOrCodeOfPartyWrong):
        actions.let_in_party(number=ada.number, code=ada.code)
    start = len(mail.outbox)
    with clock.shifted(timedelta(hours=1)):
        actions.renew_link(number=ada.number, email="ada@example.org")
    actions.mail_news(party_id=ada.id)
    assert not actions.remind_party(party_id=ada.id)
    with pytest.raises(NotAllowed):
        actions.send_link_again(party_id=ada.id, account_id=ANNA)
    with pytest.raises(NotAllowed):
        actions.letter_for(party_id=ada.id, account_id=ANNA)
    assert sent_since(start) == []


def counted(before, **more):
    """How many answers of parties are counted beside the work list."""
    parts = queries.awaited_counted(before=before, places=scope.current().authorities, **more)
    return sum(queries.counts({}, beside={str(n): one for n, one in enumerate(parts)}).values())


def test_the_desk_finds_it_among_what_is_overdue(case_id, ada):
    before = clock.now() + timedelta(seconds=1)
    assert queries.awaited(before=before) == []
    assert counted(before) == 0
    actions.say_not_meant(party_id=ada.id)
    assert [(one.id, one.what) for one in queries.awaited(before=before)] == [(ada.id, "stranger")]
    assert counted(before) == 1
    assert counted(before, since=before) == len(queries.awaited(before=before, since=before)) == 0


def test_at_the_right_address_the_right_person_signs(case_id, ada):
    actions.say_not_meant(party_id=ada.id)
    with pytest.raises(InvalidAddress):
        actions.invite_rightly(party_id=ada.id, account_id=ANNA, email="keine Adresse")
    start = len(mail.outbox)
    actions.invite_rightly(party_id=ada.id, account_id=ANNA, email="ada.richtig@example.org")
    assert sent_since(start) == ["ada.richtig@example.org"]
    right = with_codes(case_id)["planer"]
    assert right.code != ada.code
    let_in(right)
    own = actions.open_for_party(party_id=ada.id).signatures[0]
    actions.give_signature(
        party_id=ada.id, signature_id=own.id, version=own.version, sha256=own.sha256,
        name="Ada Planerin",
    )  # fmt: skip
    assert queries.awaited(before=clock.now() + timedelta(seconds=1)) == []
    with pytest.raises(NotAllowed):
        actions.invite_rightly(party_id=ada.id, account_id=ANNA, email="noch@example.org")


def test_without_a_mailbox_a_letter_waits(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    let_in(nora)
    actions.say_not_meant(party_id=nora.id)
    paul = queries.party_by_number(with_codes(case_id)["nachbar@1"].number)
    assert [one for one, *_ in queries.parties_to_post()] == [paul]
    actions.invite_rightly(party_id=nora.id, account_id=ANNA, address=("Weg 7", "05171 Ort"))
    card = queries.party(nora.id)
    assert (card.by_post, card.address, card.state) == (True, ("Weg 7", "05171 Ort"), "invited")
    assert card.due_at == card.invited_at + timedelta(days=14)
    assert nora.id in [one for one, *_ in queries.parties_to_post()]


def test_letters_stop_where_the_wrong_person_has_answered(case_id):
    paul = invited(case_id, ["nachbar"])["nachbar@1"]
    actions.letter_for(party_id=paul.id, account_id=ANNA)
    actions.letter_posted(party_id=paul.id, account_id=ANNA)
    actions.say_not_meant(party_id=paul.id)
    key = "a"
    actions.ask(
        case_id=case_id, key=key, task="pruefen", role="", outcomes=["ja"], party="nachbar",
        item={"id": "nachbar@1"},
    )  # fmt: skip
    assert paul.id not in [one for one, *_ in queries.parties_to_post()]
    assert not actions.remind_party(party_id=paul.id)


def test_who_has_answered_is_meant(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    let_in(nora)
    (task,) = actions.open_for_party(party_id=nora.id).tasks
    actions.answer_as_party(party_id=nora.id, task_id=task.card.id, outcome="agreed", reason="")
    with pytest.raises(NotAllowed):
        actions.say_not_meant(party_id=nora.id)


def test_a_stranger_can_be_removed_and_hears_nothing_of_it(case_id, ada):
    actions.say_not_meant(party_id=ada.id)
    start = len(mail.outbox)
    actions.remove_party(party_id=ada.id, account_id=ANNA)
    assert queries.awaited(before=clock.now() + timedelta(seconds=1)) == []
    assert sent_since(start) == []
