"""Ties a child process to its parent: when the parent dies, be it by `kill -9`, it is told.

The functions run in a fresh child, before its program starts.
"""

import ctypes
import os
import signal

_SET_PARENT_DEATH_SIGNAL = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent() -> None:
    """Have the kernel send SIGTERM when the parent dies (Linux's PR_SET_PDEATHSIG)."""
    _tie(signal.SIGTERM)


def shut_down_with_parent() -> None:
    """Have the kernel send SIGINT when the parent dies: PostgreSQL's fast shutdown."""
    _tie(signal.SIGINT)


def worker_ends_with_parent() -> None:
    """Tie a process that stays in its parent's group, such as a worker of the HTTP server."""
    _libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)


def _tie(number: signal.Signals) -> None:
    _libc.prctl(_SET_PARENT_DEATH_SIGNAL, number, 0, 0, 0)
    # Ctrl-C reaches the terminal's whole group; the parent alone decides who stops first.
    os.setpgid(0, 0)
