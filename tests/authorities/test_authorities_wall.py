"""What the database is told of the scope: only when it changes, and never too little."""

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from dienstweg.authorities import scope, wall
from dienstweg.authorities.errors import Unscoped
from dienstweg.events.models import Event
from dienstweg.kernel import clock


def setting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('dw.authorities', true)")
        return cursor.fetchone()[0] or ""


def event(name, authority):
    return Event(authority_id=authority, name=name, happened_at=clock.now())


def told(*authorities):
    return "{" + ",".join(sorted(str(one) for one in authorities)) + "}"


@pytest.mark.django_db(transaction=True)
def test_only_a_change_is_told(authority, other_authority, monkeypatch):
    sent, note = [], wall.Told.note
    monkeypatch.setattr(
        wall.Told, "note", lambda self, *given: (sent.append(given[1]), note(self, *given))
    )
    for one in (authority, authority, other_authority, other_authority):
        with scope.enter(scope.of(one)):
            assert setting() == told(one)
            assert setting() == told(one)
    with scope.enter(scope.of(authority)):
        pass
    assert sent == [(told(authority), ""), (told(other_authority), "")]


@pytest.mark.django_db(transaction=True)
def test_a_statement_outside_of_every_scope_sees_nothing(authority):
    with scope.enter(scope.of(authority)):
        assert setting() == told(authority)
    assert setting() == ""
    assert setting() == ""


@pytest.mark.django_db(transaction=True)
def test_a_rollback_is_noticed(authority, other_authority):
    with scope.enter(scope.of(authority)):
        setting()
    with scope.enter(scope.of(other_authority)):
        with pytest.raises(RuntimeError), transaction.atomic():
            assert setting() == told(other_authority)
            raise RuntimeError
        assert setting() == told(other_authority)
    with scope.enter(scope.of(authority)):
        assert setting() == told(authority)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_to_a_savepoint_is_noticed(authority, other_authority):
    with scope.enter(scope.of(authority)), transaction.atomic():
        assert setting() == told(authority)
        with pytest.raises(RuntimeError), transaction.atomic():
            with scope.enter(scope.of(other_authority)):
                assert setting() == told(other_authority)
            raise RuntimeError
        assert setting() == told(authority)
        with scope.enter(scope.of(other_authority)):
            assert setting() == told(other_authority)


@pytest.mark.django_db(transaction=True)
def test_what_was_told_last_in_a_transaction_lasts_after_its_commit(authority, other_authority):
    with transaction.atomic():
        with scope.enter(scope.of(authority)):
            assert setting() == told(authority)
        with scope.enter(scope.of(other_authority)):
            assert setting() == told(other_authority)
    with scope.enter(scope.of(authority)):
        assert setting() == told(authority)
    assert setting() == ""


@pytest.mark.django_db(transaction=True)
def test_two_scopes_one_inside_the_other(authority, other_authority):
    with scope.enter(scope.of(authority)):
        with scope.enter(scope.of(authority, other_authority)):
            assert setting() == told(authority, other_authority)
        assert setting() == told(authority)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_has_ended_is_left(authority, database_addresses):
    with scope.enter(scope.of(authority)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(database_addresses.app, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with scope.enter(scope.of(authority)):
        assert setting() == told(authority)


@pytest.mark.django_db(transaction=True)
def test_what_is_wrong_with_writing_together_is_raised_and_nothing_of_it_stays(authority):
    first, second = event("a", authority), event("b", authority)
    with scope.enter(scope.of(authority)):
        with transaction.atomic(), scope.writing_together():
            Event.objects.add_by_hand([first])
        with pytest.raises(IntegrityError), transaction.atomic(), scope.writing_together():
            Event.objects.add_by_hand([second])
            Event.objects.add_by_hand([first])
        assert [row.name for row in Event.objects.by_hand("true ORDER BY id")] == ["a"]
        with transaction.atomic():
            with pytest.raises(IntegrityError), transaction.atomic(), scope.writing_together():
                Event.objects.add_by_hand([first])
            Event.objects.add_by_hand([second])
        assert Event.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_written_together_stands_under_the_settings_of_its_scope(
    authority, other_authority
):
    with scope.enter(scope.of(authority)):
        assert setting() == told(authority)
    with scope.enter(scope.of(other_authority)):
        with pytest.raises(Unscoped), transaction.atomic(), scope.writing_together():
            Event.objects.add_by_hand([event("a", authority)])
        with transaction.atomic(), scope.writing_together():
            Event.objects.add_by_hand([event("a", other_authority)])
        assert Event.objects.count() == 1
