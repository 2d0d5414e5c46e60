"""Statements that the server keeps prepared for a connection."""

from collections.abc import Iterator

import pytest
from django.db import DataError, connection, transaction

from dienstweg.authorities import scope, statements

pytestmark = pytest.mark.django_db
TWICE = "SELECT 2 * %s::int"


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """Forget what earlier tests have prepared on this connection, and what these have."""
    connection.ensure_connection()
    connection.connection.execute("DEALLOCATE ALL")
    statements._kept.pop(connection.connection, None)
    yield
    if connection.connection is not None:
        connection.connection.execute("DEALLOCATE ALL")
        statements._kept.pop(connection.connection, None)


def answer(text: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statements.call(text), values)
        return cursor.fetchone()[0]


def kept() -> int:
    found = connection.connection.execute("SELECT count(*) FROM pg_prepared_statements")
    return int(found.fetchone()[0])


def test_a_statement_is_prepared_once_for_a_connection() -> None:
    assert [answer(TWICE, number) for number in range(5)] == [0, 2, 4, 6, 8]
    assert kept() == 1
    assert answer("SELECT 3 * %s::int", 4) == 12
    assert kept() == 2


def test_values_may_have_names() -> None:
    text = "SELECT %(a)s::int * %(a)s::int - %(b)s::int WHERE 'x%%' LIKE '_%%'"
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(statements.call(text), {"a": 5, "b": 3, "c": "of no use"})
            assert cursor.fetchone() == (22,)
    assert kept() == 1


@pytest.mark.django_db(transaction=True)
def test_another_connection_prepares_its_own() -> None:
    assert answer(TWICE, 1) == 2
    connection.close()
    assert answer(TWICE, 2) == 4
    assert kept() == 1


def test_it_outlives_a_transaction_that_is_taken_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        answer(TWICE, 1)
        raise ZeroDivisionError
    assert answer(TWICE, 2) == 4


def test_what_is_wrong_before_it_in_a_pipeline_leaves_it_unprepared() -> None:
    with (
        pytest.raises(DataError),
        transaction.atomic(),
        scope.writing_together(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / %s", [0])
        cursor.execute(statements.call(TWICE), [1])
    assert kept() == 0
    assert answer(TWICE, 2) == 4


def test_a_column_that_is_added_meanwhile_changes_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE house (number int)")
        cursor.execute("INSERT INTO house VALUES (7)")
    ask = "SELECT number FROM house WHERE number = %s"
    assert answer(ask, 7) == 7
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE house ADD COLUMN street text")
    assert answer(ask, 7) == 7


def test_there_is_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST", 3)
    assert [answer(f"SELECT {number} + %s::int", 1) for number in range(6)] == [1, 2, 3, 4, 5, 6]
    assert kept() == 3
