"""One part of the crash test, in a process and a folder of its own: `python -m bench.chaos.part`.

`storm` must keep every promise. The others are its controls: each takes one safeguard away, from
outside of the house, and must be seen to break.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.chaos import verdict
from bench.chaos.victims import Victims
from dienstweg.config.demo import Stage
from dienstweg.config.place import ROOT, var
from dienstweg.config.postgres import Server

NETWORK = ROOT / "bench" / "chaos" / "network.yaml"
HOSTS = ("luv.localhost", "lee.localhost")
CLIENTS = 4
FLAKY = {"fail_rate": 0.03, "drop_rate": 0.04, "slow": 0.03}
EVERYBODY = {"web": 2, "web-child": 3, "worker": 3, "database": 3, "backend": 1}
PATIENCE = 420.0
"""Seconds that a part may take for its applications."""
DRAIN = 170.0
"""Seconds until all must be done after that: the third pause between two tries, and a lease."""


class Part:
    """A stage, its clients, and who is killed on it."""

    def __init__(self, stage: Stage, *, seed: int, submissions: int) -> None:
        self.stage, self.seed, self.submissions = stage, seed, submissions
        self.victims = Victims(stage.crew, random.Random(seed))
        self.ledgers = [var() / "clients" / f"{one}.jsonl" for one in range(CLIENTS)]
        self.clients: list[subprocess.Popen[bytes]] = []

    @property
    def server(self) -> Server:
        """Return the database's server."""
        assert self.stage.crew.server is not None, "the crash test runs the embedded database"
        return self.stage.crew.server

    def control(self, switches: Mapping[str, Any]) -> None:
        """Tell the back office how to misbehave."""
        url = f"http://127.0.0.1:{self.stage.office}/_control"
        urllib.request.urlopen(url, json.dumps(switches).encode(), timeout=10).close()

    def begin(self) -> None:
        """Start the clients."""
        for number, ledger in enumerate(self.ledgers):
            command = [sys.executable, "-m", "bench.chaos.client", "--ledger", str(ledger)]
            command += ["--port", str(self.stage.port), "--hosts", ",".join(HOSTS)]
            command += ["--turns", f"{number}:{self.submissions}:{CLIENTS}"]
            command += ["--seed", str(self.seed + number)]
            self.clients.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL))

    def told(self) -> list[dict[str, Any]]:
        """Return what the clients have written down so far."""
        return verdict.lines(self.ledgers)

    def office(self) -> list[dict[str, Any]]:
        """Return what the back office has written down so far."""
        return verdict.lines([var() / "simulators" / "backoffice.jsonl"])

    def acknowledged(self) -> int:
        """Return how many applications were acknowledged."""
        return sum(line["event"] == "acknowledged" for line in self.told())

    def run(
        self,
        kills: int,
        weights: Mapping[str, int],
        stop: Callable[[], bool] = lambda: False,
        seconds: float = PATIENCE,
    ) -> int:
        """Let the clients work and kill ``kills`` processes meanwhile; return how many it were.

        The kills are spread over the acknowledgements, so that none meets an idle house.
        """
        until, killed = time.monotonic() + seconds, 0
        while time.monotonic() < until and not stop():
            self.stage.crew.look()
            share = self.acknowledged() / self.submissions
            if killed < kills and share * (kills + 1) >= killed + 1:
                killed += self.victims.kill(weights) is not None
            if all(client.poll() is not None for client in self.clients):
                break
            time.sleep(0.02)
        while killed < kills and weights is EVERYBODY:
            # The last applications came faster than the kills: the work behind them goes on.
            self.stage.crew.look()
            killed += self.victims.kill(weights) is not None
            time.sleep(0.3)
        return killed

    def drain(self, seconds: float = DRAIN) -> float:
        """Wait until nothing is left to do; return after how many seconds that was."""
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            self.stage.crew.look()
            try:
                if self.server.alive() and verdict.unfinished(self.server) == 0:
                    break
            except Exception as error:
                print(f"  asking again ({type(error).__name__})", file=sys.stderr)
            time.sleep(0.3)
        return time.monotonic() - began

    def end(self) -> None:
        """End the clients that still run."""
        for client in self.clients:
            if client.poll() is None:
                client.kill()
            client.wait()


