"""Where this installation keeps its things."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
"""The project's folder: with `demo/` and `leistungen/` beside the source."""


def var() -> Path:
    """Return the folder of everything that is made while running (DIENSTWEG_VAR)."""
    return Path(os.environ.get("DIENSTWEG_VAR", ROOT / "var")).absolute()
