"""A list outside the database that only grows: what must stay known after a restore.

A restored backup would bring back what was erased since it was made, so every erasure is written
here first, and read again by the restore. A line holds ids and our own words, never data of people.
"""

import os
from pathlib import Path


def append(path: Path, *words: str) -> None:
    """Add one line of ``words`` to the file ``path`` and have the disk hold it before returning.

    Words hold no blanks. One write in append mode: processes do not tear each other's lines.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = " ".join(words).encode() + b"\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line)
        os.fsync(handle)
    finally:
        os.close(handle)


def lines(path: Path) -> list[tuple[str, ...]]:
    """Return the words of every complete line of the file ``path``; none if it does not exist.

    A last line that a power cut has torn ends without a line break and is left out.
    """
    if not path.exists():
        return []
    complete, _, _ = path.read_text(encoding="utf-8").rpartition("\n")
    return [tuple(line.split()) for line in complete.splitlines() if line.strip()]
