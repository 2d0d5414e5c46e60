"""What the processes of an installation cost: processor time and memory, by what they are."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
KINDS = (
    ("postgres", "postgres"),
    ("typist", "typist"),
    ("worker_program", "worker"),
    ("simulators", "simulators"),
    ("bench.limits", "limits"),
    ("http_server", "web"),
)
"""A word of the command line, and the kind of process that it stands for."""


def processor_seconds(below: int) -> dict[str, float]:
    """Return the processor time that each kind of process below ``below`` has used so far.

    That of ended children is counted with their parents.
    """
    found: dict[str, float] = {}
    for pid in _tree(below):
        try:
            kind, words = _kind(pid), _stat(pid)
        except OSError:  # it has just ended: its parent has the rest
            continue
        used = sum(int(word) for word in words[11:15]) / _TICKS
        kind = "load" if pid == below else kind
        found[kind] = found.get(kind, 0.0) + used
    return found


def proportional_memory(below: int) -> dict[str, list[float]]:
    """Return the PSS in MiB of each process below ``below`` by kind; web without its master."""
    found: dict[str, list[float]] = {}
    kinds: dict[int, str] = {}
    sizes: dict[int, float] = {}
    for pid in _tree(below):
        try:
            kinds[pid] = _kind(pid)
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            sizes[pid] = next(int(one.split()[1]) for one in lines if one.startswith("Pss:")) / 1024
        except (OSError, StopIteration):  # it has just ended
            continue
    masters = {_parent(pid) for pid in sizes if kinds[pid] == "web"} & set(sizes)
    for pid, size in sizes.items():
        kind = "web master" if pid in masters and kinds[pid] == "web" else kinds[pid]
        found.setdefault(kind, []).append(size)
    return found


def go_first(below: int) -> None:
    """Let the processes below ``below`` go before others on this machine; needs root and Linux.

    Each session is a group for the scheduler, so that groups are what can be put first.
    """
    for pid in _tree(below):
        with suppress(OSError):
            Path(f"/proc/{pid}/autogroup").write_text("-15")


def _kind(pid: int) -> str:
    title = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return next((kind for word, kind in KINDS if word in title), "load")


def _tree(root: int) -> Iterator[int]:
    yield root
    for thread in Path(f"/proc/{root}/task").iterdir():
        try:
            children = (thread / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            try:
                yield from _tree(int(child))
            except OSError:
                continue


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])