def storm(part: Part, kills: int) -> dict[str, Any]:
    """Kill everybody by turns, and expect every promise to be kept."""
    part.control(FLAKY)
    part.begin()
    began = time.monotonic()
    killed = part.run(kills, EVERYBODY)
    seconds = time.monotonic() - began
    drained = part.drain()
    files = var() / "files"
    found = verdict.compare(part.server, part.told(), part.office(), files, part.submissions)
    found.expect("still to be done", [one for one in [verdict.unfinished(part.server)] if one])
    waits = sorted(one["seconds"] for one in part.told() if one["event"] == "acknowledged")
    found.seen |= {
        "kills": killed,
        "killed": part.victims.counts,
        "seconds": round(seconds, 1),
        "drained after": round(drained, 1),
        "seconds to an acknowledgement (p50, p99)": [
            round(waits[int(share * len(waits))], 3) for share in (0.5, 0.99) if waits
        ],
        "repeats at the back office": sum(one["event"] == "repeated" for one in part.office()),
    }
    return {"broken": found.broken, "seen": found.seen}


def no_key(part: Part, kills: int) -> dict[str, Any]:
    """The control: a back office that does not look at the key must take something twice."""
    part.control({**FLAKY, "dedupe": False, "drop_rate": 0.4, "fail_rate": 0.0})
    part.begin()
    killed = part.run(kills, {"worker": 1}, lambda: bool(verdict.duplicates(part.office())), 60)
    until = time.monotonic() + 30
    while not verdict.duplicates(part.office()) and time.monotonic() < until:
        part.stage.crew.look()
        time.sleep(0.2)
    twice = len(verdict.duplicates(part.office()))
    seen = {"acknowledged": part.acknowledged(), "kills": killed, "accepted twice": twice}
    return {"broken": [f"accepted twice: {twice}"] if twice else [], "seen": seen}


def forgetful(part: Part, kills: int) -> dict[str, Any]:
    """The control: a database that acknowledges before it writes must lose something."""
    part.begin()
    lost: list[str] = []
    counted = 0

    def is_lost() -> bool:
        nonlocal counted
        kills_so_far = part.victims.counts.get("database", 0)
        if kills_so_far > counted and part.server.alive():
            counted = kills_so_far
            try:
                lost.extend(verdict.missing(part.server, part.told()))
            except Exception as error:
                print(f"  not ready yet ({type(error).__name__})", file=sys.stderr)
                counted -= 1
        return bool(lost)

    killed = part.run(kills, {"database": 1}, is_lost, 90)
    seen = {"acknowledged": part.acknowledged(), "kills": killed, "lost": len(lost)}
    return {"broken": [f"acknowledged and missing: {len(lost)}"] if lost else [], "seen": seen}


PARTS: Mapping[str, Callable[[Part, int], dict[str, Any]]] = {
    "storm": storm,
    "no-key": no_key,
    "forgetful": forgetful,
}


def main() -> int:
    """Play one part and write what was seen to a file."""
    options = argparse.ArgumentParser()
    options.add_argument("name", choices=PARTS)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--submissions", type=int, required=True)
    options.add_argument("--kills", type=int, required=True)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--result", type=Path, required=True)
    given = options.parse_args()
    if given.name == "forgetful":
        # Written at leisure too, so that the control does not hang on how fast this machine is.
        os.environ["DIENSTWEG_PG_OPTIONS"] = "synchronous_commit=off wal_writer_delay=5s"
    with Stage(port=given.port, simulators=given.port + 1, network=NETWORK) as stage:
        stage.open()
        part = Part(stage, seed=given.seed, submissions=given.submissions)
        try:
            found = PARTS[given.name](part, given.kills)
        finally:
            part.end()
    given.result.write_text(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
