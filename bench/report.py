"""Says what was measured, beside the aims, and who falls short."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.assistants import Costs
from bench.desk import Pages
from bench.load import middle
from bench.measuring import AMONG, CLIENTS, Figures, latencies
from bench.memory import Memory
from bench.papers import Papers
from bench.steps import Steps
from dienstweg.kernel import clock

APPLICATIONS, GET_SHARE, POST_SHARE = 12.0, 0.25, 0.40
PAGE_STATEMENTS, SUBMIT_STATEMENTS, WHOLE_STATEMENTS = 6, 15, 60
PAGE_P95, MEMORY = 60.0, 160.0
ASSISTANT = ("page GET", "page POST", "contact GET", "contact POST", "summary")
KIN = {"applications": 0.80, "core_seconds": 2.2, "statements": 500, "memory": 317}
"""Open Forms 3.5.6 on 2 cores, with two web processes and one worker, 4 clients."""


@dataclass(frozen=True)
class Found:
    """Everything that a run has found."""

    figures: Figures
    memory: dict[str, float]
    start_up: dict[str, float]
    statements: dict[str, object] | None
    stored: Figures | None
    assistants: Costs
    papers: Papers
    desk: Pages
    steps: Steps
    growing: Memory
    first: bool = False
    """Whether the benchmark went before other programs on the machine."""

    def requests(self) -> dict[str, int]:
        """Return statements by kind of request."""
        counted = (self.statements or {}).get("requests", {})
        return counted if isinstance(counted, dict) else {}


def text(found: Found) -> str:
    """Return the report for people."""
    lines = [*_rates(found), "", *_requests(found), "", *_sizes(found), ""]
    lines += [*found.assistants.lines(), "", *found.papers.lines(), ""]
    lines += [*found.desk.lines(), "", *found.steps.lines(), "", *found.growing.lines(), ""]
    lines += _aims(found)
    return "\n".join(lines)


def _rates(found: Found) -> Iterator[str]:
    figures = found.figures
    loads = "/".join(f"{one:.1f}" for one in figures.load)
    yield f"{os.cpu_count()} cores; medians of {len(figures.load)} rounds; load average {loads}"
    if found.first:
        yield "(the machine was busy with other things; the benchmark went before them)"
    yield ""
    yield "Complete applications per second (accepted by the back office, receipt written)"
    for clients in CLIENTS:
        runs = " ".join(f"{one:.1f}" for one in figures.complete[clients])
        yield (
            f"  {clients:>2} clients {middle(figures.complete[clients]):6.2f}/s   runs {runs};"
            f" until the last case is closed {middle(figures.closed[clients]):.2f}/s"
        )
    spent = {kind: middle(values) for kind, values in figures.core_ms.items()}
    parts = ", ".join(f"{kind} {value:.0f}" for kind, value in sorted(spent.items()))
    yield f"  processor time of one at {AMONG} clients: {sum(spent.values()):.0f} ms ({parts})"
    rate = middle(figures.complete[AMONG])
    yield (
        f"  Open Forms 3.5.6: {KIN['applications']:.2f}/s and {KIN['core_seconds'] * 1000:.0f} ms;"
        f" {rate / KIN['applications']:.0f} times as many"
    )
    if found.stored is not None:
        yield "The same with 100,000 complete cases stored"
        for clients in CLIENTS:
            with_them = middle(found.stored.complete[clients])
            share = with_them / middle(figures.complete[clients])
            yield f"  {clients:>2} clients {with_them:6.2f}/s   {share:.0%}"


def _requests(found: Found) -> Iterator[str]:
    figures, counted = found.figures, found.requests()
    yield "Requests: p50/p95 in ms by clients, SQL statements (from the server's log)"
    tables = {clients: latencies(figures.times[clients]) for clients in CLIENTS}
    for kind in tables[AMONG]:
        cells = "  ".join(
            f"{clients:>2}: {tables[clients][kind][0]:5.1f}/{tables[clients][kind][1]:6.1f}"
            for clients in CLIENTS
        )
        yield f"  {kind:<13} {cells}   {counted.get(kind, '-')} statements"
    if found.statements:
        yield (
            f"  a whole application with its worker: {found.statements['whole']} statements"
            f" (idle, subtracted: {found.statements['idle per second']} a second);"
            f" Open Forms: {KIN['statements']}"
        )
    for kind in ("bare view", "page GET", "SELECT+INSERT view", "page POST"):
        yield f"  {kind:<19} {figures.rate(kind):7.1f}/s at {AMONG} clients"


def _sizes(found: Found) -> Iterator[str]:
    sizes = ", ".join(f"{kind} {value:.0f}" for kind, value in sorted(found.memory.items()))
    yield f"Memory after 1,000 requests more (PSS in MiB, the largest of a kind): {sizes}"
    times = ", ".join(f"{name} {value:.1f}" for name, value in found.start_up.items())
    yield f"Start-up in seconds: {times}"


def _aims(found: Found) -> Iterator[str]:
    yield "Aims"
    for name, value, aim, fits in verdicts(found):
        yield f"  {'met  ' if fits else 'SHORT'}  {name}: {value:g} (aim {aim})"


def verdicts(found: Found) -> Iterator[tuple[str, float, str, bool]]:
    """Yield name, figure, aim and whether it is met."""
    figures, counted = found.figures, found.requests()
    rate = middle(figures.complete[AMONG])
    get = figures.rate("page GET") / figures.rate("bare view")
    post = figures.rate("page POST") / figures.rate("SELECT+INSERT view")
    p95 = max(latencies(figures.times[AMONG])[kind][1] for kind in ("page GET", "page POST"))
    yield "applications per second", round(rate, 2), ">= 12", rate >= APPLICATIONS
    yield "page GET to bare view", round(get, 3), ">= 0.25", get >= GET_SHARE
    yield "page POST to SELECT+INSERT", round(post, 3), ">= 0.40", post >= POST_SHARE
    yield "p95 of a page in ms", round(p95, 1), "< 60", p95 < PAGE_P95
    for kind in ("web", "worker"):
        size = found.memory.get(kind, 0.0)
        yield f"MiB of a {kind} process", size, "< 160", size < MEMORY
    if counted and found.statements:
        most = max(counted[kind] for kind in ASSISTANT)
        yield "statements of an assistant request", most, "<= 6", most <= PAGE_STATEMENTS
        submit, whole = counted["submit"], float(str(found.statements["whole"]))
        yield "statements of submit", submit, "<= 15", submit <= SUBMIT_STATEMENTS
        yield "statements of a whole application", whole, "<= 60", whole <= WHOLE_STATEMENTS
    yield from found.assistants.verdicts()
    yield from found.papers.verdicts()
    yield from found.desk.verdicts()
    yield from found.steps.verdicts()
    yield from found.growing.verdicts()
    if found.stored is not None:
        share = middle(found.stored.complete[AMONG]) / rate
        yield "rate with 100,000 cases stored", round(share, 2), ">= 0.9", share >= 0.9


def note(path: Path, found: Found) -> None:
    """Append what was found to the history, one JSON object a line."""
    figures = found.figures
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    line = {
        "at": clock.now().isoformat(timespec="seconds"),
        "commit": commit,
        "cores": os.cpu_count(),
        "went first": found.first,
        "load": [round(one, 1) for one in figures.load],
        "applications": {str(n): round(middle(figures.complete[n]), 2) for n in CLIENTS},
        "closed": {str(n): round(middle(figures.closed[n]), 2) for n in CLIENTS},
        "core_ms": {kind: round(middle(v), 1) for kind, v in sorted(figures.core_ms.items())},
        "rates": {kind: round(figures.rate(kind), 1) for kind in figures.rates},
        "latency_ms": {
            str(n): {
                k: [round(one, 1) for one in v] for k, v in latencies(figures.times[n]).items()
            }
            for n in CLIENTS
        },
        "statements": found.statements,
        "memory_mib": found.memory,
        "assistants": asdict(found.assistants),
        "papers": asdict(found.papers),
        "desk": asdict(found.desk),
        "steps": asdict(found.steps),
        "growing": asdict(found.growing),
        "start_up_s": {name: round(value, 2) for name, value in found.start_up.items()},
        "aims": {name: fits for name, _value, _aim, fits in verdicts(found)},
    }
    if found.stored is not None:
        stored = found.stored
        line["stored"] = {str(n): round(middle(stored.complete[n]), 2) for n in CLIENTS}
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")
