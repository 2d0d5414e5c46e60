"""`make demo`: all up, all killed, all up again with its data, and a clean end."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE = 180.0


class Demo:
    """A demo in a folder and on ports of its own."""

    def __init__(self, var: Path, port: int) -> None:
        self.port = port
        self.said = var.parent / "said"
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "DIENSTWEG"))}
        self.environment = {**keep, "DIENSTWEG_VAR": str(var)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "dienstweg.config.command", "demo"]
        ports = ["--port", str(self.port), "--simulator-port", str(self.port + 1)]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [*command, *ports], env=self.environment, stdout=said, stderr=said
            )
        until(lambda: "Strg+C" in self.said.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said.read_text()

    def pids(self) -> list[int]:
        assert self.process is not None
        found, new = [], [self.process.pid]
        while new:
            found += new
            new = [child for parent in new for child in children_of(parent)]
        return found

    def get(self, host: str, path: str = "/") -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Host": f"{host}:{self.port}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())


def children_of(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            found += [int(word) for word in task.read_text().split()]
        except OSError:
            continue
    return found


def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    one = Demo(tmp_path / "var", 21_000 + 10 * int(worker))
    yield one
    if one.process is not None and one.process.poll() is None:
        one.process.kill()
        one.process.wait()


def test_comes_up_again_after_everything_was_killed_and_ends_cleanly(demo: Demo) -> None:
    demo.start()
    assert "Mühlbrück" in demo.get("muehlbrueck.localhost")
    key = (Path(demo.environment["DIENSTWEG_VAR"]) / "master.key").read_bytes()

    killed = demo.pids()
    assert len(killed) > 7, "web server and its processes, worker, simulators, database"
    for pid in reversed(killed):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    demo.process.wait()
    demo.start()
    assert "Mühlbrück" in demo.get("muehlbrueck.localhost")
    assert (Path(demo.environment["DIENSTWEG_VAR"]) / "master.key").read_bytes() == key
    assert not any(alive(pid) for pid in killed)

    running = demo.pids()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(PATIENCE) == 0
    assert "Alles beendet" in demo.said.read_text()
    assert not any(alive(pid) for pid in running)


def test_says_which_port_is_taken(demo: Demo) -> None:
    import socket

    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", demo.port))
        other.listen()
        with pytest.raises(AssertionError, match=f"Port {demo.port} ist belegt"):
            demo.start()
    assert demo.process.returncode == 2
