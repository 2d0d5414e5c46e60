"""The tests' own ground: they run as the role that row-level security binds."""

import psycopg
import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_run_as_the_application(database_addresses) -> None:
    application = psycopg.conninfo.conninfo_to_dict(database_addresses.app)["user"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (application, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits(authority, database_addresses) -> None:
    with psycopg.connect(database_addresses.owner) as owner:
        assert owner.execute("SELECT count(*) FROM authorities_authority").fetchone() == (1,)


@pytest.mark.django_db
def test_is_gone_for_the_next(database_addresses) -> None:
    with psycopg.connect(database_addresses.owner) as owner:
        assert owner.execute("SELECT count(*) FROM authorities_authority").fetchone() == (0,)
