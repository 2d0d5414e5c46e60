"""Forgets acts that nobody will repeat and guesses that nobody counts, once in a while."""

from datetime import timedelta
from uuid import UUID

from dienstweg.accounts import actions as accounts
from dienstweg.events import actions as events
from dienstweg.reception import acts, guesses

EVERY = timedelta(hours=6)


def sweep(*, authority_id: UUID) -> int:
    """Delete the scope's old acts, and everybody's old guesses, codes and stays; count them.

    The latter are the network's, so that whichever authority comes first sweeps them.
    """
    deleted = acts.sweep() + guesses.sweep() + accounts.sweep()
    events.look_again(job="reception.sweep", authority_id=authority_id, after=EVERY)
    return deleted
