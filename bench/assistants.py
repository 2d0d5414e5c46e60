"""What assistants cost: a page of a big one over HTTP, checking a blueprint, importing a schema."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import big, processes
from bench.applications import HOST
from bench.browser import Answer, Browser
from bench.ground import HERE, PORT, Ground
from bench.load import middle

ROOT = HERE.parent
SERVICE = "/leistungen/grosser-antrag"
CASES = 50
CHECKED = ROOT / "leistungen" / "bewohnerparkausweis"
TURNS = 60
_PAGE = big.PAGES // 2
_WRONG = "kein Datum"

_CHECK = """
import json, resource, sys, time
from pathlib import Path
from dienstweg.blueprint import check, folder, parallel
files = dict(folder.read_folder(Path(sys.argv[1])))
own = sorted(name for name in files if name.startswith("cases/"))
for number in range(int(sys.argv[2]) - len(own)):
    files[f"cases/weiterer-{number}.yaml"] = files[own[number % len(own)]]
began = time.perf_counter()
problems = check.check(files, processes=parallel.cores())
print(json.dumps({"seconds": time.perf_counter() - began, "problems": len(problems)}))
"""
_IMPORT = """
import json, resource, sys, time
from pathlib import Path
content = Path(sys.argv[1]).read_bytes()
began = time.perf_counter()
from dienstweg.blueprint import fim
fim.import_file(content, Path(sys.argv[1]).name)
print(json.dumps({"seconds": time.perf_counter() - began,
    "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


PAGE_MS, CHECK_SECONDS, IMPORT_SECONDS, IMPORT_MIB = 25.0, 1.0, 3.0, 300.0
KIN_MS = 300
"""Open Forms' logic call for a form of this size."""


@dataclass(frozen=True)
class Costs:
    """What was measured: a page's milliseconds, a check's seconds, an import's (without samples:
    none)."""

    page: dict[str, float]
    check: dict[str, float]
    largest_import: dict[str, float] | None

    def verdicts(self) -> Iterator[tuple[str, float, str, bool]]:
        """Yield name, figure, aim and whether it is met."""
        most = max(self.page["good POST"] + self.page["GET"], self.page["wrong POST"])
        yield "ms of a page POST of 300 fields, drawn", round(most, 1), "< 25", most < PAGE_MS
        seconds = self.check["seconds"]
        yield "seconds of a check with 50 cases", round(seconds, 2), "< 1", seconds < CHECK_SECONDS
        if self.largest_import is not None:
            seconds, size = self.largest_import["seconds"], self.largest_import["MiB"]
            fits = seconds < IMPORT_SECONDS
            yield "seconds of the largest import", round(seconds, 2), "< 3", fits
            yield "MiB of the largest import", round(size), "< 300", size < IMPORT_MIB

    def lines(self) -> Iterator[str]:
        """Yield the report for people."""
        yield "Assistants"
        costs = ", ".join(f"{name} {value:.1f}" for name, value in self.page.items())
        yield f"  a page of 300 fields and 65 rules on 20 pages, ms of the web process: {costs}"
        yield f"  (Open Forms: about {KIN_MS} ms for the logic call of such a form)"
        yield f"  check of a blueprint with {CASES} cases: {self.check['seconds']:.2f} s"
        if self.largest_import is None:
            yield "  import of the largest shared schema: NOT RUN (SAMPLES is not set)"
        else:
            seconds, size = self.largest_import["seconds"], self.largest_import["MiB"]
            yield f"  import of the largest shared schema: {seconds:.2f} s, {size:.0f} MiB"


def measure(ground: Ground) -> Costs:
    """Measure all three."""
    return Costs(page(ground), check(), largest_import())


def page(ground: Ground) -> dict[str, float]:
    """Return processor milliseconds of web processes for one request of a page in the middle.

    "wrong POST" is evaluated, saved, validated and drawn again with its faults; "good POST" is
    evaluated, saved, validated and led on; "GET" draws the page.
    """
    browser = Browser(HOST, PORT)
    start: Answer = browser.get(SERVICE)
    place = browser.post(f"{SERVICE}/beginnen", start.hidden()).location
    for number in range(big.PAGES):
        if number == _PAGE:
            middle_page = place
        place = browser.post(place, browser.get(place).hidden() | _sent(number)).location
    form = browser.get(middle_page).hidden() | _sent(_PAGE)
    date = next(name for name, value in form.items() if value == "3.4.1990")

    def good(turn: int) -> None:
        form["version"] = browser.get(middle_page).hidden()["version"]
        browser.post(middle_page, form | {_first_text(form): f"Musterweg {turn}"})

    def wrong(turn: int) -> None:
        form["version"] = browser.get(middle_page).hidden()["version"]
        browser.post(middle_page, form | {date: f"{_WRONG} {turn}"}, expect=422)

    get = _cost(ground, lambda turn: browser.get(middle_page))
    return {
        "GET": get,
        "good POST": _cost(ground, good) - get,
        "wrong POST": _cost(ground, wrong) - get,
    }


def _sent(number: int) -> dict[str, str]:
    found = {name: values[0] for name, values in big.posted(number).items()}
    return {name: value for name, value in found.items() if name != "version"}


def _first_text(form: Mapping[str, str]) -> str:
    return next(name for name, value in form.items() if value.startswith("Musterweg"))


def _cost(ground: Ground, ask: Callable[[int], object]) -> float:
    """Return the web processes' milliseconds of processor time for one request."""
    ask(0)
    ground.settle()
    before = processes.processor_seconds(os.getpid()).get("web", 0.0)
    for turn in range(TURNS):
        ask(turn)
    after = processes.processor_seconds(os.getpid()).get("web", 0.0)
    return (after - before) * 1000 / TURNS


def check() -> dict[str, float]:
    """Return the seconds that `check` takes for a blueprint with `CASES` acceptance cases."""
    runs = [_apart(_CHECK, str(CHECKED), str(CASES)) for _ in range(3)]
    if any(one["problems"] for one in runs):
        raise RuntimeError("a blueprint with problems is not checked to the end")
    return {"seconds": middle([one["seconds"] for one in runs])}


def largest_import() -> dict[str, float] | None:
    """Return seconds and MiB of importing the largest schema in `SAMPLES`; None without it.

    The time includes loading the interpreter's modules; the memory is that of the whole process.
    """
    folder = os.environ.get("SAMPLES")
    found = list(Path(folder).glob("fim-xdatenfelder/**/*.xml")) if folder else []
    if not found:
        return None
    largest = max(found, key=lambda path: path.stat().st_size)
    runs = [_apart(_IMPORT, str(largest)) for _ in range(3)]
    return {name: middle([one[name] for one in runs]) for name in runs[0]}


def _apart(program: str, *arguments: str) -> dict[str, Any]:
    """Run a small program in a fresh process; return what it prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, check=True, timeout=120
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
