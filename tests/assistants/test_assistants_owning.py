"""A draft is put into an account, opened by it, and let go of with it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from dienstweg.accounts.models import Account
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.actions import OwnAccount
from dienstweg.assistants.errors import AnotherAccount, NoSuchDraft
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.kernel import clock
from dienstweg.mail.models import Mail
from seeding import given_draft, given_offer, submit
from working import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(authority, tmp_path, settings):
    settings.DIENSTWEG_ERASURES = tmp_path / "erasures.log"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with scope.enter(scope.of(authority)):
        yield


def test_nothing_of_a_draft_changes_but_whose_it_is():
    draft, account_id = given_draft(), uuid4()
    before = Draft.objects.values().get(id=draft.id)
    assistants.keep_in_account(draft_id=draft.id, secret=draft.secret, account_id=account_id)
    assistants.keep_in_account(draft_id=draft.id, secret=draft.secret, account_id=account_id)
    after = Draft.objects.values().get(id=draft.id)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"account_id", "kept_secret"}
    assert drafts.secret_of(draft.id, account_id=account_id) == draft.secret
    assert draft.secret.encode() not in bytes(after["kept_secret"])


def test_a_draft_is_given_away_by_nobody():
    draft, account_id = given_draft(), uuid4()
    with pytest.raises(NoSuchDraft):
        assistants.keep_in_account(draft_id=draft.id, secret="falsch", account_id=account_id)
    assistants.keep_in_account(draft_id=draft.id, secret=draft.secret, account_id=account_id)
    with pytest.raises(AnotherAccount):
        assistants.keep_in_account(draft_id=draft.id, secret=draft.secret, account_id=uuid4())
    assert drafts.opened(draft.id, draft.secret).account_id == account_id


def test_a_secret_is_sealed_for_its_own_row():
    account_id = uuid4()
    first, second = (
        assistants.begin(offer_id=given_offer(), lang="de", account_id=account_id) for _ in range(2)
    )
    kept = Draft.objects.get(id=first.draft_id).kept_secret
    Draft.objects.filter(id=second.draft_id).update(kept_secret=kept)
    from dienstweg.kernel.encryption import Unreadable

    with pytest.raises(Unreadable):
        drafts.secret_of(second.draft_id, account_id=account_id)


def test_the_end_is_announced_to_the_address_of_the_account(mailoutbox):
    own = Account.objects.create(email="anna@example.org")
    begun = assistants.begin(offer_id=given_offer(), lang="de", account_id=own.id)
    nobody = assistants.begin(offer_id=given_offer(), lang="de", account_id=uuid4())
    for days in (26, 27.1, 28):
        with clock.shifted(timedelta(days=days)):
            assistants.expire(draft_id=begun.draft_id)
            assistants.expire(draft_id=nobody.draft_id)
    work("mail")
    assert [one.to for one in mailoutbox] == [["anna@example.org"]]
    assert "/konto/" in mailoutbox[0].body
    assert str(begun.draft_id) not in mailoutbox[0].body
    own.is_active = False
    own.save()
    Draft.objects.filter(id=begun.draft_id).update(announced_at=None)
    with clock.shifted(timedelta(days=29)):
        assistants.expire(draft_id=begun.draft_id)
    assert Mail.objects.filter(template="expiry").count() == 1, "a closed account is not written to"


def test_letting_go_deletes_what_is_open_and_keeps_what_was_sent():
    account_id = uuid4()
    begun, sent = (
        assistants.begin(offer_id=given_offer(), lang="de", account_id=account_id) for _ in range(2)
    )
    other = given_draft()
    case = submit(drafts.opened(sent.draft_id, sent.secret))
    assert assistants.discard_own(account_id=account_id) == [begun.draft_id]
    assert not Draft.objects.filter(account_id=account_id).exists()
    assert not Draft.objects.filter(id=begun.draft_id).exists()
    assert drafts.opened(other.id, other.secret)
    from dienstweg.cases import queries as cases

    assert cases.case(case.case_id).account_id == account_id, "the cases' room lets go of it"
    from dienstweg.cases import actions as case_actions

    case_actions.let_go_of_account(account_id=account_id)
    assert cases.case(case.case_id).account_id is None


def test_an_account_that_is_gone_knows_nothing():
    from dienstweg.assistants import port

    wanted = port.Wanted(frozenset({"name"}), str(uuid4()), "de", 8.0)
    with pytest.raises(port.Unavailable):
        OwnAccount("Aus Ihrem Nutzerkonto").find(wanted)
