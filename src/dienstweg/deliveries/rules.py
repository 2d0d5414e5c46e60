"""Decides when a delivery is tried again, who is told when, and what may follow what. Pure.

The figures are those of the project's retry schedule: 5 s, 30 s, 2 min, 10 min, 30 min, then every
15 min give or take a fifth, without end; told at 15 min, day 1, 3 and 9; a person on day 14.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

DELIVERY: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"accepted", "refused", "person"}),
    "person": frozenset({"accepted", "refused"}),
    "refused": frozenset({"waiting"}),
    "accepted": frozenset(),
}
"""What a delivery may become. One that a person looks at is still tried; only a person sends one
again that was refused; what is accepted is accepted for good."""

SENT = frozenset({"waiting", "person"})
"""States in which a delivery is tried."""

RETRY = tuple(timedelta(seconds=one) for one in (5, 30, 120, 600, 1800, 900))
"""Pauses after a failed try; the last one holds from then on."""

KNOCK = tuple(timedelta(seconds=one) for one in (5, 30, 120, 600, 900))
"""Pauses between two knocks at a destination that is down; the last one holds from then on."""

TOLD = (timedelta(minutes=15), timedelta(days=1), timedelta(days=3), timedelta(days=9))
"""After how long without success the authority is told, each once."""

PERSON = timedelta(days=14)
"""After how long a delivery is shown to a person, who decides; it is tried on."""

DOWN = 3
"""Failures in a row after which a destination counts as down: then only one probe knocks."""

LEASE = timedelta(seconds=15)
"""How long a worker is left alone with one try before another may repeat it under the same key."""

_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Health:
    """How a destination does: failures in a row, since when, and until when it is left alone."""

    failures: int = 0
    failing_since: datetime | None = None
    paused_until: datetime | None = None

    @property
    def down(self) -> bool:
        """Tell whether only a probe may knock."""
        return self.failures >= DOWN


def pause(tries: int, *, seed: str, asked_for: float | None = None) -> timedelta:
    """Return how long to wait after the ``tries``-th failure in a row (1 is the first).

    ``asked_for`` are seconds that the back office wants; they can only make it longer.
    """
    return max(_planned(RETRY, tries, seed), timedelta(seconds=asked_for or 0))


def after_failure(
    health: Health, *, now: datetime, seed: str, ready_at: datetime, asked_for: float | None = None
) -> Health:
    """Return how a destination does after one more failure.

    ``ready_at`` is when the first that waits for it wants to be tried by its own schedule: no
    knock is made before. A try that was under way while the destination came to rest says nothing
    new.
    """
    if health.paused_until is not None and health.paused_until > now:
        return health
    failures = health.failures + 1
    paused_until = now + timedelta(seconds=asked_for) if asked_for is not None else None
    if failures >= DOWN:
        knock = now + _planned(KNOCK, failures - DOWN + 1, seed)
        paused_until = max(knock, ready_at, paused_until or now)
    return Health(
        failures=failures,
        failing_since=health.failing_since or now,
        paused_until=paused_until,
    )


def steps(failing_for: timedelta) -> int:
    """Return how many times the authority must have been told after this long."""
    return sum(failing_for >= one for one in TOLD)


def next_telling(failing_since: datetime, told: int) -> datetime | None:
    """Return when the authority is told next, after ``told`` times; None when it was told all."""
    return failing_since + TOLD[told] if told < len(TOLD) else None


def may_knock(health: Health, *, now: datetime, probe: bool) -> bool:
    """Tell whether a try may be made now: while a destination rests, by its probe alone."""
    resting = health.paused_until is not None and (health.down or health.paused_until > now)
    return probe or not resting


def may_become(state: str, after: str) -> bool:
    """Tell whether a delivery in ``state`` may become ``after``."""
    return after in DELIVERY[state]


def _planned(table: tuple[timedelta, ...], turn: int, seed: str) -> timedelta:
    """Return the pause for this turn; the last one of a table is spread by a fifth."""
    if turn < len(table):
        return table[max(turn, 1) - 1]
    dice = random.Random(f"{seed}:{turn}")  # noqa: S311  # spreads load, keeps no secret
    return table[-1] * dice.uniform(1 - _JITTER, 1 + _JITTER)
