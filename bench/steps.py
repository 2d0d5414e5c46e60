"""`python -m bench.steps`: what a step of the building permit costs.

A step is: lock the case, load and unseal the state, advance, store it sealed, carry out what is
wanted, commit; in a database of its own with `fsync` on, one case after another, as a worker does
it. Everything that the process asks for is answered at once.
"""

import argparse
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
AIM = 5.0
"""Milliseconds at p95."""
CASES = 400
TURNS = 40
KINDS = {
    "step": "a step: lock, load, advance, store, periods, commit",
    "step_cpu": "  of it processor time of the worker",
    "advance": "  of that the process alone",
    "bare": "  of it without writing down the legal periods",
    "whole": "with everything that is wanted, carried out in that transaction",
    "whole_cpu": "  of it processor time of the worker",
}
WARM = 40
"""Cases after which a worker has compiled and cached what it needs."""


@dataclass(frozen=True)
class Steps:
    """P50 and p95 in milliseconds of each part of a step, see `KINDS`."""

    service: str
    cases: int
    steps: int
    times: dict[str, tuple[float, float]]

    def lines(self) -> list[str]:
        """Return the figures for people."""
        told = [f"{self.service}: {self.steps} steps of {self.cases} cases, ms p50 / p95"]
        return [
            *told,
            *(f"  {KINDS[name]:<58} {p50:>7} / {p95}" for name, (p50, p95) in self.times.items()),
        ]

    def verdicts(self) -> Iterator[tuple[str, float, str, bool]]:
        """Yield name, figure, aim and whether it is met."""
        p95 = self.times["step"][1]
        yield f"p95 of a step of {self.service} in ms", p95, f"< {AIM:g}", p95 < AIM


