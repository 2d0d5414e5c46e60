"""Runs ClamAV's own daemon for tests: on a private socket, with signatures of our own alone.

The daemon is `CLAMD` or what `scripts/find-clamd` finds. It is not asked to load ClamAV's own
signatures, which only the network has: EICAR is one of ours here.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"
"""The test file on which all scanners agree; put together here, so that none finds this file."""
OURS = b"DIENSTWEG-SCHADPROGRAMM-ZUM-TESTEN"
"""A second pattern, which only our own signatures know."""
_CONFIG = """
Foreground yes
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/db
TemporaryDirectory {folder}
LogFile {folder}/clamd.log
StreamMaxLength 12M
MaxThreads 4
SelfCheck 0
"""


def program() -> str | None:
    """Return the path of clamd, if it is installed."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    return os.environ.get("CLAMD") or shutil.which("clamd", path=path)


class Clamd:
    """A running clamd: its socket, its death, its return."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = str(folder / "clamd.sock")
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "db").mkdir()
        signatures = "".join(
            f"Dienstweg.Test.{name}:0:*:{pattern.hex()}\n"
            for name, pattern in (("Eicar", EICAR), ("Ours", OURS))
        )
        (folder / "db" / "dienstweg.ndb").write_text(signatures)
        (folder / "clamd.conf").write_text(_CONFIG.format(folder=folder))
        self._user = _somebody()
        if self._user:
            for one in (folder, *folder.rglob("*")):
                os.chown(one, self._user.pw_uid, self._user.pw_gid)
        self.start()

    def start(self) -> None:
        """Start it as nobody in particular, and wait until it listens."""
        command = [program() or "clamd", "--config-file", str(self._folder / "clamd.conf")]
        user = {"user": self._user.pw_uid, "group": self._user.pw_gid} if self._user else {}
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user
        )
        for _ in range(1200):
            if Path(self.address).exists():
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"clamd does not start: {(self._folder / 'clamd.log').read_text()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None
        Path(self.address).unlink(missing_ok=True)


@contextmanager
def clamd() -> Iterator[Clamd]:
    """Run clamd with its files in a folder of its own, which is short: a socket's path must be."""
    folder = Path(tempfile.mkdtemp(prefix="dw-clamd-"))
    daemon = None
    try:
        daemon = Clamd(folder)
        yield daemon
    finally:
        if daemon is not None:
            daemon.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _somebody() -> pwd.struct_passwd | None:
    """Return the unprivileged user that Debian's package makes, where we are root."""
    if os.getuid() != 0:
        return None
    for name in ("clamav", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None
