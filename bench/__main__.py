"""`make bench`: measures speed and size, prints figures and ratios, and keeps a line of history.

    python -m bench [--rounds 3] [--size 12] [--full] [--no-history]

``--full`` also measures with 100,000 complete cases stored.
"""

import argparse
import os
import time

from bench import (
    assistants,
    decisions,
    desk,
    measuring,
    papers,
    processes,
    report,
    statements,
    steps,
)
from bench.ground import HERE, Ground, ground
from bench.measuring import Figures

STORED = 100_000


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
    print(steps.text(steps.measure()))
    print(f"\nThe whole took {time.monotonic() - began:.0f} s.")
    if not options.no_history:
        report.note(HERE / "history.jsonl", found)
    return 0


def _measure(place: Ground, options: argparse.Namespace) -> report.Found:
    _say("warm up")
    measuring.round_of(place, Figures(), size=2)
    figures = Figures()
    for number in range(options.rounds):
        _maybe_go_first(options)
        _say(f"round {number + 1} of {options.rounds}, load {os.getloadavg()[0]:.1f}")
        measuring.round_of(place, figures, size=options.size)
    _say("memory")
    memory = measuring.memory()
    stored: Figures | None = None
    if options.full:
        stored = _with_stored(place, options)
    _say("statements")
    counted = statements.count(place)
    _say("assistants")
    costs = assistants.measure(place)
    _say("documents")
    paper = papers.measure(place)
    _say("start-up")
    start_up = measuring.start_up(place)
    _say("the desk")
    pages = desk.apart()
    return report.Found(
        figures, memory, start_up, counted, stored, costs, paper, pages, first=options.first
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
