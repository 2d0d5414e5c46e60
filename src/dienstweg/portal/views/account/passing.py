"""The way between the hosts: who is signed in at the network's enters an authority's."""

import re
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities.queries import network_url
from dienstweg.portal import keys
from dienstweg.portal.doors import see_other
from dienstweg.portal.views.account.forms import ONWARDS, ONWARDS_LIMIT, with_onwards
from dienstweg.reception import signing_in, staying
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

STATE = re.compile(r"[A-Za-z0-9_-]{20,64}")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
BACK = "/konto/zurueck"


@require_safe
def pass_on(request: HttpRequest) -> HttpResponse:
    """At the network's host: send somebody signed in on to an authority's host.

    Which address that is, we know ourselves: the query names the host alone. A page leads there,
    no redirect: browsers let no form be answered by another host (CSP, ``form-action``).
    """
    host, state = request.GET.get("an", ""), request.GET.get("state", "")
    challenge = request.GET.get("challenge", "")
    authority = authorities.by_host(host)
    if authority is None or not STATE.fullmatch(state) or not CHALLENGE.fullmatch(challenge):
        return error(request, 400)
    if not signing_in.here(request):
        here = f"{request.path}?{request.META.get('QUERY_STRING', '')}"
        return redirect(with_onwards("konto:sign_in", here))
    code = accounts.open_passage(
        account_id=signing_in.account_id(request),
        authority_id=authority.id,
        challenge=challenge,
        session=request.session.session_key or "",
    )
    query = urlencode({"code": code, "state": state})
    context = {"address": visits.address_of(host, f"{BACK}?{query}"), "name": authority.name}
    return respond(request, "portal/account/passing.html", context)


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """At an authority's host: go to sign in, and come back to ``weiter``."""
    onwards = _onwards(request.GET.get(ONWARDS, ""))
    known = staying.who(request)
    if known is not None and known.state == "here":
        return HttpResponseRedirect(onwards)
    address, cookie = staying.set_out(request, onwards)
    response = HttpResponseRedirect(address)
    return staying.remember(response, staying.ON_THE_WAY, cookie, staying.WAY_LASTS)


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """At an authority's host: let somebody in who comes back, if they set out from here."""
    code, state = (request.GET.get(name, "")[:200] for name in ("code", "state"))
    came = staying.come_back(request, code=code, state=state)
    if came is None:
        again = {"again_url": network_url("/konto/")}
        return respond(request, "portal/account/failed.html", again, status=400)
    response = HttpResponseRedirect(came.onwards)
    response.delete_cookie(staying.ON_THE_WAY, samesite="Lax")
    return staying.remember(response, staying.COOKIE, came.token, staying.LASTS)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """At an authority's host: sign out everywhere, and close the cases that are open here.

    What somebody takes part in is closed, too: whoever signs out leaves the device to others.
    """
    response = staying.leave(request, see_other("/"))
    return keys.drop_parties(keys.drop_cases(response))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """At an authority's host: lead to the account at the network's."""
    del request
    return HttpResponseRedirect(network_url("/konto/"))


def _onwards(target: str) -> str:
    """Return where to go after signing in: a page of this host, but none of these."""
    inside = len(target) <= ONWARDS_LIMIT and visits.is_local_path(target) and ".." not in target
    return target if inside and not target.startswith("/konto") else "/"
