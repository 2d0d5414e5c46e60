"""The supervisor of the embedded PostgreSQL: starts it, watches it, ends it, cleans up after it.

The server runs in the foreground as our child, so it needs no pid file to be found, and ends with
us. One supervisor at a time holds the lock of a folder; who comes second uses its server.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from dienstweg.config import postgres_install, postgres_process, postgres_setup
from dienstweg.config.errors import Trouble
from dienstweg.config.leash import shut_down_with_parent

_LOG_LIMIT = 5_000_000
_PATIENCE = 60.0
"""Seconds that a fast shutdown may take before an immediate one is asked for."""


class Server:
    """An embedded PostgreSQL below the folder ``home``: data, socket and log."""

    def __init__(self, home: Path, *, options: str = "") -> None:
        """Describe the server; ``options`` are settings on top, as in DIENSTWEG_PG_OPTIONS."""
        self.home = home.absolute()
        self.data = self.home / "data"
        self.log = self.home.with_name(self.home.name + ".log")
        self.options = options
        self.socket: Path | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self) -> bool:
        """Start the server, or find the one that another supervisor runs; return if it is ours.

        Orphans of this folder are ended first, and no other process. Waits for recovery without
        a limit: it takes what it takes. Raises `Trouble` when the server cannot start.
        """
        while not self._take_lock():
            if self._attach():
                return False
            time.sleep(0.05)
        try:
            self._launch()
            self._wait()
        except BaseException:
            self.stop()
            raise
        return True

    def restart(self) -> None:
        """Start the server again after it died; the supervisor's lock is still held."""
        self._launch()
        self._wait()

    @property
    def ours(self) -> bool:
        """Tell whether this process supervises the server."""
        return self._lock is not None

    def alive(self) -> bool:
        """Tell whether our child still runs."""
        return self._child is not None and self._child.poll() is None

    def stop(self) -> None:
        """Shut the server down if it is our child, and give the folder free."""
        if self._child is not None:
            self._end(self._child)
            self._child = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def url(self, role: str, database: str) -> str:
        """Return the address by which ``role`` reaches ``database`` on this server."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """Open a connection of the superuser, committing each statement."""
        return psycopg.connect(
            self.url(postgres_setup.SUPERUSER, database), autocommit=True, connect_timeout=10
        )

    def _take_lock(self) -> bool:
        self.home.parent.mkdir(parents=True, exist_ok=True)
        lock = self.home.with_name(self.home.name + ".lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _attach(self) -> bool:
        """Find the server that the lock's holder runs; tell whether it answers."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            self.socket = (self.data / lines[4]).resolve()
        except (OSError, IndexError):
            return False
        return self._answers()

    def _launch(self) -> None:
        who = postgres_install.runner(self.data)
        programs = postgres_install.programs_for(who)
        self.home.mkdir(mode=0o700, exist_ok=True)
        postgres_setup.own(self.home, who)
        if not self.data.exists():
            postgres_setup.initialise(self.data, programs, who)
        postgres_process.end_orphans(folder := postgres_process.Folder(self.data, who.uid))
        self.socket, name = postgres_setup.socket_folder(self.home, who)
        postgres_process.clear_leftovers(self.data, self.socket)
        postgres_setup.write_access(self.data, who)
        settings = {
            **postgres_setup.options(self.options),
            "unix_socket_directories": name,
            "cluster_name": folder.mark,
        }
        with self._open_log() as log:
            self._child = subprocess.Popen(
                [
                    str(programs / "postgres"),
                    *("-D", "/proc/self/cwd"),
                    *postgres_setup.arguments(settings),
                ],
                cwd=self.data,
                env=postgres_setup.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=shut_down_with_parent,  # noqa: PLW1509 - the supervisor has one thread
                **who.popen(),
            )

    def _wait(self) -> None:
        told = time.monotonic() + 5
        while not self._answers():
            if not self.alive():
                raise Trouble(f"Die Datenbank ist nicht gestartet. {self._last_words()}")
            if told and time.monotonic() > told:
                told = 0
                print("Die Datenbank stellt ihren letzten Stand wieder her …", file=sys.stderr)
            time.sleep(0.03)

    def _answers(self) -> bool:
        try:
            with self.connect() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with suppress(ProcessLookupError):
                child.send_signal(number)
            try:
                child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                continue
            return

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        handle = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "ab")

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-4:]
        return " / ".join(lines) + f" (mehr in {self.log})"


@contextmanager
def running(home: Path, *, options: str = "") -> Iterator[Server]:
    """Have the server of the folder ``home`` run for as long as the block does."""
    server = Server(home, options=options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
