"""The command line: says what is wrong and what to do, and ends with a code that tells."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dienstweg.config import command, station
from dienstweg.config.errors import Trouble


@pytest.mark.parametrize(
    "line",
    [
        "init",
        "serve --processes 1",
        "work --jobs 1",
        "demo --port 18000",
        "doctor --json",
        "backup x",
        "restore x --replace",
        "tour",
        "simulator payments --port 18081",
        "authority add k --name K --host k.localhost --ars 120650036036 --prefix K",
        "staff add a@example.org --name A --authority k",
        "network load demo/network.yaml",
        "streets load x.csv --authority k",
        "offer add --authority k --blueprint x --connection y",
        "case stuck",
        "case due --authority x --json",
        "case retry x",
        "case move x --map a=b --do",
        "case undo-move x",
        "blueprint new x",
        "blueprint check x y",
        "blueprint show x",
        "blueprint simulate x --answers y",
        "blueprint import-fim x -o y",
        "blueprint reference -o x",
    ],
)
def test_every_command_is_there(line: str) -> None:
    assert callable(command.parser().parse_args(line.split()).run)


def test_half_a_database_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@localhost/x")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with pytest.raises(Trouble, match="DATABASE_OWNER_URL"):
        station.given()


def test_trouble_is_told_without_a_traceback(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("DIENSTWEG_VAR", str(tmp_path / "nothing"))
    assert command.main(["doctor"]) == 2
    told = capsys.readouterr().err
    assert "dienstweg init" in told
    assert "Traceback" not in told


def test_help_needs_no_database() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dienstweg.config.command", "--help"],
        env={"PATH": os.defpath, "DIENSTWEG_VAR": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "blueprint" in done.stdout
