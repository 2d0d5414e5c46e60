"""The door: authority, scope, language, bounds and headers of every request.

The scope is entered here; the database is told of it with the first statement, where it must be.
"""

import logging
import traceback
from collections.abc import Callable
from errno import EDQUOT, ENOSPC, EROFS
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.kernel.language import first, is_known
from dienstweg.reception import bounds, headers, language, pages
from dienstweg.reception.visit import Visit, host_of

_log = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponseBase]

NO_SCOPE = ("/.well-known/", "/robots.txt", "/favicon.ico")
"""Paths that touch no authority's data."""
EXPECTED = (Http404, PermissionDenied, SuspiciousOperation)
"""Exceptions for which Django has a status, and we a page (`dienstweg.reception.errors`)."""
RETRY_SECONDS = 120
_NOTHING = QueryDict("")


class Reception:
    """Django middleware, the first after the static files."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request, whatever happens, with a page and our headers."""
        try:
            response = self._receive(request)
        except (OperationalError, InterfaceError) as error:
            response = self._for_now(request, error)
        if response.status_code == 405 and not getattr(response, "content", b"-"):
            response = _with_allow(pages.error(request, 405), response)
        headers.add(response)
        _remember_language(request, response)
        return response

    def _receive(self, request: HttpRequest) -> HttpResponseBase:
        """Find out whose door this is and let the surface answer inside the authority's scope."""
        visit = Visit(authority=None)
        request.visit = visit  # type: ignore[attr-defined]  # read through visit.of()
        try:
            bounds.check(request)
            visit.wishes = _wishes(request)
            visit.lang = first(visit.wishes, language.LANGUAGES)
            if request.path.startswith(NO_SCOPE):
                return self.get_response(request)
            if maintained():
                return pages.error(request, 503, retry_after=RETRY_SECONDS)
            return self._at_the_door(request, visit)
        except bounds.Unacceptable as refusal:
            request.GET = _NOTHING  # a query that cannot be read must not come up again
            return pages.error(request, refusal.status)

    def _at_the_door(self, request: HttpRequest, visit: Visit) -> HttpResponseBase:
        host = host_of(request)
        if host == authorities.network_host():
            request.urlconf = settings.DIENSTWEG_NETWORK_URLS
            return self.get_response(request)
        visit.authority = authorities.by_host(host)
        if visit.authority is None:
            return pages.error(request, 404, kind="unknown_host")
        with scope.enter(scope.of(visit.authority.id)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what a view could not handle into a page; the log gets where, never what."""
        if isinstance(error, EXPECTED):
            return None
        if isinstance(error, bounds.Unacceptable):
            return pages.error(request, error.status)
        if isinstance(error, (OperationalError, InterfaceError)) or _disk_is_full(error):
            return self._for_now(request, error)
        report(request, error)
        return pages.error(request, 500)

    def _for_now(self, request: HttpRequest, error: Exception) -> HttpResponse:
        report(request, error)
        return pages.error(request, 503, retry_after=RETRY_SECONDS)


def _disk_is_full(error: Exception) -> bool:
    """Tell whether a file could not be stored, which the operator can mend."""
    return isinstance(error, OSError) and error.errno in {ENOSPC, EDQUOT, EROFS}


def maintained() -> bool:
    """Tell whether the operator has closed the house: the file ``maintenance`` lies in ``var/``."""
    return (Path(settings.VAR) / "maintenance").exists()


def report(request: HttpRequest, error: BaseException) -> None:
    """Log an error by its reference, kind and place; its text could hold personal data."""
    visit = getattr(request, "visit", None)
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    _log.error(
        "request_failed reference=%s method=%s error=%s at=%s",
        getattr(visit, "reference", "-"),
        request.method,
        type(error).__name__,
        places,
    )


def _wishes(request: HttpRequest) -> tuple[str, ...]:
    return language.wishes(
        request.GET.get("lang"),
        request.COOKIES.get(language.COOKIE),
        str(request.META.get("HTTP_ACCEPT_LANGUAGE", "")),
    )


def _remember_language(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the language that a link has chosen."""
    if "lang=" not in str(request.META.get("QUERY_STRING", "")):
        return
    wish = request.GET.get("lang") or ""
    if is_known(wish):
        response.set_cookie(
            language.COOKIE,
            wish,
            max_age=language.YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _with_allow(ours: HttpResponse, theirs: HttpResponseBase) -> HttpResponse:
    if "Allow" in theirs.headers:
        ours.headers["Allow"] = theirs.headers["Allow"]
    return ours
