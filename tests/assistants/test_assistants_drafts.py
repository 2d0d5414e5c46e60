"""Filling in a draft: nothing is lost, nothing is read without its secret, and it ends in time."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

import small_blueprint
from dienstweg.assistants import actions, queries, rules
from dienstweg.assistants.errors import (
    AlreadySubmitted,
    Expired,
    InvalidAddress,
    NoSuchDraft,
    NoSuchField,
    TooManyCodes,
)
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.events import queries as events
from dienstweg.files import queries as files
from dienstweg.files.errors import TooMany, WrongType
from dienstweg.kernel import clock, encryption, ledger
from dienstweg.kernel.references import new_id
from dienstweg.mail.models import Mail
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from seeding import submit

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture
def inside(authority):
    offered.forget()
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def begun(inside):
    offer_id = offers.go_live(archive=small_blueprint.packed(), settings={})
    return actions.begin(offer_id=offer_id, lang="de")


def opened(begun):
    return queries.opened(begun.draft_id, begun.secret)


def answer(begun, page, posted, *, version=None, **more):
    shown = opened(begun).version if version is None else version
    return actions.answer(
        draft_id=begun.draft_id, secret=begun.secret, page=page, posted=posted, version=shown,
        **more,
    )  # fmt: skip


def test_a_page_is_saved_and_leads_to_the_next(begun):
    first = answer(begun, "person", {"name": ["Änne"], "haustier": ["true"]})
    assert (first.next, first.problems, first.stale) == ("tiere", [], None)
    assert opened(begun).answers["data"] == {"name": "Änne", "haustier": True}
    assert opened(begun).version == 1
    other = answer(begun, "person", {"name": ["Änne"], "haustier": ["false"]})
    assert other.next == "belege"
    assert answer(begun, "belege", {}).next == "summary"
    assert answer(begun, "belege", {}, go="back").next == "person"
    assert answer(begun, "person", {"name": ["Änne"]}, go="summary").next == "summary"


def test_what_is_wrong_is_kept_and_shown_again(begun):
    wrong = answer(begun, "person", {"name": ["x" * 41]})
    assert wrong.next == "person"
    assert [problem.field for problem in wrong.problems] == ["name"]
    assert "x" * 41 in json.dumps(opened(begun).answers)
    assert answer(begun, "person", {"name": [""]}, go="back").next == "person"


def test_a_page_that_is_not_asked_saves_nothing(begun):
    for page, entry in (("tiere", ()), ("gibt-es-nicht", ()), ("person", (7,))):
        got = answer(begun, page, {"rufname": ["Rex"]}, entry=entry)
        assert got.next == "person"
        assert got.problems[0].code == "unknown-page"
    assert opened(begun).version == 0


def test_items_are_added_answered_and_removed(begun):
    answer(begun, "person", {"name": ["A"], "haustier": ["true"]})
    access = {"draft_id": begun.draft_id, "secret": begun.secret, "group": "tiere"}
    assert [actions.add_item(**access) for _ in range(4)] == [0, 1, 2, 2]
    for index, name in enumerate(("Rex", "Mia", "Bo")):
        assert answer(begun, "tiere", {"rufname": [name]}, entry=(index,)).next == "tiere"
    actions.remove_item(**access, entry=(0,))
    actions.remove_item(**access, entry=(9,))
    names = [item["rufname"] for item in opened(begun).answers["data"]["tiere"]]
    assert names == ["Mia", "Bo"]


def test_the_same_page_in_two_windows_shows_both_values_and_loses_none(begun):
    shown = opened(begun).version
    answer(begun, "person", {"name": ["Fenster eins"]}, version=shown)
    late = answer(begun, "person", {"name": ["Fenster zwei"]}, version=shown)
    assert late.next == "person"
    assert late.stale.answers["data"]["name"] == "Fenster eins"
    assert late.draft.answers["data"]["name"] == "Fenster zwei"
    assert opened(begun).answers["data"]["name"] == "Fenster eins"
    again = answer(begun, "person", {"name": ["Fenster zwei"]}, version=late.draft.version)
    assert again.stale is None
    assert opened(begun).answers["data"]["name"] == "Fenster zwei"


def test_different_pages_in_two_windows_do_not_disturb_each_other(begun):
    answer(begun, "person", {"name": ["A"], "haustier": ["true"]})
    shown = opened(begun).version
    answer(begun, "person", {"name": ["B"], "haustier": ["true"]}, version=shown)
    other = answer(begun, "tiere", {"rufname": ["Rex"]}, entry=(0,), version=shown)
    assert other.stale is None
    assert opened(begun).answers["data"] == {
        "name": "B", "haustier": True, "tiere": [{"rufname": "Rex"}],
    }  # fmt: skip


def test_the_same_values_again_are_not_stale(begun):
    shown = opened(begun).version
    for _ in range(2):
        assert answer(begun, "person", {"name": ["A"]}, version=shown).stale is None


@pytest.mark.django_db(transaction=True)
def test_windows_that_save_at_once_lose_nothing(authority):
    offered.forget()
    with scope.enter(scope.of(authority)):
        offer_id = offers.go_live(archive=small_blueprint.packed(), settings={})
        begun = actions.begin(offer_id=offer_id, lang="de")
        answer(begun, "person", {"name": ["A"], "haustier": ["true"]})
        for _ in range(3):
            actions.add_item(draft_id=begun.draft_id, secret=begun.secret, group="tiere")
        shown = opened(begun).version
    together, failed = threading.Barrier(3), []

    def save(index):
        try:
            with scope.enter(scope.of(authority)):
                together.wait(timeout=20)
                posted = {"rufname": [f"Tier {index}"]}
                answer(begun, "tiere", posted, entry=(index,), version=shown)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not failed
    with scope.enter(scope.of(authority)):
        names = [item["rufname"] for item in opened(begun).answers["data"]["tiere"]]
    assert names == ["Tier 0", "Tier 1", "Tier 2"]


def test_reading_is_one_statement_and_saving_two(begun, authority):
    opened(begun)
    with CaptureQueriesContext(connection) as reading:
        opened(begun)
    assert len(reading) == 1
    offered.release(opened(begun).digest)
    with CaptureQueriesContext(connection) as saving:
        answer(begun, "person", {"name": ["A"]}, version=0)
    assert len(saving) == 2, [one["sql"] for one in saving]


def test_a_wrong_secret_is_answered_like_an_unknown_draft(begun):
    for draft_id, secret in (
        (begun.draft_id, "AAAA-BBBB-CCCC-DDDD"),
        (new_id(), begun.secret),
        (begun.draft_id, ""),
    ):
        with pytest.raises(NoSuchDraft):
            queries.opened(draft_id, secret)


def test_the_code_resumes_the_draft_however_it_is_typed(begun):
    typed = begun.resume_code.lower().replace("-", " ")
    assert actions.resume(code=typed) == begun
    with pytest.raises(NoSuchDraft):
        actions.resume(code="AAAA-BBBB-CCCC-DDDD")


def test_another_authority_does_not_know_the_code(begun, other_authority):
    with scope.enter(scope.of(other_authority)), pytest.raises(NoSuchDraft):
        actions.resume(code=begun.resume_code)


def test_nothing_that_was_entered_stands_in_the_row(begun):
    answer(begun, "person", {"name": ["Ingeborg"]})
    actions.set_contact(
        draft_id=begun.draft_id, secret=begun.secret, way="email", email="inge@example.org"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT assistants_draft::text FROM assistants_draft")
        text = cursor.fetchone()[0]
    for secret in ("Ingeborg", b"Ingeborg".hex(), "inge@", b"inge@".hex(), begun.secret):
        assert secret not in text
    row = Draft.objects.get()
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(opened(begun).key, bytes(row.sealed), *queries.place_of(row, "contact"))


def test_an_address_is_confirmed_by_the_code_that_was_mailed(begun):
    access = {"draft_id": begun.draft_id, "secret": begun.secret}
    actions.set_contact(**access, way="email", email=" anna@example.org ")
    contact = opened(begun).contact
    assert (contact.email, contact.confirmed, contact.settled) == ("anna@example.org", False, False)
    right = code_of(begun)
    assert not actions.confirm_contact(**access, code="000000" if right != "000000" else "1")
    assert actions.confirm_contact(**access, code=f" {right[:3]} {right[3:]}")
    assert opened(begun).contact.confirmed
    mails = Mail.objects.count()
    actions.set_contact(**access, way="email", email="anna@example.org")
    assert (opened(begun).contact.confirmed, Mail.objects.count()) == (True, mails)
    actions.set_contact(**access, way="email", email="other@example.org")
    assert not opened(begun).contact.confirmed
    actions.set_contact(**access, way="post")
    assert opened(begun).contact == queries.Contact(way="post")


def test_guesses_and_codes_are_limited(begun):
    access = {"draft_id": begun.draft_id, "secret": begun.secret}
    actions.set_contact(**access, way="email", email="anna@example.org")
    right = code_of(begun)
    wrong = "111111" if right != "111111" else "222222"
    for _ in range(rules.GUESSES):
        assert not actions.confirm_contact(**access, code=wrong)
    assert not actions.confirm_contact(**access, code=right)
    for _ in range(rules.CODES_PER_HOUR - 1):
        actions.set_contact(**access, way="email", email="anna@example.org")
    with pytest.raises(TooManyCodes):
        actions.set_contact(**access, way="email", email="anna@example.org")
    with clock.shifted(timedelta(minutes=31)):
        assert not actions.confirm_contact(**access, code=code_of(begun)), "the code is too old"
    with clock.shifted(timedelta(hours=2)):
        actions.set_contact(**access, way="email", email="anna@example.org")
        assert actions.confirm_contact(**access, code=code_of(begun))


def test_the_limit_cannot_be_reset_by_choosing_post_in_between(begun):
    access = {"draft_id": begun.draft_id, "secret": begun.secret}
    for _ in range(rules.CODES_PER_HOUR):
        actions.set_contact(**access, way="email", email="anna@example.org")
        actions.set_contact(**access, way="post")
    with pytest.raises(TooManyCodes):
        actions.set_contact(**access, way="email", email="anna@example.org")


def test_no_code_no_confirmation(begun):
    access = {"draft_id": begun.draft_id, "secret": begun.secret}
    assert not actions.confirm_contact(**access, code="")
    actions.set_contact(**access, way="post")
    assert not actions.confirm_contact(**access, code="")
    with pytest.raises(InvalidAddress):
        actions.set_contact(**access, way="email", email="anna")


def code_of(begun):
    return queries.contact_entry(Draft.objects.get(), opened(begun).key)["code"]


def test_uploads_stand_in_the_answers_and_go_with_them(begun):
    answer(begun, "person", {"name": ["A"], "haustier": ["true"]})
    actions.add_item(draft_id=begun.draft_id, secret=begun.secret, group="tiere")
    first = attach(begun, "bild", entry=(0,))
    assert opened(begun).answers["data"]["tiere"] == [{"bild": str(first.id)}]
    second = attach(begun, "bild", entry=(0,))
    assert stored(begun) == {second.id}, "one file: the old one is replaced"
    two = {attach(begun, "nachweis").id for _ in range(2)}
    with pytest.raises(TooMany):
        attach(begun, "nachweis")
    assert stored(begun) == two | {second.id}
    gone = two.pop()
    actions.detach(draft_id=begun.draft_id, secret=begun.secret, file_id=gone)
    assert opened(begun).answers["data"]["belege"] == [str(one) for one in two]
    actions.remove_item(draft_id=begun.draft_id, secret=begun.secret, group="tiere", entry=(0,))
    assert stored(begun) == two


def test_an_upload_must_be_asked_for_and_of_the_kind_asked_for(begun):
    with pytest.raises(NoSuchField):
        attach(begun, "name")
    with pytest.raises(NoSuchField):
        attach(begun, "gibt-es-nicht")
    with pytest.raises(WrongType):
        attach(begun, "nachweis", b"GIF89a" + bytes(100))
    assert stored(begun) == set()


def attach(begun, field, content=PNG, **more):
    return actions.attach(
        draft_id=begun.draft_id, secret=begun.secret, field=field, name="bild.png",
        chunks=[content], **more,
    )  # fmt: skip


def stored(begun):
    return {card.id for card in files.cards(begun.draft_id, key=opened(begun).key)}


def test_a_discarded_draft_is_gone_and_noted_outside_the_database(begun, inside):
    actions.discard(draft_id=begun.draft_id, secret=begun.secret)
    with pytest.raises(NoSuchDraft):
        opened(begun)
    assert Draft.objects.count() == 0
    assert events.due_at(job="assistants.expire", object_id=begun.draft_id) is None
    noted = ledger.lines(Path(settings.DIENSTWEG_ERASURES))
    assert ("draft", str(inside), str(begun.draft_id)) in noted


def test_a_draft_expires_after_its_time_and_not_before(begun):
    due = events.due_at(job="assistants.expire", object_id=begun.draft_id)
    assert due is not None
    with clock.shifted(timedelta(days=10)):
        answer(begun, "person", {"name": ["A"]})
    with clock.shifted(timedelta(days=21)):
        actions.expire(draft_id=begun.draft_id)
        assert opened(begun).answers["data"]["name"] == "A"
        later = events.due_at(job="assistants.expire", object_id=begun.draft_id)
        assert later == opened(begun).expires_at
    with clock.shifted(timedelta(days=30, minutes=1)):
        with pytest.raises(Expired):
            opened(begun)
        actions.expire(draft_id=begun.draft_id)
        actions.expire(draft_id=begun.draft_id)
        assert Draft.objects.count() == 0


def test_the_end_is_announced_once_to_a_confirmed_address(begun):
    access = {"draft_id": begun.draft_id, "secret": begun.secret}
    actions.set_contact(**access, way="email", email="anna@example.org")
    actions.confirm_contact(**access, code=code_of(begun))
    for days in (17.1, 18):
        with clock.shifted(timedelta(days=days)):
            actions.expire(draft_id=begun.draft_id)
    assert Mail.objects.filter(template="expiry").count() == 1


def test_extending_keeps_it_longer(begun):
    with clock.shifted(timedelta(days=15)):
        actions.extend(draft_id=begun.draft_id, secret=begun.secret)
    with clock.shifted(timedelta(days=30)):
        assert opened(begun).state == "open"


def test_a_submitted_draft_answers_for_as_long_as_it_would_have_lived(begun):
    submit(opened(begun))
    with clock.shifted(timedelta(days=19)):
        actions.expire(draft_id=begun.draft_id)
        with pytest.raises(AlreadySubmitted):
            actions.resume(code=begun.resume_code)
    with clock.shifted(timedelta(days=21)):
        actions.expire(draft_id=begun.draft_id)
        with pytest.raises(NoSuchDraft):
            opened(begun)


def test_an_upgrade_of_the_offer_does_not_change_a_draft(begun):
    pinned = opened(begun).digest
    offers.go_live(archive=small_blueprint.packed("2.0.0"), settings={})
    assert opened(begun).digest == pinned
    assert offered.release(pinned).version == "1.0.0"
    other = actions.begin(offer_id=begun.offer_id, lang="de")
    assert offered.release(opened(other).digest).version == "2.0.0"


def test_a_draft_that_nobody_ended_is_found_by_the_sweeper(begun, inside):
    assert actions.sweep(authority_id=inside) == 0
    with clock.shifted(timedelta(days=21)):
        assert actions.sweep(authority_id=inside) == 1
        assert Draft.objects.count() == 0
        assert events.due_at(job="assistants.sweep", object_id=inside) > clock.now()
