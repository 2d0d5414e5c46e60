"""Writes: hand over, send, take news, set connections up."""

from dienstweg.deliveries.actions.callers import prove_caller
from dienstweg.deliveries.actions.connections import add_connection, check, check_all, look_after
from dienstweg.deliveries.actions.escalation import tell
from dienstweg.deliveries.actions.handing_over import hand_over, send_again
from dienstweg.deliveries.actions.news import Taken, take_notice
from dienstweg.deliveries.actions.sending import drain, probe, send, send_after_scan, sweep

__all__ = [
    "Taken",
    "add_connection",
    "check",
    "check_all",
    "drain",
    "hand_over",
    "look_after",
    "probe",
    "prove_caller",
    "send",
    "send_after_scan",
    "send_again",
    "sweep",
    "take_notice",
    "tell",
]
