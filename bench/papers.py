"""What documents cost: a decision of two pages, sealed or not, and a heap of a thousand of them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.ground import HERE, Ground

ROOT = HERE.parent
BLUEPRINT = ROOT / "leistungen" / "bewohnerparkausweis"
HEAP = 1000
DECISION_MS = 40.0
URGENT_SECONDS = 2.0
"""What somebody at a screen waits for at most while the heap is typeset."""

_ONE = """
import json, resource, sys, time
from dataclasses import replace
from pathlib import Path
from dienstweg.adapters.pades import make, test_identity
from dienstweg.blueprint import acceptance, documents, folder, release, typesetter
made = release.compile(dict(folder.read_folder(Path(sys.argv[1]))))
found, kept = [], typesetter.Typesetter.pdf
def noted(self, source):
    found.append(source)
    return kept(self, source)
typesetter.Typesetter.pdf = noted
acceptance.run_all(made)
typesetter.Typesetter.pdf = kept
decisions = [one for one in found if "Ausweis zum Ausdrucken" in one.main]
def used():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)
def cost(rounds):
    before, last = used(), b""
    with typesetter.Typesetter() as setter:
        for number in range(rounds):
            for source in decisions:
                # Another number for each, or Typst would know the whole letter from the last time.
                text = source.inputs["context"].replace("MUS-0000", f"MUS-{number:04d}")
                last = setter.pdf(replace(source, inputs={**source.inputs, "context": text}))
    return used() - before, last
rounds = 6
(once, _), (more, pdf) = cost(1), cost(1 + rounds)
sealer = make({}, test_identity("Bench"), None)
sealer.seal(pdf)
before = time.process_time()
for _ in range(20):
    sealer.seal(pdf)
sealed = time.process_time() - before
count = rounds * len(decisions)
print(json.dumps({"plain": (more - once) * 1000 / count, "seal": sealed * 50, "number": count}))
"""
_HEAP = """
import json, os, sys, time
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dienstweg.config.settings")
django.setup()
from django.db import transaction
from dienstweg.authorities import queries as authorities, scope
from dienstweg.cases import queries as cases
from dienstweg.documents import actions, queries
from dienstweg.documents.models import Document
from dienstweg.events.job import known_jobs
from dienstweg.kernel.references import new_id
known_jobs()
heap = int(sys.argv[1])
for card in authorities.all_cards():
    with scope.enter(scope.of(card.id)):
        views = cases.recent()
        if not views:
            continue
        case = views[0].id
        key = cases.key(case)
        with transaction.atomic():
            for number in range(heap):
                actions.write(case_id=case, case_key=key, key=f"heap-{number}",
                    template="receipt", title="Bescheid", data={})
        began, waits, left = time.perf_counter(), [], heap
        while left:
            asked = time.perf_counter()
            me = new_id()
            wanted = actions.order_preview(case_id=case, account_id=me, template="receipt", data={})
            while queries.preview_state(wanted, account_id=me) == "ordered":
                time.sleep(0.01)
            waits.append(time.perf_counter() - asked)
            time.sleep(0.3)
            left = Document.objects.filter(case_id=case, state="ordered").count()
        seconds = time.perf_counter() - began
        print(json.dumps({"seconds": seconds, "per second": heap / seconds,
            "urgent": max(waits), "asked": len(waits)}))
        break
"""


@dataclass(frozen=True)
class Papers:
    """What was measured: milliseconds of processor time of a decision, seconds of a heap."""

    decision: dict[str, float]
    heap: dict[str, float]

    def lines(self) -> Iterator[str]:
        """Yield the report for people."""
        yield "Documents"
        cost, heap = self.decision, self.heap
        yield (
            f"  a decision of two pages with QR code and data attached: {cost['plain']:.1f} ms of"
            f" processor time; its electronic seal: {cost['seal']:.1f} ms more"
        )
        yield (
            f"  {HEAP} documents ordered at once: {heap['seconds']:.1f} s"
            f" ({heap['per second']:.0f} a second); meanwhile a preview was there after"
            f" {heap['urgent']:.2f} s at most"
        )

    def verdicts(self) -> Iterator[tuple[str, float, str, bool]]:
        """Yield name, figure, aim and whether it is met."""
        cost = self.decision["plain"]
        yield "ms of a two-page decision", round(cost, 1), "< 40", cost < DECISION_MS
        wait = self.heap["urgent"]
        yield "seconds for a preview beside a heap", round(wait, 2), "< 2", wait < URGENT_SECONDS


def measure(ground: Ground) -> Papers:
    """Measure both; the heap needs an installation with a case and a worker."""
    ground.settle()
    return Papers(decision(), _apart(_HEAP, str(HEAP)))


def decision() -> dict[str, float]:
    """Return the processor time of a decision in ms, and what its seal adds."""
    return _apart(_ONE, str(BLUEPRINT))


def _apart(program: str, *arguments: str) -> dict[str, float]:
    """Run a small program in a fresh process; return what it prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        check=True,
        timeout=300,
        cwd=Path(ROOT),
        env=dict(os.environ),
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
