"""Writes about accounts: one module for staff, and one for each thing applicants do with theirs."""

from dienstweg.accounts.actions.entering import (
    challenge_of,
    end_stays,
    enter,
    go_on,
    leave,
    open_passage,
    sweep,
)
from dienstweg.accounts.actions.keeping import change_password, close, keep_profile
from dienstweg.accounts.actions.proving import (
    begin_account,
    begin_address,
    begin_password,
    confirm_account,
    confirm_address,
    confirm_password,
)
from dienstweg.accounts.actions.staff import add_staff

__all__ = [
    "add_staff",
    "begin_account",
    "begin_address",
    "begin_password",
    "challenge_of",
    "change_password",
    "close",
    "confirm_account",
    "confirm_address",
    "confirm_password",
    "end_stays",
    "enter",
    "go_on",
    "keep_profile",
    "leave",
    "open_passage",
    "sweep",
]
