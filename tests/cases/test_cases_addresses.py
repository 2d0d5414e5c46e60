"""Whom a correction means: addresses that change, and people whom an earlier release invited."""

import pytest
from django.core import mail

from dienstweg.authorities import scope
from dienstweg.cases import actions, places, queries
from dienstweg.cases.errors import NumberOrCodeOfPartyWrong
from dienstweg.cases.models import Party
from dienstweg.kernel import encryption
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from neighbourhood import given_case, invited, let_in, new_version
from working import work

pytestmark = pytest.mark.django_db
ANNA = new_id()
NORA = {"rufname": "Nora Nachbarin", "email": "nora@example.org"}
PAUL = {"rufname": "Paul Papier"}
ZOE = {"rufname": "Zoe Zuletzt", "email": "zoe@example.org"}
HANS = {"rufname": "Hans Müller"}


@pytest.fixture
def case_id(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield given_case()


def correct(case_id, **changed):
    new_version(case_id, **changed)
    actions.follow_correction(case_id=case_id)
    actions.follow_correction(case_id=case_id)


def task_of(party_id):
    (task,) = actions.open_for_party(party_id=party_id).tasks
    return task.card.id


def test_another_address_without_a_mailbox_is_another_person_who_answers_anew(case_id):
    new_version(case_id, tiere=[{**HANS, "adresse": "Gasse 3"}])
    hans = invited(case_id, ["nachbar"])["nachbar@0"]
    code = actions.letter_for(party_id=hans.id, account_id=ANNA)
    actions.letter_posted(party_id=hans.id, account_id=ANNA)
    task = task_of(hans.id)
    actions.answer_as_party(party_id=hans.id, task_id=task, outcome="agreed", reason="")
    correct(case_id, tiere=[{**HANS, "adresse": "Weg 9"}])
    assert states_of(case_id) == {"Gasse 3": "removed", "Weg 9": "invited"}
    with pytest.raises(NumberOrCodeOfPartyWrong):
        actions.let_in_party(number=hans.number, code=code)
    facts = queries.party_facts(case_id, key=queries.key(case_id))
    assert [one["answer"] for one in facts] == [""], "another Hans has said nothing"
    assert len(queries.parties_to_post()) == 2, "one is told, the other is invited"


def states_of(case_id):
    found = queries.parties(case_id, key=queries.key(case_id))
    return {one.address[0]: one.state for one in found if one.role == "nachbar"}


def test_a_corrected_address_of_the_same_person_gets_a_letter_and_the_old_code_is_void(case_id):
    odd = {"rufname": "Hans Müller", "email": "hans ohne Postfach"}
    new_version(case_id, tiere=[{**odd, "adresse": "Gasse 3"}])
    hans = invited(case_id, ["nachbar"])["nachbar@0"]
    code = actions.letter_for(party_id=hans.id, account_id=ANNA)
    actions.letter_posted(party_id=hans.id, account_id=ANNA)
    actions.let_in_party(number=hans.number, code=code)
    assert queries.parties_to_post() == []
    correct(case_id, tiere=[{**odd, "adresse": "Weg 9"}])
    card = queries.party(hans.id)
    assert (card.address[0], card.posted_at, card.news_since is None) == ("Weg 9", None, False)
    assert [one for one, *_ in queries.parties_to_post()] == [hans.id]
    with pytest.raises(NumberOrCodeOfPartyWrong):
        actions.let_in_party(number=hans.number, code=code)


def test_whom_an_earlier_release_invited_keeps_access(case_id):
    nora = invited(case_id, ["nachbar"])["nachbar@0"]
    forget_how_named(nora.id, email="nora.neu@example.org")
    let_in(nora)
    start = len(mail.outbox)
    correct(case_id, tiere=[PAUL, NORA])
    work("mail")
    card = queries.party(nora.id)
    assert (card.state, card.email) == ("joined", "nora.neu@example.org")
    assert mail.outbox[start:] == []
    said = queries.said_of(queries.party_row(id=nora.id), queries.key(case_id))
    assert said["named"]["email"] == "nora@example.org"
    correct(case_id, tiere=[ZOE])
    assert queries.party(nora.id).state == "removed"


def forget_how_named(party_id, *, email):
    """Leave a party as a release wrote it that did not keep how the application names them."""
    row = queries.party_row(id=party_id)
    key = queries.key_of(row.case)
    said = {**queries.said_of(row, key), "email": email}
    del said["named"]
    sealed = encryption.seal_json(key, said, *places.party_place(row))
    Party.objects.filter(id=party_id).update(sealed=sealed)
