"""How long what is open stays open: told on the page, and in time by script (WCAG 2.2.1)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from dienstweg.assistants.queries import DraftView
from dienstweg.kernel import clock
from dienstweg.portal import keys
from dienstweg.portal.moments import day
from dienstweg.reception import staying

WARNED = timedelta(minutes=5)
"""How long before its end a session says so; 20 seconds are the least that WCAG asks for."""


@dataclass(frozen=True, slots=True)
class Session:
    """When what is open ends without a further act, and how it is prolonged."""

    seconds: int
    warn_before: int
    until: str
    shared: bool
    account: bool
    extend_url: str
    leave_url: str


def of_draft(request: HttpRequest, draft: DraftView, lang: str) -> Session:
    """Return the session of a draft: by a shared device, by its account, else the draft's life."""
    left = draft.expires_at - clock.now()
    shared = keys.is_shared(request, draft.id)
    if shared:
        left = min(left, keys.SHARED_IDLE)
    by_account = staying.who(request) if draft.id not in keys.drafts(request) else None
    if by_account is not None:
        left = min(left, by_account.ends_in)
    return Session(
        seconds=max(0, int(left.total_seconds())),
        warn_before=int(WARNED.total_seconds()),
        until=day(draft.expires_at, lang),
        shared=shared,
        account=by_account is not None,
        extend_url=_url("extend", draft.id),
        leave_url=_url("pause", draft.id),
    )


def _url(name: str, draft_id: UUID) -> str:
    return reverse(f"portal:{name}", kwargs={"draft_id": draft_id})
