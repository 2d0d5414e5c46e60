"""Makes the data folder of the embedded PostgreSQL and says who may enter it, and how it runs.

Everybody who enters is known by the operating system (`peer`), over a socket in a folder of mode
0700: there is no password to lose and no network port. Logs name no statement and no value.
"""

import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dienstweg.config.errors import Trouble
from dienstweg.config.leash import shut_down_with_parent
from dienstweg.config.postgres_install import Runner

SUPERUSER = "postgres"
_SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432")
"""Bytes that Linux allows in a socket's path, less the socket's own name."""

_DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}
_SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
    # An error's text can quote a value, so that only the server's own affairs are logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_line_prefix": "%m ",
}


def options(given: str) -> dict[str, str]:
    """Return the server's settings, with those of ``given`` (``name=value name=value``) on top.

    ``given`` is DIENSTWEG_PG_OPTIONS, by which a crash test makes the server forgetful.
    """
    chosen = {**_DURABLE, **_SERVER}
    for word in shlex.split(given):
        name, equals, value = word.partition("=")
        if not equals:
            raise Trouble(f"DIENSTWEG_PG_OPTIONS: {word!r} ist nicht von der Form name=wert.")
        chosen[name] = value
    return chosen


def arguments(chosen: Mapping[str, str]) -> list[str]:
    """Return the server's settings as its command line wants them."""
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def initialise(data: Path, programs: Path, who: Runner) -> None:
    """Make the data folder: whole, or not at all; raises `Trouble` with what initdb said.

    The programs work in the folder and call it by `/proc/self/cwd`: so the user whom root steps
    down to reaches it even if folders above are closed to him, and nobody has to open them.
    """
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    own(fresh, who)
    command = [
        str(programs / "initdb"),
        *("--pgdata", "/proc/self/cwd", "--username", SUPERUSER, "--encoding", "UTF8"),
        *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"),
        *("--auth-local=peer", "--auth-host=scram-sha-256"),
    ]
    done = subprocess.run(
        command,
        cwd=fresh,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=shut_down_with_parent,
        **who.popen(),
    )
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise Trouble(f"Die Datenbank konnte nicht angelegt werden: {done.stderr.strip()[-800:]}")
    fresh.rename(data)
    handle = os.open(data.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def environment() -> dict[str, str]:
    """Return the environment of the server's programs: nothing of ours, no secret."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}


def write_access(data: Path, who: Runner) -> None:
    """Write who may connect: the user who runs Dienstweg, and root, under any of our roles."""
    names = sorted({pwd.getpwuid(os.geteuid()).pw_name, "root"})
    _write(data / "pg_hba.conf", "local all all peer map=dienstweg\n", who)
    _write(
        data / "pg_ident.conf",
        "".join(f'dienstweg "{name}" all\n' for name in names),
        who,
    )


def _write(path: Path, text: str, who: Runner) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.chmod(0o600)
    own(fresh, who)
    fresh.replace(path)


def own(path: Path, who: Runner) -> None:
    """Give ``path``, which lies inside our own folder, to ``who`` if we are root."""
    if os.geteuid() == 0:
        os.chown(path, who.uid, who.gid)


def socket_folder(home: Path, who: Runner) -> tuple[Path, str]:
    """Make the folder of the socket; return its path for clients and its name for the server.

    It lies in ``home``, and the server, which works beside it, calls it by a relative name. Where
    that path is too long for a socket, it is a private folder of the system's temporary one.
    """
    place = home / "socket"
    if len(os.fsencode(place)) <= _SOCKET_LIMIT:
        place.mkdir(mode=0o700, exist_ok=True)
        own(place, who)
        return place, "../socket"
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    place = Path(tempfile.gettempdir()) / f"dienstweg-{os.geteuid()}-{name}"
    try:
        place.mkdir(mode=0o700)
        own(place, who)
    except FileExistsError:
        _private(place, who)
    return place, str(place)


def _private(place: Path, who: Runner) -> None:
    """Make sure that a folder which was there before is ours alone; raises `Trouble`."""
    found = place.lstat()
    if found.st_uid != who.uid or found.st_mode & 0o170077 != 0o040000:
        raise Trouble(f"Der Ordner {place} gehört jemand anderem. Bitte entfernen Sie ihn.")
