"""The database's roles: one owns the tables and migrates, one works, one makes backups.

The application's role owns nothing and cannot pass row-level security, so that a forgotten filter
shows nothing of another authority (architecture, rules of trust, 6).
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import conninfo, sql

from dienstweg.config.postgres import Server

OWNER = "dienstweg_owner"
APP = "dienstweg_app"
BACKUP = "dienstweg_backup"
DATABASE = "dienstweg"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the database is reached: by the application's role, the owner, and for backups."""

    app: str
    owner: str
    backup: str | None = None

    def environment(self) -> dict[str, str]:
        """Return the variables that tell a child process."""
        found = {"DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner}
        return found | ({"DATABASE_BACKUP_URL": self.backup} if self.backup else {})


def prepare(server: Server, *, database: str = DATABASE) -> Addresses:
    """Make the roles and an empty ``database`` on the embedded server, where they are missing."""
    with server.connect() as connection:
        present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP, BACKUP):
            if role not in present:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(sql.Identifier(BACKUP)))
        connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(BACKUP)))
        make_database(connection, database=database, owner=OWNER)
    return addresses(server, database=database)


def addresses(server: Server, *, database: str = DATABASE) -> Addresses:
    """Return how the roles reach ``database`` on the embedded server."""
    return Addresses(
        app=server.url(APP, database),
        owner=server.url(OWNER, database),
        backup=server.url(BACKUP, database),
    )


def make_database(
    connection: psycopg.Connection[tuple[object, ...]], *, database: str, owner: str
) -> None:
    """Make the empty ``database`` of ``owner``, closed to other roles, if it is not there."""
    name = sql.Identifier(database)
    row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
    if row is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                name, sql.Identifier(owner)
            )
        )


def grant(owner_url: str, app_url: str) -> None:
    """Let the application's role work with all tables that the owner has made, and will make."""
    app = str(conninfo.conninfo_to_dict(app_url).get("user", APP))
    rights = (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON ROUTINES TO {}",
    )
    with psycopg.connect(owner_url) as connection:
        for right in rights:
            connection.execute(sql.SQL(right).format(sql.Identifier(app)))
        # What the application may not change: which migrations have been applied.
        connection.execute(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(
                sql.Identifier(app)
            )
        )


def elsewhere(url: str, database: str) -> str:
    """Return ``url`` with another ``database`` on the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/" + quote(database, safe="")))
