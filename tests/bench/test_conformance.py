"""The conformance table is never green without samples, and names what falls short."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fim_documents3 import at, field, group, message

ROOT = Path(__file__).parents[2]
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
    assert "| S99000000001 1.0.0 | 3.0.0 | 3 | 1 |" in text
    assert "Besides: 1 broken or foreign files refused" in text
    assert "| not run |" in text


def test_what_a_browser_did_not_finish_falls_short(tmp_path: Path) -> None:
    folder = tmp_path / "fim-xdatenfelder"
    folder.mkdir()
    (folder / "gut.xml").write_bytes(message(at("1:1", field("F99000000001", "Name"))))
    seen = tmp_path / "seen"
    seen.mkdir()
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
