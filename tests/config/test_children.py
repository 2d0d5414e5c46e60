"""Children of a command: started again, stopped in order, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dienstweg.config import children
from dienstweg.config.children import Child, Crew

NOTES = """
import signal, sys, time
def note(word):
    with open(sys.argv[1], "a") as file:
        file.write(word + "\\n")
def stop(*_):
    note(sys.argv[2] + " stopped")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note(sys.argv[2] + " started")
time.sleep(600)
"""
PARENT = """
import sys, time
from dienstweg.config.children import Child, Crew
crew = Crew(None)
child = Child("sleeper", ["sleep", "600"])
crew.start(child)
print(child.process.pid, flush=True)
time.sleep(600)
"""


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


def noting(name: str, notes: Path) -> Child:
    return Child(name, [sys.executable, "-c", NOTES, str(notes), name])


def lines(notes: Path) -> list[str]:
    return notes.read_text().splitlines() if notes.exists() else []


@pytest.fixture
def signals():
    """Stopping a crew makes this process deaf to Ctrl-C; give the hearing back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_stops_the_last_first(tmp_path: Path, signals) -> None:
    notes = tmp_path / "notes"
    crew = Crew(None)
    for name in ("worker", "web"):
        crew.start(noting(name, notes))
        until(lambda name=name: f"{name} started" in lines(notes))
    crew.stop()
    assert lines(notes)[2:] == ["web stopped", "worker stopped"]


def test_starts_again_what_was_killed(tmp_path: Path, signals, monkeypatch, capfd) -> None:
    monkeypatch.setattr(children, "PAUSE", 0.0)
    notes = tmp_path / "notes"
    crew = Crew(None)
    child = noting("web", notes)
    crew.start(child)
    until(lambda: lines(notes) == ["web started"])
    assert child.process is not None
    child.process.kill()

    def again() -> bool:
        crew.look()
        return lines(notes) == ["web started"] * 2

    until(again)
    assert "web hat sich beendet (Code -9)" in capfd.readouterr().err
    crew.stop()


def test_a_deaf_child_is_ended_all_the_same(tmp_path: Path, signals, monkeypatch) -> None:
    monkeypatch.setattr(children, "GRACE", 0.2)
    notes = tmp_path / "notes"
    deaf = NOTES.replace("signal.signal(signal.SIGTERM, stop)", "signal.signal(15, signal.SIG_IGN)")
    child = Child("deaf", [sys.executable, "-c", deaf, str(notes), "deaf"])
    crew = Crew(None)
    crew.start(child)
    until(lambda: lines(notes) == ["deaf started"])
    process = child.process
    assert process is not None
    crew.stop()
    assert process.returncode == -signal.SIGKILL


def test_no_child_outlives_a_killed_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert Path(f"/proc/{child}").exists()
    parent.kill()
    parent.wait()
    parent.stdout.close()

    def gone() -> bool:
        try:
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        return state == "Z"

    until(gone)


def test_ctrl_c_of_the_terminal_reaches_the_parent_alone(tmp_path: Path, signals) -> None:
    child = noting("web", tmp_path / "notes")
    crew = Crew(None)
    crew.start(child)
    assert child.process is not None
    until(lambda: bool(lines(tmp_path / "notes")))
    assert os.getpgid(child.process.pid) != os.getpgid(0)
    crew.stop()
