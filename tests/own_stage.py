"""A whole Dienstweg of the browser tests' own: every program as people run it, on free ports.

`dienstweg demo` is started as a child process, with a folder for its data that is thrown away.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import simulated
from simulated import Simulator

ROOT = Path(__file__).resolve().parents[1]
UNDO_SECONDS = 6
PATIENCE = 120.0
TILES = "http://karten.localhost/{z}/{x}/{y}.png"


class Stage:
    """The running programs: where they answer, and what the doubles of foreign systems saw."""

    def __init__(
        self, port: int, simulators: int, environment: Mapping[str, str], scanner: Simulator
    ) -> None:
        self.port = port
        self.scanner = scanner
        self.payments, self.office, self.mail_page, self.mail = range(simulators, simulators + 4)
        self.environment = dict(environment)

    def address(self, town: str = "", path: str = "/") -> str:
        """Return the address of a page of a municipality, or of the host that all share."""
        host = f"{town}.localhost" if town else "localhost"
        return f"http://{host}:{self.port}{path}"

    def mails(self, to: str) -> list[str]:
        """Return the texts of the e-mails that an address has got, the newest first."""
        return [
            str(mail["text"])
            for mail in self._ask(f"http://127.0.0.1:{self.mail_page}/_mails")
            if to in mail["to"]
        ]

    def code_sent_to(self, address: str) -> str:
        """Wait for the e-mail with the six digits that confirm an address."""
        return self.words_sent_to(address, r"\b\d{6}\b")

    def words_sent_to(self, address: str, pattern: str) -> str:
        """Wait for an e-mail with words that fit; return what fitted, or its one group."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for text in self.mails(address):
                if found := re.search(pattern, text.replace(" ", "")):
                    return found[found.re.groups]
            time.sleep(0.1)
        raise AssertionError(f"no e-mail with {pattern} for {address}")

    def failures(self) -> list[str]:
        """Return what our programs have written down as gone wrong."""
        log = Path(self.environment["DIENSTWEG_VAR"]) / "demo.log"
        marks = ("request_failed", "Traceback")
        lines = log.read_text(errors="replace").splitlines()
        return [line for line in lines if any(mark in line for mark in marks)]

    def ledger(self, name: str) -> list[dict[str, Any]]:
        """Return what a simulator has written down."""
        path = Path(self.environment["DIENSTWEG_VAR"]) / "simulators" / f"{name}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    def dienstweg(self, *arguments: str) -> str:
        """Run an operators' command in this installation; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "dienstweg.config.command", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @staticmethod
    def _ask(url: str) -> Any:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def running() -> Iterator[Stage]:
    """Start everything, wait until it answers, and end it all afterwards."""
    scan_port = simulated.free_port()
    with (
        tempfile.TemporaryDirectory(prefix="dienstweg-browser-") as folder,
        _database() as urls,
        simulated.running("scanner", Path(folder), "--scan-port", str(scan_port)) as scanner,
    ):
        port = simulated.free_ports(5)
        environment = {
            **{name: text for name, text in os.environ.items() if not _of_the_test(name)},
            **urls,
            "DIENSTWEG_VAR": folder,
            "DIENSTWEG_UNDO_SECONDS": str(UNDO_SECONDS),
            "DIENSTWEG_DEMO": "1",
            "DIENSTWEG_PUBLIC_PORT": str(port),
            "DIENSTWEG_SMTP_PORT": str(port + 4),
            # Nobody answers there: a test that looks at a map gives its pictures itself.
            "DIENSTWEG_TILES_URL": TILES,
            "DIENSTWEG_TILES_ATTRIBUTION": "© Landkreis Kranichsee",
            "DIENSTWEG_SCANNER": f"clamav:127.0.0.1:{scan_port}",
            "PYTHONUNBUFFERED": "1",
        }
        log = Path(folder) / "demo.log"
        command = [sys.executable, "-m", "dienstweg.config.command", "demo"]
        command += ["--port", str(port), "--simulator-port", str(port + 1)]
        with log.open("wb") as out:
            child = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=out)
        try:
            _wait(child, log)
            yield Stage(port, port + 1, environment, scanner)
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """Give a database of its own on the server of DATABASE_OWNER_URL; else it is embedded."""
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if not owner_url:
        yield {}
        return
    import psycopg

    from dienstweg.config import roles

    name = f"dienstweg_browser_{os.getpid()}"
    with psycopg.connect(owner_url, autocommit=True) as connection:
        roles.make_database(connection, database=name, owner=connection.info.user)
        try:
            yield {
                "DATABASE_URL": roles.elsewhere(os.environ["DATABASE_URL"], name),
                "DATABASE_OWNER_URL": roles.elsewhere(owner_url, name),
            }
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _of_the_test(name: str) -> bool:
    return name.startswith("DIENSTWEG_") or name in {"DATABASE_URL", "DATABASE_OWNER_URL"}


def _wait(child: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if "Dienstweg läuft" in log.read_text(errors="replace"):
            return
        if child.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the stage does not start:\n{log.read_text(errors='replace')[-3000:]}")
