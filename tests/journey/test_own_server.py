"""The set-up that `docs/operation.md` describes: three roles, two addresses, and it works."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dienstweg.config import postgres
from dienstweg.config.checkup_database import role_without_power

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operation.md").read_text()
FORGETFUL = "fsync=off synchronous_commit=off full_page_writes=off"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give the settings for a server on which only the documented statements were run."""
    (statements,) = re.findall(r"^```sql\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    with postgres.running(tmp_path / "server", options=FORGETFUL) as server:
        with server.connect() as superuser:
            for one in filter(str.strip, statements.split(";")):
                superuser.execute(one)
        kept = {name: text for name, text in os.environ.items() if not of_the_test(name)}
        yield {
            **kept,
            "DIENSTWEG_VAR": str(tmp_path / "var"),
            "DATABASE_URL": server.url("dienstweg_app", "dienstweg"),
            "DATABASE_OWNER_URL": server.url("dienstweg_owner", "dienstweg"),
            "DATABASE_BACKUP_URL": server.url("dienstweg_backup", "dienstweg"),
            "DIENSTWEG_STAFF_PASSWORD": "eine-lange-wortfolge-7",
        }


def of_the_test(name: str) -> bool:
    return name.startswith(("DIENSTWEG_", "DATABASE_", "DJANGO_"))


def dienstweg(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dienstweg.config.command", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def documented(command: str) -> list[str]:
    """Return the words of the documented call of a command, without its name."""
    (line,) = re.findall(rf"^\.venv/bin/dienstweg ({command} .*)$", PAGE, flags=re.MULTILINE)
    return re.findall(r'"[^"]*"|\S+', line)


def test_the_documented_statements_and_commands_set_it_up(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert dienstweg(environment, "init").returncode == 0
    for command in ("authority add", "staff add"):
        words = [word.strip('"') for word in documented(command)]
        done = dienstweg(environment, *words)
        assert done.returncode == 0, done.stderr
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as application:
        (finding,) = role_without_power(application)
        assert finding.state == "ok"
        assert application.execute("SELECT count(*) FROM accounts_membership").fetchone() == (1,)
    told = dienstweg(environment, "doctor").stdout
    assert "FEHLER" not in told
    assert "1 Behörden sind angelegt" in told
    folder = tmp_path / "backup"
    assert dienstweg(environment, "backup", str(folder)).returncode == 0
    refused = dienstweg(environment, "restore", str(folder))
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert dienstweg(environment, "restore", "--replace", str(folder)).returncode == 0


def test_a_backup_by_a_role_that_sees_too_little_is_refused(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert dienstweg(environment, "init").returncode == 0
    del environment["DATABASE_BACKUP_URL"]
    refused = dienstweg(environment, "backup", str(tmp_path / "backup"))
    assert refused.returncode == 2
    assert "BYPASSRLS" in refused.stderr
    assert not (tmp_path / "backup").exists()
