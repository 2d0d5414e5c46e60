"""Where the benchmark takes place: a whole installation of its own, and the limits beside it.

The database is a real one, on a disk, that waits for each commit. Everything runs in processes of
its own; this one starts them, asks the database what was done, and measures nothing itself.
"""

import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from bench import big
from dienstweg.config.children import Child
from dienstweg.config.demo import Stage
from dienstweg.kernel.references import new_id

PORT = 18600
LIMITS_PORT = 18610
SIMULATORS = 18601
PATIENCE = 120.0
HERE = Path(__file__).parent
BIG = HERE.parent / "var" / "bench-gross"
"""Where the big assistant lies while the benchmark runs; `network.yaml` names it."""

_DONE = """
SELECT (SELECT count(*) FROM deliveries_delivery WHERE id > %(since)s AND state = 'accepted'),
       (SELECT count(*) FROM documents_document
        WHERE id > %(since)s AND key = 'receipt' AND state = 'written'),
       (SELECT count(*) FROM cases_case WHERE id > %(since)s AND state = 'closed')
"""


@dataclass(frozen=True)
class Ground:
    """A running installation, and how to ask its database through the owner's role."""

    stage: Stage
    owner: psycopg.Connection[tuple[object, ...]]
    seconds: dict[str, float]

    def mark(self) -> UUID:
        """Return an id that is smaller than all that are made from now on."""
        return new_id()

    def wait(self, since: UUID, count: int) -> tuple[float, float]:
        """Wait until ``count`` applications since ``since`` are done.

        Returns the moments (monotonic) when the last one was accepted by the back office and had
        its receipt, and when the last case was closed.
        """
        until, complete = time.perf_counter() + PATIENCE, 0.0
        while time.perf_counter() < until:
            row = self.owner.execute(_DONE, {"since": since}).fetchone()
            accepted, written, closed = (int(str(one)) for one in row or (0, 0, 0))
            now = time.perf_counter()
            complete = complete or (now if min(accepted, written) >= count else 0.0)
            if complete and closed >= count:
                return complete, now
            time.sleep(0.02)
        raise TimeoutError(f"{accepted} accepted, {written} written, {closed} closed of {count}")

    def child(self, word: str) -> Child:
        """Return the child of the stage whose name holds ``word``."""
        return next(one for one in self.stage.crew.children if word in one.name)

    def settle(self) -> None:
        """Wait until the queue is empty."""
        while True:
            row = self.owner.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            ).fetchone()
            if row and row[0] == 0:
                return
            time.sleep(0.05)


@contextmanager
def ground(var: Path) -> Iterator[Ground]:
    """Have an installation in the fresh folder ``var``, started twice to time it."""
    shutil.rmtree(var, ignore_errors=True)
    os.environ["DIENSTWEG_VAR"] = str(var)
    big.write(BIG)
    seconds: dict[str, float] = {}
    for turn in ("first start", "start again"):
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"):
            os.environ.pop(name, None)  # the embedded database, whatever else there is
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        began = time.perf_counter()
        stage = Stage(port=PORT, simulators=SIMULATORS, network=HERE / "network.yaml")
        with stage:
            stage.open()
            seconds[turn] = time.perf_counter() - began
            if turn == "first start":
                continue
            with _owner() as owner:
                owner.execute("CREATE TABLE bench_limit (id bigserial PRIMARY KEY, what text)")
                limits = _limits()
                stage.crew.start(limits)
                answers(f"http://127.0.0.1:{LIMITS_PORT}/bare")
                yield Ground(stage, owner, seconds)
    shutil.rmtree(var, ignore_errors=True)
    shutil.rmtree(BIG, ignore_errors=True)


def answers(url: str, *, host: str = "") -> float:
    """Wait until ``url`` answers; return after how many seconds it did."""
    began = time.perf_counter()
    while time.perf_counter() < began + PATIENCE:
        request = urllib.request.Request(url, headers={"Host": host} if host else {})
        try:
            urllib.request.urlopen(request, timeout=10).read()
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise
        except OSError:
            time.sleep(0.01)
            continue
        return time.perf_counter() - began
    raise TimeoutError(url)


@contextmanager
def _owner() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Have a connection of the owner that sees the rows of every authority."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(
            "SELECT set_config('dw.authorities',"
            " (SELECT array_agg(id)::text FROM authorities_authority), false)"
        )
        yield owner


def _limits() -> Child:
    """Return the limits as a server of their own, with the settings of ours."""
    return Child(
        "Die Grenzen",
        [
            *(sys.executable, "-m", "gunicorn", "-c", "python:dienstweg.config.http_server"),
            *("--bind", f"127.0.0.1:{LIMITS_PORT}", "--workers", "2", "bench.limits:application"),
        ],
        {"PYTHONPATH": str(HERE.parent)},
    )
