"""A file of JSON lines that only grows: on disk before anything is answered."""

import json
import os
import threading
from pathlib import Path
from typing import Any


class Ledger:
    """The memory of a simulator; safe for threads, survives ``kill -9``."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self.lines = _whole_lines(path)
        self._file = path.open("ab")

    def write(self, **line: Any) -> None:
        """Add one line and return when it is on disk."""
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            self._file.write(text.encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of an earlier life, after cutting off one that was torn by its end."""
    if not path.exists():
        return []
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if len(whole) != len(raw):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    return [json.loads(line) for line in whole.splitlines()]
