"""The work list: whose tasks, by which filters, page by page, along an index."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.models import Task
from dienstweg.cases.queries import Wanted
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from plenty import copies
from seeding import given_case
from staffing import colleague

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
_keys = itertools.count()


@pytest.fixture
def inside(authority):
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def anna(inside):
    return colleague("anna", kranichsee="sachbearbeitung")


def ask(*, role="sachbearbeitung", approval="", days=None, case=None):
    due = None if days is None else clock.now() + days * DAY
    return actions.ask(
        case_id=(case or given_case()).id, key=f"t{next(_keys)}", task="pruefen", role=role,
        outcomes=["granted"], due=due, approval=approval,
    )  # fmt: skip


def listed(place, me, whose="team", roles=("sachbearbeitung",), **more):
    wanted = Wanted(roles={place: roles}, people=(me,), whose=whose, **more)
    return [one.id for one in queries.work_list(wanted)]


def test_each_list_shows_whose_it_says(inside, anna):
    free, mine, bens = ask(), ask(), ask()
    other = ask(role="kasse")
    ben = colleague("ben", kranichsee="sachbearbeitung")
    actions.assign(task_id=mine, to=anna, account_id=anna)
    actions.assign(task_id=bens, to=ben, account_id=ben)
    assert listed(inside, anna) == [free, mine, bens]
    assert listed(inside, anna, "mine") == [mine]
    assert listed(inside, anna, "free") == [free]
    assert listed(inside, anna, "mine", ("kasse",)) == []
    assert listed(inside, anna, roles=("kasse", "sachbearbeitung")) == [free, mine, bens, other]
    assert listed(new_id(), anna) == listed(inside, anna, roles=()) == []
    wanted = Wanted(roles={inside: ["sachbearbeitung"]}, people=(ben, anna), whose="mine")
    assert [one.id for one in queries.work_list(wanted)] == [mine, bens], (
        "a deputy's own and others"
    )


def test_proposals_wait_for_others_with_the_role(inside, anna):
    task_id = ask(approval="leitung")
    assert listed(inside, anna, "approval", ("leitung",)) == []
    actions.decide(task_id=task_id, account_id=anna, outcome="granted", reason="Passt.")
    assert listed(inside, anna, "approval", ("leitung",)) == [], "their own"
    ben = colleague("ben")
    assert listed(inside, ben, "approval", ("leitung",)) == [task_id]
    assert listed(inside, ben, "approval", ("sachbearbeitung",)) == []
    assert listed(inside, anna, state="proposed") == [task_id]


def test_what_parties_are_asked_is_nobodys_work(inside, anna):
    case = given_case()
    Task(
        authority_id=inside, case_id=case.id, key="x", task="x", role="party:bauherr",
        asked_at=clock.now(),
    ).save(force_insert=True)  # fmt: skip
    assert listed(inside, anna) == []


def test_the_filters_narrow_the_list(inside, anna):
    late, soon, later, never = ask(days=-1), ask(days=3), ask(days=30), ask()
    offer_id = Task.objects.get(id=late).offer_id
    assert listed(inside, anna, due="over") == [late]
    assert listed(inside, anna, due="week") == [late, soon]
    assert listed(inside, anna, due="none") == [never]
    assert listed(inside, anna, offers=(offer_id,)) == [late, soon, later, never]
    assert listed(inside, anna, offers=(new_id(),)) == []
    assert listed(inside, anna, authority_id=new_id()) == []
    assert listed(inside, anna, role="kasse") == []
    actions.decide(task_id=late, account_id=anna, outcome="granted", reason="Passt.")
    assert listed(inside, anna, state="decided") == [late]
    assert listed(inside, anna, due="over") == [], "what is decided is not late"
    assert listed(inside, anna, state="open", by_due=True) == [soon, later, never]


@pytest.mark.parametrize("by_due", [False, True])
def test_the_list_is_read_page_by_page(inside, anna, by_due):
    for days in (5, None, 1, 5, None, 2, 5):
        ask(days=days, role=["sachbearbeitung", "kasse"][days == 5])
    wanted = Wanted(roles={inside: ["sachbearbeitung", "kasse"]}, people=(anna,), by_due=by_due)
    whole = [one.id for one in queries.work_list(wanted)]
    assert len(whole) == 7
    seen, after = [], None
    while page := queries.work_list(wanted, after=after, limit=2):
        seen += [one.id for one in page]
        after = queries.mark(page[-1].id)
    assert seen == whole
    assert queries.mark(new_id()) is None


def test_the_lists_of_several_authorities_are_one(authority, other_authority):
    offers.forget()
    asked = []
    for place in (authority, other_authority, authority):
        with scope.enter(scope.of(place)):
            asked.append(ask())
    me = colleague("anna")
    roles = {authority: ["sachbearbeitung"], other_authority: ["sachbearbeitung"]}
    with scope.enter(scope.of(authority, other_authority)):
        wanted = Wanted(roles=roles, people=(me,))
        assert [one.id for one in queries.work_list(wanted)] == asked
        only = Wanted(roles=roles, people=(me,), authority_id=other_authority)
        assert [one.id for one in queries.work_list(only)] == [asked[1]]
        assert queries.counts({"a": wanted, "b": only, "c": Wanted(roles={}, people=(me,))}) == {
            "a": 3,
            "b": 1,
            "c": 0,
        }
    with scope.enter(scope.of(authority)):
        assert [one.id for one in queries.work_list(wanted)] == [asked[0], asked[2]]


def test_a_list_is_two_statements_and_all_counts_are_one(inside, anna):
    for _ in range(3):
        ask()
    wanted = Wanted(roles={inside: ["sachbearbeitung", "kasse", "leitung"]}, people=(anna,))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        queries.work_list(wanted)
        queries.counts({"a": wanted, "b": wanted})
    assert len(seen) == 3


INDEXES = {
    "mine": "task_assigned",
    "team": "task_of_role",
    "free": "task_unassigned",
    "approval": "task_proposed",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("whose", "index"), INDEXES.items())
def test_no_list_reads_all_tasks(inside, anna, whose, index, database_addresses):
    from dienstweg.cases.queries.worklist import statement, values

    one = Task.objects.get(id=ask())
    copies(
        database_addresses.owner,
        one,
        3000,
        key="'k' || n",
        role="'r' || n / 60",
        assignee="gen_random_uuid()",
    )
    wanted = Wanted(roles={inside: ["leitung"]}, people=(anna,), whose=whose)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        given = values(wanted, limit=50)
        cursor.execute("EXPLAIN " + statement(wanted, given), given)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan, plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "index"), [(0, "party_falling_due"), (1, "task_of_parties")])
def test_what_parties_owe_is_counted_along_an_index(inside, anna, kind, index, database_addresses):
    """Other tasks, of which there may be a hundred thousand, are not read for it."""
    now = clock.now()
    copies(
        database_addresses.owner,
        Task.objects.get(id=ask(days=-1)),
        3000,
        key="'k' || n",
    )
    since = now - timedelta(days=14)
    counted = queries.awaited_counted(before=now, since=since, places=[inside])[kind]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + counted.text, counted.values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan, plan
