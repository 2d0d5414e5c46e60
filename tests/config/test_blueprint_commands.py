"""A designer's commands, from the first blueprint to a schema of the federation."""

import json
from pathlib import Path

import pytest

from dienstweg.config import command


def test_a_new_blueprint_passes_its_check(tmp_path: Path, capsys) -> None:
    assert command.main(["blueprint", "new", "fischereischein", "-o", str(tmp_path)]) == 0
    path = tmp_path / "fischereischein"
    assert command.main(["blueprint", "check", str(path)]) == 0
    assert "in Ordnung" in capsys.readouterr().out


def test_new_overwrites_nothing(tmp_path: Path, capsys) -> None:
    (tmp_path / "fischereischein").mkdir()
    (tmp_path / "fischereischein" / "mine.txt").write_text("mine")
    assert command.main(["blueprint", "new", "fischereischein", "-o", str(tmp_path)]) == 2
    assert "ist nicht leer" in capsys.readouterr().err


def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, capsys) -> None:
    command.main(["blueprint", "new", "fischereischein", "-o", str(tmp_path)])
    path = tmp_path / "fischereischein"
    file = path / "assistant.yaml"
    file.write_text(file.read_text() + "unknown: 1\n")
    last = len(file.read_text().splitlines())
    capsys.readouterr()
    assert command.main(["blueprint", "check", str(path)]) == 1
    assert f"assistant.yaml:{last}:" in capsys.readouterr().out
    assert command.main(["blueprint", "check", "--json", str(path)]) == 1
    (problems,) = json.loads(capsys.readouterr().out).values()
    assert {"file": "assistant.yaml", "line": last}.items() <= problems[0].items()


def test_show_tells_pages_and_process(tmp_path: Path, capsys) -> None:
    command.main(["blueprint", "new", "fischereischein", "-o", str(tmp_path)])
    path = tmp_path / "fischereischein"
    capsys.readouterr()
    picture = tmp_path / "process.svg"
    assert command.main(["blueprint", "show", str(path), "--picture", str(picture)]) == 0
    shown = capsys.readouterr().out
    assert "fischereischein" in shown
    assert "Ablauf" in shown
    assert picture.read_text().startswith("<svg")
    assert command.main(["blueprint", "show", str(path), "--json"]) == 0
    pages = json.loads(capsys.readouterr().out)["pages"]
    assert pages[0]["id"] in shown
    assert pages[0]["fields"]


def test_simulate_plays_one_file(tmp_path: Path, capsys) -> None:
    command.main(["blueprint", "new", "fischereischein", "-o", str(tmp_path)])
    path = tmp_path / "fischereischein"
    case = next((path / "cases").glob("*.yaml"))
    capsys.readouterr()
    simulate = ["blueprint", "simulate", str(path), "--answers"]
    assert command.main([*simulate, str(case)]) == 0
    assert "wie erwartet" in capsys.readouterr().out
    other = tmp_path / "other.yaml"
    other.write_text(case.read_text().split("expect:")[0] + "expect:\n  pages: [nowhere]\n")
    assert command.main([*simulate, str(other)]) == 1
    assert "Abweichungen" in capsys.readouterr().out
    broken = tmp_path / "broken.yaml"
    broken.write_text("answers: {}\n")
    assert command.main([*simulate, str(broken)]) == 1


def test_what_is_no_schema_is_refused(tmp_path: Path, capsys) -> None:
    file = tmp_path / "x.xml"
    file.write_text("<x/>")
    line = ["blueprint", "import-fim", str(file), "-o", str(tmp_path / "out")]
    assert command.main(line) == 2
    assert "x.xml" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("verb", ["check", "show"])
def test_a_missing_folder_is_named(tmp_path: Path, capsys, verb: str) -> None:
    assert command.main(["blueprint", verb, str(tmp_path / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err
