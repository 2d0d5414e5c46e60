"""Closed-loop load from a process of its own: so many clients, each waiting for every answer."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from threading import Thread
from typing import Any

Job = Callable[[int, "Watch"], None]


@dataclass
class Watch:
    """Times requests by name, in milliseconds."""

    times: dict[str, list[float]] = field(default_factory=dict)

    def time(self, name: str, call: Callable[[], Any]) -> Any:
        """Call and note how long it took."""
        began = time.perf_counter()
        answer = call()
        self.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        return answer

    def add(self, other: "Watch") -> None:
        """Take over the times of another."""
        for name, values in other.times.items():
            self.times.setdefault(name, []).extend(values)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many jobs were done in how many seconds, and every request's time."""

    done: int
    seconds: float
    watch: Watch
    failures: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Return jobs per second."""
        return self.done / self.seconds


def run(job: Job, *, clients: int, jobs: int) -> Outcome:
    """Do ``jobs`` jobs with ``clients`` at once, in another process, and return what it saw."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_drive, args=(there, job, clients, jobs)
    )
    process.start()
    there.close()
    outcome: Outcome = here.recv()
    process.join()
    return outcome


def _drive(pipe: Any, job: Job, clients: int, jobs: int) -> None:
    watches = [Watch() for _ in range(clients)]
    failures: list[str] = []
    done = [0] * clients

    def client(number: int) -> None:
        for turn in range(number, jobs, clients):
            try:
                job(turn, watches[number])
                done[number] += 1
            except Exception as error:
                failures.append(f"{type(error).__name__}: {error}"[:300])

    threads = [Thread(target=client, args=(number,)) for number in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    whole = Watch()
    for watch in watches:
        whole.add(watch)
    pipe.send(Outcome(sum(done), seconds, whole, tuple(failures)))
    pipe.close()


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def middle(values: Sequence[float]) -> float:
    """Return the median of several runs."""
    return median(values) if values else 0.0
