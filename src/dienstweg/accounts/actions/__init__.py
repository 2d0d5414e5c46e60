"""Writes about accounts: one module for staff, and one for each thing applicants do with theirs."""

from dienstweg.accounts.actions.absences import be_away, be_back
from dienstweg.accounts.actions.entering import (
    challenge_of,
    end_stays,
    enter,
    go_on,
    leave,
    open_passage,
    sweep,
)
from dienstweg.accounts.actions.keeping import change_password, close, forget, keep_profile
from dienstweg.accounts.actions.proving import (
    begin_account,
    begin_address,
    begin_password,
    confirm_account,
    confirm_address,
    confirm_password,
    confirmed_by_password,
)
from dienstweg.accounts.actions.reminding import (
    note_reminded,
    set_reminded_back,
    want_reminders,
)
from dienstweg.accounts.actions.staff import add_staff
from dienstweg.accounts.actions.teams import (
    add_member,
    change_team,
    load_team,
    new_team,
    remove_member,
    set_leader,
)
from dienstweg.accounts.actions.views import forget_view, keep_view

__all__ = [
    "add_member",
    "add_staff",
    "be_away",
    "be_back",
    "begin_account",
    "begin_address",
    "begin_password",
    "challenge_of",
    "change_password",
    "change_team",
    "close",
    "confirm_account",
    "confirm_address",
    "confirm_password",
    "confirmed_by_password",
    "end_stays",
    "enter",
    "forget",
    "forget_view",
    "go_on",
    "keep_profile",
    "keep_view",
    "leave",
    "load_team",
    "new_team",
    "note_reminded",
    "open_passage",
    "remove_member",
    "set_leader",
    "set_reminded_back",
    "sweep",
    "want_reminders",
]
