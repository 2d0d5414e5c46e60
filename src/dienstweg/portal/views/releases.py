"""A draft whose release is withdrawn: said plainly, with what still fits into the present one."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import errors as draft_errors
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.queries import ChangeOfRelease, DraftView
from dienstweg.blueprint import carrying
from dienstweg.blueprint import pages as blueprint
from dienstweg.blueprint.carrying import Carried, Spot
from dienstweg.files import queries as files
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.portal.doors import Key, of_draft, open_draft, see_other
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page as respond

Rows = Sequence[tuple[str, str]]
MOST_ANEW = 30


def withdrawn(key: Key, draft: DraftView) -> HttpResponse | None:
    """Lead to what is to be said about a withdrawn release, if the draft's is."""
    if draft.correction is not None:  # a case keeps the release it began under
        return None
    return see_other(key.url("release")) if offers.withdrawal(draft.digest) else None


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def change(request: HttpRequest, key: Key) -> HttpResponse:
    """Show what fits into the present release; change over when the applicant says so."""
    draft = open_draft(request, key)
    found = drafts.change_of_release(draft)
    if found is None:
        return see_other(key.url("draft"))
    if request.method != "POST":
        return _page(request, key, draft, found)
    try:
        assistants.carry_over(
            draft_id=key.draft_id,
            secret=key.secret,
            version=_number(request.POST.get("version", "")),
            digest=request.POST.get("fassung", "")[:64],
        )
    except (draft_errors.ChangedMeanwhile, draft_errors.CannotCarryOver):
        fresh = drafts.opened(key.draft_id, key.secret)
        again = drafts.change_of_release(fresh)
        if again is None:
            return see_other(key.url("draft"))
        return _page(request, key, fresh, again, status=409)
    return see_other(key.url("draft"))


def _page(
    request: HttpRequest, key: Key, draft: DraftView, found: ChangeOfRelease, *, status: int = 200
) -> HttpResponse:
    lang = visits.of(request).lang
    release = offers.release(draft.digest)
    carried = found.carried
    everything = _rows(draft, lang, lambda spot: True)
    context = {
        "service": release.text(lang, "service.title", ""),
        "why": found.why,
        "kept": _rows(draft, lang, lambda spot: spot in carried.kept) if carried else (),
        "check": _rows(draft, lang, lambda spot: spot in carried.check) if carried else (),
        "lost": _rows(draft, lang, lambda spot: spot in carried.lost) if carried else (),
        "all": () if carried else everything,
        "anew": _anew(found.digest, carried, lang) if carried else (),
        "possible": carried is not None,
        "version": draft.version,
        "digest": found.digest,
        "changed": status == 409,
        "pause_url": key.url("pause"),
        "discard_url": key.url("discard"),
    }
    return respond(request, "portal/release.html", context, status=status)


def _rows(draft: DraftView, lang: str, wanted: Callable[[Spot], bool]) -> Rows:
    """Return label and words of those answers that are shown now and ``wanted``."""
    release = offers.release(draft.digest)
    names = {}
    if drafts.ids_in(draft.answers):
        names = {str(card.id): card.name for card in files.cards(draft.id, key=draft.key)}
    found = blueprint.summary(
        release, dict(draft.answers), lang=lang, today=clock.today(), file_names=names
    )
    return [
        (row.label, row.text)
        for section in found
        for row in section.rows
        if row.text and wanted((row.field, row.entry))
    ]


def _anew(digest: str, carried: Carried, lang: str) -> Sequence[str]:
    """Return the labels of the questions that are left to answer, each once."""
    release = offers.release(digest)
    labels = []
    for page, field in carrying.asked_anew(release, carried.answers, today=clock.today()):
        page_title = release.text(lang, f"pages.{page}.title", page)
        labels.append(release.text(lang, f"fields.{field}.label", field) if field else page_title)
    return list(dict.fromkeys(labels))[:MOST_ANEW]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
