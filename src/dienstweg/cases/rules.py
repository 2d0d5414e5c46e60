"""Decides about cases and tasks: pure; tables of what may follow what, and deadlines."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

CASE: Mapping[str, frozenset[str]] = {
    "open": frozenset({"withdrawn", "closed", "erased"}),
    "withdrawn": frozenset({"closed", "erased"}),
    "closed": frozenset({"erased"}),
    "erased": frozenset(),
}
"""Which state of a case may follow which. A withdrawn case is closed by its process."""

TASK: Mapping[str, frozenset[str]] = {
    "open": frozenset({"proposed", "decided", "withdrawn"}),
    "proposed": frozenset({"open", "decided", "withdrawn"}),
    "decided": frozenset({"open", "proposed", "done", "withdrawn"}),
    "done": frozenset(),
    "withdrawn": frozenset(),
}
"""Which state of a task may follow which; open or proposed after decided is an undo."""

TRIES = 10
"""Wrong access codes for one case after which none is accepted for a while."""
TRIES_WITHIN = timedelta(minutes=15)
RENEW_PAUSE = timedelta(minutes=10)
"""A new access code for a case is sent at most once in this time."""
SETTLED_WITHIN = timedelta(minutes=5)
"""A decision that is not settled this long after its time has been lost sight of."""
SWEPT_EVERY = timedelta(minutes=10)
SWEPT_AT_ONCE = 500
NOTE_OPEN = timedelta(minutes=10)
"""How long who wrote a note can write it anew: others may have acted upon it later."""


def may(table: Mapping[str, frozenset[str]], state: str, then: str) -> bool:
    """Tell whether ``then`` may follow ``state``."""
    return then in table[state]


def sources(table: Mapping[str, frozenset[str]], then: str) -> list[str]:
    """Return the states that ``then`` may follow."""
    return [state for state, following in table.items() if then in following]


def can_undo(*, now: datetime, undo_until: datetime | None) -> bool:
    """Tell whether a decision can still be taken back."""
    return undo_until is not None and now < undo_until


def is_note_open(*, written_at: datetime, now: datetime) -> bool:
    """Tell whether who wrote a note can still correct it."""
    return now - written_at < NOTE_OPEN


def guesses(
    *, now: datetime, wrong: int, since: datetime | None
) -> tuple[int, datetime | None, datetime | None]:
    """Return wrong tries that still count, since when, and until when none is accepted."""
    if since is None or now - since >= TRIES_WITHIN:
        return 0, None, None
    return wrong, since, since + TRIES_WITHIN if wrong >= TRIES else None


def canonical(value: Any) -> bytes:
    """Return ``value`` as JSON that is the same for equal values: sorted keys, no blanks."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def fingerprint(value: Any) -> bytes:
    """Return the SHA-256 of the canonical JSON of ``value``."""
    return hashlib.sha256(canonical(value)).digest()
