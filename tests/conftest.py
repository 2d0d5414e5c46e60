"""What every test may ask for: a database with its roles, and authorities in it.

Each test process has an embedded PostgreSQL of its own in a temporary folder, or a database of its
own on the server of DATABASE_OWNER_URL. Tables are made by the owner; tests run as the
application's role, so that row-level security binds them as it binds the application.

    @pytest.mark.django_db                          in a transaction that is rolled back
    @pytest.mark.django_db(transaction=True)        with real commits; all tables are emptied after
    def test_x(authority):                          one municipality; enter its scope yourself:
        with scope.enter(scope.of(authority)): ...
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import hypothesis
import psycopg
import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from dienstweg.config.roles import Addresses

VAR = Path(tempfile.mkdtemp(prefix="dienstweg-test-"))
# Before the settings are read: nothing of a test run may land in the installation's folder.
os.environ["DIENSTWEG_VAR"] = str(VAR)
os.environ["DJANGO_SETTINGS_MODULE"] = "dienstweg.config.settings"
os.environ["DIENSTWEG_DEMO"] = "1"

# How long an example takes says how busy the machine is, not whether the code is right.
# Usual runs try the same examples each time, so that a change is judged by what it changed; new
# ones are looked for by `make fuzz`.
hypothesis.settings.register_profile(
    "dienstweg", deadline=None, derandomize="FUZZ" not in os.environ
)
hypothesis.settings.load_profile("dienstweg")

FORGETFUL = "fsync=off synchronous_commit=off full_page_writes=off"
"""A test's server may lose everything when the power fails; nobody else's may."""

KEPT = ("django_migrations", "django_content_type", "auth_permission")
"""Tables that migrations fill, and no test."""


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings: pytest-django waits for that before it sets up Django."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        # We only lead others. What they inherited of ours, they would read before they have
        # folders of their own.
        for name in ("DIENSTWEG_VAR", "DJANGO_SETTINGS_MODULE"):
            os.environ.pop(name, None)
        return
    from django.conf import settings

    from dienstweg.kernel.encryption import load_master_key

    assert settings.VAR == VAR, "the settings were read before the folder of this test run was set"
    load_master_key(Path(settings.DIENSTWEG_MASTER_KEY), create=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    shutil.rmtree(VAR, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL, so that `-m "not database"` runs the rest alone."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or "database_addresses" in fixtures:
            item.add_marker("database")


@pytest.fixture(scope="session")
def database_addresses() -> Iterator[Addresses]:
    """Give the addresses of an empty database of this test process."""
    from dienstweg.config import postgres, roles

    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if not owner_url:
        with postgres.running(VAR / "postgres", options=FORGETFUL) as server:
            yield roles.prepare(server, database="dienstweg_test")
        return
    name = f"dienstweg_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with psycopg.connect(owner_url, autocommit=True) as connection:
        roles.make_database(connection, database=name, owner=connection.info.user)
        try:
            yield roles.Addresses(
                app=roles.elsewhere(os.environ["DATABASE_URL"], name),
                owner=roles.elsewhere(owner_url, name),
            )
        finally:
            _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a test's database, when the server's own autovacuum has left it."""
    for _ in range(100):
        try:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    database_addresses: Addresses,
) -> Iterator[None]:
    """Let pytest-django's tests run on our database: made by the owner, used by the application."""
    from django.core.management import call_command
    from django.db import connections
    from django.test import TransactionTestCase

    from dienstweg.config import roles
    from dienstweg.config.environment import database

    for alias, url in (("default", database_addresses.app), ("owner", database_addresses.owner)):
        connections[alias].settings_dict.update(database(url))
    patch = pytest.MonkeyPatch()
    patch.setattr(
        TransactionTestCase, "_fixture_teardown", lambda _case: empty(database_addresses.owner)
    )
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        roles.grant(database_addresses.owner, database_addresses.app)
        connections["owner"].close()
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connections.close_all()


def empty(owner_url: str) -> None:
    """Empty all tables as their owner, for the application's role may not."""
    from psycopg import sql

    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)",
            [list(KEPT)],
        ).fetchall()
        names = sql.SQL(", ").join(sql.Identifier(str(name)) for (name,) in rows)
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Let no test see the authorities that another test's process memory holds."""
    yield
    from dienstweg.authorities import queries

    queries.forget()


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing that a process remembers for seconds grow old while statements are counted."""
    from dienstweg.authorities import queries as authorities
    from dienstweg.catalogue import queries as catalogue
    from dienstweg.offers import queries as offers

    for room in (authorities, catalogue, offers):
        monkeypatch.setattr(room, "FRESH", math.inf)
        room.forget()
    yield
    for room in (authorities, catalogue, offers):
        room.forget()


@pytest.fixture
def make_authority(request: pytest.FixtureRequest) -> Callable[..., UUID]:
    """Give a function that adds an authority: ``make_authority(slug="b", number_prefix="B")``."""
    from dienstweg.authorities import actions

    if not request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")

    def make(slug: str = "kranichsee", **values: Any) -> UUID:
        given = {
            "name": f"Gemeinde {slug.capitalize()}",
            "host": f"{slug}.localhost",
            "ars": "120650036036",
            "number_prefix": slug[:3].upper(),
            "contact": {"phone": "03300 1234-0", "email": f"info@{slug}.example"},
            **values,
        }
        return actions.add(slug=slug, **given)

    return make


@pytest.fixture
def authority(make_authority: Callable[..., UUID]) -> UUID:
    """Give the id of one municipality; the test enters its scope itself."""
    return make_authority()


@pytest.fixture
def other_authority(make_authority: Callable[..., UUID]) -> UUID:
    """Give the id of a second municipality, whose data the first must never see."""
    return make_authority("moorwald", ars="120650136136", number_prefix="MOO")
