"""Checks of the database: reachable, walled, up to date, and nothing stuck in the queue."""

import os
from collections.abc import Iterator

import psycopg

from dienstweg.config.finding import Finding, error, fine, warning

SILENT = 60
"""Seconds after which a worker without a sign of life counts as gone."""
LATE = 300
"""Seconds after which a waiting job is late."""

Connection = psycopg.Connection[tuple[object, ...]]


def reachable() -> Iterator[Finding]:
    """Check both addresses; raises `psycopg.Error` where one does not answer."""
    for name, role in (("DATABASE_URL", "Anwendung"), ("DATABASE_OWNER_URL", "Eigentümer")):
        with psycopg.connect(os.environ[name], connect_timeout=10) as connection:
            version = connection.info.server_version
        if version < 150000:
            yield error(
                f"PostgreSQL {version // 10000} ist zu alt.", "Nötig ist Version 15 oder neuer."
            )
        yield fine(f"Datenbank erreichbar als {role} (PostgreSQL {version // 10000}).")


def role_without_power(connection: Connection) -> Iterator[Finding]:
    """Check that the application's role can pass no wall."""
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls,"
        " (SELECT count(*) FROM pg_class AS c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))"
        " FROM pg_roles AS r WHERE rolname = current_user"
    ).fetchone()
    mighty, owned = row if row else (True, 0)
    if mighty:
        yield error(
            "Die Rolle der Anwendung umgeht die Zeilensicherheit.",
            "ALTER ROLE ... NOSUPERUSER NOBYPASSRLS, oder eine andere Rolle in DATABASE_URL.",
        )
    if owned:
        yield error(
            f"Der Rolle der Anwendung gehören {owned} Tabellen.",
            "Übereignen Sie die Tabellen der Rolle aus DATABASE_OWNER_URL (REASSIGN OWNED).",
        )
    if not mighty and not owned:
        yield fine("Die Rolle der Anwendung besitzt keine Tabelle und umgeht keine Regel.")


def walls(connection: Connection) -> Iterator[Finding]:
    """Check that every table of one authority's data is walled off by row-level security."""
    from django.apps import apps

    from dienstweg.authorities.scope import AuthorityOwned

    tables = [m._meta.db_table for m in apps.get_models() if issubclass(m, AuthorityOwned)]
    rows = connection.execute(
        "SELECT c.relname FROM pg_class AS c"
        " WHERE c.relname = ANY(%s) AND c.relkind IN ('r', 'p')"
        " AND c.relrowsecurity AND c.relforcerowsecurity"
        " AND EXISTS (SELECT 1 FROM pg_policy AS p WHERE p.polrelid = c.oid)",
        [tables],
    ).fetchall()
    walled = {str(row[0]) for row in rows}
    for table in sorted(set(tables) - walled):
        yield error(
            f"Die Tabelle {table} hat keine erzwungene Zeilensicherheit.",
            "Führen Sie `dienstweg init` aus; bleibt es dabei, fehlt ein Schritt in der Migration.",
        )
    if tables and walled == set(tables):
        yield fine(f"Zeilensicherheit ist auf allen {len(tables)} Tabellen erzwungen.")


def migrations() -> Iterator[Finding]:
    """Check that the tables are those of this version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield error(
            f"{len(missing)} Änderungen an den Tabellen fehlen.", "Führen Sie `dienstweg init` aus."
        )
    else:
        yield fine("Die Tabellen sind auf dem Stand dieser Version.")


def authorities_present(connection: Connection) -> Iterator[Finding]:
    """Check that there is anybody to work for."""
    row = connection.execute("SELECT count(*) FROM authorities_authority").fetchone()
    if row and row[0]:
        yield fine(f"{row[0]} Behörden sind angelegt.")
    else:
        yield warning(
            "Es ist noch keine Behörde angelegt.",
            "Legen Sie eine an: `dienstweg authority add --help`.",
        )


def workers(connection: Connection) -> Iterator[Finding]:
    """Check that somebody does the jobs, and that none is late or stuck."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE at > now() - make_interval(secs => %s)), max(at)"
        " FROM events_beat",
        [SILENT],
    ).fetchone()
    alive = row[0] if row else 0
    if alive:
        yield fine("Ein Worker arbeitet." if alive == 1 else f"{alive} Worker arbeiten.")
    else:
        yield warning(
            "Kein Worker hat sich in der letzten Minute gemeldet.", "Starten Sie `dienstweg work`."
        )
    yield from _jobs(connection)


def _jobs(connection: Connection) -> Iterator[Finding]:
    rows = connection.execute(
        "SELECT task_name, count(*) FILTER (WHERE status = 'failed'),"
        " count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, at) <"
        "   now() - make_interval(secs => %s))"
        " FROM (SELECT j.*, (SELECT min(e.at) FROM procrastinate_events AS e WHERE e.job_id = j.id)"
        "   AS at FROM procrastinate_jobs AS j WHERE status IN ('failed', 'todo')) AS jobs"
        " GROUP BY task_name ORDER BY task_name",
        [LATE],
    ).fetchall()
    trouble = [(name, failed, late) for name, failed, late in rows if failed or late]
    for name, failed, late in trouble:
        if failed:
            yield error(
                f"{failed} Aufträge {name} sind endgültig gescheitert.",
                "Das Protokoll des Workers nennt den Grund; danach `dienstweg doctor --retry`.",
            )
        if late:
            yield warning(
                f"{late} Aufträge {name} warten seit mehr als {LATE // 60} Minuten.",
                "Starten Sie einen weiteren Worker, oder sehen Sie in dessen Protokoll nach.",
            )
    if not trouble:
        yield fine("Kein Auftrag ist gescheitert oder verspätet.")


def retry_failed() -> int:
    """Let the jobs that failed for good be tried again; return how many."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, worker_id = NULL"
            " WHERE status = 'failed'"
        )
        return found.rowcount


def due_late(connection: Connection) -> Iterator[Finding]:
    """Check that the ticker takes what falls due."""
    row = connection.execute(
        "SELECT count(*) FROM events_due WHERE due_at < now() - make_interval(secs => %s)", [LATE]
    ).fetchone()
    if row and row[0]:
        yield warning(
            f"{row[0]} fällige Aufträge wurden nicht aufgenommen.", "Starten Sie `dienstweg work`."
        )
