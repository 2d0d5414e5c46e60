"""Writes about drafts: one module for filling in, one for files, contact, and a draft's life."""

from dienstweg.assistants.actions.contact import confirm_contact, set_contact
from dienstweg.assistants.actions.filling import (
    Answered,
    Go,
    Stale,
    add_item,
    answer,
    attach,
    detach,
    remove_item,
)
from dienstweg.assistants.actions.life import (
    Begun,
    begin,
    discard,
    expire,
    extend,
    forget,
    hand_over,
    resume,
    sweep,
)

__all__ = [
    "Answered",
    "Begun",
    "Go",
    "Stale",
    "add_item",
    "answer",
    "attach",
    "begin",
    "confirm_contact",
    "detach",
    "discard",
    "expire",
    "extend",
    "forget",
    "hand_over",
    "remove_item",
    "resume",
    "set_contact",
    "sweep",
]
