"""What an account opens at an authority's host, without any code: its own drafts and cases."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from dienstweg.accounts import queries as accounts
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.errors import NoSuchDraft
from dienstweg.cases.queries import CaseView
from dienstweg.portal import keys
from dienstweg.reception import staying

SAVING = frozenset({"page", "item", "inner"})
"""Names of the addresses to which a page of the assistant is sent."""
ONWARDS = "weiter"


def account_id(request: HttpRequest) -> UUID | None:
    """Return the account that is signed in at this host and not idle for too long."""
    known = staying.who(request)
    return known.account_id if known is not None and known.state == "here" else None


def email(request: HttpRequest) -> str:
    """Return the address of the account that is signed in, which it has proven; else nothing."""
    account = account_id(request)
    return accounts.holder(account).email if account is not None else ""


def secret_of(request: HttpRequest, draft_id: UUID) -> str | None:
    """Return the secret of a draft of the account that is signed in; None for any other.

    Who was idle for too long may still save the page that is open, and nothing else: what was
    typed is not lost, and nothing is shown.
    """
    known = staying.who(request)
    if known is None or (known.state == "idle" and not _saves(request)):
        return None
    try:
        return drafts.secret_of(draft_id, account_id=known.account_id)
    except NoSuchDraft:
        return None


def holds_case(request: HttpRequest, case: CaseView) -> bool:
    """Tell whether this browser may open a case: by number and code before, or by its account.

    A code that was renewed since ends what the old one opened.
    """
    since = keys.cases(request).get(case.id)
    renewed = case.code_renewed_at.timestamp() if case.code_renewed_at else 0.0
    if since is not None and since >= renewed:
        return True
    account = account_id(request)
    return account is not None and case.account_id == account


def sign_in_again(request: HttpRequest) -> HttpResponse | None:
    """Lead whoever was signed in here through signing in, and back; None for anybody else."""
    known = staying.who(request)
    if not staying.was_here(request) or (known is not None and known.state == "here"):
        return None
    match = request.resolver_match
    reads = request.method in {"GET", "HEAD"} or _saves(request)
    onwards = request.get_full_path() if request.method == "GET" else request.path
    if not reads and match is not None and "draft_id" in match.kwargs:
        onwards = reverse("portal:draft", kwargs={"draft_id": match.kwargs["draft_id"]})
    response = HttpResponseRedirect(sign_in_url(onwards))
    response.status_code = 303
    return response


def is_idle(request: HttpRequest) -> bool:
    """Tell whether the account that is signed in was idle for too long."""
    known = staying.who(request)
    return known is not None and known.state == "idle"


def sign_in_url(onwards: str) -> str:
    """Return the address at this host that leads through signing in to a page."""
    return f"{reverse('portal:account_sign_in')}?{urlencode({ONWARDS: onwards})}"


def _saves(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.url_name in SAVING
