"""Brings an installation up to date: folders, keys, tables, rights, static files."""

import hashlib
import os
from pathlib import Path

from dienstweg.config import roles
from dienstweg.config.place import var


def bring_up_to_date() -> None:
    """Make what is missing and change what is old; does nothing where all is as it should be.

    Needs the database's addresses in the environment, and loads Django.
    """
    from dienstweg.config.station import set_up_django
    from dienstweg.kernel.encryption import load_master_key

    folder = var()
    folder.mkdir(parents=True, exist_ok=True)
    set_up_django()
    from django.conf import settings

    load_master_key(Path(settings.DIENSTWEG_MASTER_KEY), create=True)
    Path(settings.DIENSTWEG_FILES).mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate()
    collect_static_files()


def migrate() -> None:
    """Bring the tables to the state of this version, and give the application its rights."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()
    roles.grant(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])


def collect_static_files() -> bool:
    """Copy the static files under hashed names, if any has changed; return whether one had."""
    from django.conf import settings
    from django.core.management import call_command

    target = Path(settings.STATIC_ROOT)
    mark = target / ".state"
    state = static_state()
    if mark.exists() and mark.read_text() == state:
        return False
    target.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(state)
    return True


def static_state() -> str:
    """Return a digest of names, sizes and times of all static files in the source."""
    from django.contrib.staticfiles.finders import get_finders

    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            status = Path(storage.path(name)).stat()
            seen.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
