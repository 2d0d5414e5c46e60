"""Who is killed: always by the number of a process that this test has started itself."""

import os
import random
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from dienstweg.config.children import Crew
from dienstweg.config.postgres_process import Folder


class Victims:
    """Finds the processes of a crew, and kills them without a word (SIGKILL)."""

    def __init__(self, crew: Crew, dice: random.Random) -> None:
        self.crew, self.dice = crew, dice
        self.counts: dict[str, int] = {}

    def kill(self, weights: Mapping[str, int]) -> str | None:
        """Kill one by chance; return its name, or None if it was down already."""
        name = self.dice.choices(list(weights), list(weights.values()))[0]
        find: Mapping[str, Callable[[], list[int]]] = {
            "web": lambda: self._child("Der Webserver"),
            "web-child": lambda: self._one_of(self._web_children()),
            "worker": lambda: self._child("Der Worker"),
            "database": self._database,
            "backend": lambda: self._one_of(self._database()[1:]),
        }
        killed = [pid for pid in find[name]() if _kill(pid)]
        if not killed:
            return None
        self.counts[name] = self.counts.get(name, 0) + 1
        return name

    def _child(self, name: str) -> list[int]:
        child = next(one for one in self.crew.children if one.name == name)
        return [child.process.pid] if child.process and child.ended() is None else []

    def _web_children(self) -> list[int]:
        return [pid for parent in self._child("Der Webserver") for pid in children_of(parent)]

    def _database(self) -> list[int]:
        """Return the whole tree, the postmaster first; its processes leave our process group."""
        server = self.crew.server
        if server is None or not server.alive():
            return []
        folder = Folder(server.data, server.data.stat().st_uid)
        chief = folder.postmaster()
        return [chief, *(pid for pid in folder.processes() if pid != chief)] if chief else []

    def _one_of(self, pids: list[int]) -> list[int]:
        return [self.dice.choice(pids)] if pids else []


def children_of(parent: int) -> list[int]:
    """Return the numbers of a process's children."""
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            found += [int(word) for word in task.read_text().split()]
        except OSError:
            continue
    return found


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