def apart(cases: int = CASES) -> Steps:
    """Play so many cases in a process of its own; return its figures."""
    command = [sys.executable, "-m", "bench.steps", "--json", "--cases", str(cases)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return Steps(**json.loads(done.stdout.splitlines()[-1]))


def _play(cases: int) -> Steps:
    """Let the cases go their way in the database that stands ready."""
    from dienstweg.authorities import scope
    from dienstweg.config import network

    addresses = {
        "simulator_backoffice": "http://127.0.0.1:9",
        "simulator_payments": "http://127.0.0.1:9",
        "backoffice_key_id": "backoffice",
        "backoffice_key": base64.b64encode(bytes(32)).decode(),
        "dienstweg_private_key": base64.b64encode(os.urandom(32)).decode(),
    }
    ids = network.load(path=ROOT / "demo" / "network.yaml", root=ROOT, addresses=addresses)
    with scope.enter(scope.of(UUID(str(ids["kranichsee"])))):
        return _Worker(cases).run()


class _Worker:
    """Takes one step after another, and notes what each costs."""

    def __init__(self, cases: int) -> None:
        from dienstweg.blueprint import process
        from dienstweg.offers import queries as offers
        from dienstweg.processes import periods
        from dienstweg.processes.actions import stepping

        offer = offers.live("baugenehmigung")
        assert offer is not None, "the county offers it"
        self.offer, self.cases = offer, cases
        self.release = offers.release(offer.digest)
        self.application = _application(self.release)
        self.took: dict[str, list[float]] = {name: [] for name in KINDS}
        self._aside, self._periods = [0.0, 0.0], 0.0
        self._step, self._carry_out, self._save = process.step, stepping.carry_out, periods.save
        process.step = self._advanced
        stepping.carry_out = self._carried_out
        periods.save = self._saved

    def _advanced(self, *given: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return self._step(*given, **named)
        finally:
            self.took["advance"].append(time.process_time() - began)

    def _carried_out(self, *given: Any) -> None:
        """Carry out an intent: the cost is that of the room, not of the step."""
        began, used = time.perf_counter(), time.process_time()
        self._carry_out(*given)
        self._aside[0] += time.perf_counter() - began
        self._aside[1] += time.process_time() - used

    def _saved(self, *given: Any, **named: Any) -> None:
        """Write down legal periods, what falls due for them and what there is to tell of them."""
        began = time.perf_counter()
        self._save(*given, **named)
        self._periods += time.perf_counter() - began

    def run(self) -> Steps:
        """Play every case to where it waits for time to pass."""
        for number in range(1, self.cases + 1):
            if number == WARM:
                for values in self.took.values():
                    values.clear()
            self._one()
        return Steps(
            service=self.offer.slug,
            cases=self.cases,
            steps=len(self.took["step"]),
            times={name: (_percent(one, 50), _percent(one, 95)) for name, one in self.took.items()},
        )

    def _one(self) -> None:
        from dienstweg.blueprint import process
        from dienstweg.processes.models import Conduct

        case_id = self._submitted()
        self._go_on(case_id, process.Submitted())
        for _ in range(TURNS):
            keys = Conduct.objects.values_list("waiting", flat=True).get(id=case_id)
            event = next((each for key in keys if (each := self._answer(key)) is not None), None)
            if event is None:
                return
            self._go_on(case_id, event)

    def _go_on(self, case_id: UUID, event: Any) -> None:
        from dienstweg.processes import actions

        self._aside, self._periods = [0.0, 0.0], 0.0
        began, used = time.perf_counter(), time.process_time()
        actions.go_on(case_id=case_id, event=event)
        whole, cpu = time.perf_counter() - began, time.process_time() - used
        self.took["step"].append(whole - self._aside[0])
        self.took["step_cpu"].append(cpu - self._aside[1])
        self.took["bare"].append(whole - self._aside[0] - self._periods)
        self.took["whole"].append(whole)
        self.took["whole_cpu"].append(cpu)

    def _submitted(self) -> UUID:
        from dienstweg.assistants import actions as assistants
        from dienstweg.assistants import queries as drafts
        from dienstweg.assistants.queries import Contact
        from dienstweg.cases import actions as cases

        begun = assistants.begin(offer_id=self.offer.id, lang="de")
        draft = drafts.opened(begun.draft_id, begun.secret)
        return cases.submit(
            draft=draft,
            application=self.application,
            notify=Contact(way="post"),
            declaration={"confirmed": True},
        ).case_id

    def _answer(self, key: str) -> Any:
        """Return what answers a thing that is waited for; nothing for time and news."""
        from dienstweg.blueprint import process
        from dienstweg.blueprint.bpmn import awaited

        element = self.release.process.diagram.elements[key.partition("#")[0].partition("@")[0]]
        match awaited(element):
            case "ask":
                outcome = element.own["outcomes"].split()[0]
                return process.TaskCompleted(key, outcome, {}, "In Ordnung.")
            case "write":
                return process.DocumentWritten(key)
            case "collect":
                return process.PaymentSettled(key, "paid")
            case "deliver":
                return process.Delivered(key, "R-1")
            case "sign":
                return process.Signed(key, "signed")
            case _:
                return None


def _application(release: Any) -> dict[str, Any]:
    """Return the application of the blueprint's first acceptance case."""
    from dienstweg.blueprint import acceptance, folder, playing

    files = folder.read_folder(ROOT / "leistungen" / "baugenehmigung")
    case = acceptance.load(files)[0]
    played = playing.play(release, case.answers, today=date.fromisoformat(str(case.today)))
    assert played.application is not None
    return played.application


def _percent(values: list[float], percent: int) -> float:
    return round(1000 * statistics.quantiles(values, n=100)[percent - 1], 2)


@contextmanager
def _database() -> Iterator[None]:
    """Have a database and keys of our own for as long as this takes."""
    with tempfile.TemporaryDirectory(prefix="dienstweg-bench-") as folder:
        os.environ["DIENSTWEG_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "dienstweg.config.settings"
        os.environ["DIENSTWEG_DEMO"] = "1"
        from dienstweg.config import postgres, roles

        with postgres.running(Path(folder) / "postgres") as server:
            addresses = roles.prepare(server, database="dienstweg_bench")
            os.environ.update(addresses.environment())
            _set_up(addresses)
            yield


def _set_up(addresses: Any) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from dienstweg.config import roles
    from dienstweg.kernel.encryption import load_master_key

    load_master_key(Path(settings.DIENSTWEG_MASTER_KEY), create=True)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    roles.grant(addresses.owner, addresses.app)


def main() -> int:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.steps")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with _database():
        found = _play(max(options.cases, 2 * WARM))
    print(json.dumps(asdict(found)) if options.json else "\n".join(found.lines()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
