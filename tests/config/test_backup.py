"""A backup brings everything back except what was erased, and nothing at all by halves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

BEGIN = """
from dienstweg.config import station
from dienstweg.config.installation import bring_up_to_date
import json, sys
sys.path.insert(0, sys.argv[1])
database = station.database()
database.__enter__()
bring_up_to_date()
from dienstweg.authorities import actions, queries, scope
from dienstweg.cases import actions as cases, queries as cases_queries
from dienstweg.cases.models import Case
"""
SEED = """
authority = actions.add(slug="kranichsee", name="Kranichsee", host="kranichsee.localhost",
                        ars="120650036036", number_prefix="KRA")
from seeding import given_case
from django.conf import settings
from pathlib import Path
with scope.enter(scope.of(authority)):
    kept, erased = given_case(), given_case()
(Path(settings.DIENSTWEG_FILES) / "ab").mkdir(parents=True)
(Path(settings.DIENSTWEG_FILES) / "ab" / "sealed").write_bytes(b"sealed bytes")
print(json.dumps([str(kept.id), str(erased.id)]))
"""
ERASE = """
(card,) = queries.all_cards()
from seeding import given_case
import uuid
with scope.enter(scope.of(card.id)):
    case_id = uuid.UUID(sys.argv[2])
    cases.erase(case_id=case_id, reason="asked")
    later = given_case()
print(json.dumps([str(later.id)]))
"""
LOOK = """
(card,) = queries.all_cards()
found = {}
from dienstweg.kernel.encryption import Unreadable
from dienstweg.cases.errors import NoSuchCase
with scope.enter(scope.of(card.id)):
    for case in Case.objects.all():
        try:
            key = cases_queries.key(case.id)
            found[str(case.id)] = cases_queries.application(case.id, key=key).data["person"]["name"]
        except Exception as error:
            found[str(case.id)] = type(error).__name__
print(json.dumps(found))
"""
END = """
from django.db import connections
connections.close_all()
database.__exit__(None, None, None)
"""


class Installation:
    """An installation in a folder of its own, used as an operator uses it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "DIENSTWEG"))}
        self.environment = {
            **keep,
            "DIENSTWEG_VAR": str(var),
            "DIENSTWEG_PG_OPTIONS": "fsync=off",
            "DJANGO_SETTINGS_MODULE": "dienstweg.config.settings",
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run(["-m", "dienstweg.config.command", *arguments])

    def run(self, script: str, *arguments: str) -> object:
        done = self._run(["-c", BEGIN + script + END, str(TESTS), *arguments])
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def _run(self, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Path, list[str]]:
    """An installation with two cases and a file, the backup of it, and the cases' ids."""
    place = tmp_path_factory.mktemp("installation")
    installation = Installation(place / "var")
    ids = installation.run(SEED)
    assert isinstance(ids, list)
    done = installation.command("backup", str(place / "backup"))
    assert done.returncode == 0, done.stderr
    return installation, place / "backup", ids


def elsewhere(source: Installation, var: Path) -> Installation:
    """A new machine to which the key and the erasure list were brought by another way."""
    var.mkdir()
    for name in ("master.key", "erasures.log"):
        if (source.var / name).exists():
            (var / name).write_bytes((source.var / name).read_bytes())
            (var / name).chmod(0o600)
    return Installation(var)


def test_a_backup_holds_no_key_and_nothing_readable(backed_up) -> None:
    installation, backup, _ids = backed_up
    key = (installation.var / "master.key").read_bytes()
    names = {path.name for path in backup.rglob("*") if path.is_file()}
    assert names == {"manifest.json", "database.dump", "sealed"}
    for path in backup.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert key not in content
            assert "Ödegård".encode() not in content
    assert backup.stat().st_mode & 0o077 == 0


def test_a_folder_in_use_is_not_overwritten(backed_up) -> None:
    installation, backup, _ids = backed_up
    done = installation.command("backup", str(backup))
    assert done.returncode == 2
    assert "ist nicht leer" in done.stderr


def test_the_round_trip_brings_back_all_but_the_erased(backed_up, tmp_path) -> None:
    """On the same machine over newer data, and on a new one."""
    installation, backup, (kept, erased) = backed_up
    assert installation.run(LOOK) == {kept: "Änne Ödegård", erased: "Änne Ödegård"}
    (later,) = installation.run(ERASE, erased)
    (installation.var / "files" / "ab" / "sealed").write_bytes(b"changed")

    refused = installation.command("restore", str(backup))
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert later in installation.run(LOOK), "nothing was touched"

    done = installation.command("restore", str(backup), "--replace")
    assert done.returncode == 0, done.stderr
    seen = installation.run(LOOK)
    assert seen[kept] == "Änne Ödegård"
    assert seen.get(erased) != "Änne Ödegård", "erased stays erased"
    assert later not in seen
    assert (installation.var / "files" / "ab" / "sealed").read_bytes() == b"sealed bytes"

    new_machine = elsewhere(installation, tmp_path / "var")
    done = new_machine.command("restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert new_machine.run(LOOK) == seen


def test_what_cannot_be_restored_as_a_whole_is_refused_before_anything_changes(
    backed_up, tmp_path
) -> None:
    installation, backup, _ids = backed_up
    stranger = Installation(tmp_path / "var")
    done = stranger.command("restore", str(backup))
    assert done.returncode == 2
    assert "Hauptschlüssel fehlt" in done.stderr

    (tmp_path / "var" / "master.key").write_bytes(b"0" * 32)
    (tmp_path / "var" / "master.key").chmod(0o600)
    done = stranger.command("restore", str(backup))
    assert "passt nicht zu dieser Sicherung" in done.stderr

    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "manifest.json").write_bytes((backup / "manifest.json").read_bytes())
    (broken / "database.dump").write_bytes((backup / "database.dump").read_bytes()[:-1])
    done = elsewhere(installation, tmp_path / "var2").command("restore", str(broken))
    assert "beschädigt" in done.stderr


def test_a_lost_erasure_list_is_noticed(backed_up, tmp_path) -> None:
    installation, backup, _ids = backed_up
    manifest = json.loads((backup / "manifest.json").read_text())
    older = tmp_path / "backup"
    older.mkdir()
    (older / "database.dump").write_bytes((backup / "database.dump").read_bytes())
    (older / "manifest.json").write_text(json.dumps({**manifest, "erasures": 99}))
    done = elsewhere(installation, tmp_path / "var").command("restore", str(older))
    assert done.returncode == 2
    assert "Löschliste" in done.stderr
