"""Reads about accounts: what staff may do where, and what applicants keep in theirs."""

from dienstweg.accounts.queries.staff import names, roles_of

__all__ = ["names", "roles_of"]
