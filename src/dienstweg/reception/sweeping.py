"""Forgets acts that nobody will repeat and guesses that nobody counts, once in a while."""

from datetime import timedelta
from uuid import UUID

from dienstweg.events import actions as events
from dienstweg.reception import acts, guesses

EVERY = timedelta(hours=6)


def sweep(*, authority_id: UUID) -> int:
    """Delete the scope's old acts and everybody's old guesses; return how many there were.

    Guesses are counted for the network too, so that whichever authority comes first sweeps them.
    """
    deleted = acts.sweep() + guesses.sweep()
    events.look_again(job="reception.sweep", authority_id=authority_id, after=EVERY)
    return deleted
