"""What a caseworker is asked: decided once, undone in time, settled when the time is over."""

from datetime import timedelta
from importlib import import_module

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.authorities import scope
from dienstweg.cases import actions, queries, rules
from dienstweg.cases.errors import (
    AlreadyDecided,
    NoSuchTask,
    ReasonNeeded,
    TooLateToUndo,
    UnknownOutcome,
)
from dienstweg.cases.models import Task
from dienstweg.events import queries as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from plenty import copies
from seeding import given_case

ANNA, BEN = new_id(), new_id()


@pytest.fixture
def inside(authority):
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def case(inside):
    return given_case()


def ask(case, key="pruefen"):
    return actions.ask(
        case_id=case.id, key=key, task="pruefen", role="sachbearbeitung",
        outcomes=["granted", "refused"], due=clock.now() + timedelta(days=28),
    )  # fmt: skip


def decide(task_id, *, by=ANNA, outcome="granted", reason="Alles liegt vor.", **more):
    return actions.decide(task_id=task_id, account_id=by, outcome=outcome, reason=reason, **more)


def names(case):
    return [entry.name for entry in events.timeline(case.id)][1:]


@pytest.mark.django_db
def test_a_task_is_asked_once(case):
    task_id = ask(case)
    assert ask(case) == task_id
    assert ask(case, "pruefen#2") != task_id
    assert names(case) == ["task.asked", "task.asked"]
    (first, _) = queries.open_tasks()
    assert (first.id, first.number, first.outcomes) == (
        task_id,
        case.number,
        ("granted", "refused"),
    )


@pytest.mark.django_db
def test_a_decision_stands_when_its_time_to_be_undone_is_over(case):
    task_id = ask(case)
    until = decide(task_id, data={"zone": 3})
    assert events.due_at(job="cases.settle_task", object_id=task_id) == until
    actions.settle_task(task_id=task_id)
    assert names(case) == ["task.asked", "task.decided"], "nothing leaves before"
    with clock.shifted(timedelta(seconds=61)):
        actions.settle_task(task_id=task_id)
        actions.settle_task(task_id=task_id)
        with pytest.raises(TooLateToUndo):
            actions.undo(task_id=task_id, account_id=ANNA)
    assert names(case) == ["task.asked", "task.decided", "task.completed"]
    seen = queries.task(task_id)
    assert (seen.card.state, seen.card.outcome, seen.reason, seen.data) == (
        "done", "granted", "Alles liegt vor.", {"zone": 3},
    )  # fmt: skip
    completed = events.timeline(case.id)[-1]
    assert completed.data == {"task_id": str(task_id), "key": "pruefen", "outcome": "granted"}
    assert completed.actor == f"staff:{ANNA}"
    assert queries.open_tasks() == []


@pytest.mark.django_db
def test_a_decision_can_be_taken_back_in_time(case):
    task_id = ask(case)
    decide(task_id)
    actions.undo(task_id=task_id, account_id=ANNA)
    actions.undo(task_id=task_id, account_id=ANNA)
    assert events.due_at(job="cases.settle_task", object_id=task_id) is None
    with clock.shifted(timedelta(minutes=5)):
        actions.settle_task(task_id=task_id)
    seen = queries.task(task_id)
    assert (seen.card.state, seen.card.outcome, seen.reason) == ("open", "", "")
    assert names(case) == ["task.asked", "task.decided", "task.undone"]
    decide(task_id, by=BEN, outcome="refused")
    assert queries.task(task_id).card.decided_by == BEN


@pytest.mark.django_db
def test_two_people_do_not_decide_twice(case):
    task_id = ask(case)
    first = decide(task_id)
    assert decide(task_id) == first, "a double click"
    for other in ({"by": BEN}, {"outcome": "refused"}):
        with pytest.raises(AlreadyDecided):
            decide(task_id, **other)
    assert names(case) == ["task.asked", "task.decided"]


@pytest.mark.django_db
def test_what_is_no_decision_is_refused(case):
    task_id = ask(case)
    with pytest.raises(UnknownOutcome):
        decide(task_id, outcome="vielleicht")
    with pytest.raises(ReasonNeeded):
        decide(task_id, reason=" \n")
    with pytest.raises(NoSuchTask):
        decide(new_id())
    assert queries.task(task_id).card.state == "open"


