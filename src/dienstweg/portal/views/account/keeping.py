"""At an authority's host: put a draft into an account, and take over what the account knows."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from dienstweg.assistants import actions as assistants
from dienstweg.assistants.actions import OwnAccount
from dienstweg.assistants.errors import AnotherAccount
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import prefill_places
from dienstweg.design.words import say
from dienstweg.offers import queries as offers
from dienstweg.portal import keys, owners
from dienstweg.portal.doors import Key, of_draft, open_draft, see_other
from dienstweg.portal.moments import day
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page as respond

FROM = "account"
"""The source of what was taken over, as the draft's answers name it."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page of the assistant offers about accounts."""

    may_keep: bool
    take_url: str


def offered(request: HttpRequest, key: Key, draft: DraftView, *, first: bool) -> Offered:
    """Return what a page offers: to keep the draft, and on the first one to take details over.

    Details are offered until some were taken, to whoever is signed in.
    """
    if draft.correction is not None:
        return Offered(False, "")
    taken = any(one["source"] == FROM for one in draft.answers.get("from", {}).values())
    wants = first and not taken and bool(prefill_places.wanted(offers.release(draft.digest)))
    may_take = wants and owners.account_id(request) is not None
    return Offered(draft.account_id is None, key.url("take") if may_take else "")


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def keep(request: HttpRequest, key: Key) -> HttpResponse:
    """Put the draft into the account that is signed in; else lead to signing in, and back."""
    draft = open_draft(request, key)
    lang, account = visits.of(request).lang, owners.account_id(request)
    another = draft.account_id is not None and draft.account_id != account
    if request.method == "POST" and account is not None and not another:
        try:
            assistants.keep_in_account(draft_id=key.draft_id, secret=key.secret, account_id=account)
        except AnotherAccount:
            another = True
        else:
            return keys.drop_draft(request, see_other(key.url("keep")), key.draft_id)
    context = {
        "service": offers.release(draft.digest).text(lang, "service.title", ""),
        "kept": draft.account_id is not None and draft.account_id == account,
        "another": another,
        "signed_in": account is not None,
        "sign_in_url": owners.sign_in_url(key.url("keep")),
        "draft_url": key.url("draft"),
        "until": day(draft.expires_at, lang),
    }
    return respond(request, "portal/account/keep.html", context, status=409 if another else 200)


@require_POST
@of_draft
def take(request: HttpRequest, key: Key) -> HttpResponse:
    """Fill in what the account knows and the draft does not; say how much that was."""
    open_draft(request, key)
    account = owners.account_id(request)
    if account is None:
        return see_other(owners.sign_in_url(key.url("draft")))
    words = say(visits.of(request).lang, "portal.source.account")
    taken = assistants.ask_now(
        draft_id=key.draft_id, secret=key.secret, source=OwnAccount(words), ticket=str(account)
    )
    context = {
        "failed": taken is None,
        "taken": len(taken or ()),
        "draft_url": key.url("draft"),
    }
    return respond(request, "portal/account/taken.html", context)
