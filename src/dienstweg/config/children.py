"""Child processes that never outlive the command which started them."""

import ctypes
import os
import signal

_SET_PARENT_DEATH_SIGNAL = 1
_libc = ctypes.CDLL(None, use_errno=True)


def follow_parent() -> None:
    """Have the kernel end this process when its parent dies, be it by `kill -9`.

    Runs in a fresh child, before its program starts: Linux's prctl(PR_SET_PDEATHSIG). A program
    that catches SIGINT ends in good order.
    """
    _libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGINT, 0, 0, 0)
    # Ctrl-C reaches the whole group of the terminal; the parent alone decides on the order.
    os.setpgid(0, 0)
