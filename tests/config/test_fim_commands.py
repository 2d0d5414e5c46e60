"""The command that gives a blueprint back to FIM."""

import json
from pathlib import Path

import pytest

from dienstweg.config import command
from dienstweg.standards.xdatenfelder.reading import read
from fim_documents3 import at, field, message

CONTENT = message(at("1:1", field("F99000000001", "Name")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "schema.xml"
    source.write_bytes(CONTENT)
    place = tmp_path / "imkerei"
    assert command.main(["blueprint", "import-fim", str(source), "-o", str(place)]) == 0
    return place


def test_what_was_imported_is_exported(folder: Path, capsys) -> None:
    out = folder.parent / "out.xml"
    assert command.main(["blueprint", "export-fim", str(folder), "-o", str(out)]) == 0
    assert read(out.read_bytes()) == read(CONTENT)
    assert "S99000000001, Version 1.0.0" in capsys.readouterr().out


def test_the_file_is_named_after_the_schema_and_overwrites_nothing(
    folder: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    capsys.readouterr()
    assert command.main(["blueprint", "export-fim", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"path": "S99000000001V1.0.0.xdf3.xml", "notes": []}
    assert command.main(["blueprint", "export-fim", str(folder)]) == 2
    assert "gibt es schon" in capsys.readouterr().err


def test_what_fim_cannot_say_is_printed(tmp_path: Path, capsys) -> None:
    command.main(["blueprint", "new", "fischereischein", "-o", str(tmp_path)])
    out = tmp_path / "out.xml"
    place = str(tmp_path / "fischereischein")
    assert command.main(["blueprint", "export-fim", place, "-o", str(out)]) == 0
    assert "nicht enthalten: Die Blaupause stammt nicht aus FIM" in capsys.readouterr().out


def test_what_is_no_blueprint_is_refused(folder: Path, tmp_path: Path, capsys) -> None:
    assert command.main(["blueprint", "export-fim", str(tmp_path / "nichts")]) == 2
    (folder / "data.schema.json").unlink()
    assert command.main(["blueprint", "export-fim", str(folder)]) == 2
    assert "data.schema.json" in capsys.readouterr().err
