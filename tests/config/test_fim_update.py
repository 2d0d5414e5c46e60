"""The command that brings a newer schema into a blueprint: reports, refuses, writes."""

import json
from pathlib import Path

import pytest

from dienstweg.config.command import main
from fim_documents import at, field, group, message

NAME = field("F99000001", "Name")


def schema(label: str, *more: str, version: str = "1.0") -> bytes:
    goal = field("F99000002", label)
    parts = (at("1:1", NAME), at("0:1", goal), *more)
    return message(at("1:1", group("G99000001", "Imker", *parts)), version=version)


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    source = tmp_path / "alt.xml"
    source.write_bytes(schema("Ziel"))
    folder = tmp_path / "imker"
    assert main(["blueprint", "import-fim", str(source), "-o", str(folder)]) == 0
    capsys.readouterr()
    return folder


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def new(folder: Path, content: bytes) -> str:
    path = folder.parent / "neu.xml"
    path.write_bytes(content)
    return str(path)


def relabel(folder: Path, old: str, to: str) -> None:
    path = folder / "texts/de.yaml"
    path.write_text(path.read_text().replace(f"label: {old}", f"label: {to}"))


def test_a_new_question_is_reported_and_written(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = new(place, schema("Ziel", at("0:1", field("F99000003", "Ort")), version="1.1"))
    before = files(place)
    assert main(["blueprint", "update-fim", str(place), source, "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "1.0 → 1.1" in shown
    assert "Neu: /G99000001/F99000003 „Ort“" in shown
    assert files(place) == before
    assert main(["blueprint", "update-fim", str(place), source]) == 0
    assert "g99000001-f99000003" in (place / "assistant.yaml").read_text()
    assert (place / "fim/schema.xml").read_bytes() == Path(source).read_bytes()
    assert main(["blueprint", "check", str(place)]) == 0


def test_a_collision_writes_nothing_until_it_is_decided(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    relabel(place, "Ziel", "Wohin?")
    source = new(place, schema("Reiseziel"))
    before = files(place)
    assert main(["blueprint", "update-fim", str(place), source, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    (collision,) = report["collisions"]
    assert collision == {
        "id": "texts/de.yaml#/fields/g99000001-f99000002/label",
        "base": "Ziel",
        "ours": "Wohin?",
        "theirs": "Reiseziel",
    }
    assert report["written"] is False
    assert files(place) == before
    assert main(["blueprint", "update-fim", str(place), source]) == 1
    assert "Es ist nichts geschrieben" in capsys.readouterr().out
    decided = ["--theirs", collision["id"]]
    assert main(["blueprint", "update-fim", str(place), source, *decided]) == 0
    assert "label: Reiseziel" in (place / "texts/de.yaml").read_text()


def test_all_the_rest_can_be_decided_at_once(place: Path) -> None:
    relabel(place, "Ziel", "Wohin?")
    source = new(place, schema("Reiseziel"))
    assert main(["blueprint", "update-fim", str(place), source, "--ours", "alle"]) == 0
    assert "label: Wohin?" in (place / "texts/de.yaml").read_text()


def test_what_is_no_schema_is_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(place)
    assert main(["blueprint", "update-fim", str(place), new(place, b"<a/>")]) != 0
    assert files(place) == before
    assert "neu.xml" in capsys.readouterr().err