@pytest.mark.django_db
def test_a_task_that_is_no_longer_asked_cannot_be_decided(case):
    task_id, done = ask(case), ask(case, "andere")
    decide(done)
    with clock.shifted(timedelta(seconds=61)):
        actions.settle_task(task_id=done)
    for key in ("pruefen", "andere", "gibt-es-nicht"):
        actions.no_longer_ask(case_id=case.id, key=key)
    assert queries.task(task_id).card.state == "withdrawn"
    assert queries.task(done).card.state == "done"
    with pytest.raises(AlreadyDecided):
        decide(task_id)


@pytest.mark.django_db
def test_a_decision_that_nobody_settled_is_found_by_the_sweeper(case, inside):
    task_id = ask(case)
    decide(task_id)
    assert actions.sweep(authority_id=inside) == 0
    with clock.shifted(timedelta(minutes=7)):
        assert actions.sweep(authority_id=inside) == 1
        assert actions.sweep(authority_id=inside) == 0
        assert events.due_at(job="cases.sweep", object_id=inside) > clock.now()
    assert queries.task(task_id).card.state == "done"


@pytest.mark.django_db
def test_what_a_task_is_about_is_sealed_and_survives_an_undo(case):
    item = {"stelle": "Untere Naturschutzbehörde"}
    task_id = actions.ask(
        case_id=case.id, key="stellungnahme@0", task="stellungnahme", role="naturschutz",
        outcomes=["granted"], approval="leitung", form=["bedenken"], item=item,
    )  # fmt: skip
    assert b"Naturschutz" not in bytes(Task.objects.get(id=task_id).sealed)
    for step in (lambda: decide(task_id), lambda: actions.undo(task_id=task_id, account_id=ANNA)):
        step()
        file = queries.task(task_id)
        assert file.item == item
    assert (file.card.form, file.card.approval_role, file.reason) == (("bedenken",), "leitung", "")


@pytest.mark.django_db
def test_the_reason_does_not_stand_in_the_table_in_clear(case):
    task_id = ask(case)
    decide(task_id, reason="Frau Ödegård wohnt dort nicht")
    row = Task.objects.get(id=task_id)
    assert b"wohnt" not in bytes(row.sealed)


@pytest.mark.django_db
def test_the_list_of_tasks_is_read_page_by_page(inside):
    asked = [ask(given_case()) for _ in range(5)]
    seen, after = [], None
    while page := queries.open_tasks(after=after, limit=2):
        seen += [card.id for card in page]
        after = page[-1].id
    assert seen == asked


@pytest.mark.django_db
def test_the_list_of_tasks_is_that_of_ones_roles(inside):
    task_id = ask(given_case())
    (card,) = queries.open_tasks()
    for roles, expected in (
        ({inside: {card.role}}, [task_id]),
        ({inside: {"jemand-anderes"}}, []),
        ({new_id(): {card.role}}, []),
        ({inside: {"jemand-anderes"}, new_id(): {card.role}}, []),
        ({}, []),
    ):
        assert [one.id for one in queries.open_tasks(roles=roles)] == expected


@pytest.mark.django_db(transaction=True)
def test_the_list_of_tasks_does_not_read_all_cases(inside, database_addresses):
    from django.db import connection

    one = Task.objects.get(id=ask(given_case()))
    copies(database_addresses.owner, one, 3000, key="'k' || n", state="'done'")
    rows = Task.objects.select_related("case").filter(state__in=["open", "decided"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        sql, params = rows.order_by("id")[:50].query.sql_with_params()
        cursor.execute("EXPLAIN " + sql, params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "task_waiting" in plan, plan
    assert "Sort" not in plan, plan


@pytest.mark.parametrize("table", [rules.CASE, rules.TASK])
def test_the_tables_of_states_are_closed_and_have_an_end(table):
    assert all(then in table for following in table.values() for then in following)
    assert any(not following for following in table.values())


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=6))
def test_equal_data_has_one_fingerprint(data):
    turned = dict(reversed(list(data.items())))
    assert rules.fingerprint(data) == rules.fingerprint(turned)
    assert rules.fingerprint(data) != rules.fingerprint({**data, "noch-etwas": 1})


@pytest.mark.django_db(transaction=True)
def test_tasks_of_before_learn_their_offer(authority, database_addresses):
    module = import_module("dienstweg.cases.migrations.0003_tasks_know_their_offer")
    with scope.enter(scope.of(authority)):
        task_id = ask(given_case())
        offer_id = Task.objects.get(id=task_id).offer_id
        Task.objects.update(offer_id=None)
        with psycopg.connect(database_addresses.owner) as owner:
            owner.execute(module.EVERYONE)
            owner.execute(module.OFFERS)
        assert Task.objects.get(id=task_id).offer_id == offer_id is not None
