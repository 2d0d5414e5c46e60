"""The commands `backup` and `restore`: database and files to a folder, and back.

A backup holds sealed data and no key: the master key is kept elsewhere, and without it a backup
is worthless. The erasure list stays outside too and is replayed by every restore, so that nobody
who was erased comes back.
"""

import argparse
import base64
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from dienstweg.config import dump, installation, station
from dienstweg.config.errors import Trouble
from dienstweg.config.parts import Commands
from dienstweg.config.place import var
from dienstweg.kernel import clock, encryption, ledger

FORMAT = 1
_PROOF = b"dienstweg"
_CONTEXT = "backup"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself; ``key_check`` can be unsealed by its master key only."""

    format: int
    version: str
    made_at: str
    database_sha256: str
    files: int
    erasures: int
    key_check: str


def register(commands: Commands) -> None:
    """Add the commands to the command line."""
    backup = commands.add_parser("backup", help="Datenbank und Dateien sichern")
    backup.add_argument("folder", type=Path, help="neuer oder leerer Ordner")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="eine Sicherung zurückspielen")
    restore.add_argument("folder", type=Path)
    restore.add_argument(
        "--replace", action="store_true", help="vorhandene Daten verwerfen und ersetzen"
    )
    restore.add_argument(
        "--without-erasures",
        action="store_true",
        help="auch ohne die Löschliste var/erasures.log (Gelöschtes kehrt dann zurück)",
    )
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> int:
    folder: Path = options.folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Trouble(f"{folder} ist nicht leer. Nennen Sie einen neuen Ordner.")
    with station.database():
        station.set_up_django()
        manifest = make(folder)
    print(f"Gesichert nach {folder}: Datenbank und {manifest.files} Dateien.")
    print(
        "Der Hauptschlüssel (var/master.key) und die Löschliste (var/erasures.log) sind NICHT "
        "dabei. Bewahren Sie beide getrennt von den Sicherungen auf: Ohne den Schlüssel ist "
        "jede Sicherung unlesbar. Löschen Sie Sicherungen nach spätestens 35 Tagen."
    )
    return 0


def make(folder: Path) -> Manifest:
    """Write a backup into the new ``folder``: whole, or not at all; raises `Trouble`."""
    from django.conf import settings

    key = _master_key()
    fresh = folder.with_name(folder.name + ".unfertig")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    # The database first: every file that it names was on disk before the row was committed.
    dump.write(fresh / "database.dump")
    files = _copy_files(Path(settings.DIENSTWEG_FILES), fresh / "files")
    manifest = Manifest(
        format=FORMAT,
        version=metadata.version("dienstweg"),
        made_at=clock.now().isoformat(timespec="seconds"),
        database_sha256=_sha256(fresh / "database.dump"),
        files=files,
        erasures=len(ledger.lines(Path(settings.DIENSTWEG_ERASURES))),
        key_check=base64.b64encode(encryption.seal(key, _PROOF, _CONTEXT)).decode(),
    )
    (fresh / "manifest.json").write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    fresh.rename(folder)
    return manifest


def _restore(options: argparse.Namespace) -> int:
    folder: Path = options.folder.absolute()
    manifest = read(folder)
    with station.database() as server:
        if server is not None and not server.ours:
            raise Trouble("Dienstweg läuft. Beenden Sie es, bevor Sie eine Sicherung einspielen.")
        var().mkdir(parents=True, exist_ok=True)
        station.set_up_django()
        check(folder, manifest, without_erasures=options.without_erasures)
        dump.load(folder / "database.dump", replace=options.replace)
        erased = bring_back(folder)
    print(
        f"Zurückgespielt: Stand {manifest.made_at}, {manifest.files} Dateien; "
        f"{erased} Löschungen nachvollzogen."
    )
    return 0


def read(folder: Path) -> Manifest:
    """Return what the backup in ``folder`` says about itself; raises `Trouble`."""
    try:
        found: Mapping[str, Any] = json.loads((folder / "manifest.json").read_text())
        manifest = Manifest(**found)
    except (OSError, ValueError, TypeError) as error:
        raise Trouble(f"{folder} ist keine vollständige Sicherung von Dienstweg.") from error
    if manifest.format != FORMAT:
        raise Trouble(f"Diese Sicherung hat das Format {manifest.format}; bekannt ist {FORMAT}.")
    return manifest


def check(folder: Path, manifest: Manifest, *, without_erasures: bool) -> None:
    """Refuse, before anything is touched, what could not be restored as a whole."""
    from django.conf import settings

    if _sha256(folder / "database.dump") != manifest.database_sha256:
        raise Trouble("Die Sicherung der Datenbank ist beschädigt (Prüfsumme).")
    try:
        encryption.unseal(_master_key(), base64.b64decode(manifest.key_check), _CONTEXT)
    except encryption.Unreadable as error:
        raise Trouble(
            "Der Hauptschlüssel passt nicht zu dieser Sicherung. Legen Sie den damaligen Schlüssel "
            f"nach {settings.DIENSTWEG_MASTER_KEY} (Rechte 0600)."
        ) from error
    known = len(ledger.lines(Path(settings.DIENSTWEG_ERASURES)))
    if known < manifest.erasures and not without_erasures:
        raise Trouble(
            f"Zur Zeit der Sicherung gab es {manifest.erasures} Löschungen, in "
            f"{settings.DIENSTWEG_ERASURES} stehen {known}. Legen Sie die Löschliste dorthin; "
            "sonst kehrt Gelöschtes zurück."
        )


def bring_back(folder: Path) -> int:
    """Put the files in place, update the tables, erase again; return the number of erasures."""
    from django.conf import settings

    place = Path(settings.DIENSTWEG_FILES)
    fresh, old = place.with_name("files.new"), place.with_name("files.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    _copy_files(folder / "files", fresh)
    if place.exists():
        place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    (var() / "demo.state").unlink(missing_ok=True)
    installation.bring_up_to_date()
    from dienstweg.authorities import queries as authorities
    from dienstweg.cases import actions as cases

    authorities.forget()
    return int(cases.replay_erasures())


def _master_key() -> bytes:
    from django.conf import settings

    try:
        return encryption.load_master_key(Path(settings.DIENSTWEG_MASTER_KEY))
    except encryption.NoMasterKey as error:
        raise Trouble(f"Der Hauptschlüssel fehlt oder ist nicht lesbar: {error}") from error


def _copy_files(source: Path, target: Path) -> int:
    """Copy the sealed files and return how many; one that is erased meanwhile is left out."""
    target.mkdir(mode=0o700, parents=True)
    count = 0
    if not source.exists():
        return count
    for parent, _folders, names in os.walk(source):
        place = target / Path(parent).relative_to(source)
        place.mkdir(mode=0o700, exist_ok=True)
        for name in names:
            try:
                shutil.copy2(Path(parent) / name, place / name)
            except FileNotFoundError:
                continue
            count += 1
    return count


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Trouble(f"{path} ist nicht lesbar: {error.strerror}.") from error
