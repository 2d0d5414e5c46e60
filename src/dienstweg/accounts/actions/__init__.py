"""Writes about accounts: one module for staff, and one for each thing applicants do with theirs."""

from dienstweg.accounts.actions.staff import add_staff

__all__ = ["add_staff"]
