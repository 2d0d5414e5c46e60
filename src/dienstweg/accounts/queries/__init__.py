"""Reads about accounts: what staff may do where, and what applicants keep in theirs."""

from dienstweg.accounts.queries.applicants import (
    Holder,
    SignedIn,
    export,
    holder,
    known,
    signed_in,
)
from dienstweg.accounts.queries.staff import names, roles_of

__all__ = [
    "Holder",
    "SignedIn",
    "export",
    "holder",
    "known",
    "names",
    "roles_of",
    "signed_in",
]
