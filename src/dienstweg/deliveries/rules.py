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

TOLD = (timedelta(minutes=15), timedelta(days=1), timedelta(days=3), timedelta(days=9))
"""After how long without success the authority is told, each once."""

PERSON = timedelta(days=14)
"""After how long a delivery is shown to a person, who decides; it is tried on."""

DOWN = 3
"""Failures in a row after which a destination counts as down: then only one probe knocks."""

LEASE = timedelta(seconds=60)
"""How long a worker may take for one try before another does it for it."""

_JITTER = 0.2
_JITTERED_FROM = len(RETRY)


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
    planned = RETRY[min(max(tries, 1), len(RETRY)) - 1]
    if tries >= _JITTERED_FROM:
        dice = random.Random(f"{seed}:{tries}")  # noqa: S311  # spreads load, keeps no secret
        planned *= dice.uniform(1 - _JITTER, 1 + _JITTER)
    return max(planned, timedelta(seconds=asked_for or 0))


def after_failure(
    health: Health, *, now: datetime, seed: str, asked_for: float | None = None
) -> Health:
    """Return how a destination does after one more failure."""
    failures = health.failures + 1
    stopped = failures >= DOWN or asked_for is not None
    return Health(
        failures=failures,
        failing_since=health.failing_since or now,
        paused_until=now + pause(failures, seed=seed, asked_for=asked_for) if stopped else None,
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
