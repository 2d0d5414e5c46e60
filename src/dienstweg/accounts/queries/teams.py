"""Reads about teams: who belongs to one, who is away, which views of the list are kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from dienstweg.accounts.errors import NoSuchTeam
from dienstweg.accounts.models import Absence, SavedView, Team, TeamMember
from dienstweg.kernel import clock


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team: what its members may do, and at which authorities."""

    id: UUID
    name: str
    roles: tuple[str, ...]
    authority_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team."""

    account_id: UUID
    name: str
    email: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Away:
    """A time in which somebody is away, now or later, and who stands in."""

    id: UUID
    account_id: UUID
    name: str
    begins: date
    ends: date | None
    deputy_id: UUID | None
    deputy: str
    present: bool


@dataclass(frozen=True, slots=True)
class KeptView:
    """Filters of the work list under a name; ``team`` is that with which they are shared."""

    id: UUID
    name: str
    filters: Mapping[str, str]
    team: str
    mine: bool


def teams_of(account_id: UUID) -> list[TeamCard]:
    """Return the teams that the account belongs to, by name."""
    rows = Team.objects.filter(members__account_id=account_id)
    return [_card(row) for row in rows.order_by("name").prefetch_related("places")]


def teams_at(authority_ids: Collection[UUID]) -> list[TeamCard]:
    """Return the teams that work for one of these authorities, by name."""
    rows = Team.objects.filter(places__authority_id__in=authority_ids).distinct()
    return [_card(row) for row in rows.order_by("name").prefetch_related("places")]


def team(team_id: UUID) -> TeamCard:
    """Return a team; raises `NoSuchTeam`."""
    row = Team.objects.filter(id=team_id).prefetch_related("places").first()
    if row is None:
        raise NoSuchTeam
    return _card(row)


def members(team_id: UUID) -> list[Member]:
    """Return who belongs to the team, by name."""
    rows = TeamMember.objects.filter(team_id=team_id).select_related("account")
    return [
        Member(row.account_id, row.account.display_name, row.account.email, row.leads)
        for row in rows.order_by("account__display_name")
    ]


def absences(account_ids: Collection[UUID]) -> list[Away]:
    """Return when these people are away, today or later, the earliest first."""
    today = clock.today()
    rows = Absence.objects.filter(account_id__in=account_ids).exclude(ends__lt=today)
    return [
        Away(
            id=row.id,
            account_id=row.account_id,
            name=row.account.display_name,
            begins=row.begins,
            ends=row.ends,
            deputy_id=row.deputy_id,
            deputy=row.deputy.display_name if row.deputy else "",
            present=row.begins <= today,
        )
        for row in rows.select_related("account", "deputy").order_by("begins", "id")
    ]


def views(account_id: UUID) -> list[KeptView]:
    """Return the views that the account keeps, and those shared with its teams, by name."""
    rows = SavedView.objects.filter(
        Q(account_id=account_id) | Q(team__members__account_id=account_id)
    )
    return [
        KeptView(
            id=row.id,
            name=row.name,
            filters=_texts(row.filters),
            team=row.team.name if row.team else "",
            mine=row.account_id == account_id,
        )
        for row in rows.distinct().select_related("team").order_by("name", "id")
    ]


def _texts(filters: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in dict(filters).items()}


def _card(row: Team) -> TeamCard:
    return TeamCard(
        id=row.id,
        name=row.name,
        roles=tuple(row.roles),
        authority_ids=frozenset(one.authority_id for one in row.places.all()),
    )
