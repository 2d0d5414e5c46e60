"""`make chaos`: applications while processes are killed, then the controls that must fail."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dienstweg.config.place import ROOT

LIMITS = {"storm": 640, "no-key": 150, "forgetful": 150}
"""Seconds after which a part is given up."""
FULL = {"storm": (500, 110), "no-key": (80, 4), "forgetful": (200, 14)}
QUICK = {"storm": (60, 15), "no-key": (40, 2), "forgetful": (80, 6)}
"""Applications and kills of each part."""


def main() -> int:
    """Play the storm and its controls; the exit code tells whether every promise was kept."""
    options = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    options.add_argument("--seed", type=int, default=20261122)
    options.add_argument("--quick", action="store_true", help="60 applications and 15 kills")
    options.add_argument("--only", choices=FULL, help="one part alone")
    options.add_argument("--port", type=int, default=19400, help="the first of five ports")
    given = options.parse_args()
    print(f"seed {given.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="dienstweg-chaos-"))
    plan = QUICK if given.quick else FULL
    faults = []
    for name in [given.only] if given.only else list(plan):
        faults += _play(name, plan[name], given.seed, given.port, folder / name)
        if faults:
            break
    if not faults and not given.only:
        faults += _live_through_an_outage(60 if given.quick else 500)
    for fault in faults:
        print(f"BROKEN {fault}")
    if faults:
        print(f"What was left behind: {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    print("Every promise was kept, and every control failed as it must.")
    return 0


def _play(name: str, size: tuple[int, int], seed: int, port: int, folder: Path) -> list[str]:
    """Play one part; return what is wrong: broken promises, or a control that keeps them."""
    folder.mkdir()
    began = time.monotonic()
    result, said = folder / "result.json", folder / "said"
    command = [sys.executable, "-m", "bench.chaos.part", name, "--seed", str(seed)]
    command += ["--submissions", str(size[0]), "--kills", str(size[1])]
    command += ["--port", str(port), "--result", str(result)]
    with said.open("wb") as out:
        part = subprocess.Popen(
            command, cwd=ROOT, env=_environment(folder / "var"), stdout=out, stderr=out
        )
        try:
            part.wait(LIMITS[name])
        except subprocess.TimeoutExpired:
            part.terminate()
            part.wait(60)
    if not result.exists():
        return [f"{name}: came to no end (code {part.returncode}); see {said}"]
    found: dict[str, Any] = json.loads(result.read_text())
    print(f"{name}: {time.monotonic() - began:.0f} s")
    for what, value in found["seen"].items():
        print(f"  {what}: {value}")
    sys.stdout.flush()
    if name == "storm":
        return [f"{name}: {one}" for one in found["broken"]]
    return [] if found["broken"] else [f"{name}: the control kept its promise, the run is void"]


def _live_through_an_outage(cases: int) -> list[str]:
    """Play the day without a back office, in virtual time, by its test; return what is wrong."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "tests/journey/test_outage.py"]
    environment = {**os.environ, "OUTAGE_CASES": str(cases)}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, timeout=600, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return ["outage: came to no end"]
    print(f"outage: {time.monotonic() - began:.0f} s\n  cases: {cases}", flush=True)
    return [] if done.returncode == 0 else [f"outage: {done.stdout.decode()[-3000:]}"]


def _environment(place: Path) -> dict[str, str]:
    """Return our environment without what would lead to another installation."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "DIENSTWEG"))
    }
    return {**kept, "DIENSTWEG_VAR": str(place), "DIENSTWEG_LOG_LEVEL": "WARNING"}


if __name__ == "__main__":
    sys.exit(main())
