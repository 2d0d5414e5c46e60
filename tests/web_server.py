"""The web server as people run it, on the database of the tests: a process over real TCP."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from simulated import free_port

HOST = b"Host: kranichsee.localhost\r\n"


class Server:
    """Gunicorn as `dienstweg serve` runs it, on the test's database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.port = free_port()
        self.said = folder / "said"
        settings = {
            "DATABASE_URL": url,
            "DIENSTWEG_BIND": f"127.0.0.1:{self.port}",
            "DIENSTWEG_LOG_LEVEL": "DEBUG",
            "PYTHONPATH": "src",
        }
        command = [sys.executable, "-m", "gunicorn", "-c", "python:dienstweg.config.http_server"]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [*command, "dienstweg.config.wsgi"],
                env={**os.environ, **settings},
                stdout=said,
                stderr=said,
            )

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(600):
            try:
                if self.visit() == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.said.read_text())

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(timeout=30)

    def line(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def send(self, *parts: bytes, pause: float = 0.0) -> bytes:
        """Send the parts and return what comes back until the server hangs up."""
        with closing(self.line()) as line:
            try:
                for part in parts:
                    line.sendall(part)
                    time.sleep(pause)
                line.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return received(line)

    def visit(self) -> int:
        """Return the status of a well-behaved visitor's page."""
        answer = self.send(b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        return status(answer)


def received(line: socket.socket) -> bytes:
    """Return everything up to the end of the connection."""
    found = b""
    try:
        while chunk := line.recv(65_536):
            found += chunk
    except OSError:
        pass
    return found


def status(answer: bytes) -> int:
    """Return the status of an answer; 0 if the server just hung up."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 0
