"""Makes the database reachable for a command: the one of the environment, or the embedded one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from dienstweg.config import postgres, roles
from dienstweg.config.errors import Trouble
from dienstweg.config.place import var


def given() -> bool:
    """Tell whether the environment names a database; raises `Trouble` if only half of it."""
    named = [bool(os.environ.get(name)) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")]
    if any(named) and not all(named):
        raise Trouble(
            "Setzen Sie DATABASE_URL (Rolle der Anwendung) und DATABASE_OWNER_URL (Eigentümer der "
            "Tabellen) beide, oder keine von beiden für die mitgelieferte Datenbank."
        )
    return all(named)


@contextmanager
def database() -> Iterator[postgres.Server | None]:
    """Have a database while the block runs, and its addresses in the environment.

    Yields the embedded server if it is used, be it ours or another command's; else None.
    """
    if given():
        yield None
        return
    options = os.environ.get("DIENSTWEG_PG_OPTIONS", "")
    with postgres.running(var() / "postgres", options=options) as server:
        found = roles.prepare(server) if server.ours else roles.addresses(server)
        os.environ.update(found.environment())
        yield server


def set_up_django() -> None:
    """Load Django with our settings; the database's addresses must stand in the environment."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dienstweg.config.settings")
    django.setup()
