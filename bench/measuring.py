"""The measurements themselves: each takes a ground and returns plain figures."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bench import applications, processes
from bench.applications import HOST, PAGES
from bench.browser import Answer, Browser
from bench.ground import LIMITS_PORT, PORT, Ground
from bench.load import Outcome, Watch, middle, quantile, run

CLIENTS = (1, 4, 16)
AMONG = 4
"""Clients at which pages and limits are compared."""
LATENCY_KINDS = (
    *("entrance", "start page", "begin", "page GET", "page POST", "contact GET", "contact POST"),
    *("summary", "submit", "sent"),
)


@dataclass
class Figures:
    """What several interleaved rounds gave, by name."""

    rates: dict[str, list[float]] = field(default_factory=dict)
    complete: dict[int, list[float]] = field(default_factory=dict)
    closed: dict[int, list[float]] = field(default_factory=dict)
    core_ms: dict[str, list[float]] = field(default_factory=dict)
    times: dict[int, Watch] = field(default_factory=dict)
    load: list[float] = field(default_factory=list)

    def rate(self, name: str) -> float:
        """Return the median rate of a kind of request."""
        return middle(self.rates.get(name, []))


def round_of(ground: Ground, figures: Figures, *, size: int) -> None:
    """Measure everything once, one after another, and add it to ``figures``."""
    for clients in CLIENTS:
        whole(ground, figures, clients=clients, jobs=max(8, min(clients * 12, 96) * size // 12))
    pages: Mapping[str, Callable[[int, Watch], None]] = {
        "bare view": _limit("GET", "/bare"),
        "page GET": _get_page,
        "SELECT+INSERT view": _limit("POST", "/write"),
        "page POST": _post_page,
    }
    for name, job in pages.items():
        turns = size * (20 if "page" in name else 80)
        outcome = run(_repeated(job, turns), clients=AMONG, jobs=AMONG)
        _must_be_whole(outcome)
        seconds = max(outcome.watch.times.pop("all", [0.0])) / 1000
        figures.rates.setdefault(name, []).append(turns * AMONG / seconds)
    figures.load.append(os.getloadavg()[0])


def whole(ground: Ground, figures: Figures, *, clients: int, jobs: int) -> None:
    """Let ``clients`` make ``jobs`` applications, and wait until the last one is done."""
    ground.settle()
    before, mark = processes.processor_seconds(os.getpid()), ground.mark()
    began = time.perf_counter()
    outcome = run(_application, clients=clients, jobs=jobs)
    complete, closed = ground.wait(mark, jobs)
    _must_be_whole(outcome)
    figures.complete.setdefault(clients, []).append(jobs / (complete - began))
    figures.closed.setdefault(clients, []).append(jobs / (closed - began))
    figures.times.setdefault(clients, Watch()).add(outcome.watch)
    if clients == AMONG:
        ground.settle()
        after = processes.processor_seconds(os.getpid())
        for kind in after:
            spent = (after[kind] - before.get(kind, 0.0)) * 1000 / jobs
            figures.core_ms.setdefault(kind, []).append(spent)


def memory(*, requests: int = 1000) -> dict[str, float]:
    """Return the largest PSS (MiB) of each kind of process after so many requests more."""
    turns = requests // AMONG
    _must_be_whole(run(_repeated(_get_page, turns), clients=AMONG, jobs=AMONG))
    found = processes.proportional_memory(os.getpid())
    return {kind: round(max(values), 1) for kind, values in found.items()}


def start_up(ground: Ground) -> dict[str, float]:
    """Return after how many seconds a restarted web server answers, and the worker has worked."""
    from bench.ground import answers

    web, worker = ground.child("Webserver"), ground.child("Worker")
    web.stop()
    web.start()
    seconds = {"web": answers(f"http://127.0.0.1:{PORT}/", host=f"{HOST}:{PORT}")}
    worker.stop()
    mark = ground.mark()
    applications.apply(1, Watch(), port=PORT)
    began = time.perf_counter()
    worker.start()
    complete, _ = ground.wait(mark, 1)
    return seconds | {"worker": complete - began} | ground.seconds


def latencies(watch: Watch) -> dict[str, tuple[float, float]]:
    """Return p50 and p95 in milliseconds of each kind of request."""
    kinds = (one for one in LATENCY_KINDS if one in watch.times)
    return {
        kind: (quantile(watch.times[kind], 0.5), quantile(watch.times[kind], 0.95))
        for kind in kinds
    }


def _application(turn: int, watch: Watch) -> None:
    applications.apply(turn, watch, port=PORT)


def _repeated(job: Callable[[int, Watch], None], turns: int) -> Callable[[int, Watch], None]:
    def many(number: int, watch: Watch) -> None:
        job(turns, watch)

    return many


def _limit(method: str, path: str) -> Callable[[int, Watch], None]:
    def ask(turns: int, watch: Watch) -> None:
        browser = Browser("127.0.0.1", LIMITS_PORT)
        began = time.perf_counter()
        for _ in range(turns):
            if method == "GET":
                browser.get(path)
            else:
                browser.post(path, {}, expect=200)
        watch.times.setdefault("all", []).append((time.perf_counter() - began) * 1000)

    return ask


def _get_page(turns: int, watch: Watch) -> None:
    browser = Browser(HOST, PORT)
    place = applications.begin(browser, Watch())
    began = time.perf_counter()
    for _ in range(turns):
        browser.get(place)
    watch.times.setdefault("all", []).append((time.perf_counter() - began) * 1000)


def _post_page(turns: int, watch: Watch) -> None:
    """Save the first page again and again, with another name each time."""
    browser = Browser(HOST, PORT)
    place = applications.begin(browser, Watch())
    page: Answer = browser.get(place)
    form = page.hidden()
    first = int(form["version"])
    began = time.perf_counter()
    for turn in range(turns):
        changed = {"vorname": f"Ayşe {turn}", "version": str(first + turn)}
        browser.post(place, form | dict(PAGES["person"]) | changed)
    watch.times.setdefault("all", []).append((time.perf_counter() - began) * 1000)


def _must_be_whole(outcome: Outcome) -> None:
    if outcome.failures:
        raise RuntimeError(f"{len(outcome.failures)} failures, the first: {outcome.failures[0]}")
