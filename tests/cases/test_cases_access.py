"""Who sees a case: a caseworker, logged; the applicant, by number and code, guess-limited."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from dienstweg.assistants.queries import Contact
from dienstweg.authorities import scope
from dienstweg.cases import actions, places, queries, rules
from dienstweg.cases.errors import NoSuchCase, TooManyTries, WrongNumberOrCode
from dienstweg.cases.models import Application, Case
from dienstweg.events import queries as events
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id
from dienstweg.mail.models import Mail
from dienstweg.offers import queries as offers
from seeding import APPLICATION, BY_MAIL, given_case
from working import work

pytestmark = pytest.mark.django_db
WRONG = "AAAA-BBBB-CCCC-DDDD"


@pytest.fixture
def inside(authority):
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def case(inside):
    return given_case()


def test_every_reading_is_logged_and_the_first_is_told(case):
    anna, ben = new_id(), new_id()
    seen = actions.open_for(case_id=case.id, account_id=anna)
    assert seen.application.data == APPLICATION
    assert seen.contact == BY_MAIL
    assert (seen.case.number, seen.tasks, seen.attachments, seen.withdrawal) == (
        case.number, (), (), "",
    )  # fmt: skip
    actions.open_for(case_id=case.id, account_id=ben, purpose="question")
    log = queries.readings(case.id)
    assert [(one.account_id, one.purpose) for one in log] == [(anna, "work"), (ben, "question")]
    opened = [one for one in events.timeline(case.id) if one.name == "case.opened"]
    assert [one.actor for one in opened] == [f"staff:{anna}"]


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_the_lock_sees_the_version_that_came_meanwhile(case, inside):
    seen = []

    def look():
        try:
            with scope.enter(scope.of(inside)), transaction.atomic():
                seen.append(actions.hold(case_id=case.id).application)
        finally:
            connection.close()

    waiting = threading.Thread(target=look)
    with transaction.atomic():
        assert actions.hold(case_id=case.id).application.version == 1
        waiting.start()
        for _ in range(2_000):
            if somebody_waits():
                break
            time.sleep(0.01)
        assert somebody_waits()
        another_version(case.id, "Anna Neu")
    waiting.join(timeout=30)
    assert [(one.version, one.data["name"]) for one in seen] == [(2, "Anna Neu")]


def another_version(case_id, name):
    row = Application.objects.get(case_id=case_id)
    key = queries.key(case_id)
    row.id, row.version, row._state.adding = new_id(), 2, True
    content = {"data": {**APPLICATION, "name": name}, "declaration": {}}
    row.sealed = encryption.seal_json(key, content, *places.application_place(row))
    row.save(force_insert=True)


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_case_is_held_only_inside_a_transaction(case):
    with pytest.raises(TransactionManagementError):
        actions.hold(case_id=case.id)


def test_a_case_of_nobody_is_not_read_and_not_logged(inside):
    with pytest.raises(NoSuchCase):
        actions.open_for(case_id=new_id(), account_id=new_id())


def test_number_and_code_open_the_case_however_they_are_typed(case):
    number, code = case.number.lower().replace("-", " "), case.code.lower().replace("-", "")
    assert actions.let_in(number=number, code=code).id == case.id
    assert queries.by_number(f" {number} ").id == case.id
    assert queries.by_number("KRA-0000-0000-000") is None


def test_guessing_is_stopped_for_a_while_even_if_right(case):
    for _ in range(rules.TRIES):
        with pytest.raises(WrongNumberOrCode):
            actions.let_in(number=case.number, code=WRONG)
    with pytest.raises(TooManyTries) as caught:
        actions.let_in(number=case.number, code=case.code)
    assert caught.value.until > clock.now()
    with clock.shifted(rules.TRIES_WITHIN + timedelta(seconds=1)):
        assert actions.let_in(number=case.number, code=case.code).id == case.id


def test_guesses_for_one_case_do_not_stop_another(case):
    other = given_case()
    for _ in range(rules.TRIES):
        with pytest.raises(WrongNumberOrCode):
            actions.let_in(number=case.number, code=WRONG)
    assert actions.let_in(number=other.number, code=other.code).id == other.id


@pytest.mark.parametrize(
    "text", ["", "x" * 5000, "\x00", "KRA-\x00", "KRA-' OR 1=1", "ß" * 20, "-", "😀"]
)
def test_nothing_that_is_typed_breaks_the_door(case, text):
    for number, code in ((text, case.code), (case.number, text)):
        with pytest.raises(WrongNumberOrCode):
            actions.let_in(number=number, code=code)


def test_a_lost_code_is_replaced_by_mail(case):
    actions.renew_code(number=case.number, email="ANNA@example.org")
    assert Mail.objects.filter(template="code_lost").count() == 1
    with pytest.raises(WrongNumberOrCode):
        actions.let_in(number=case.number, code=case.code)
    assert queries.receipt(case.id, secret=case.secret).code == ""
    actions.renew_code(number=case.number, email="anna@example.org")
    assert Mail.objects.filter(template="code_lost").count() == 1, "not again so soon"


@pytest.mark.parametrize("email", ["someone@else.org", "", "anna@example.org.evil.org"])
def test_a_stranger_gets_no_code_and_no_answer(case, email):
    actions.renew_code(number=case.number, email=email)
    actions.renew_code(number="KRA-0000-0000-000", email=BY_MAIL.email)
    assert Mail.objects.count() == 0
    assert actions.let_in(number=case.number, code=case.code).id == case.id


def test_a_new_code_goes_to_the_address_of_the_case_however_it_is_typed(inside, mailoutbox):
    case = given_case(Contact("email", "anna@strasse.example", True))
    actions.renew_code(number=case.number, email=" Anna@straße.example")
    work("mail")
    assert [one.to for one in mailoutbox] == [["anna@strasse.example"]]


@pytest.mark.parametrize("contact", [Contact("post"), Contact("email", "anna@example.org", False)])
def test_an_unconfirmed_address_gets_no_code(inside, contact):
    case = given_case(contact)
    actions.renew_code(number=case.number, email="anna@example.org")
    actions.renew_code(number=case.number, email="")
    assert Mail.objects.count() == 0


def test_a_caseworker_can_post_a_new_code(case):
    code = actions.new_code_by_post(case_id=case.id, account_id=new_id())
    assert actions.let_in(number=case.number, code=code).id == case.id
    with pytest.raises(WrongNumberOrCode):
        actions.let_in(number=case.number, code=case.code)
    assert events.timeline(case.id)[-1].name == "case.code_renewed"


def test_the_newest_cases_are_read_page_by_page(inside):
    made = [given_case().id for _ in range(5)]
    seen, before = [], None
    while page := queries.recent(before=before, limit=2):
        seen += [one.id for one in page]
        before = page[-1].id
    assert seen == made[::-1]


def test_reading_changes_nothing(case):
    before = list(Case.objects.values())
    with CaptureQueriesContext(connection) as caught:
        queries.case(case.id)
        queries.contact(case.id)
        queries.application(case.id, key=queries.key(case.id))
        queries.by_number(case.number)
        queries.open_tasks()
        queries.recent()
    assert all(one["sql"].startswith("SELECT") for one in caught)
    assert list(Case.objects.values()) == before


def test_nobody_sees_the_cases_of_another_authority(case, other_authority):
    with scope.enter(scope.of(other_authority)):
        assert queries.by_number(case.number) is None
        with pytest.raises(WrongNumberOrCode):
            actions.let_in(number=case.number, code=case.code)
        assert queries.recent() == []
        for read in (queries.case, queries.key, queries.contact):
            with pytest.raises(NoSuchCase):
                read(case.id)
        with pytest.raises(NoSuchCase):
            actions.hold(case_id=case.id)
