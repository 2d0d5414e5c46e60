"""Plug-ins are declared as entry points and loaded by name, on use; ours like a stranger's."""

import sys
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any


class UnknownPlugin(Exception):
    """No installed package declares a plug-in of this name."""


@lru_cache(maxsize=256)
def load(group: str, name: str) -> Any:
    """Return the object that the entry point ``name`` of ``group`` names.

    Raises `UnknownPlugin`, which lists the names that there are.
    """
    found = entry_points(group=group)
    if name not in found.names:
        raise UnknownPlugin(f"{name!r} is not in {group}: {', '.join(sorted(found.names))}")
    return found[name].load()


def beside(plugin: Any, name: str) -> Any:
    """Return what the module of ``plugin`` calls ``name``: its schemas, the origins it calls."""
    return getattr(sys.modules[plugin.__module__], name)
