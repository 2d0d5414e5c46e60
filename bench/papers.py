"""What documents cost: a decision of two pages and a thousand at once, without and with a seal."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ground import HERE, Ground

ROOT = HERE.parent
BLUEPRINT = ROOT / "leistungen" / "bewohnerparkausweis"
WITH_DECISION = ROOT / "leistungen" / "hundesteuer-anmeldung"
"""Whose decisions make the heaps: nobody has to pay for it."""
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
from datetime import date
from pathlib import Path
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dienstweg.config.settings")
django.setup()
from django.db import transaction
from dienstweg.adapters.pades import test_identity
from dienstweg.assistants import actions as assistants, queries as drafts
from dienstweg.authorities import queries as authorities, scope
from dienstweg.blueprint import acceptance, archive, folder, playing
from dienstweg.cases import actions as case_actions, queries as cases
from dienstweg.documents import actions, queries
from dienstweg.documents.models import Document
from dienstweg.events.job import known_jobs
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers, queries as offered
known_jobs()
heap, files = int(sys.argv[1]), dict(folder.read_folder(Path(sys.argv[2])))
CONTACT = drafts.Contact(way="post")

def submit(offer_id, data):
    begun = assistants.begin(offer_id=offer_id, lang="de")
    draft = drafts.opened(begun.draft_id, begun.secret)
    return case_actions.submit(draft=draft, application=data, notify=CONTACT,
        declaration={"confirmed": True}).case_id

def previewed(case):
    me = new_id()
    wanted = actions.order_preview(case_id=case, account_id=me, template="receipt", data={})
    while queries.preview_state(wanted, account_id=me) == "ordered":
        time.sleep(0.01)

def copied(offer_id, data):
    case = submit(offer_id, data)
    while not queries.of_case(case, keys=["receipt"]):
        time.sleep(0.01)

def heaped(case, name, *asked):
    key = cases.key(case)
    with transaction.atomic():
        for number in range(heap):
            actions.write(case_id=case, case_key=key, key=f"{name}-{number}",
                template="bescheid", title="Bescheid", data={"reason": "Weil es so ist."})
    began, waits, left = time.perf_counter(), [[] for _ in asked], heap
    mine = Document.objects.filter(case_id=case, key__startswith=f"{name}-")
    while left:
        for wait, ask in zip(waits, asked, strict=True):
            at = time.perf_counter()
            ask()
            wait.append(time.perf_counter() - at)
        time.sleep(0.3)
        left = mine.filter(state="ordered").count()
    seconds = time.perf_counter() - began
    sealed = mine.filter(sealed_at__isnull=False).count()
    return {"seconds": seconds, "per second": heap / seconds, "sealed": sealed,
        "preview": max(waits[0]), "copy": max(waits[1]), "asked": len(waits[0])}

with scope.enter(scope.of(authorities.all_cards()[0].id)):
    offer_id = offers.go_live(archive=archive.pack(files), settings={"connection": "fachverfahren"})
    acts = acceptance.load(files)[0]
    release = offered.release(offered.live("hundesteuer-anmeldung").digest)
    today = date.fromisoformat(str(acts.today))
    data = playing.play(release, acts.answers, today=today).application
    case = submit(offer_id, data)
    asked = (lambda: previewed(case), lambda: copied(offer_id, data))
    plain = heaped(case, "plain", *asked)
    actions.set_seal(kind="pades", options={}, secrets=test_identity("Bench"))
    sealed = heaped(case, "sealed", *asked)
    actions.remove_seal()
    print(json.dumps({"plain": plain, "sealed": sealed}))
"""


@dataclass(frozen=True)
class Papers:
    """What was measured: milliseconds of processor time of a decision, seconds of two heaps.

    ``heaps`` are those without and with the authority's electronic seal.
    """

    decision: dict[str, float]
    heaps: dict[str, dict[str, float]]

    def lines(self) -> Iterator[str]:
        """Yield the report for people."""
        yield "Documents"
        cost = self.decision
        yield (
            f"  a decision of two pages with QR code and data attached: {cost['plain']:.1f} ms of"
            f" processor time; its electronic seal: {cost['seal']:.1f} ms more"
        )
        for name, heap in self.heaps.items():
            yield (
                f"  {HEAP} {name} decisions ordered at once: {heap['seconds']:.1f} s"
                f" ({heap['per second']:.0f} a second, {heap['sealed']:.0f} with a seal); meanwhile"
                f" a preview was there after {heap['preview']:.2f} s at most, the copy of an"
                f" application {heap['copy']:.2f} s after it was sent"
            )

    def verdicts(self) -> Iterator[tuple[str, float, str, bool]]:
        """Yield name, figure, aim and whether it is met."""
        cost, sealed = self.decision["plain"], self.decision["plain"] + self.decision["seal"]
        yield "ms of a two-page decision", round(cost, 1), "< 40", cost < DECISION_MS
        yield "ms of one with its seal", round(sealed, 1), "< 40", sealed < DECISION_MS
        for name, heap in self.heaps.items():
            for what in ("preview", "copy"):
                wait = heap[what]
                about = f"seconds for a {what} beside {name} decisions"
                yield about, round(wait, 2), "< 2", wait < URGENT_SECONDS


def measure(ground: Ground) -> Papers:
    """Measure both; the heaps need an installation with a worker."""
    ground.settle()
    return Papers(decision(), _apart(_HEAP, str(HEAP), str(WITH_DECISION)))


def decision() -> dict[str, float]:
    """Return the processor time of a decision in ms, and what its seal adds."""
    found: dict[str, float] = _apart(_ONE, str(BLUEPRINT))
    return found


def _apart(program: str, *arguments: str) -> Any:
    """Run a small program in a fresh process; return what it prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        check=True,
        timeout=900,
        cwd=Path(ROOT),
        env=dict(os.environ),
    )
    return json.loads(done.stdout)
