"""Signed in at an authority's host: the way there from the network's host, and the cookie.

An authority's host knows nobody's password. It sends the browser to the network's host with a
random state and the challenge of a verifier (RFC 7636), which it keeps in a signed cookie, and gets
it back with a code that is good once.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from dienstweg.accounts import actions as accounts
from dienstweg.accounts import queries
from dienstweg.accounts.errors import NoPassage
from dienstweg.accounts.queries import SignedIn
from dienstweg.authorities.queries import network_url
from dienstweg.reception import visit as visits

COOKIE, ON_THE_WAY = "dw_konto", "dw_konto_weg"
LASTS = timedelta(hours=12)
"""As long as somebody stays signed in at most."""
WAY_LASTS = timedelta(hours=1)
"""As long as signing up or finding a password may take."""
WAYS = 4
"""Windows of one browser that may be on the way at once."""
_TOKEN_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody has come back signed in: the cookie's secret, and where they wanted to go."""

    token: str
    onwards: str


def who(request: HttpRequest) -> SignedIn | None:
    """Return who is signed in at this authority's host; asked once for a request, if at all."""
    visit = visits.of(request)
    token = request.COOKIES.get(COOKIE, "")
    if visit.signed_in is None and visit.authority is not None and 0 < len(token) <= _TOKEN_LIMIT:
        found = queries.signed_in(token, visit.authority.id)
        if found is not None and found.state == "here" and found.stale:
            accounts.go_on(token=token)
        visit.signed_in = found
    return visit.signed_in


def was_here(request: HttpRequest) -> bool:
    """Tell whether somebody had signed in with this browser; it may be over."""
    return bool(request.COOKIES.get(COOKIE))


def set_out(request: HttpRequest, onwards: str) -> tuple[str, str]:
    """Return the address at the network's host to go to, and the cookie that proves who went."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
    ways = {**_ways(request), state: [verifier, onwards]}
    newest = dict(list(ways.items())[-WAYS:])
    query = {
        "an": visits.of(request).at.host,
        "state": state,
        "challenge": accounts.challenge_of(verifier),
    }
    address = network_url(f"/konto/weitergabe?{urlencode(query)}")
    return address, signing.dumps(newest, salt=ON_THE_WAY)


def come_back(request: HttpRequest, *, code: str, state: str) -> Came | None:
    """Let somebody in who comes back with a code for a way that began in this browser."""
    for known, (verifier, onwards) in _ways(request).items():
        if hmac.compare_digest(known.encode(), state.encode()):
            authority_id = visits.of(request).at.id
            try:
                token = accounts.enter(code=code, verifier=verifier, authority_id=authority_id)
            except NoPassage:
                return None
            return Came(token, onwards)
    return None


def remember(response: HttpResponse, name: str, value: str, lasts: timedelta) -> HttpResponse:
    """Give a browser one of the cookies of signing in."""
    response.set_cookie(
        name,
        value,
        max_age=lasts,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def leave(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Sign out here, at the network's host, and wherever else they went from there."""
    token = request.COOKIES.get(COOKIE, "")
    if 0 < len(token) <= _TOKEN_LIMIT:
        accounts.leave(token=token)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _ways(request: HttpRequest) -> Mapping[str, tuple[str, str]]:
    raw = request.COOKIES.get(ON_THE_WAY, "")
    if not raw or len(raw) > 4_096:
        return {}
    try:
        content = signing.loads(raw, salt=ON_THE_WAY, max_age=WAY_LASTS)
        return {str(state): (str(way[0]), str(way[1])) for state, way in content.items()}
    except (signing.BadSignature, ValueError, AttributeError, IndexError, TypeError):
        return {}
