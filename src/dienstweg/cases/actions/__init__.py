"""Writes about cases: submission, tasks, access, and how a case ends."""

from dienstweg.cases.actions.access import (
    Held,
    hold,
    let_in,
    new_code_by_post,
    open_for,
    renew_code,
)
from dienstweg.cases.actions.ending import close, erase, replay_erasures, withdraw
from dienstweg.cases.actions.refusing import note_refused_file
from dienstweg.cases.actions.submission import submit
from dienstweg.cases.actions.tasks import ask, decide, no_longer_ask, settle_task, sweep, undo

__all__ = [
    "Held",
    "ask",
    "close",
    "decide",
    "erase",
    "hold",
    "let_in",
    "new_code_by_post",
    "no_longer_ask",
    "note_refused_file",
    "open_for",
    "renew_code",
    "replay_erasures",
    "settle_task",
    "submit",
    "sweep",
    "undo",
    "withdraw",
]
