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
from dienstweg.portal import keys, owners, sessions
from dienstweg.reception import pages
from dienstweg.reception import visit as visits

View = Callable[..., HttpResponse]
LEAF = "teil"
"""Name in the query of the screen of a long entry."""
REVIEWING = "zusammenfassung"
"""Value of ``von``: the page was opened from the summary and leads back there."""


@dataclass(frozen=True, slots=True)
class Key:
    """A draft and the secret that unlocks it, as a browser brought them."""

    draft_id: UUID
    secret: str = field(repr=False)

    def url(self, name: str, **parts: Any) -> str:
        """Return the address of a page of this draft."""
        return reverse(f"portal:{name}", kwargs={"draft_id": self.draft_id, **parts})

    def page(
        self, page: str, entry: tuple[int, ...] = (), *, leaf: int = 0, reviewing: bool = False
    ) -> str:
        """Return the address of a page of the assistant, or of an entry or list on it.

        ``leaf`` is the screen of a long entry (0: the first); who is ``reviewing`` came from the
        summary and is led back there.
        """
        numbers = dict(zip(("index", "inner"), entry, strict=False))
        address = self.url(("page", "item", "inner")[len(numbers)], page=page, **numbers)
        query = ({LEAF: leaf} if leaf > 1 else {}) | ({"von": REVIEWING} if reviewing else {})
        return f"{address}?{urlencode(query)}" if query else address


@dataclass(frozen=True, slots=True)
class CorrectionKey(Key):
    """The draft in which an application is corrected: opened by number and code of the case."""

    case_id: UUID
    number: str

    def url(self, name: str, **parts: Any) -> str:
        """Return the address of a page; what only a new application has leads to the case's."""
        if name in _OF_CASE:
            return reverse(f"portal:{_OF_CASE[name]}", kwargs={"number": self.number})
        return Key.url(self, name, **parts)


_OF_CASE = {
    "pause": "case",
    "documents": "correction_documents",
    "summary": "correction_review",
    "ending": "correction_review",
}


def key_of(request: HttpRequest, draft_id: UUID) -> Key | None:
    """Return the key to a draft or a correction, if this browser may open it."""
    secret = keys.drafts(request).get(draft_id) or owners.secret_of(request, draft_id)
    if secret is not None:
        return Key(draft_id, secret)
    card = cases.correction_card(draft_id)
    if card is None or not owners.holds_case(request, cases.case(card.case_id)):
        return None
    secret = draft_queries.correction_secret(draft_id)
    return CorrectionKey(draft_id, secret, card.case_id, card.number)


def of_draft(view: View) -> View:
    """Give a view the `Key` of the draft that its address names; corrections are led to their case.

    A draft that this browser does not hold, one that has expired and one that is submitted each
    lead to a page that helps.
    """
    return _guarded(view, corrections=False)


def of_any_draft(view: View) -> View:
    """Give a view the key of a draft as `of_draft` does, or the `CorrectionKey` of a correction."""
    return _guarded(view, corrections=True)


def _guarded(view: View, *, corrections: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, draft_id: UUID, **parts: Any) -> HttpResponse:
        key = key_of(request, draft_id)
        if key is None:
            return owners.sign_in_again(request) or pages.error(request, 404, kind="draft")
        if isinstance(key, CorrectionKey) and not corrections:
            return see_other(key.url("pause"))
        _speak(request)
        if isinstance(key, CorrectionKey):
            sessions.of_case(request, key.case_id, key.number, saved=True)
        response, is_open = _shown(view, request, key, parts)
        if not is_open:
            return response
        if draft_id not in keys.drafts(request) and owners.is_idle(request):
            # It was saved, and that is all that may be done without signing in again.
            return owners.sign_in_again(request) or response
        if isinstance(key, CorrectionKey):
            by_code = key.case_id in keys.cases(request)
            return keys.add_case(request, response, key.case_id) if by_code else response
        if request.method == "POST" or keys.is_shared(request, draft_id):
            keys.renew_draft(request, response, draft_id)
        return response

    return guarded


def _shown(
    view: View, request: HttpRequest, key: Key, parts: dict[str, Any]
) -> tuple[HttpResponse, bool]:
    """Return what the view answers, or the page that helps where the draft is not open any more."""
    try:
        return view(request, key, **parts), True
    except drafts.NoSuchDraft:
        if isinstance(key, CorrectionKey):
            return see_other(key.url("pause")), False
        gone = pages.error(request, 404, kind="draft")
        return keys.drop_draft(request, gone, key.draft_id), False
    except drafts.Expired:
        gone = pages.error(request, 410)
        return keys.drop_draft(request, gone, key.draft_id), False
    except drafts.AlreadySubmitted:
        return see_other(key.url("sent")), False
    except drafts.TooBusy:
        return pages.error(request, 503, kind="busy", retry_after=2), False


def open_draft(request: HttpRequest, key: Key) -> DraftView:
    """Open the draft: the page speaks a language of its service, and says how long it is open."""
    draft = draft_queries.opened(key.draft_id, key.secret)
    visits.speak(request, offers.release(draft.digest).languages)
    if draft.correction is None:
        sessions.of_draft(request, draft)
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
        if case is None or not owners.holds_case(request, case):
            if (again := owners.sign_in_again(request)) is not None:
                return again
            # The same answer whether there is such a case or not.
            return redirect(f"{reverse('portal:case_enter')}?{urlencode({'nummer': number[:40]})}")
        sessions.of_case(request, case.id, case.number)
        try:
            response = view(request, case, **parts)
        except case_errors.Erased:
            return pages.error(request, 410, kind="erased")
        if keys.CASES not in response.cookies and case.id in keys.cases(request):
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
