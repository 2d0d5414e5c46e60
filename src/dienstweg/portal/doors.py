"""Who may open what: decorators that hand a view the draft's secret or the case."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from dienstweg.assistants import errors as drafts
from dienstweg.assistants import queries as draft_queries
from dienstweg.assistants.queries import DraftView
from dienstweg.cases import errors as case_errors
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseView
from dienstweg.design import words
from dienstweg.offers import queries as offers
from dienstweg.portal import keys
from dienstweg.reception import pages
from dienstweg.reception import visit as visits

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Key:
    """A draft and the secret that unlocks it, as a browser brought them."""

    draft_id: UUID
    secret: str = field(repr=False)

    def url(self, name: str, **parts: Any) -> str:
        """Return the address of a page of this draft."""
        return reverse(f"portal:{name}", kwargs={"draft_id": self.draft_id, **parts})

    def page(self, page: str, entry: tuple[int, ...] = ()) -> str:
        """Return the address of a page of the assistant, or of an entry or list on it."""
        numbers = dict(zip(("index", "inner"), entry, strict=False))
        return self.url(("page", "item", "inner")[len(numbers)], page=page, **numbers)


def of_draft(view: View) -> View:
    """Give a view the `Key` of the draft that its address names.

    A draft that this browser does not hold, one that has expired and one that is submitted each
    lead to a page that helps.
    """

    @wraps(view)
    def guarded(request: HttpRequest, draft_id: UUID, **parts: Any) -> HttpResponse:
        secret = keys.drafts(request).get(draft_id)
        if secret is None:
            return pages.error(request, 404, kind="draft")
        _speak(request)
        key = Key(draft_id, secret)
        try:
            response = view(request, key, **parts)
        except drafts.NoSuchDraft:
            gone = pages.error(request, 404, kind="draft")
            return keys.drop_draft(request, gone, draft_id)
        except drafts.Expired:
            gone = pages.error(request, 410)
            return keys.drop_draft(request, gone, draft_id)
        except drafts.AlreadySubmitted:
            return see_other(key.url("sent"))
        except drafts.TooBusy:
            return pages.error(request, 503, kind="busy", retry_after=2)
        if request.method == "POST" or keys.is_shared(request, draft_id):
            keys.renew_draft(request, response, draft_id)
        return response

    return guarded


def open_draft(request: HttpRequest, key: Key) -> DraftView:
    """Open the draft, and let the page speak the dearest of the languages of its service."""
    draft = draft_queries.opened(key.draft_id, key.secret)
    visits.speak(request, offers.release(draft.digest).languages)
    return draft


def _speak(request: HttpRequest) -> None:
    """Let the pages of a draft speak the dearest language that we have words in.

    A view that opens the release says after it which languages the service really has.
    """
    wishes = visits.of(request).wishes[:1]
    visits.speak(request, [wish for wish in wishes if wish in words.known()])


def of_case(view: View) -> View:
    """Give a view the case that its address names, if this browser has opened it before."""

    @wraps(view)
    def guarded(request: HttpRequest, number: str, **parts: Any) -> HttpResponse:
        case = cases.by_number(number) if len(number) <= 40 else None
        if case is None or case.id not in keys.cases(request):
            # The same answer whether there is such a case or not.
            return redirect(f"{reverse('portal:case_enter')}?{urlencode({'nummer': number[:40]})}")
        try:
            response = view(request, case, **parts)
        except case_errors.Erased:
            return pages.error(request, 410, kind="erased")
        if keys.CASES not in response.cookies:
            keys.add_case(request, response, case.id)
        return response

    return guarded


def case_url(case: CaseView, name: str = "case", **parts: Any) -> str:
    """Return the address of a page of a case."""
    return reverse(f"portal:{name}", kwargs={"number": case.number, **parts})


class SeeOther(HttpResponseRedirect):
    """A redirect after a POST: the browser goes on by GET (RFC 9110, section 15.4.4)."""

    status_code = 303


def see_other(url: str) -> HttpResponse:
    """Send the browser to ``url`` by GET, whatever it has sent."""
    return SeeOther(url)
