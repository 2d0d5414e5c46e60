"""A designer plays a case without a database: step by step, by a file or by choosing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dienstweg.config import command
from processes.process_stage import ASK, CLOSE, files, straight

TIMER = (
    '<intermediateCatchEvent id="warten" name="Widerspruchsfrist"><timerEventDefinition>'
    "<timeDuration>P1M</timeDuration></timerEventDefinition></intermediateCatchEvent>"
)
ANSWERS = """
today: '2026-03-02'
answers:
  person: {name: Änne, haustier: 'false'}
  belege: {}
"""


@pytest.fixture
def blueprint(tmp_path: Path) -> Path:
    content = files(
        straight(ASK.replace('id="pruefen"', 'id="pruefen" name="Prüfen"'), TIMER, CLOSE),
        manifest={"deadlines": {"frist": {"period": "P3M", "suspended_by": ["correction"]}}},
        texts={"deadlines": {"frist": {"title": "Entscheidung"}}},
    )
    for name, text in content.items():
        path = tmp_path / "probe" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return tmp_path / "probe"


def simulate(blueprint: Path, text: str, *more: str) -> int:
    file = blueprint.parent / "antworten.yaml"
    file.write_text(text)
    return command.main(["blueprint", "simulate", str(blueprint), "--answers", str(file), *more])


EVENTS = """
expect:
  process:
    - event: {task: pruefen, outcome: ja, after: P3D}
    - event: {timer: warten}
"""


def test_the_events_of_a_file_happen_at_their_times(blueprint: Path, capsys: Any) -> None:
    assert simulate(blueprint, ANSWERS + EVENTS) == 0
    told = capsys.readouterr().out
    assert "1. 02.03.2026 10:00  abgesendet" in told
    assert "amt fragen: ja oder nein" in told
    assert "2. 05.03.2026 10:00" in told
    assert "wartet auf Widerspruchsfrist (timer) bis 05.04.2026 10:00" in told
    assert "3. 05.04.2026 10:00" in told
    assert "zu Ende: granted" in told
    assert "Frist frist: met" in told


def test_a_machine_gets_the_same(blueprint: Path, capsys: Any) -> None:
    assert simulate(blueprint, ANSWERS, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    (step,) = told["steps"]
    assert [one["kind"] for one in step["wanted"]] == ["ask"]
    assert [one["key"] for one in step["waits"]] == ["pruefen"]
    assert step["deadlines"]["frist"]["last_day"] == "2026-06-02"
    events = [one["event"] for one in told["choices"]]
    assert {"task": "pruefen", "outcome": "nein"} in events
    assert {"suspended": "frist"} in events
    assert {"withdrawn": True} in events


def test_somebody_chooses_what_happens_and_lets_time_pass(
    blueprint: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("x\nP5D\n1\n1\n"))
    assert simulate(blueprint, ANSWERS, "--interactive") == 0
    told = capsys.readouterr().out
    assert "Das steht nicht zur Wahl." in told
    assert "2. 07.03.2026 10:00" in told
    assert "zu Ende: granted" in told


def test_nobody_answers_any_more(
    blueprint: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert simulate(blueprint, ANSWERS, "--interactive") == 0
    assert "zu Ende" not in capsys.readouterr().out


def test_what_cannot_happen_is_told(blueprint: Path, capsys: Any) -> None:
    wrong = "expect: {process: [{event: {payment: paid}}]}\n"
    assert simulate(blueprint, ANSWERS + wrong) == 1
    assert "wird nicht gewartet" in capsys.readouterr().out


def test_a_file_without_answers_is_refused(blueprint: Path, capsys: Any) -> None:
    assert simulate(blueprint, "title: x\n") == 2
    assert "answers" in capsys.readouterr().err
