"""Finds the processes of one data folder, and ends those that their supervisor left behind.

A pid in a file proves nothing: the process may be gone, a zombie, or another program that got the
same number. What counts is a process of the right user that works in this very folder.
"""

import hashlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Folder:
    """A data folder and the user (uid) whose processes may belong to it."""

    data: Path
    uid: int

    @property
    def mark(self) -> str:
        """Return the cluster's name, which PostgreSQL shows in the title of each process."""
        return "dienstweg-" + hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]

    def owns(self, pid: int) -> bool:
        """Tell whether ``pid`` is a living PostgreSQL process of this data folder."""
        process = _PROC / str(pid)
        try:
            if process.stat().st_uid != self.uid or _state(process) in "ZX":
                return False
            title = (process / "cmdline").read_bytes()
        except OSError:
            return False
        if b"postgres" not in title.split(b"\0", 1)[0]:
            return False
        try:
            return (process / "cwd").samefile(self.data)
        except FileNotFoundError:
            return False
        except PermissionError:
            # Root without the right to trace (a container) cannot look; the title is public.
            return self.mark.encode() in title

    def processes(self) -> Iterator[int]:
        """Yield the pids of all living PostgreSQL processes of this data folder."""
        for entry in _PROC.iterdir():
            if entry.name.isdigit() and self.owns(int(entry.name)):
                yield int(entry.name)

    def postmaster(self) -> int | None:
        """Return the pid of the running server of this folder, if there is one."""
        try:
            words = (self.data / "postmaster.pid").read_text(errors="replace").split()
            pid = int(words[0])
        except (OSError, IndexError, ValueError):
            return None
        return pid if self.owns(pid) else None


def end_orphans(folder: Folder, *, patience: float = 60.0) -> int:
    """End the processes of ``folder``, whose supervisor is gone; return how many there were.

    The server is asked for a fast shutdown, which rolls back and loses nothing; after
    ``patience`` seconds for an immediate one, from which it recovers at the next start. Its
    children follow it by themselves and get the same signals.
    """
    found = set(folder.processes())
    chief = folder.postmaster()
    for pid in [chief] if chief else found:
        _signal(pid, signal.SIGINT)
    steps = ((patience, signal.SIGQUIT), (patience, signal.SIGKILL))
    for wait, last in steps:
        if _gone(folder, wait):
            return len(found)
        for pid in folder.processes():
            _signal(pid, last)
    while not _gone(folder, patience):
        pass
    return len(found)


def _gone(folder: Folder, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while any(folder.processes()):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _state(process: Path) -> str:
    """Return the letter of the process's state; the name before it may hold any character."""
    return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]


def clear_leftovers(data: Path, socket: Path) -> None:
    """Remove the pid file and the socket's lock that a killed server left, empty or stale.

    Only for a folder without living processes, under the supervisor's lock.
    """
    (data / "postmaster.pid").unlink(missing_ok=True)
    for path in socket.glob(".s.PGSQL.*"):
        path.unlink(missing_ok=True)
