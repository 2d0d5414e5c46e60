"""A new, small and valid blueprint for a designer to begin with."""

import re
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable

from dienstweg.blueprint.problems import Invalid, Problem

_NAME = re.compile(r"[a-z][a-z0-9-]{2,60}")


def new(name: str) -> dict[str, bytes]:
    """The files of a new blueprint of this name; it passes `check`, its cases included.

    Raises Invalid for a name that is no blueprint id.
    """
    if not _NAME.fullmatch(name):
        message = "Der Name einer Blaupause besteht aus Kleinbuchstaben, Ziffern und Bindestrichen."
        remedy = "Zum Beispiel „hundesteuer-anmeldung“; mindestens drei Zeichen."
        raise Invalid([Problem("name", message, remedy=remedy)])
    starter = package_files("dienstweg.blueprint") / "starter"
    found: dict[str, bytes] = {}
    _collect(starter, "", name, found)
    return dict(sorted(found.items()))


def _collect(folder: Traversable, start: str, name: str, found: dict[str, bytes]) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            _collect(entry, f"{start}{entry.name}/", name, found)
        else:
            found[start + entry.name] = entry.read_bytes().replace(b"@NAME@", name.encode())
