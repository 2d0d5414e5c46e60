"""Whoever is still there goes on: what would soon close stays open for another while.

Our script asks, before a session ends; the doors themselves prolong it. People without script open
any page instead.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseView
from dienstweg.portal import owners, sessions
from dienstweg.portal.doors import case_url, of_case, see_other
from dienstweg.portal.party_doors import of_party, party_url
from dienstweg.portal.views.account.forms import held


@require_POST
@of_case
def case(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Keep a case open on this device."""
    return sessions.prolonged(request) or see_other(case_url(case))


@require_POST
@of_party
def party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Keep an invitation open on this device."""
    return sessions.prolonged(request) or see_other(party_url(cases.party(party_id).number))


@require_POST
def account(request: HttpRequest) -> HttpResponse:
    """At an authority's host: stay signed in, or sign in again."""
    if owners.account_id(request) is None:
        return see_other(owners.sign_in_url("/"))
    sessions.of_account(request)
    return sessions.prolonged(request) or see_other("/")


@require_POST
@held
def network(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """At the network's host: stay signed in."""
    del account_id
    return sessions.prolonged(request) or see_other(reverse("konto:home"))
