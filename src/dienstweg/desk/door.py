"""Who may enter the desk: an account with a role at an authority, and nobody else.

The roles are read at every request, so that somebody who leaves is out at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from dienstweg.accounts import queries as accounts
from dienstweg.authorities import scope
from dienstweg.design.words import say
from dienstweg.reception import pages
from dienstweg.reception import visit as visits

View = Callable[..., HttpResponseBase]


LEADS, DATA_PROTECTION = "leitung", "datenschutz"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works here, in which roles at which authorities, and for whom they stand in today."""

    account_id: UUID
    name: str
    roles: Mapping[UUID, frozenset[str]]
    stands_in: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def people(self) -> tuple[UUID, ...]:
        """Return this person and those for whom they stand in."""
        return (self.account_id, *self.stands_in)

    def with_role(self, role: str) -> list[UUID]:
        """Return the authorities at which this person has the ``role``."""
        return sorted(place for place, roles in self.roles.items() if role in roles)

    def works_at(self, authority_id: UUID) -> bool:
        """Tell whether this person works on cases there: who only watches over them does not."""
        return bool(self.roles.get(authority_id, frozenset()) - {DATA_PROTECTION})

    @property
    def workplaces(self) -> list[UUID]:
        """Return the authorities at which this person works on cases."""
        return sorted(place for place in self.roles if self.works_at(place))

    def may(self, authority_id: UUID, role: str) -> bool:
        """Tell whether a task for ``role`` at the authority is this person's to do."""
        return role in self.roles.get(authority_id, frozenset())


def staff(view: View) -> View:
    """Let a view be used by staff only, inside the scope of their authorities.

    The view gets the `Desk` as its second argument. Others are sent to sign in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account = request.user
        if not account.is_authenticated:
            return _sign_in(request)
        standing = accounts.standing(account.id)
        if not standing.roles:
            return pages.error(request, 403)
        desk = Desk(
            account_id=account.id,
            name=account.display_name,
            roles={place: frozenset(names) for place, names in standing.roles.items()},
            stands_in=standing.stands_in,
        )
        with scope.enter(scope.of(*standing.roles)):
            return view(request, desk, *args, **kwargs)

    return guarded


def page(
    request: HttpRequest,
    desk: Desk,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Return a page of the desk, with its links in the header."""
    lang = visits.of(request).lang
    nav = [
        (say(lang, "desk.nav.tasks"), reverse("desk:tasks")),
        (say(lang, "desk.nav.cases"), reverse("desk:cases")),
        (say(lang, "desk.nav.deadlines"), reverse("desk:deadlines")),
        (say(lang, "desk.nav.post"), reverse("desk:post")),
        (say(lang, "desk.nav.links"), reverse("desk:links")),
        (say(lang, "desk.nav.teams"), reverse("desk:teams")),
    ]
    if desk.with_role(DATA_PROTECTION):
        nav.append((say(lang, "desk.nav.log"), reverse("desk:log")))
    return pages.page(request, template, {"desk": desk, **context}, status=status, nav=nav)


def _sign_in(request: HttpRequest) -> HttpResponse:
    query = urlencode({"weiter": request.path}) if request.method == "GET" else ""
    return HttpResponseRedirect(reverse("desk:sign_in") + (f"?{query}" if query else ""))
