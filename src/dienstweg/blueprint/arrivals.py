"""What may come to the desk by paper or telephone while a process waits for it: an objection.

blueprint.yaml `arrivals` names such news: the message that the process waits for, the role that may
note it, and in the texts `arrivals.<id>.title` and `.help`. The process gets the message with the
day on which it came: `report["widerspruch.eingegangen"].on`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dienstweg.blueprint.problems import Problem

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release
    from dienstweg.blueprint.sources import Sources

KEY = "arrivals"


@dataclass(frozen=True, slots=True)
class Arrival:
    """News that the desk can note: the message of the process, and who may note it."""

    id: str
    message: str
    role: str


def declared(release: "Release") -> Mapping[str, Arrival]:
    """Return what can be noted of the cases of a blueprint, by its id."""
    return {
        name: Arrival(name, entry["message"], entry["role"])
        for name, entry in release.manifest.get(KEY, {}).items()
    }


def awaited(release: "Release", heard: Collection[str]) -> list[Arrival]:
    """Return what can be noted while a process waits for the messages ``heard``."""
    return [one for one in declared(release).values() if one.message in heard]


def check(release: "Release", sources: "Sources") -> list[Problem]:
    """Say which of them name a message that no process waits for, an unknown role, or lack a name.

    The role must be one of `roles`, as that of a task.
    """
    return list(_check(release, sources))


def _check(release: "Release", sources: "Sources") -> Iterator[Problem]:
    noted = sources.noted["blueprint.yaml"]
    heard = {one.message for one in release.process.diagram.elements.values() if one.message}
    for one in declared(release).values():
        if one.message not in heard:
            message = f"Auf die Meldung „{one.message}“ wartet der Ablauf nirgends."
            yield noted.problem("unknown-message", message, KEY, one.id, "message")
        if one.role not in release.manifest.get("roles", {}):
            message = f"Die Rolle „{one.role}“ gibt es nicht."
            yield noted.problem("unknown-role", message, KEY, one.id, "role")
        if f"{KEY}.{one.id}.title" not in release.flat["de"]:
            message = f"Der Text „{KEY}.{one.id}.title“ fehlt."
            yield noted.problem("missing-text", message, KEY, one.id)
