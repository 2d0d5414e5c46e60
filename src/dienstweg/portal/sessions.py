"""How long what is open stays open: told on the page, and in time by script (WCAG 2.2.1).

Every page on which somebody could lose something, or is signed in, says so: its door notes it in
the visit, and the frame of the page draws it (`dienstweg.reception.pages.page`). Public pages, on
which nothing is kept and nobody named, ask nothing and say nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from dienstweg.assistants.queries import DraftView
from dienstweg.kernel import clock
from dienstweg.portal import keys
from dienstweg.portal.moments import day, time_of_day
from dienstweg.reception import signing_in, staying
from dienstweg.reception import visit as visits

Kind = Literal["draft", "shared", "account", "case", "party"]

WARNED = timedelta(minutes=5)
"""How long before its end a session says so; 20 seconds are the least that WCAG asks for."""
QUIETLY = "X-Dienstweg-Autosave"
"""The header by which our script says that it asks, not a person."""


@dataclass(frozen=True, slots=True)
class Session:
    """When what is open ends without a further act, and how it is prolonged.

    ``until`` is told to people: of a draft on an own device the day, else the time of day.
    """

    kind: Kind
    seconds: int
    until: str
    extend_url: str
    leave_url: str = ""
    saved: bool = False
    """Whether what is typed is saved at once, so that nothing is lost at the end."""
    final: bool = False
    """Whether nothing prolongs it: the most that it may last in all is over then."""
    anew_url: str = ""
    """Where one gets in anew while it is still open, in another window; then it is prolonged."""
    warn_before: int = int(WARNED.total_seconds())
    template: str = "portal/session.html"

    @property
    def shared(self) -> bool:
        """Whether it is a draft on a device that others use too."""
        return self.kind == "shared"


def of_draft(request: HttpRequest, draft: DraftView) -> None:
    """Note when a draft closes: by a shared device, by its account, else at the end of its life."""
    left = draft.expires_at - clock.now()
    known = staying.who(request) if draft.id not in keys.drafts(request) else None
    kind: Kind = "draft"
    final = False
    if keys.is_shared(request, draft.id):
        kind, left = "shared", min(left, keys.SHARED_IDLE)
    elif known is not None:
        kind, left, final = "account", min(left, known.ends_in), known.final
    lang = visits.of(request).lang
    visits.of(request).session = Session(
        kind=kind,
        seconds=_seconds(left),
        until=day(draft.expires_at, lang) if kind == "draft" else _time(left, lang),
        extend_url=reverse("portal:extend", kwargs={"draft_id": draft.id}),
        leave_url=reverse("portal:pause", kwargs={"draft_id": draft.id}),
        saved=True,
        final=final,
    )


def of_case(request: HttpRequest, case_id: UUID, number: str, *, saved: bool = False) -> None:
    """Note when a case closes that was opened by its code, or by the account."""
    since = keys.cases(request).get(case_id)
    if since is None:
        of_account(request, saved=saved)
        return
    _note_code(request, "case", since, number, saved=saved)


def of_party(request: HttpRequest, party_id: UUID, number: str) -> None:
    """Note when an invitation closes that was opened by its code."""
    since = keys.parties(request).get(party_id)
    if since is not None:
        _note_code(request, "party", since, number)


def of_account(request: HttpRequest, *, saved: bool = False) -> None:
    """Note when somebody is signed out at an authority's host, if somebody is signed in."""
    known = staying.who(request) if staying.was_here(request) else None
    if known is not None and known.state == "here":
        address = reverse("portal:account_extend")
        _note(request, known.ends_in, address, saved=saved, final=known.final)


def of_network(request: HttpRequest) -> None:
    """Note when somebody is signed out at the network's host, who is signed in there."""
    left, final = signing_in.ends_in(request)
    _note(request, left, reverse("konto:extend"), final=final)


def prolonged(request: HttpRequest) -> HttpResponse | None:
    """Tell our script how long it lasts now, in seconds; None for a person, who wants a page."""
    if not request.headers.get(QUIETLY):
        return None
    session = visits.of(request).session
    return JsonResponse({"seconds": session.seconds} if session is not None else {})


def _note(
    request: HttpRequest, left: timedelta, extend_url: str, *, final: bool, saved: bool = False
) -> None:
    """Note the end of an account's session."""
    visit = visits.of(request)
    until = _time(left, visit.lang)
    visit.session = Session("account", _seconds(left), until, extend_url, saved=saved, final=final)


def _note_code(
    request: HttpRequest, kind: Kind, since: float, number: str, *, saved: bool = False
) -> None:
    """Note the end of what was opened by number and code: a case or an invitation."""
    visit, left = visits.of(request), keys.ends_in(since)
    visit.session = Session(
        kind=kind,
        seconds=_seconds(left),
        until=_time(left, visit.lang),
        extend_url=_url(f"extend_{kind}", number),
        saved=saved,
        final=keys.is_final(since),
        anew_url=reverse(f"portal:{kind}_enter"),
    )


def _seconds(left: timedelta) -> int:
    return max(0, int(left.total_seconds()))


def _time(left: timedelta, lang: str) -> str:
    return time_of_day(clock.now() + left, lang)


def _url(name: str, number: str) -> str:
    return reverse(f"portal:{name}", kwargs={"number": number})
