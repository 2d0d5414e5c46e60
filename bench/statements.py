"""Counts SQL statements where nobody can leave one out: in the log of the server itself.

BEGIN, COMMIT, ROLLBACK and savepoints are not counted; everything else that the application's
role sends is, by web and worker, jobs and scope included.
"""

import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import applications
from bench.ground import HERE, PORT, Ground, answers
from bench.load import Watch, run

DATABASE = "dienstweg"
TOGETHER = 60
"""Applications, by 4 clients, over which the statements of a whole one are averaged."""
IDLE = 4.0
"""Seconds in which the statements of an idle installation are counted, to be subtracted."""

_LINE = re.compile(rb"LOG:  (?:statement|execute [^:]*): *(.*(?:\n\t.*)*)")
_CONTROL = (b"BEGIN", b"COMMIT", b"ROLLBACK", b"SAVEPOINT", b"RELEASE")


class Log:
    """The server's log, read from where the last look ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = path.stat().st_size

    def news(self) -> list[str]:
        """Return the statements since the last look."""
        with self._path.open("rb") as file:
            file.seek(self._at)
            content = file.read()
        self._at += len(content)
        found = _LINE.findall(content)
        return [
            " ".join(one.decode(errors="replace").split())
            for one in found
            if not one.lstrip().upper().startswith(_CONTROL)
        ]


class Counting(Watch):
    """Notes the statements of each request instead of its time."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self.log = log
        self.seen: dict[str, list[str]] = {}

    def time(self, name: str, call: Callable[[], Any]) -> Any:
        """Call, and note what the server was asked meanwhile."""
        self.log.news()
        answer = call()
        statements = self.log.news()
        self.times.setdefault(name, []).append(len(statements))
        self.seen[name] = statements
        return answer


def count(ground: Ground) -> dict[str, object] | None:
    """Return statements by kind of request and for a whole application; None without the log.

    Requests are counted with the worker stopped; the whole with it, less what an idle worker asks.
    """
    server = ground.stage.crew.server
    if server is None:
        return None
    with server.connect() as superuser:
        superuser.execute(f"ALTER DATABASE {DATABASE} SET log_statement = 'all'")
    log = _restart(ground, server.log)
    counting = Counting(log)
    applications.apply(1, counting, port=PORT)
    ground.child("Worker").start()
    time.sleep(3)
    ground.settle()
    log.news()
    time.sleep(IDLE)
    idle = len(log.news()) / IDLE
    began, mark = time.perf_counter(), ground.mark()
    run(_application, clients=4, jobs=TOGETHER)
    ground.wait(mark, TOGETHER)
    found = log.news()
    whole = (len(found) - idle * (time.perf_counter() - began)) / TOGETHER
    _note(counting, found)
    return {
        "requests": {name: max(values) for name, values in counting.times.items()},
        "whole": round(whole, 1),
        "idle per second": round(idle, 1),
    }


def _application(turn: int, watch: Watch) -> None:
    applications.apply(turn, watch, port=PORT)


def _restart(ground: Ground, path: Path) -> Log:
    """Start web and worker afresh, so that their connections are logged; warm the web up."""
    worker, web = ground.child("Worker"), ground.child("Webserver")
    for child in (worker, web):
        child.stop()
    web.start()
    answers(f"http://127.0.0.1:{PORT}/", host=f"{applications.HOST}:{PORT}")
    for turn in range(12):
        applications.apply(turn, Watch(), port=PORT)
    return Log(path)


def _note(counting: Counting, found: list[str]) -> None:
    """Write down the statements themselves, for whoever wants fewer."""
    lines = []
    for name, statements in counting.seen.items():
        lines += [f"== {name}: {len(statements)}", *(one[:300] for one in statements)]
    kinds = Counter(re.sub(r"'[^']*'|\d+", "?", one)[:110] for one in found)
    lines.append(f"== {TOGETHER} applications with worker")
    lines += [f"{number / TOGETHER:6.2f} {kind}" for kind, number in kinds.most_common()]
    (HERE.parent / "var" / "bench-statements.txt").write_text("\n".join(lines) + "\n")
