"""Writes: collect money, open and settle attempts, set accounts up."""

from dienstweg.payments.actions.accounts import add_account, check, check_all, look_after
from dienstweg.payments.actions.clearing import clear
from dienstweg.payments.actions.collecting import collect, no_longer_collect, open, repeat
from dienstweg.payments.actions.copying import copy_payments
from dienstweg.payments.actions.refunding import no_longer_refund, refund, refund_done
from dienstweg.payments.actions.settling import ask, ask_soon, sweep

__all__ = [
    "add_account",
    "ask",
    "ask_soon",
    "check",
    "check_all",
    "clear",
    "collect",
    "copy_payments",
    "look_after",
    "no_longer_collect",
    "no_longer_refund",
    "open",
    "refund",
    "refund_done",
    "repeat",
    "sweep",
]
