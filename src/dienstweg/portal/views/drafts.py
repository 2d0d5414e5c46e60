"""The life of a draft in a browser: begun, prolonged, paused, resumed, forgotten, discarded."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import errors as draft_errors
from dienstweg.assistants import queries as drafts
from dienstweg.blueprint import pages as blueprint
from dienstweg.blueprint.views import ENDING, SUMMARY
from dienstweg.design.question import Fault, Question
from dienstweg.design.words import say
from dienstweg.documents import actions as documents
from dienstweg.kernel import clock
from dienstweg.kernel.language import base
from dienstweg.offers import queries as offers
from dienstweg.portal import keys, owners, sessions
from dienstweg.portal.doors import Key, of_any_draft, of_draft, open_draft, see_other
from dienstweg.portal.moments import day
from dienstweg.portal.views import corrections, links, prefilling, releases
from dienstweg.portal.views.entrance import SHARED, device_question
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

CODE_LIMIT = 60
NOTICED = "gelesen"
"""The field by which the applicant has seen the notice about a draft that was begun for them."""


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a draft of a service; by GET show what a link brings, and begin nothing.

    That of an account is opened by the account alone. On a shared device the code comes first:
    there is nothing else to come back by.
    """
    offer = offers.live(slug)
    if offer is None:
        raise Http404
    if request.method != "POST":
        return prefilling.start(request, offer)
    release = offers.release(offer.digest)
    # Letters and documents know languages, not ways of speaking one: Leichte Sprache is German.
    lang = base(visits.speak(request, release.languages))
    given = prefilling.given_by_link(request, release, lang)
    account = owners.account_id(request)
    begun = assistants.begin(offer_id=offer.id, lang=lang, given=given, account_id=account)
    key = Key(begun.draft_id, begun.secret)
    shared = bool(request.POST.get(SHARED))
    first = blueprint.first_open(release, {}, today=clock.today())
    if account is not None:
        return see_other(key.url("page", page=first))
    response = see_other(key.url("pause") if shared else key.url("page", page=first))
    return keys.add_draft(request, response, begun.draft_id, begun.secret, shared=shared)


@require_safe
@of_any_draft
def enter(request: HttpRequest, key: Key) -> HttpResponse:
    """Open the draft where there is something left to do."""
    del request
    draft = drafts.opened(key.draft_id, key.secret)
    if (gone := releases.withdrawn(key, draft)) is not None:
        return gone
    if draft.correction is not None:
        return corrections.onward(key, draft)
    place = blueprint.first_open(
        offers.release(draft.digest), dict(draft.answers), today=clock.today()
    )
    if place in (SUMMARY, ENDING):
        return see_other(key.url(place))
    return see_other(key.url("page", page=place))


@require_safe
@of_draft
def pause(request: HttpRequest, key: Key) -> HttpResponse:
    """Show the code with which the applicant goes on later, elsewhere if they like."""
    draft = open_draft(request, key)
    visit = visits.of(request)
    context = {
        "service": _title(draft, visit.lang),
        "code": draft.resume_code,
        "until": day(draft.expires_at, visit.lang),
        "resume_url": f"/fortsetzen#{draft.resume_code}",
        "draft_url": key.url("draft"),
        "discard_url": key.url("discard"),
        "paper_url": key.url("paper"),
        "earlier_url": key.url("earlier"),
        "keep_url": "" if draft.account_id else key.url("keep"),
        "link_url": key.url("link"),
        "forget_url": key.url("forget"),
        "address": _address(draft),
        "question": links.address_question(visit.lang),
    }
    return respond(request, "portal/pause.html", context)


def _address(draft: drafts.DraftView) -> str:
    """Return the confirmed address to which a link can go at once, if there is one."""
    contact = draft.contact
    return contact.email if contact is not None and contact.confirmed else ""


@require_POST
@of_draft
def extend(request: HttpRequest, key: Key) -> HttpResponse:
    """Prolong what would end soon: the draft's life, and the session on this device."""
    assistants.extend(draft_id=key.draft_id, secret=key.secret)
    if request.headers.get(sessions.QUIETLY):
        return JsonResponse({})
    return see_other(key.url("draft"))


