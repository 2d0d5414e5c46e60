"""`make bench`: measures speed and size, prints figures and ratios, and keeps a line of history.

    python -m bench [--rounds 3] [--size 12] [--full] [--no-history]

``--full`` also measures with 100,000 complete cases stored, and the worker's memory over 10,000
cases instead of 1,000. Returns 1 where an aim is not met.
"""

import argparse
import os
import time

from bench import (
    assistants,
    decisions,
    desk,
    measuring,
    memory,
    papers,
    processes,
    report,
    statements,
    steps,
)
from bench.ground import HERE, Ground, ground
from bench.measuring import Figures

STORED = 100_000
SHORT_RUN = 1_000
"""Cases over which memory is looked at without ``--full``."""


def main() -> int:
    """Measure, print, and note."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (medians)")
    parser.add_argument("--size", type=int, default=12, help="how much work a round is")
    parser.add_argument("--full", action="store_true", help="also with 100,000 cases stored")
    parser.add_argument("--stored", type=int, default=STORED, help="cases stored for --full")
    parser.add_argument("--first", action="store_true", help="go before others (busy machine)")
    parser.add_argument("--no-history", action="store_true", help="append no line")
    options = parser.parse_args()
    began = time.monotonic()
    with ground(HERE.parent / "var" / "bench") as place:
        found = _measure(place, options)
    print(report.text(found))
    print(decisions.text(decisions.measure()))
    print(f"\nThe whole took {time.monotonic() - began:.0f} s.")
    if not options.no_history:
        report.note(HERE / "history.jsonl", found)
    return 0 if all(fits for *_, fits in report.verdicts(found)) else 1


def _measure(place: Ground, options: argparse.Namespace) -> report.Found:
    _say("warm up")
    measuring.round_of(place, Figures(), size=2)
    figures = Figures()
    for number in range(options.rounds):
        _maybe_go_first(options)
        _say(f"round {number + 1} of {options.rounds}, load {os.getloadavg()[0]:.1f}")
        measuring.round_of(place, figures, size=options.size)
    _say("memory")
    sizes = measuring.memory()
    stored: Figures | None = None
    if options.full:
        stored = _with_stored(place, options)
    _say("statements")
    counted = statements.count(place)
    _say("assistants")
    costs = assistants.measure(place)
    _say("documents")
    paper = papers.measure(place)
    _say("memory over many cases")
    growing = memory.measure(place, memory.CASES if options.full else SHORT_RUN)
    _say("start-up")
    start_up = measuring.start_up(place)
    _say("the desk")
    pages = desk.apart()
    _say("steps of a process")
    return report.Found(
        figures=figures,
        memory=sizes,
        start_up=start_up,
        statements=counted,
        stored=stored,
        assistants=costs,
        papers=paper,
        desk=pages,
        steps=steps.apart(),
        growing=growing,
        first=options.first,
    )


def _with_stored(place: Ground, options: argparse.Namespace) -> Figures:
    from bench import stored

    _say(f"storing {options.stored} cases")
    stored.fill(place, options.stored)
    measuring.whole(place, Figures(), clients=4, jobs=12)
    figures = Figures()
    for number in range(options.rounds):
        _maybe_go_first(options)
        _say(f"round {number + 1} of {options.rounds} with cases stored")
        measuring.round_of(place, figures, size=options.size)
    return figures


def _maybe_go_first(options: argparse.Namespace) -> None:
    """Put first what was started since the last time, too."""
    if options.first:
        processes.go_first(os.getpid())


def _say(text: str) -> None:
    print(f"... {text}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
