"""The tables of accounts: shared by the network, read before there is a scope."""

from dienstweg.accounts.models.entering import Passage, Proof, Stay
from dienstweg.accounts.models.people import Account, AccountManager, Membership
from dienstweg.accounts.models.teams import (
    Absence,
    Reminding,
    SavedView,
    Team,
    TeamAuthority,
    TeamMember,
)

__all__ = [
    "Absence",
    "Account",
    "AccountManager",
    "Membership",
    "Passage",
    "Proof",
    "Reminding",
    "SavedView",
    "Stay",
    "Team",
    "TeamAuthority",
    "TeamMember",
]
