"""Writes: let cases go on, keep their legal periods, put right what stands still."""

from dienstweg.processes.actions.arrivals import note_arrival
from dienstweg.processes.actions.deadlines import pass_deadline, resume, suspend
from dienstweg.processes.actions.halting import try_again
from dienstweg.processes.actions.handing_over import (
    PASSING,
    HandingOver,
    NotYet,
    hand_over,
    hindrances,
    order,
    preview_handing_over,
)
from dienstweg.processes.actions.moving import Preview, move, preview_move, undo_move
from dienstweg.processes.actions.reminding import begin_reminding, remind_staff
from dienstweg.processes.actions.stepping import begin, go_on
from dienstweg.processes.actions.sweeping import sweep

__all__ = [
    "PASSING",
    "HandingOver",
    "NotYet",
    "Preview",
    "begin",
    "begin_reminding",
    "go_on",
    "hand_over",
    "hindrances",
    "move",
    "note_arrival",
    "order",
    "pass_deadline",
    "preview_handing_over",
    "preview_move",
    "remind_staff",
    "resume",
    "suspend",
    "sweep",
    "try_again",
    "undo_move",
]
