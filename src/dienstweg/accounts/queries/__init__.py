"""Reads about accounts: what staff may do where, and what applicants keep in theirs."""

from dienstweg.accounts.queries.applicants import (
    Holder,
    SignedIn,
    export,
    holder,
    known,
    signed_in,
)
from dienstweg.accounts.queries.staff import (
    Colleague,
    StandIn,
    colleagues,
    names,
    own_roles,
    roles_of,
    stand_ins,
)
from dienstweg.accounts.queries.teams import (
    Away,
    KeptView,
    Member,
    TeamCard,
    absences,
    members,
    team,
    teams_at,
    teams_of,
    views,
)

__all__ = [
    "Away",
    "Colleague",
    "Holder",
    "KeptView",
    "Member",
    "SignedIn",
    "StandIn",
    "TeamCard",
    "absences",
    "colleagues",
    "export",
    "holder",
    "known",
    "members",
    "names",
    "own_roles",
    "roles_of",
    "signed_in",
    "stand_ins",
    "team",
    "teams_at",
    "teams_of",
    "views",
]
