"""Plug-ins are declared as entry points and loaded by name, on use; ours like a stranger's.

An entry point is a factory ``make(options, secrets, client)``. Beside it stand ``OPTIONS_SCHEMA``
and ``SECRETS_SCHEMA`` (JSON Schema), and ``origins(options)``, the only origins it may call.
"""

import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

import jsonschema_rs

from dienstweg.kernel import http


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


def fits(group: str, name: str, options: Mapping[str, Any], secrets: Mapping[str, Any]) -> bool:
    """Tell whether options and secrets are what the plug-in's schemas ask for.

    Raises `UnknownPlugin`.
    """
    plugin = load(group, name)
    return all(
        jsonschema_rs.is_valid(beside(plugin, schema), dict(value))
        for schema, value in (("OPTIONS_SCHEMA", options), ("SECRETS_SCHEMA", secrets))
    )


def made(group: str, name: str, options: Mapping[str, Any], secrets: Mapping[str, Any]) -> Any:
    """Return what the plug-in makes of options and secrets, with a client of its own.

    The client calls the plug-in's origins and nothing else, private addresses only where the
    option ``private`` says so. Raises `UnknownPlugin`.
    """
    make = load(group, name)
    allowed = beside(make, "origins")(options)
    client = http.Client(allowed, private=bool(options.get("private", False)))
    return make(options, secrets, client)


def beside(plugin: Any, name: str) -> Any:
    """Return what the module of ``plugin`` calls ``name``: its schemas, the origins it calls."""
    return getattr(sys.modules[plugin.__module__], name)
