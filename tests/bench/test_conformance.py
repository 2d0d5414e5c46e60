"""The conformance table is never green without samples, and names what falls short."""

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fim_documents as two
from fim_documents3 import at, field, group, message

ROOT = Path(__file__).parents[2]
SAMPLES = os.environ.get("SAMPLES")
shared = pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")
MARKS = (
    "vorher\n<!-- conformance: written by `make conformance` -->\n"
    "<!-- end of conformance -->\nnach\n"
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench.conformance", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("arguments", [(), ("",), ("/nirgendwo",)])
def test_without_samples_nothing_is_green(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "not run" in done.stdout


def test_a_folder_is_looked_at_whole(tmp_path: Path) -> None:
    folder = tmp_path / "fim-xdatenfelder"
    folder.mkdir()
    name = field("F99000000001", "Name")
    (folder / "gut.xml").write_bytes(
        message(at("1:1", group("G99000000001", "Imker", at("1:1", name))))
    )
    (folder / "kaputt.xml").write_bytes(message(at("oft", name)))
    page = tmp_path / "seite.md"
    page.write_text(MARKS)
    done = run(str(tmp_path), "--json", str(tmp_path / "x" / "y.json"), "--docs", str(page))
    assert done.returncode == 0, done.stdout + done.stderr
    good, broken = json.loads((tmp_path / "x" / "y.json").read_text())["rows"]
    assert (good["elements"], good["fields"], good["differences"], good["errors"]) == (3, 1, [], 0)
    assert good["valid"] == good["cases"] > 0
    assert good["seconds"] > 0 < good["mb"]
    assert "anzahl 'oft' ist ungültig" in broken["refused"]
    assert broken["line"] > 0
    text = page.read_text()
    assert text.startswith("vorher\n")
    assert text.endswith("nach\n")
    assert "| S99000000001 1.0.0 | 3.0.0 | 3 | 3 of 3 | 1 | none |" in text
    assert "Besides: 1 broken or foreign files refused" in text
    assert "| not run |" in text


def test_what_a_browser_did_not_finish_falls_short(tmp_path: Path) -> None:
    folder = tmp_path / "fim-xdatenfelder"
    folder.mkdir()
    (folder / "gut.xml").write_bytes(message(at("1:1", field("F99000000001", "Name"))))
    seen = tmp_path / "seen"
    seen.mkdir()
    none = run(str(tmp_path), "--browser", str(seen))
    assert none.returncode == 1
    assert "not walked" in none.stdout
    assert "SHORT S99000000001: browser" in none.stdout
    for walked, code in (([2, 2], 0), ([1, 2], 1)):
        (seen / "gut.xml.json").write_text(json.dumps(walked))
        done = run(str(tmp_path), "--browser", str(seen))
        assert done.returncode == code
        assert f"{walked[0]} of 2" in done.stdout
        assert ("SHORT S99000000001: browser" in done.stdout) == bool(code)


def test_a_folder_without_schemas_is_not_green(tmp_path: Path) -> None:
    folder = tmp_path / "fim-xdatenfelder"
    folder.mkdir()
    (folder / "kaputt.xml").write_bytes(b"<x/>")
    done = run(str(tmp_path))
    assert done.returncode == 1
    assert "0 schemas" in done.stdout
    shutil.rmtree(folder)
    assert run(str(tmp_path)).returncode == 2


def test_a_code_list_that_lies_beside_is_given_and_one_that_does_not_is_told(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "fim-xdatenfelder"
    folder.mkdir()
    asked = [
        two.field(f"F9900000{number}", "Haltung", kind="select", code_list=f"urn:de:test:{name}")
        for number, name in ((1, "haltung"), (2, "anders"))
    ]
    (folder / "gut.xml").write_bytes(two.message(*(two.at("1:1", one) for one in asked)))
    (tmp_path / "genericode").mkdir()
    beside = two.code_list("urn:de:test:haltung", ("001", "Garten"), ("002", "Wald"))
    (tmp_path / "genericode" / "haltung.xml").write_bytes(beside)
    done = run(str(tmp_path), "--json", str(tmp_path / "x.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = json.loads((tmp_path / "x.json").read_text())["rows"]
    assert row["lists"] == [1, 2]
    assert row["open"] == 1
    assert row["most_asked"] == 2


def cells(page: str, begin: str) -> list[list[str]]:
    """The rows of the table that stands after a mark of a page of the documentation."""
    text = (ROOT / "docs" / page).read_text().partition(begin)[2].partition("<!-- end")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"bench.{name}")


@shared
def test_the_table_of_the_documentation_is_what_the_shared_schemas_say_now(bench: Any) -> None:
    head, _, *rows = cells("fim.md", MARKS.splitlines()[1])
    said = [dict(zip(head, row, strict=True)) for row in rows]
    columns = {column.title: column for column in bench("conformance").COLUMNS}
    assert head == list(columns)
    found = bench("fim_samples").schemas(Path(SAMPLES or "."))
    assert len(said) == len(found)
    for row, path in zip(said, found, strict=True):
        figures = bench("conformance").figures(path)
        for name in ("derived", "fields", "lists", "rules", "translated", "open", "pages"):
            assert row[name] == columns[name].shown(figures), (path.name, name)
        assert row["most asked"] == columns["most asked"].shown(figures)
        assert (row["back equal"], row["check"]) == ("yes", "passes"), path.name
        walked, _, begun = row["walked"].partition(" of ")
        assert walked == begun > "0", path.name


def test_the_share_of_translated_rules_is_written_by_the_command(bench: Any) -> None:
    rules = bench("fim_rules")
    page = (ROOT / "docs" / "fim-rules.md").read_text()
    said = page.partition(rules.MARKS[0])[2].partition(rules.MARKS[1])[0].strip().splitlines()
    assert len(said) == 5
    if SAMPLES:
        shares, _ = rules.count(Path(SAMPLES))
        assert said == rules.table(shares)[1:-1]
