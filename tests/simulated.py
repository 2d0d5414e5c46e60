"""Runs a simulator as the program of its own that it is, for tests of what talks to it."""

import base64
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FIRST_PORT, OWN_PORTS, MOST_PROCESSES = 10_000, 2_500, 8
"""Below 32768: higher ports are handed out by the kernel to any outgoing connection."""
_DICE = random.SystemRandom()
"""Not the usual dice: tests and Hypothesis make those fall alike again and again."""
_given: set[int] = set()


def free_port() -> int:
    """Return a port on which nobody listens, and which no test was given before."""
    return free_ports(1)


def free_ports(number: int) -> int:
    """Return the first of ``number`` such ports in a row.

    Whoever is given one may be slow to take it: each process of a test run has ports of its own.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % MOST_PROCESSES
    first = FIRST_PORT + process * OWN_PORTS
    for _ in range(200):
        start = _DICE.randrange(first, first + OWN_PORTS - number)
        row = range(start, start + number)
        if _given.isdisjoint(row) and all(_is_free(port) for port in row):
            _given.update(row)
            return start
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Simulator:
    """A running simulator: its address, its switches, its ledger, its death."""

    def __init__(self, name: str, folder: Path, *options: str) -> None:
        self.name = name
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.ledger = folder / f"{name}-{self.port}.jsonl"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", f"dienstweg.simulators.{self.name}"]
        command += ["--port", str(self.port), "--ledger", str(self.ledger), *self._options]
        self._process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": "src"})
        for _ in range(400):
            try:
                self.call("GET", "/_control")
            except OSError:
                time.sleep(0.025)
            else:
                return
        raise RuntimeError(f"{self.name} does not start")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def control(self, **switches: Any) -> None:
        """Change switches."""
        status, body, _ = self.call("POST", "/_control", json.dumps(switches).encode())
        assert status == 200, body

    def lines(self, event: str) -> list[dict[str, Any]]:
        """Return the lines of this kind in the ledger."""
        every = [json.loads(line) for line in self.ledger.read_text().splitlines()]
        return [line for line in every if line["event"] == event]

    def call(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, dict[str, str]]:
        """Call it as a test may, without any of our clients."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()


@contextmanager
def running(name: str, folder: Path, *options: str) -> Iterator[Simulator]:
    """Run the simulator ``name`` (``payments``, ``backoffice``) with its ledger in ``folder``."""
    simulator = Simulator(name, folder, *options)
    try:
        yield simulator
    finally:
        simulator.kill()


OUR_KEY = base64.b64encode(b"our private key of thirty-two b.").decode()
"""A private key for tests, as a connection's secret has it."""


def backoffice_options(simulator: Simulator, **more: Any) -> dict[str, Any]:
    """Return a connection's options for ``simulator``, after telling it our public key."""
    from dienstweg.adapters.http_json.signatures import public_text

    keys = json.loads(simulator.call("GET", "/_keys")[1])
    simulator.call("POST", "/_peers", json.dumps({"dienstweg": public_text(OUR_KEY)}).encode())
    return {
        "url": f"{simulator.base}/annahme",
        "key_id": "dienstweg",
        "peer_key_id": "backoffice",
        "peer_public_key": keys["backoffice"],
        "private": True,
        **more,
    }


def payment_options(simulator: Simulator) -> dict[str, Any]:
    """Return a payment account's options for ``simulator``."""
    return {
        "base_url": simulator.base,
        "originator_id": "dienstweg",
        "endpoint_id": "06999001",
        "private": True,
    }
