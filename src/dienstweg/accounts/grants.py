"""Decides who may do what where: pure."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

LEADS = "leitung"
"""The role of who leads a team or an authority's staff."""
DATA_PROTECTION = "datenschutz"
"""The role of the data-protection officer: reads who has read what."""
PERSONAL = frozenset({DATA_PROTECTION})
"""Roles that watch over others: no deputy gets them, and nobody who leads gives them away."""

Grant = tuple[UUID, UUID, str]
"""Account, authority, role: something that an account may do by itself."""


def roles(account_id: UUID, grants: Iterable[Grant]) -> dict[UUID, set[str]]:
    """Return what an account may do by authority: its own roles, and those it stands in for.

    ``grants`` are its own, and those of everybody it stands in for at present. A deputy takes over
    at authorities for which they work themselves only: no absence opens the door of another one.
    """
    given = list(grants)
    own: dict[UUID, set[str]] = {}
    for account, authority, role in given:
        if account == account_id:
            own.setdefault(authority, set()).add(role)
    for account, authority, role in given:
        if account != account_id and authority in own and role not in PERSONAL:
            own[authority].add(role)
    return own


def may_lead(roles: Mapping[UUID, Collection[str]], authority_ids: Collection[UUID]) -> bool:
    """Tell whether somebody with these ``roles`` leads at every one of the authorities."""
    return bool(authority_ids) and all(LEADS in roles.get(one, ()) for one in authority_ids)
