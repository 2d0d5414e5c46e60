"""Signing in at the network's host: by django-allauth, whose stages further factors plug into."""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import perform_login
from django.contrib.auth import authenticate, get_user_model, logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from dienstweg.accounts import actions as accounts
from dienstweg.accounts import queries
from dienstweg.accounts.queries import IDLE, NOTED, TOTAL
from dienstweg.kernel import clock

SEEN = "konto_seen"
"""In the session: when its account was seen last at the network's host."""


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What is ours in allauth's sign-in."""

    def get_login_stages(self) -> list[str]:
        """Return what follows the password: nothing yet.

        Addresses are proven before there is an account; a second factor will stand here.
        """
        return []

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where allauth would lead to; our views say it themselves."""
        del request
        return "/konto/"


def by_password(request: HttpRequest, *, email: str, password: str) -> bool:
    """Sign in with e-mail and password; tell whether they were right.

    The session gets another key, so that nobody can have prepared it (ASVS 5.0, V7.2.4). An unknown
    address takes as long as a wrong password.
    """
    account = authenticate(request, username=email, password=password)
    if account is None:
        return False
    return _enter(request, account)


def as_proven(request: HttpRequest, account_id: UUID) -> None:
    """Sign in whoever has just proven the address of the account by a code, as `by_password`."""
    _enter(request, get_user_model().objects.get(pk=account_id))


def _enter(request: HttpRequest, account: AbstractBaseUser) -> bool:
    perform_login(request, account)
    if not request.user.is_authenticated:
        return False
    request.session.cycle_key()
    request.session[SEEN] = clock.now().isoformat()
    return True


def here(request: HttpRequest) -> bool:
    """Tell whether somebody is signed in and was not idle for too long, here or elsewhere.

    Whoever works at an authority's host is seen there (`staying`).
    """
    if not request.user.is_authenticated or request.session.session_key is None:
        return False
    now = clock.now()
    noted = str(request.session.get(SEEN) or "")
    seen = datetime.fromisoformat(noted) if noted else request.user.last_login
    if seen is None or now - seen >= IDLE:
        seen = queries.last_used(request.session.session_key)
    if seen is None or now - seen >= IDLE:
        return False
    if not noted or now - datetime.fromisoformat(noted) >= NOTED:
        request.session[SEEN] = now.isoformat()
    return True


def ends_in(request: HttpRequest) -> tuple[timedelta, bool]:
    """Return how long somebody who is signed in (`here`) and does nothing more stays so.

    And whether that is final: twelve hours are over then, whatever they do.
    """
    now, noted = clock.now(), str(request.session.get(SEEN) or "")
    seen = datetime.fromisoformat(noted) if noted else now
    assert request.user.is_authenticated, "whoever asks has seen that somebody is signed in"
    began = request.user.last_login or now
    idle, total = seen + IDLE - now, began + TOTAL - now
    return min(idle, total), total <= idle


def account_id(request: HttpRequest) -> UUID:
    """Return the id of the account that is signed in, where one is (`here`)."""
    assert request.user.is_authenticated, "whoever asks has seen that somebody is signed in"
    return request.user.id


def out(request: HttpRequest) -> None:
    """Sign out here, and at every authority's host that was entered from here."""
    if request.session.session_key:
        accounts.end_stays(session=request.session.session_key)
    logout(request)
