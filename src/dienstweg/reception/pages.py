"""How a surface answers: its template in the frame of the visit's authority and language."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from dienstweg.design import tongues
from dienstweg.design.words import say
from dienstweg.kernel.language import direction
from dienstweg.reception import visit as visits

KNOWN = (400, 403, 404, 405, 409, 410, 413, 414, 429, 500, 503)
"""Statuses that have words of their own."""


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    nav: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Return the page that ``template`` makes of ``context``, with all that the frame needs."""
    visit = visits.of(request)
    frame = {
        "lang": visit.lang,
        "direction": direction(visit.lang),
        "languages": visit.languages,
        "look": visit.look,
        "authority": visit.authority,
        "nav": nav or navigation(visit),
        "other_query": _other_query(request),
        "session": visit.session,
    }
    html = render_to_string(template, {**frame, **context}, request)
    return HttpResponse(tongues.settle(html, visit.lang), status=status)


def navigation(visit: visits.Visit) -> list[tuple[str, str]]:
    """Return the links in the header: on an authority's host where applicants go."""
    if visit.authority is None:
        return [
            (say(visit.lang, "reception.nav.authorities"), "/"),
            (say(visit.lang, "reception.nav.account"), "/konto/"),
        ]
    return [
        (say(visit.lang, "reception.nav.services"), "/"),
        (say(visit.lang, "reception.nav.resume"), "/fortsetzen"),
        (say(visit.lang, "reception.nav.case"), "/vorgang"),
        (say(visit.lang, "reception.nav.account"), "/konto"),
    ]


def error(
    request: HttpRequest, status: int, *, kind: str | None = None, retry_after: int | None = None
) -> HttpResponse:
    """Return the page for what went wrong: what happened, what to do, and a reference.

    ``kind`` chooses other words than the status does (``"expired"``, ``"unknown_host"``). Machines
    (paths under ``/api/``) get problem details instead (RFC 9457). The status stands in the header
    only: TR-03172-3, A3.3.02.
    """
    visit = visits.of(request)
    name = kind or str(status if status in KNOWN else 400 if status < 500 else 500)
    title = say(visit.lang, f"reception.error.{name}.title")
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(
            {"type": "about:blank", "title": title, "status": status, "reference": visit.reference},
            status=status,
            content_type="application/problem+json",
        )
    else:
        context = {
            "title": title,
            "happened": say(visit.lang, f"reception.error.{name}.happened"),
            "todo": say(visit.lang, f"reception.error.{name}.todo"),
            "reference": visit.reference if status >= 500 or status in {400, 403} else "",
        }
        response = page(request, "reception/error.html", context, status=status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _other_query(request: HttpRequest) -> str:
    """Return the query without the language, so that switching it keeps a search."""
    if not request.GET:
        return ""
    rest = [
        (key, value) for key, values in request.GET.lists() if key != "lang" for value in values
    ]
    return f"{urlencode(rest)}&" if rest else ""
