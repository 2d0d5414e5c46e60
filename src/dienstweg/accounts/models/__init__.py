"""The tables of accounts: shared by the network, read before there is a scope."""

from dienstweg.accounts.models.entering import Passage, Proof, Stay
from dienstweg.accounts.models.people import Account, AccountManager, Membership

__all__ = ["Account", "AccountManager", "Membership", "Passage", "Proof", "Stay"]
