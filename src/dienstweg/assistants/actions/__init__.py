"""Writes about drafts: one module for each of filling in, contact, resuming, prefilling, a
change of release, a correction, and a draft's life."""

from dienstweg.assistants.actions.carrying import carry_over
from dienstweg.assistants.actions.contact import confirm_contact, set_contact
from dienstweg.assistants.actions.correcting import (
    begin_correction,
    drop_correction,
    end_correction,
    forget_corrections,
)
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
    begin_for,
    discard,
    expire,
    extend,
    forget,
    hand_over,
    sweep,
)
from dienstweg.assistants.actions.owning import discard_own, keep_in_account
from dienstweg.assistants.actions.prefilling import (
    Given,
    ask,
    ask_now,
    fetch,
    prefill,
    stop_asking,
    take_over,
)
from dienstweg.assistants.actions.resuming import confirm_link, mail_link, resume
from dienstweg.assistants.actions.uploading import (
    begin_upload,
    continue_upload,
    end_upload,
    upload,
)
from dienstweg.assistants.own_account import OwnAccount

__all__ = [
    "Answered",
    "Begun",
    "Given",
    "Go",
    "OwnAccount",
    "Stale",
    "add_item",
    "answer",
    "ask",
    "ask_now",
    "attach",
    "begin",
    "begin_correction",
    "begin_for",
    "begin_upload",
    "carry_over",
    "confirm_contact",
    "confirm_link",
    "continue_upload",
    "detach",
    "discard",
    "discard_own",
    "drop_correction",
    "end_correction",
    "end_upload",
    "expire",
    "extend",
    "fetch",
    "forget",
    "forget_corrections",
    "hand_over",
    "keep_in_account",
    "mail_link",
    "prefill",
    "remove_item",
    "resume",
    "set_contact",
    "stop_asking",
    "sweep",
    "take_over",
    "upload",
]
