"""The programs of an installation as children of one command: started, watched, stopped in order.

A child that ends by itself is started again; when the command is killed, the kernel tells the
children (see `leash`), so that none is left behind.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType

from dienstweg.config.errors import Trouble
from dienstweg.config.leash import end_with_parent
from dienstweg.config.postgres import Server

GRACE = 20.0
"""Seconds that a child has to finish what it is doing."""
PAUSE = 1.0
"""Seconds before a child that ended by itself is started again."""


class Stopped(Exception):
    """Somebody asked the command to stop (Ctrl-C, SIGTERM, a closed terminal)."""


class Child:
    """One program: how it is started, and its process while it runs."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        """Describe the program ``command``; ``environment`` is laid over our own."""
        self.name = name
        self.command = list(command)
        self.environment = dict(environment or {})
        self.process: subprocess.Popen[bytes] | None = None
        self.again_at = 0.0

    def start(self) -> None:
        """Start the program; it reads nothing and writes where we write."""
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
        )

    def ended(self) -> int | None:
        """Return the exit code if the program has ended, else None."""
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        """Ask the program to end, and end it after `GRACE` seconds."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Crew:
    """The children of one command and, if it is ours, the embedded database below them."""

    def __init__(self, server: Server | None) -> None:
        """Watch over ``server`` too, where this command runs it."""
        self.server = server
        self.children: list[Child] = []

    def start(self, child: Child) -> None:
        """Start ``child`` and watch over it from now on."""
        child.start()
        self.children.append(child)

    def watch(self) -> None:
        """Keep everything running until somebody asks to stop (raises `Stopped`)."""
        while True:
            self.look()
            time.sleep(0.2)

    def look(self) -> None:
        """Start again what has ended by itself: the database first."""
        if self.server is not None and self.server.ours and not self.server.alive():
            _say("Die Datenbank ist ausgefallen und wird neu gestartet.")
            try:
                self.server.restart()
            except Trouble as error:
                _say(str(error))
                time.sleep(PAUSE)
        for child in self.children:
            self._look_at(child)

    def _look_at(self, child: Child) -> None:
        code = child.ended()
        if code is None:
            return
        now = time.monotonic()
        if not child.again_at:
            _say(f"{child.name} hat sich beendet (Code {code}) und wird neu gestartet.")
            child.again_at = now + PAUSE
        elif now >= child.again_at:
            child.again_at = 0.0
            child.start()

    def stop(self) -> None:
        """Stop the children, the last one first; the database is stopped by who started it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in reversed(self.children):
            child.stop()
        self.children.clear()


def heed_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into `Stopped`."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
