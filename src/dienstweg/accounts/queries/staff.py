"""Reads about staff: who may do what where, who is away, who stands in."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from dienstweg.accounts import grants
from dienstweg.accounts.models import Account
from dienstweg.kernel import clock

_WITH = """
WITH RECURSIVE grants (account_id, authority_id, role) AS (
    SELECT m.account_id, m.authority_id, m.role
    FROM accounts_membership m JOIN accounts_account c ON c.id = m.account_id AND c.is_active
    UNION ALL
    SELECT p.account_id, a.authority_id, r.role
    FROM accounts_teammember p
    JOIN accounts_account c ON c.id = p.account_id AND c.is_active
    JOIN accounts_team t ON t.id = p.team_id
    JOIN accounts_teamauthority a ON a.team_id = p.team_id
    CROSS JOIN LATERAL (
        SELECT jsonb_array_elements_text(t.roles) UNION ALL SELECT %(leads)s WHERE p.leads
    ) AS r (role)
), away (account_id, deputy_id, ends) AS (
    SELECT b.account_id, b.deputy_id, b.ends FROM accounts_absence b
    WHERE b.begins <= %(today)s AND (b.ends IS NULL OR b.ends >= %(today)s)
), stands_in (id) AS (
    SELECT %(account)s::uuid
    UNION
    SELECT b.account_id FROM away b JOIN stands_in s ON b.deputy_id = s.id
)
"""
"""What each account may do by itself (by memberships and teams), who is away today, and the account
with all for whom it stands in: a deputy who is away has a deputy of their own."""

_ROLES = """
SELECT g.account_id, g.authority_id, g.role, c.display_name
FROM grants g JOIN stands_in s ON s.id = g.account_id JOIN accounts_account c ON c.id = s.id
"""

_OWN = "SELECT g.account_id, g.authority_id, g.role FROM grants g WHERE g.account_id = %(account)s"

_STAND_INS = """
SELECT c.id, c.display_name, nullif(max(coalesce(b.ends, '9999-12-31')), '9999-12-31')
FROM stands_in s
JOIN accounts_account c ON c.id = s.id AND c.is_active
JOIN away b ON b.account_id = s.id
WHERE s.id <> %(account)s
GROUP BY c.id, c.display_name
ORDER BY c.display_name
"""

_COLLEAGUES = """
SELECT c.id, c.display_name, g.authority_id, g.role,
    EXISTS (SELECT FROM away b WHERE b.account_id = c.id)
FROM grants g JOIN accounts_account c ON c.id = g.account_id
WHERE g.authority_id = ANY(%(authorities)s)
ORDER BY c.display_name, c.id
"""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works for an authority, and what they may do by themselves."""

    id: UUID
    name: str
    away: bool
    roles: dict[UUID, set[str]] = field(default_factory=dict)

    def may(self, authority_id: UUID, role: str) -> bool:
        """Tell whether a task for ``role`` at the authority can be theirs."""
        return role in self.roles.get(authority_id, ())


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do by authority, and the names of those for whom they stand in today."""

    roles: dict[UUID, set[str]]
    stands_in: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody for whom an account stands in at present, and until when."""

    account_id: UUID
    name: str
    ends: date | None


def standing(account_id: UUID) -> Standing:
    """Return what an active account may do, and for whom it stands in today; one statement."""
    rows = _asked(_ROLES, account=account_id)
    return Standing(
        roles=grants.roles(account_id, [row[:3] for row in rows]),
        stands_in={row[0]: row[3] for row in rows if row[0] != account_id},
    )


def roles_of(account_id: UUID) -> dict[UUID, set[str]]:
    """Return the roles of an active account by authority; one statement.

    They come from memberships, from teams, and from those for whom the account stands in today
    (see `grants.roles`).
    """
    return standing(account_id).roles


def own_roles(account_id: UUID) -> dict[UUID, set[str]]:
    """Return the roles that an active account has by itself, by authority."""
    return grants.roles(account_id, _asked(_OWN, account=account_id))


def stand_ins(account_id: UUID) -> list[StandIn]:
    """Return those for whom the account stands in today, in the order of their names."""
    return [StandIn(*row) for row in _asked(_STAND_INS, account=account_id)]


def colleagues(authority_ids: Collection[UUID]) -> list[Colleague]:
    """Return who works for these authorities, in the order of their names; one statement."""
    found: dict[UUID, Colleague] = {}
    for row in _asked(_COLLEAGUES, authorities=list(authority_ids)):
        account_id, name, authority_id, role, away = row
        person = found.setdefault(account_id, Colleague(account_id, name, away))
        person.roles.setdefault(authority_id, set()).add(role)
    return list(found.values())


def names(account_ids: set[UUID]) -> dict[UUID, str]:
    """Return the names under which colleagues know these accounts."""
    rows = Account.objects.filter(id__in=account_ids)
    return dict(rows.values_list("id", "display_name"))


def _asked(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    given = {"account": None, "today": clock.today(), "leads": grants.LEADS, **values}
    with connection.cursor() as cursor:
        cursor.execute("\n".join((_WITH, statement)), given)
        return [*cursor.fetchall()]
