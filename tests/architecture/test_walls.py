"""The two walls between authorities, over all tables: each holds with the other one off.

With both off the leak must show, or these tests would prove nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, models, transaction

from architecture.made_rows import Maker, owned_models
from architecture.shared_tables import SHARED
from dienstweg.assistants import queries
from dienstweg.assistants.actions import writing
from dienstweg.assistants.errors import NoSuchDraft
from dienstweg.authorities import scope
from dienstweg.authorities.errors import Unscoped
from dienstweg.authorities.scope import AuthorityOwned
from seeding import given_draft


@pytest.fixture
def two(authority, other_authority):
    """Give two authorities with one row of every table each."""
    for one in (authority, other_authority):
        maker = Maker(one)
        if one == authority:
            maker_of_first = maker
        else:
            # What is shared is made once.
            maker.made = {
                model: row
                for model, row in maker_of_first.made.items()
                if not issubclass(model, AuthorityOwned)
            }
        with scope.enter(scope.of(one)):
            for model in owned_models():
                maker.row(model)
    return authority, other_authority


@contextmanager
def database_wall_off(owner_url: str) -> Iterator[None]:
    """Switch row-level security off everywhere, as only the owner of the tables can."""
    tables = [model._meta.db_table for model in owned_models()]
    try:
        alter(owner_url, tables, "DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY")
        yield
    finally:
        alter(owner_url, tables, "ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY")


def alter(owner_url, tables, *changes):
    with psycopg.connect(owner_url) as owner:
        for table in tables:
            for change in changes:
                owner.execute(f'ALTER TABLE "{table}" {change}')


def raw_count(table: str, where: str = "true") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {where}')
        return int(cursor.fetchone()[0])


def scoped_count(model) -> int:
    return model.objects.count()


def unscoped_rows(model):
    """Return a queryset that the first wall knows nothing of."""
    rows: models.QuerySet = models.QuerySet(model=model)
    return rows


@pytest.mark.django_db(transaction=True)
def test_the_database_holds_when_the_querysets_do_not_filter(two):
    mine, theirs = two
    leaks = []
    with scope.enter(scope.of(mine)):
        for model in owned_models():
            table = model._meta.db_table
            if (unscoped_rows(model).count(), raw_count(table)) != (1, 1):
                leaks.append(f"{table}: read")
            if unscoped_rows(model).filter(authority_id=theirs).exists():
                leaks.append(f"{table}: read by id")
            for statement in (
                f'UPDATE "{table}" SET authority_id = authority_id WHERE authority_id = %s',
                f'DELETE FROM "{table}" WHERE authority_id = %s',
            ):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement, [theirs])
                    if cursor.rowcount:
                        leaks.append(f"{table}: {statement.split()[0]}")
    assert not leaks, leaks


@pytest.mark.django_db(transaction=True)
def test_the_database_takes_no_row_for_another_authority(two):
    mine, theirs = two
    taken = []
    for model in owned_models():
        with scope.enter(scope.of(mine)):
            row = unscoped_rows(model).get()
            row.pk, row.authority_id = Maker(theirs)._value(model._meta.pk), theirs
            row._state.adding = True
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
                taken.append(model._meta.db_table)
            except DatabaseError as error:
                if "row-level security" not in str(error):
                    taken.append(f"{model._meta.db_table}: {error}")
            with pytest.raises(Unscoped):
                model.objects.add_by_hand([row])
    assert not taken, taken


@pytest.mark.django_db(transaction=True)
def test_the_database_shows_nothing_without_a_scope(two):
    seen = [model._meta.db_table for model in owned_models() if raw_count(model._meta.db_table)]
    assert not seen
    with scope.enter(scope.network("test")):
        seen = [model._meta.db_table for model in owned_models() if raw_count(model._meta.db_table)]
    assert not seen
    with scope.enter(scope.of(*two)):
        assert all(raw_count(model._meta.db_table) == 2 for model in owned_models())


@pytest.mark.django_db(transaction=True)
def test_the_querysets_hold_when_the_database_does_not_filter(two, database_addresses):
    mine, theirs = two
    with database_wall_off(database_addresses.owner):
        for model in owned_models():
            table = model._meta.db_table
            with pytest.raises(Unscoped):
                scoped_count(model)
            with pytest.raises(Unscoped):
                model.objects.by_hand("true")
            with pytest.raises(Unscoped):
                model.objects.add_by_hand([])
            with scope.enter(scope.of(mine)):
                assert [row.authority_id for row in model.objects.all()] == [mine], table
                assert not model.objects.filter(authority_id=theirs).exists(), table
                assert [row.authority_id for row in model.objects.by_hand("true")] == [mine], table
                assert not model.objects.by_hand("authority_id = %s", theirs), table
                assert raw_count(table) == 2, f"{table}: the database wall is not off"


@pytest.mark.django_db(transaction=True)
def test_rows_read_by_hand_are_those_of_querysets(two):
    mine, _ = two
    with scope.enter(scope.of(mine)):
        for model in owned_models():
            (row,) = model.objects.by_hand("id IS NOT NULL ORDER BY id LIMIT 1")
            columns = [field.attname for field in model._meta.concrete_fields]
            same = model.objects.get()
            for name in columns:
                assert getattr(row, name) == getattr(same, name), (model, name)
            model.objects.add_by_hand([row, row], "(id) DO NOTHING")
            assert model.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_statements_written_by_hand_hold_too(two, database_addresses):
    mine, theirs = two
    with scope.enter(scope.of(theirs)):
        draft = given_draft()
        changed = replace(draft, answers={"data": {}})
        assert writing.save(changed, {"data": {"name": "Berta"}}, touched=())
    with database_wall_off(database_addresses.owner):
        with pytest.raises(Unscoped):
            queries.opened(draft.id, draft.secret)
        with scope.enter(scope.of(mine)):
            assert raw_count("assistants_draft", f"id = '{draft.id}'") == 1
            with pytest.raises(NoSuchDraft):
                queries.opened(draft.id, draft.secret)
            assert writing.save(replace(draft, version=1), {}, touched=()) is None


def seen_by_a_kept_statement(model):
    text = f'SELECT authority_id FROM "{model._meta.db_table}" WHERE authority_id <> %s::uuid'
    with connection.cursor() as cursor:
        cursor.execute(scope.prepared(text), [UUID(int=0)])
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_is_kept_prepared_sees_the_scope_of_now(two, database_addresses):
    """After five times the server keeps a plan: it must ask for the scope each time anew."""
    for turn in range(14):
        with scope.enter(scope.of(two[turn % 2])):
            for model in owned_models():
                assert seen_by_a_kept_statement(model) == {two[turn % 2]}, model._meta.db_table
    assert not any(seen_by_a_kept_statement(model) for model in owned_models())
    with database_wall_off(database_addresses.owner), scope.enter(scope.of(two[0])):
        for model in owned_models():
            assert seen_by_a_kept_statement(model) == {*two}, "the leak shows with the wall off"


@pytest.mark.django_db(transaction=True)
def test_with_both_walls_off_the_leak_shows(two, database_addresses):
    mine, theirs = two
    with database_wall_off(database_addresses.owner), scope.enter(scope.of(mine)):
        for model in owned_models():
            seen = set(unscoped_rows(model).values_list("authority_id", flat=True))
            assert seen == {mine, theirs}, model._meta.db_table


@pytest.mark.django_db
def test_the_scope_is_gone_from_the_connection_when_it_is_left(authority):
    with scope.enter(scope.of(authority)):
        assert setting("dw.authorities") == "{" + str(authority) + "}"
        with scope.enter(scope.network("test")):
            assert setting("dw.authorities") == ""
        assert setting("dw.authorities") == "{" + str(authority) + "}"
    assert setting("dw.authorities") == ""
    with pytest.raises(RuntimeError), scope.enter(scope.of(authority)):
        raise RuntimeError
    assert setting("dw.authorities") == ""


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [name])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_every_table_is_walled_off_or_stands_in_the_list_of_shared_ones():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        )
        walled = dict(cursor.fetchall())
    open_ones = {table for table, forced in walled.items() if not forced}
    assert open_ones - SHARED.keys() == set(), "neither walled off nor in the list"
    assert SHARED.keys() - open_ones == set(), "in the list, but not there or walled off"
    owned = {model._meta.db_table for model in owned_models()}
    assert owned == walled.keys() - open_ones, "walled off, but its querysets do not filter"


@pytest.mark.django_db
def test_the_application_owns_no_table_and_cannot_pass_the_wall():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone()[0] is False


def test_no_table_replaces_the_scoped_manager():
    loose = [
        model._meta.db_table
        for model in owned_models()
        if not isinstance(model._default_manager, scope.ScopedManager)
        or not isinstance(model._base_manager, scope.ScopedManager)
    ]
    assert not loose
