"""Writes about teams. Who may ask for them is the caller's to know (`grants.may_lead`)."""

import logging
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from dienstweg.accounts import grants
from dienstweg.accounts.errors import LastLeader, NoSuchColleague, NoSuchTeam, NotToBeGiven
from dienstweg.accounts.facts import RolesChanged
from dienstweg.accounts.models import Account, Team, TeamAuthority, TeamMember
from dienstweg.accounts.queries import staff
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.authorities.errors import NoSuchAuthority
from dienstweg.events import actions as events
from dienstweg.kernel.references import new_id

log = logging.getLogger("dienstweg.accounts")


def load_team(
    *,
    slug: str,
    name: str,
    authority_slugs: Sequence[str],
    roles: Sequence[str],
    emails: Sequence[str],
    leaders: Sequence[str] = (),
) -> UUID:
    """Add the team with this ``slug``, or change it; return its id; for the network file.

    Members who are there already stay: those who lead the team may have added them. Raises
    `NoSuchAuthority`, `NoSuchColleague`.
    """
    by_slug = {card.slug: card.id for card in authorities.all_cards()}
    unknown = [one for one in authority_slugs if one not in by_slug]
    if unknown:
        raise NoSuchAuthority(", ".join(unknown))
    with transaction.atomic():
        team, _ = Team.objects.update_or_create(
            slug=slug, defaults={"name": name, "roles": list(roles)}
        )
        _set_places(team.id, [by_slug[one] for one in authority_slugs])
        for email in (*emails, *leaders):
            account = _account(email)
            leads = {"leads": True} if email in leaders else {}
            TeamMember.objects.update_or_create(team=team, account=account, defaults=leads)
    return team.id


def new_team(
    *, name: str, authority_ids: Collection[UUID], roles: Collection[str], account_id: UUID
) -> UUID:
    """Make a team, led by ``account_id``, and return its id; raises `NotToBeGiven`."""
    _may_be_given(roles)
    with transaction.atomic():
        slug = f"{slugify(name)[:40]}-{new_id().hex[-8:]}"
        team = Team(name=name, roles=sorted(roles), slug=slug)
        team.save(force_insert=True)
        _set_places(team.id, authority_ids)
        TeamMember.objects.create(team=team, account_id=account_id, leads=True)
    log.info("team_made team=%s by=%s", team.id, account_id)
    return team.id


def change_team(
    *,
    team_id: UUID,
    name: str,
    authority_ids: Collection[UUID],
    roles: Collection[str],
    account_id: UUID,
) -> None:
    """Give the team another name, other authorities or other roles.

    Roles that are not to be given away stay as they are, where they are. Raises `NoSuchTeam`,
    `NotToBeGiven`.
    """
    with transaction.atomic():
        team = _locked(team_id)
        _may_be_given(set(roles) - set(team.roles))
        before = _places(team_id)
        if set(authority_ids) != before:
            _may_be_given(team.roles)
        kept = set(team.roles) & grants.PERSONAL
        Team.objects.filter(id=team_id).update(name=name, roles=sorted(set(roles) | kept))
        _set_places(team_id, authority_ids)
        for member in TeamMember.objects.filter(team_id=team_id):
            _tell(member.account_id, before)
    log.info("team_changed team=%s by=%s", team_id, account_id)


def add_member(*, team_id: UUID, email: str, account_id: UUID) -> None:
    """Let a colleague join the team; twice is once.

    Only who works for an authority already can join: raises `NoSuchColleague`, `NoSuchTeam`, and
    `NotToBeGiven` where the team watches over others.
    """
    with transaction.atomic():
        team = _locked(team_id)
        _may_be_given(team.roles)
        person = _account(email)
        if not staff.roles_of(person.id):
            raise NoSuchColleague
        TeamMember.objects.get_or_create(team=team, account=person)
    log.info("team_joined team=%s account=%s by=%s", team_id, person.id, account_id)


def remove_member(*, team_id: UUID, member_id: UUID, account_id: UUID) -> None:
    """Take somebody out of the team; twice is once.

    Raises `LastLeader`, `NoSuchTeam`, and `NotToBeGiven` where the team watches over others.
    """
    with transaction.atomic():
        _may_be_given(_locked(team_id).roles)
        _must_not_be_last(team_id, member_id)
        TeamMember.objects.filter(team_id=team_id, account_id=member_id).delete()
        _tell(member_id, _places(team_id))
    log.info("team_left team=%s account=%s by=%s", team_id, member_id, account_id)


def set_leader(*, team_id: UUID, member_id: UUID, leads: bool, account_id: UUID) -> None:
    """Say whether a member leads the team. Raises `LastLeader`, `NoSuchTeam`."""
    with transaction.atomic():
        _locked(team_id)
        if not leads:
            _must_not_be_last(team_id, member_id)
        TeamMember.objects.filter(team_id=team_id, account_id=member_id).update(leads=leads)
        if not leads:
            _tell(member_id, _places(team_id))
    log.info("team_leader team=%s account=%s leads=%s by=%s", team_id, member_id, leads, account_id)


def _locked(team_id: UUID) -> Team:
    team = Team.objects.select_for_update(no_key=True).filter(id=team_id).first()
    if team is None:
        raise NoSuchTeam
    return team


def _account(email: str) -> Account:
    account = Account.objects.filter(email=email.strip().lower(), is_active=True).first()
    if account is None:
        raise NoSuchColleague
    return account


def _may_be_given(roles: Collection[str]) -> None:
    """Refuse roles that watch over others: those who are watched neither give nor take them."""
    if grants.PERSONAL & set(roles):
        raise NotToBeGiven


def _must_not_be_last(team_id: UUID, member_id: UUID) -> None:
    rows = TeamMember.objects.filter(team_id=team_id, leads=True)
    if set(rows.values_list("account_id", flat=True)) == {member_id}:
        raise LastLeader


def _places(team_id: UUID) -> set[UUID]:
    return set(TeamAuthority.objects.filter(team_id=team_id).values_list("authority_id", flat=True))


def _set_places(team_id: UUID, authority_ids: Collection[UUID]) -> None:
    present, wanted = _places(team_id), set(authority_ids)
    TeamAuthority.objects.filter(team_id=team_id, authority_id__in=present - wanted).delete()
    TeamAuthority.objects.bulk_create(
        TeamAuthority(team_id=team_id, authority_id=one) for one in sorted(wanted - present)
    )


def _tell(account_id: UUID, authority_ids: Collection[UUID]) -> None:
    """Let the authorities know that somebody may do less there than before."""
    for authority_id in sorted(authority_ids):
        with scope.enter(scope.of(authority_id)):
            events.record(RolesChanged(authority_id=authority_id, account_id=account_id))
