"""Submitting: one case, whatever happens; and what is written once stays as it was written."""

import threading
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.errors import AlreadySubmitted, ChangedMeanwhile
from dienstweg.authorities import scope
from dienstweg.cases import queries, rules
from dienstweg.cases.models import Application, Attachment, Case
from dienstweg.events import queries as events
from dienstweg.files import actions as files
from dienstweg.files import queries as stored
from dienstweg.kernel import references
from dienstweg.kernel.encryption import Unreadable
from dienstweg.offers import queries as offers
from seeding import APPLICATION, BY_MAIL, given_case, given_draft, submit

pytestmark = pytest.mark.django_db

SUBMIT_STATEMENTS = 8
"""With the scope set and cleared, and without the process: seven are left for it."""


@pytest.fixture(autouse=True)
def _fresh():
    offers.forget()


@pytest.fixture
def inside(authority):
    with scope.enter(scope.of(authority)):
        yield authority


def test_a_submission_is_a_case_with_number_event_and_data(inside):
    case = given_case()
    assert references.is_case_number(case.number)
    assert case.number.startswith("KRA-")
    key = queries.key(case.id)
    seen = queries.application(case.id, key=key)
    assert seen.data == APPLICATION
    assert seen.declaration == {"confirmed": True}
    assert seen.sha256 == rules.fingerprint(APPLICATION).hex()
    assert queries.contact(case.id) == BY_MAIL
    assert [entry.name for entry in events.timeline(case.id)] == ["case.submitted"]
    assert events.timeline(case.id)[0].actor == "applicant"


def test_a_repeat_gives_the_same_answer_and_no_second_case(inside):
    draft = given_draft()
    first = submit(draft)
    assert submit(draft) == first
    assert queries.receipt(draft.id, secret=draft.secret) == first
    assert Case.objects.count() == 1
    assert len(events.timeline(draft.id)) == 1
    with pytest.raises(AlreadySubmitted) as caught:
        drafts.opened(draft.id, draft.secret)
    assert caught.value.case_id == draft.id


def test_what_the_applicant_has_not_seen_is_not_submitted(inside):
    draft = given_draft()
    drafts.Draft.objects.filter(id=draft.id).update(version=draft.version + 1)
    with pytest.raises(ChangedMeanwhile):
        submit(draft)
    assert Case.objects.count() == 0
    assert drafts.opened(draft.id, draft.secret).state == "open"


def test_the_draft_keeps_nothing_of_what_became_the_case(inside):
    case = given_case()
    row = drafts.Draft.objects.get(id=case.id)
    assert (bytes(row.wrapped_key), bytes(row.sealed), row.contact) == (b"", b"", None)


def test_a_taken_number_is_replaced_by_another(inside, monkeypatch):
    taken = given_case().number
    numbers = iter([taken, "KRA-0000-0000-00A"])
    monkeypatch.setattr(references, "case_number", lambda prefix: next(numbers))
    assert given_case().number == "KRA-0000-0000-00A"


def test_nothing_of_the_applicant_stands_in_the_tables_in_clear(inside):
    case = given_case()
    with connection.cursor() as cursor:
        for table in ("cases_case", "cases_application", "assistants_draft", "events_event"):
            cursor.execute(f"SELECT string_agg({table}::text, ' ') FROM {table}")
            text = cursor.fetchone()[0]
            for secret in ("anna@example", b"anna@example".hex(), case.code, case.secret, "nne"):
                assert secret not in text, table


def test_a_value_moved_to_another_case_cannot_be_read(inside):
    one, other = given_case(), given_case()
    row = Application.objects.get(case_id=one.id)
    with pytest.raises(Unreadable):
        queries.application(one.id, key=queries.key(other.id))
    row.id = references.new_id()
    row.case_id, row.version = one.id, 2
    row.save(force_insert=True)
    with pytest.raises(Unreadable):
        queries.application(one.id, key=queries.key(one.id))


def test_submitting_takes_few_statements(authority):
    with scope.enter(scope.of(authority)):
        draft = given_draft()
    with CaptureQueriesContext(connection) as caught, scope.enter(scope.of(authority)):
        submit(drafts.opened(draft.id, draft.secret))
    statements = [one["sql"] for one in caught if "SAVEPOINT" not in one["sql"]]
    assert len(statements) <= SUBMIT_STATEMENTS, "\n".join(statements)


def test_files_that_are_named_are_attached_and_others_deleted(inside):
    draft = given_draft()
    kept, left = (
        files.keep(
            owner_id=draft.id, key=draft.key, name=f"{name}.pdf",
            media_type="application/pdf", content=b"%PDF-" + name.encode(),
        )
        for name in ("nachweis", "verworfen")
    )  # fmt: skip
    draft = replace(draft, answers={"data": {"hidden": str(left.id)}})
    submit(draft, belege={"nachweise": [str(kept.id)]})
    (card,) = queries.attachments(draft.id, key=draft.key)
    assert (card.file_id, card.name, card.sha256) == (kept.id, "nachweis.pdf", kept.sha256)
    assert card.field == "/belege/nachweise/0"
    assert [one.id for one in stored.cards(draft.id, key=draft.key)] == [kept.id]
    assert left.id not in {card.file_id}


def test_a_foreign_file_is_not_attached(inside):
    theirs, mine = given_draft(), given_draft()
    card = files.keep(
        owner_id=theirs.id, key=theirs.key, name="a.pdf", media_type="application/pdf",
        content=b"%PDF-",
    )  # fmt: skip
    submit(mine, datei=str(card.id))
    assert queries.attachments(mine.id, key=mine.key) == []
    assert len(stored.cards(theirs.id, key=theirs.key)) == 1


@pytest.mark.parametrize("table", ["cases_application", "cases_reading", "cases_attachment"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET authority_id = authority_id", "DELETE FROM {}"])
def test_what_is_written_once_cannot_be_changed(inside, table, verb):
    case = given_case()
    from dienstweg.cases import actions

    actions.open_for(case_id=case.id, account_id=references.new_id())
    if table == "cases_attachment":
        row = Attachment(
            authority_id=inside, case_id=case.id, version=1, file_id=references.new_id(),
            field="/x", name=b"", media_type="", size=1, sha256=b"",
        )  # fmt: skip
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


@pytest.mark.django_db(transaction=True)
def test_many_at_once_give_one_case_and_one_answer(authority):
    with scope.enter(scope.of(authority)):
        draft = given_draft()
    answers, together = [], threading.Barrier(4)

    def send():
        try:
            with scope.enter(scope.of(authority)):
                together.wait(timeout=20)
                answers.append(submit(draft))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    with scope.enter(scope.of(authority)):
        assert Case.objects.count() == 1
        assert len(events.timeline(draft.id)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_failed_submission_leaves_draft_and_queue_as_they_were(authority, monkeypatch):
    from dienstweg.cases.actions import submission

    def fail(*args, **kwargs):
        raise RuntimeError

    with scope.enter(scope.of(authority)):
        draft = given_draft()
        before = ProcrastinateJob.objects.count()
        monkeypatch.setattr(submission.events, "record", fail)
        with pytest.raises(RuntimeError):
            submit(draft)
        assert drafts.opened(draft.id, draft.secret).state == "open"
        assert Case.objects.count() == 0
        assert ProcrastinateJob.objects.count() == before


def test_two_drafts_do_not_share_anything(inside):
    one, other = given_draft(), given_draft()
    assert one.key != other.key
    assert assistants.hand_over(draft=one)
    assert not assistants.hand_over(draft=one)
    assert drafts.opened(other.id, other.secret).state == "open"
