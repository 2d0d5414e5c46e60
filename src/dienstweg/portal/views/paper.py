"""An assistant on paper: the empty one of a service, and a draft's with what is in it.

A worker prints it (Typst runs in no web process); the page waits for it and reloads itself.
"""

import hashlib
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.assistants.queries import DraftView
from dienstweg.authorities.queries import AuthorityCard
from dienstweg.blueprint import paper as layout
from dienstweg.blueprint.release import Release
from dienstweg.documents import actions as documents
from dienstweg.documents import queries as printed
from dienstweg.documents.errors import NoSuchDocument
from dienstweg.files import queries as files
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.offers.queries import OfferView
from dienstweg.portal.doors import Key, of_draft, open_draft, see_other
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.downloads import download
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

KEPT_EMPTY = timedelta(days=7)
KEPT_FILLED = timedelta(hours=1)
"""A draft on paper is there to be downloaded, not to be kept."""


@require_http_methods(["GET", "HEAD", "POST"])
def empty(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the way to the empty assistant as a PDF; it is printed once for each version."""
    offer, release = _offer(slug)
    lang = layout.language(visits.speak(request, release.languages))
    key = _key(offer.digest, lang)
    state = printed.paper_state(key)
    if request.method == "POST":
        if state in {"", "failed"}:
            if wait := guesses.take(request, purpose="paper", target=key):
                return error(request, 429, retry_after=wait)
            source = layout.source(release, None, _setting(request), lang=lang)
            documents.order_paper(key=key, source=source, kept=KEPT_EMPTY)
        return see_other(request.path)
    service = release.text(visits.of(request).lang, "service.title", offer.title)
    context = {
        "service": service,
        "state": state,
        "file_url": f"{request.path}.pdf",
        "back_url": f"/leistungen/{slug}",
    }
    return respond(request, "portal/paper.html", context)


@require_safe
def empty_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand over the empty assistant as a PDF."""
    offer, release = _offer(slug)
    lang = layout.language(visits.speak(request, release.languages))
    try:
        content = printed.paper_content(_key(offer.digest, lang))
    except NoSuchDocument:
        return see_other(request.path.removesuffix(".pdf"))
    title = release.text(lang, "service.title", offer.title)
    return download(f"{title}.pdf", content, "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def filled(request: HttpRequest, key: Key) -> HttpResponse:
    """Ask whether the draft shall be printed; print it, and show the way to the PDF."""
    draft = open_draft(request, key)
    release = offers.release(draft.digest)
    lang = layout.language(visits.speak(request, release.languages))
    name = _key(str(draft.id), str(draft.version), lang)
    if request.method == "POST":
        if wait := guesses.take(request, purpose="paper", target=str(draft.id)):
            return error(request, 429, retry_after=wait)
        setting = _setting(request, _file_names(draft))
        source = layout.source(release, dict(draft.answers), setting, lang=lang)
        documents.order_paper(key=name, source=source, kept=KEPT_FILLED, draft_id=draft.id)
        return see_other(request.path)
    context = {
        "service": release.text(visits.of(request).lang, "service.title", ""),
        "state": printed.paper_state(name),
        "of_draft": True,
        "file_url": key.url("paper_file"),
        "back_url": key.url("draft"),
    }
    return respond(request, "portal/paper.html", context)


@require_safe
@of_draft
def filled_file(request: HttpRequest, key: Key) -> HttpResponse:
    """Hand over the draft as a PDF, as it stands now."""
    draft = open_draft(request, key)
    release = offers.release(draft.digest)
    lang = layout.language(visits.speak(request, release.languages))
    try:
        content = printed.paper_content(_key(str(draft.id), str(draft.version), lang))
    except NoSuchDocument:
        return see_other(key.url("paper"))
    title = release.text(lang, "service.title", release.id)
    return download(f"{title}.pdf", content, "application/pdf")


def _offer(slug: str) -> tuple[OfferView, Release]:
    offer = offers.live(slug)
    if offer is None:
        raise Http404
    return offer, offers.release(offer.digest)


def _key(*parts: str) -> str:
    """Return the name of what a paper shows."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def _setting(request: HttpRequest, file_names: dict[str, str] | None = None) -> layout.Setting:
    card: AuthorityCard = visits.of(request).at
    authority = {"name": card.name, "address": list(card.address), "accent": card.accent}
    return layout.Setting(authority, clock.local(clock.now()), file_names or {})


def _file_names(draft: DraftView) -> dict[str, str]:
    return {str(card.id): card.name for card in files.cards(draft.id, key=draft.key)}