@require_POST
@of_draft
def forget(request: HttpRequest, key: Key) -> HttpResponse:
    """Let this device forget the draft, which is kept: the code or the link opens it again."""
    return keys.drop_draft(request, see_other(reverse("portal:resume")), key.draft_id)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def discard(request: HttpRequest, key: Key) -> HttpResponse:
    """Ask whether the draft shall be deleted, and delete it."""
    if request.method != "POST":
        draft = open_draft(request, key)
        visit = visits.of(request)
        context = {"service": _title(draft, visit.lang), "draft_url": key.url("draft")}
        return respond(request, "portal/discard.html", context)
    assistants.discard(draft_id=key.draft_id, secret=key.secret)
    documents.forget_papers(draft_id=key.draft_id)
    response = respond(request, "portal/discarded.html", {})
    return keys.drop_draft(request, response, key.draft_id)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Show the drafts of this browser, and open any other by its code."""
    if request.method != "POST":
        return _resume_page(request)
    code = request.POST.get("code", "").strip()[:CODE_LIMIT]
    lang = visits.of(request).lang
    if not code:
        return _resume_page(request, say(lang, "portal.resume.empty"), status=422)
    if wait := guesses.take(request, purpose="resume", target=code):
        return error(request, 429, retry_after=wait)
    return _resume(request, code)


def _resume(request: HttpRequest, code: str) -> HttpResponse:
    lang = visits.of(request).lang
    try:
        waiting = None if request.POST.get(NOTICED) else drafts.handed_over(code)
        if waiting is not None:
            return _notice(request, waiting, code)
        begun = assistants.resume(code=code)
    except draft_errors.NoSuchDraft:
        return _resume_page(request, say(lang, "portal.resume.unknown"), status=422)
    except draft_errors.Expired:
        return _resume_page(request, say(lang, "portal.resume.expired"), status=422)
    except draft_errors.AlreadySubmitted as submitted:
        key = Key(submitted.case_id, code)
        return keys.add_draft(request, see_other(key.url("sent")), key.draft_id, code)
    response = see_other(Key(begun.draft_id, begun.secret).url("draft"))
    shared = bool(request.POST.get(SHARED))
    return keys.add_draft(request, response, begun.draft_id, begun.secret, shared=shared)


def _notice(request: HttpRequest, draft: drafts.HandedOver, code: str) -> HttpResponse:
    """Say what happens to the data before a draft is opened that somebody else has begun.

    Whoever begins one themselves reads it on the start page (Articles 13 and 14 GDPR).
    """
    release = offers.release(draft.digest)
    lang = visits.speak(request, release.languages)
    context = {
        "service": release.text(lang, "service.title", ""),
        "days": draft.kept_days,
        "sources": draft.sources,
        "handed_on": [("code", code), (NOTICED, "ja")]
        + [(SHARED, value) for value in request.POST.getlist(SHARED)[:1]],
    }
    return respond(request, "portal/handed_over.html", context)


def _resume_page(request: HttpRequest, fault: str = "", *, status: int = 200) -> HttpResponse:
    lang = visits.of(request).lang
    question = Question(
        name="code",
        label=say(lang, "portal.resume.code"),
        hint=say(lang, "portal.resume.code_hint"),
        autocomplete="off",
        width=30,
        error=fault or None,
    )
    context = {
        "question": question,
        "faults": [Fault(fault, "code")] if fault else [],
        "drafts": _own(request, lang),
        "device": device_question(lang),
    }
    return respond(request, "portal/resume.html", context, status=status)


def _own(request: HttpRequest, lang: str) -> list[tuple[str, str, str]]:
    """Return title, address and end of each open draft of this browser."""
    found = []
    for draft_id, secret in keys.drafts(request).items():
        try:
            draft = drafts.opened(draft_id, secret)
        except (draft_errors.NoSuchDraft, draft_errors.Expired, draft_errors.AlreadySubmitted):
            continue
        address = Key(draft_id, secret).url("draft")
        found.append((_title(draft, lang), address, day(draft.expires_at, lang)))
    return found


def _title(draft: drafts.DraftView, lang: str) -> str:
    release = offers.release(draft.digest)
    return release.text(lang, "service.title", offers.offer(draft.offer_id).title)
