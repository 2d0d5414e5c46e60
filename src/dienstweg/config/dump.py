"""Writes the database to a file and loads it again, with PostgreSQL's own programs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import psycopg
from psycopg import conninfo

from dienstweg.config import postgres_install
from dienstweg.config.errors import Trouble
from dienstweg.config.place import var

_NEWEST_OPTION = 170000
"""Servers from this version on know `transaction_timeout`, which pg_restore's scripts set."""
_HEAD = 40
"""Lines of such a script that only make settings."""


def write(path: Path) -> None:
    """Dump the whole database to ``path``; raises `Trouble` if any row would be left out."""
    url = os.environ.get("DATABASE_BACKUP_URL", os.environ["DATABASE_OWNER_URL"])
    _expect_all_rows(url)
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-acl", "--file", str(path)], url)


def load(path: Path, *, replace: bool) -> None:
    """Load the dump at ``path`` in one transaction; raises `Trouble`, and then nothing changed.

    A database that holds tables is only overwritten with ``replace``, and only while no other
    program is connected to it.
    """
    url = os.environ["DATABASE_OWNER_URL"]
    _expect_nobody(url)
    if _tables(url) and not replace:
        raise Trouble(
            "Die Datenbank enthält schon Daten. Mit --replace werden sie verworfen und durch die "
            "Sicherung ersetzt."
        )
    with tempfile.TemporaryDirectory(dir=var()) as folder:
        script = Path(folder) / "database.sql"
        _run(["pg_restore", "--no-owner", "--no-acl", "--file", str(script), str(path)], None)
        if _version(url) < _NEWEST_OPTION:
            _leave_out(script, b"SET transaction_timeout = 0;\n")
        _run(
            [
                *("psql", "--no-psqlrc", "--quiet", "--single-transaction"),
                *("--set", "ON_ERROR_STOP=1", "--output", os.devnull),
                *("--command", "DROP SCHEMA IF EXISTS public CASCADE"),
                *("--command", "CREATE SCHEMA public"),
                *("--command", "ALTER SCHEMA public OWNER TO pg_database_owner"),
                *("--file", str(script)),
            ],
            url,
        )


def _expect_all_rows(url: str) -> None:
    """Raise `Trouble` if row-level security hides rows from the role: a backup must be whole."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if not row or not row[0]:
        raise Trouble(
            "Die Rolle in DATABASE_OWNER_URL sieht wegen der Zeilensicherheit nicht alle Daten. "
            "Setzen Sie DATABASE_BACKUP_URL auf eine Rolle mit BYPASSRLS und pg_read_all_data."
        )


def _expect_nobody(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
    if row and row[0]:
        raise Trouble(
            f"Es sind {row[0]} Programme mit der Datenbank verbunden. Beenden Sie Webserver und "
            "Worker, bevor Sie eine Sicherung einspielen."
        )


def _tables(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    return int(row[0]) if row else 0


def _version(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.info.server_version


def _leave_out(script: Path, line: bytes) -> None:
    """Remove ``line`` from the head of a script that may be large."""
    fresh = script.with_suffix(".fresh")
    with script.open("rb") as old, fresh.open("wb") as new:
        new.writelines(one for one in islice(old, _HEAD) if one != line)
        shutil.copyfileobj(old, new)
    fresh.replace(script)


def _run(command: Sequence[str], url: str | None) -> None:
    """Run one of PostgreSQL's programs, connected to ``url``; raises `Trouble` with its words.

    The password goes by the environment, where other users do not see it.
    """
    environment = dict(os.environ)
    arguments = [_program(command[0], url), *command[1:]]
    if url is not None:
        parts = {name: str(value) for name, value in conninfo.conninfo_to_dict(url).items()}
        environment["PGPASSWORD"] = parts.pop("password", "")
        arguments += ["--dbname", conninfo.make_conninfo("", **parts)]
    done = subprocess.run(
        arguments,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(f"{command[0]}: {done.stderr.strip()[-800:]}")


def _program(name: str, url: str | None) -> str:
    """Return the program from the wheel; the system's for a server that is newer than it."""
    folder = postgres_install.programs()
    newest = int(folder.parent.name.removeprefix("pginstall") or 0)
    if url is not None and _version(url) // 10000 > newest:
        system = shutil.which(name)
        if system is None:
            raise Trouble(
                f"Für diesen Server fehlt {name} (Debian: apt-get install postgresql-client)."
            )
        return system
    return str(folder / name)
