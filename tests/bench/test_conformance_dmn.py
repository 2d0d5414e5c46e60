"""The DMN compatibility kit: what passes must go on passing, what does not is named here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = os.environ.get("SAMPLES", "")
ROOT = Path(__file__).parents[2]
JAVA = "0076-feel-external-java"
REFUSED = {
    *(f"{JAVA}/literal_{number:03d}/literal_{number:03d}" for number in range(1, 13)),
    f"{JAVA}/boxed_001/boxed_001",
    f"{JAVA}/varargs_001/varargs_001",
}
"""Functions in Java: a blueprint is data, it never brings code (docs/decisions/0030)."""
TESTS = {"compliance-level-2": "102", "compliance-level-3": "1442", "non-compliant": "50"}
"""How many tests the kit has: fewer would mean that some are no longer read."""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the kit as `make conformance` does."""
    return subprocess.run(
        [sys.executable, "-m", "bench.conformance_dmn", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")
def test_the_kit(tmp_path: Path) -> None:
    done = run(SAMPLES, "--json", str(tmp_path / "found.json"))
    assert done.returncode == 0, done.stdout
    found = json.loads((tmp_path / "found.json").read_text())
    assert {line[0]: line[2] for line in found["table"][1:]} == TESTS
    assert found["failed"] == []
    assert set(found["refused"]) == REFUSED


def test_without_samples_it_says_so() -> None:
    done = run("")
    assert done.returncode == 2
    assert "not run" in done.stdout
