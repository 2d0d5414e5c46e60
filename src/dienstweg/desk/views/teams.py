"""Teams: who is in them, who leads them, and what those who lead may change."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dienstweg.accounts import actions
from dienstweg.accounts import queries as accounts
from dienstweg.accounts.errors import (
    LastLeader,
    NoSuchColleague,
    NoSuchTeam,
    NotToBeGiven,
)
from dienstweg.accounts.queries import TeamCard
from dienstweg.authorities import queries as authorities
from dienstweg.desk.door import DATA_PROTECTION, LEADS, Desk, page, staff
from dienstweg.desk.reading import uuid_or_none
from dienstweg.desk.views.away import coming
from dienstweg.reception import pages

_NAME, _EMAIL, _MOST_ROLES = 120, 254, 40
_REFUSED: dict[type[Exception], str] = {
    NoSuchColleague: "colleague",
    LastLeader: "last_leader",
    NotToBeGiven: "not_to_be_given",
}
"""What can be refused -> the words for it."""


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the teams of this person, those that they may look after, and who is away."""
    mine = {one.id for one in accounts.teams_of(desk.account_id)}
    led = desk.with_role(LEADS)
    cards = accounts.teams_at(desk.roles.keys())
    seen = [one for one in cards if one.id in mine or _may_lead(desk, one)]
    context = {
        "rows": [_team_row(one) for one in seen],
        "may_add": bool(led),
        "colleagues": [one for one in accounts.colleagues(desk.roles) if one.away],
        **coming(desk),
    }
    return page(request, desk, "desk/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask for a new team, and make it: for authorities at which this person leads."""
    if not desk.with_role(LEADS):
        return pages.error(request, 403)
    if request.method != "POST":
        return _form(request, desk)
    name, places, roles = _posted(request, desk)
    if not name or not places:
        return _form(request, desk, problem="name" if not name else "places", status=422)
    team_id = actions.new_team(
        name=name, authority_ids=places, roles=roles, account_id=desk.account_id
    )
    return HttpResponseRedirect(reverse("desk:team", args=[team_id]))


@require_safe
@staff
def show(request: HttpRequest, desk: Desk, team_id: UUID) -> HttpResponse:
    """Show one team to its members and to those who lead its authorities."""
    return _show(request, desk, team_id)


@require_POST
@staff
def change(request: HttpRequest, desk: Desk, team_id: UUID) -> HttpResponse:
    """Give the team another name, other authorities, other roles."""
    name, places, roles = _posted(request, desk)
    if not name or not places:
        return _show(request, desk, team_id, problem="name" if not name else "places", status=422)

    def act(_team: TeamCard) -> None:
        actions.change_team(
            team_id=team_id,
            name=name,
            authority_ids=places,
            roles=roles,
            account_id=desk.account_id,
        )

    return _do(request, desk, team_id, act)


@require_POST
@staff
def join(request: HttpRequest, desk: Desk, team_id: UUID) -> HttpResponse:
    """Let the colleague with this e-mail address join."""
    email = request.POST.get("email", "")[:_EMAIL]

    def act(_team: TeamCard) -> None:
        actions.add_member(team_id=team_id, email=email, account_id=desk.account_id)

    return _do(request, desk, team_id, act)


@require_POST
@staff
def member(request: HttpRequest, desk: Desk, team_id: UUID, account_id: UUID) -> HttpResponse:
    """Take a member out, or say whether they lead the team: what ``tun`` says."""
    wish = request.POST.get("tun", "")
    if wish not in {"entfernen", "leitet", "leitet-nicht"}:
        return pages.error(request, 400 if led_team(desk, team_id) else 404)

    def act(_team: TeamCard) -> None:
        if wish == "entfernen":
            actions.remove_member(team_id=team_id, member_id=account_id, account_id=desk.account_id)
        else:
            actions.set_leader(
                team_id=team_id,
                member_id=account_id,
                leads=wish == "leitet",
                account_id=desk.account_id,
            )

    return _do(request, desk, team_id, act)


def led_team(desk: Desk, team_id: UUID) -> TeamCard | None:
    """Return the team if this person leads at all of its authorities."""
    try:
        card = accounts.team(team_id)
    except NoSuchTeam:
        return None
    return card if _may_lead(desk, card) else None


def _do(
    request: HttpRequest, desk: Desk, team_id: UUID, act: Callable[[TeamCard], None]
) -> HttpResponse:
    """Do it for who leads the team, and show the team; what is refused is said there."""
    card = led_team(desk, team_id)
    if card is None:
        return pages.error(request, 404)
    try:
        act(card)
    except tuple(_REFUSED) as error:
        return _show(request, desk, team_id, problem=_REFUSED[type(error)], status=422)
    return HttpResponseRedirect(reverse("desk:team", args=[team_id]))


def _show(
    request: HttpRequest, desk: Desk, team_id: UUID, *, problem: str = "", status: int = 200
) -> HttpResponse:
    card = led_team(desk, team_id)
    leads = card is not None
    if card is None:
        card = next((one for one in accounts.teams_of(desk.account_id) if one.id == team_id), None)
    if card is None:
        return pages.error(request, 404)
    people = accounts.members(team_id)
    known = {one.account_id for one in people}
    context = {
        **_team_row(card),
        **_choices(desk, card),
        "leads": leads,
        "members": people,
        "others": [one for one in accounts.colleagues(card.authority_ids) if one.id not in known]
        if leads
        else (),
        "absences": accounts.absences(known),
        "problem": problem,
        "typed": {name: request.POST.get(name, "") for name in ("email", "name")},
    }
    return page(request, desk, "desk/team.html", context, status=status)


def _form(
    request: HttpRequest, desk: Desk, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **_choices(desk, None),
        "problem": problem,
        "typed": {"name": request.POST.get("name", "")},
    }
    return page(request, desk, "desk/team_new.html", context, status=status)


def _posted(request: HttpRequest, desk: Desk) -> tuple[str, list[UUID], set[str]]:
    """Return name, authorities and roles of a form: only where this person leads, only known."""
    led = set(desk.with_role(LEADS))
    given = {uuid_or_none(one) for one in request.POST.getlist("behoerde")[: len(led) + 1]}
    wanted = set(request.POST.getlist("rolle")[:_MOST_ROLES])
    name = " ".join(request.POST.get("name", "").split())[:_NAME]
    return name, sorted(one for one in given if one in led), wanted & _known_roles(desk)


def _known_roles(desk: Desk) -> set[str]:
    """Return the roles that can be given where this person leads: those that somebody has there."""
    places = desk.with_role(LEADS)
    people = accounts.colleagues(places)
    teams = accounts.teams_at(places)
    found = {role for one in people for names in one.roles.values() for role in names}
    return (found | {role for one in teams for role in one.roles}) - {DATA_PROTECTION, LEADS}


def _choices(desk: Desk, card: TeamCard | None) -> dict[str, Any]:
    roles = _known_roles(desk) if desk.with_role(LEADS) else set()
    chosen = set(card.roles) if card else set()
    places = [authorities.card(one) for one in desk.with_role(LEADS)]
    return {
        "role_choices": [(role, role in chosen) for role in sorted(roles | chosen)],
        "place_choices": [
            (str(one.id), one.name, bool(card and one.id in card.authority_ids)) for one in places
        ],
    }


def _may_lead(desk: Desk, card: TeamCard) -> bool:
    return bool(card.authority_ids) and card.authority_ids <= set(desk.with_role(LEADS))


def _team_row(card: TeamCard) -> dict[str, Any]:
    places = sorted(authorities.card(one).short_name for one in card.authority_ids)
    return {
        "team": card,
        "places": ", ".join(places),
        "roles": ", ".join(role.capitalize() for role in card.roles),
    }
