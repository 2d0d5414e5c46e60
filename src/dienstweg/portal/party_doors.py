"""Who may open a party's pages: a decorator that hands a view what this browser was let in to."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from dienstweg.cases import errors
from dienstweg.cases import queries as cases
from dienstweg.portal import keys, sessions
from dienstweg.reception import pages

View = Callable[..., HttpResponse]
LONGEST_NUMBER = 40


def of_party(view: View) -> View:
    """Give a view the party whose invitation its address names, if this browser has opened it.

    Whoever has not, or whose code was replaced since, is asked for the code; the answer is the
    same whether there is such an invitation or not.
    """

    @wraps(view)
    def guarded(request: HttpRequest, number: str, **parts: Any) -> HttpResponse:
        party_id = _opened(request, number) if len(number) <= LONGEST_NUMBER else None
        if party_id is None:
            query = urlencode({"nummer": number[:LONGEST_NUMBER]})
            return redirect(f"{reverse('portal:party_enter')}?{query}")
        sessions.of_party(request, party_id, number)
        try:
            response = view(request, party_id, **parts)
        except errors.Erased:
            return pages.error(request, 410, kind="erased")
        except errors.NoSuchParty:
            return pages.error(request, 404)
        if keys.PARTIES not in response.cookies:
            keys.add_party(request, response, party_id)
        return response

    return guarded


def party_url(number: str, name: str = "party", **parts: Any) -> str:
    """Return the address of a page of an invitation."""
    return reverse(f"portal:{name}", kwargs={"number": number, **parts})


def _opened(request: HttpRequest, number: str) -> UUID | None:
    """Return the party of this number, if this browser was let in since its code was made."""
    sessions = {
        party_id: datetime.fromtimestamp(since, UTC)
        for party_id, since in keys.parties(request).items()
    }
    return cases.party_in_session(number, sessions) if sessions else None
