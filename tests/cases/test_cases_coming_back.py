"""Who thinks better of it is asked what is open; whose file had malware is told."""

import pytest
from django.core import mail

from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.events import queries as events
from dienstweg.files.models import File
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from journeying import picture
from neighbourhood import given_case, invited, let_in, with_codes
from working import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def case_id(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield given_case()


def process_task(case_id, *, key, party="planer", item=None):
    return actions.ask(
        case_id=case_id, key=key, task="pruefen", role="", outcomes=["ja", "nein"], party=party,
        item=item,
    )  # fmt: skip


def open_of(party_id):
    tasks = actions.open_for_party(party_id=party_id).tasks
    return {one.card.id for one in tasks if one.card.state == "open"}


def names(case_id):
    return [one.name for one in events.timeline(case_id)]


def at_the_desk():
    return {one.id for one in queries.open_tasks() if one.role == "sachbearbeitung"}


def test_who_returns_is_asked_what_is_still_open(case_id):
    ada = let_in(invited(case_id, ["planer"])["planer"])
    before = process_task(case_id, key="vorher")
    actions.decline_invitation(party_id=ada, reason="Keine Zeit.")
    after = process_task(case_id, key="nachher")
    assert at_the_desk() == {before, after}
    actions.take_part_again(party_id=ada)
    actions.take_part_again(party_id=ada)
    assert names(case_id).count("party.returned") == 1
    assert open_of(ada) == {before, after}
    assert at_the_desk() == set()
    assert queries.party(ada).state == "joined"


def test_what_a_caseworker_has_taken_on_stays_with_them(case_id):
    ada = let_in(invited(case_id, ["planer"])["planer"])
    task_id = process_task(case_id, key="vorher")
    actions.decline_invitation(party_id=ada, reason="")
    actions.decide(task_id=task_id, account_id=new_id(), outcome="ja", reason="Akte.")
    actions.take_part_again(party_id=ada)
    assert open_of(ada) == set()


def test_who_returns_is_not_asked_about_somebody_else(case_id):
    found = invited(case_id, ["nachbar"])
    nora = let_in(found["nachbar@0"])
    about_paul = process_task(case_id, key="paul", party="nachbar", item={"id": "nachbar@1"})
    actions.remove_party(party_id=found["nachbar@1"].id, account_id=new_id())
    actions.decline_invitation(party_id=nora, reason="")
    actions.take_part_again(party_id=nora)
    assert about_paul in at_the_desk()
    assert about_paul not in open_of(nora)


def test_malware_in_a_proof_is_told_and_the_proof_asked_anew(case_id):
    actions.sign(case_id=case_id, key="u", parties=["statiker"], order="parallel")
    stefan = let_in(with_codes(case_id)["statiker"])
    proof = actions.hand_in(party_id=stefan, name="zulassung.png", chunks=[picture()])
    File.objects.filter(id=proof.id).update(state="waiting")
    own = actions.open_for_party(party_id=stefan).signatures[0]
    actions.give_signature(
        party_id=stefan, signature_id=own.id, version=own.version, sha256=own.sha256,
        name="Stefan Statiker",
    )  # fmt: skip
    assert queries.party(stefan).state == "done"
    File.objects.filter(id=proof.id).update(state="refused")
    start = len(mail.outbox)
    for _ in range(2):
        actions.note_refused_file(case_id=case_id, file_id=proof.id)
    work("mail")
    assert names(case_id).count("party.proof_refused") == 1
    assert [one.to[0] for one in mail.outbox[start:]] == ["stefan@example.org"]
    assert queries.party(stefan).state == "joined"
    assert actions.open_for_party(party_id=stefan).proof_missing
    actions.hand_in(party_id=stefan, name="sauber.png", chunks=[picture()])
    assert queries.party(stefan).state == "done"


def test_a_file_that_nobody_handed_in_is_not_told(case_id):
    before = names(case_id)
    actions.note_refused_file(case_id=case_id, file_id=new_id())
    assert names(case_id) == before
