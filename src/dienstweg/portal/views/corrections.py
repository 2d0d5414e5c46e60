"""Correcting an application: what is asked, the way through it, the review, the new version."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dienstweg.assistants import errors as draft_errors
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.errors import ChangedMeanwhile
from dienstweg.assistants.queries import DOCUMENT, DraftView
from dienstweg.blueprint import differences
from dienstweg.blueprint import pages as blueprint
from dienstweg.blueprint.differences import Changed
from dienstweg.blueprint.problems import Invalid
from dienstweg.blueprint.views import FieldView
from dienstweg.cases import actions as case_actions
from dienstweg.cases import errors as case_errors
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseView
from dienstweg.design.question import Choice, Fault, Means, Question
from dienstweg.design.words import say
from dienstweg.files import queries as files
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.portal import halted, scanned
from dienstweg.portal.doors import CorrectionKey, Key, case_url, of_case, see_other
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import new_key, once
from dienstweg.reception.pages import page as respond

DOCUMENTS = "-unterlagen"
"""What an upload says for the page of documents that were asked for: no page is called so."""
CONFIRMED, REMARK = "bestaetigt", "anmerkung"
REMARK_LIMIT = 2_000
DOCUMENT_BYTES = 10 * 1024 * 1024


def onward(key: Key, draft: DraftView) -> HttpResponse:
    """Lead to the first page with something open, else to the documents and the review."""
    assert draft.correction is not None, "only a correction has stops"
    standing = draft.correction.standing(offers.release(draft.digest), draft.answers)
    if standing.stops:
        return see_other(key.page(*standing.stops[0]))
    return see_other(key.url("documents"))


@require_http_methods(["GET", "HEAD", "POST"])
@of_case
def begin(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Go on with what is under way; else offer to correct the application by oneself."""
    current = cases.under_way(case.id)
    if current is None and request.method == "POST":
        return _offer(request, case)
    if current is None:
        if not cases.may_offer(case.id):
            return see_other(case_url(case))
        lang = visits.speak(request, offers.release(case.digest).languages)
        service = offers.release(case.digest).text(lang, "service.title", "")
        context = {"case": case, "case_url": case_url(case), "service": service, "act": new_key()}
        return respond(request, "portal/correct.html", context)
    key = _key(case, current.id)
    return see_other(key.url("draft"))


@once("correct")
def _offer(_request: HttpRequest, case: CaseView) -> HttpResponse:
    try:
        correction_id = case_actions.offer_correction(case_id=case.id)
    except case_errors.NotAllowed:
        return see_other(case_url(case))
    return see_other(_key(case, correction_id).url("draft"))


def _key(case: CaseView, correction_id: Any) -> CorrectionKey:
    secret = drafts.correction_secret(correction_id)
    return CorrectionKey(correction_id, secret, case.id, case.number)


def _under_way(case: CaseView) -> tuple[CorrectionKey, DraftView] | None:
    """Return the correction of a case that is under way, with its draft."""
    current = cases.under_way(case.id)
    if current is None:
        return None
    key = _key(case, current.id)
    try:
        return key, drafts.opened(key.draft_id, key.secret)
    except draft_errors.NoSuchDraft:  # sent in another window at this moment
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@of_case
def documents(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Ask for the documents that the authority wants; without any go on to the review."""
    found = _under_way(case)
    if found is None:
        return see_other(case_url(case))
    key, draft = found
    if request.method == "POST" or draft.correction is None or not draft.correction.documents:
        return see_other(key.url("summary"))
    return show_documents(request, key)


def show_documents(
    request: HttpRequest,
    key: CorrectionKey,
    *,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page on which documents are handed in; ``wrong`` says what was refused."""
    draft = drafts.opened(key.draft_id, key.secret)
    release = offers.release(draft.digest)
    lang = visits.speak(request, release.languages)
    cards = {str(one.id): one for one in files.cards(draft.owner_id, key=draft.key)}
    asked = _documents(draft, wrong or {})
    problems = {**scanned.errors(asked, cards, lang), **(wrong or {})}
    context = {
        "service": release.text(lang, "service.title", ""),
        "fields": [(one, [cards[each] for each in one.files if each in cards]) for one in asked],
        "faults": [Fault(text, name) for name, text in problems.items()],
        "upload_url": f"{key.url('upload')}?seite={DOCUMENTS}",
        "means": Means(halted=halted.of_page(key, draft, asked, ())),
        "pause_url": key.url("pause"),
        "number": key.number,
    }
    return respond(request, "portal/correction_documents.html", context, status=status)


def _documents(draft: DraftView, wrong: Mapping[str, str]) -> list[FieldView]:
    """Return a question for each document that was asked for."""
    wanted = draft.correction.documents if draft.correction else ()
    return [
        FieldView(
            id=f"{DOCUMENT}{number}",
            name=f"{DOCUMENT}{number}",
            widget="file",
            label=one.name,
            hint=one.remark or None,
            required=True,
            value=list(one.files),
            files=one.files,
            multiple=True,
            accept="application/pdf,image/jpeg,image/png",
            max_bytes=DOCUMENT_BYTES,
            error=wrong.get(f"{DOCUMENT}{number}"),
        )
        for number, one in enumerate(wanted)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@of_case
def review(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Show what will be different; send it as a new version of the application."""
    found = _under_way(case)
    if found is None:
        return see_other(case_url(case))
    key, draft = found
    if request.method != "POST":
        return _incomplete(key, draft) or _review(request, key, draft)
    return _send(request, key, draft)


def _incomplete(key: Key, draft: DraftView) -> HttpResponse | None:
    """Lead to what is missing or wrong, if anything is."""
    release = offers.release(draft.digest)
    day = draft.judged_on(clock.today())
    if blueprint.ending(release, dict(draft.answers), day) is not None:
        return None  # the review says so, and that the application can be withdrawn
    missing = blueprint.first_problem(release, dict(draft.answers), day)
    if missing is not None:
        return see_other(f"{key.url('page', page=missing[0])}?pruefen=1")
    if (refused := scanned.page_of_refused(draft)) is not None:
        return see_other(key.page(*refused))
    return None


def _send(request: HttpRequest, key: CorrectionKey, draft: DraftView) -> HttpResponse:
    release, lang = offers.release(draft.digest), visits.of(request).lang
    remark = request.POST.get(REMARK, "").strip()[:REMARK_LIMIT]
    missing = _incomplete(key, draft)
    if missing is not None:
        return missing
    if not _says_anything(draft, remark):
        fault = Fault(say(lang, "portal.correction.nothing"), REMARK)
        return _review(request, key, draft, [fault], status=422)
    if not request.POST.get(CONFIRMED):
        fault = Fault(say(lang, "portal.summary.confirm_missing"), CONFIRMED)
        return _review(request, key, draft, [fault], remark=remark, status=422)
    try:
        day = draft.judged_on(clock.today())
        data = blueprint.application(release, dict(draft.answers), today=day)
        case_actions.answer_correction(
            draft=draft, application=data, declaration=_declaration(lang), remark=remark
        )
    except (ChangedMeanwhile, Invalid):
        fault = Fault(say(lang, "portal.summary.changed"))
        fresh = drafts.opened(key.draft_id, key.secret)
        return _review(request, key, fresh, [fault], remark=remark, status=409)
    except case_errors.NotAllowed:
        return see_other(f"{key.url('pause')}?zu-spaet=1")
    return see_other(f"{key.url('pause')}?korrigiert=1")


def _says_anything(draft: DraftView, remark: str) -> bool:
    """Tell whether there is anything to send: a change, a file, or words."""
    correction = draft.correction
    assert correction is not None, "only a correction is reviewed here"
    return bool(remark or correction.uploaded or _changes(draft, "de"))


def _declaration(lang: str) -> dict[str, Any]:
    """Return what the applicant has confirmed, word for word, and when."""
    return {
        "confirmed_at": clock.now().isoformat(),
        "words": [say(lang, "portal.summary.confirm")],
        "lang": lang,
    }


def _changes(draft: DraftView, lang: str) -> list[Changed]:
    assert draft.correction is not None, "only a correction has an earlier version"
    names = {str(one.id): one.name for one in files.cards(draft.owner_id, key=draft.key)}
    return differences.between(
        offers.release(draft.digest),
        draft.correction.opening.base,
        dict(draft.answers),
        lang=lang,
        day=draft.judged_on(clock.today()),
        file_names=names,
    )


def _review(
    request: HttpRequest,
    key: CorrectionKey,
    draft: DraftView,
    faults: Sequence[Fault] = (),
    *,
    remark: str = "",
    status: int = 200,
) -> HttpResponse:
    release = offers.release(draft.digest)
    lang = visits.speak(request, release.languages)
    over = blueprint.ending(release, dict(draft.answers), draft.judged_on(clock.today()), lang=lang)
    errors = {one.name: one.message for one in faults}
    context = {
        "service": release.text(lang, "service.title", ""),
        "changes": _changes(draft, lang),
        "documents": _handed_in(draft),
        "ending": over,
        "remark": Question(
            name=REMARK,
            label=say(lang, "portal.correction.remark"),
            hint=say(lang, "portal.correction.remark_hint"),
            widget="textarea",
            required=False,
            value=remark,
            error=errors.get(REMARK),
        ),
        "confirm": Question(
            name=CONFIRMED,
            label=say(lang, "portal.summary.confirm"),
            widget="checkbox",
            options=[Choice("ja", "")],
            error=errors.get(CONFIRMED),
        ),
        "faults": faults,
        "change_url": key.url("draft"),
        "case_url": key.url("pause"),
        "number": key.number,
    }
    return respond(request, "portal/correction_review.html", context, status=status)


def _handed_in(draft: DraftView) -> list[tuple[str, list[str]]]:
    """Return each document that was asked for with the names of the files that came."""
    wanted = draft.correction.documents if draft.correction else ()
    if not wanted:
        return []
    names = {str(one.id): one.name for one in files.cards(draft.owner_id, key=draft.key)}
    return [(one.name, [names[each] for each in one.files if each in names]) for one in wanted]


@require_http_methods(["GET", "HEAD", "POST"])
@of_case
def discard(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Ask whether what one has offered shall be dropped, and drop it."""
    current = cases.under_way(case.id)
    if current is None or current.state != "offered":
        return see_other(case_url(case))
    if request.method == "POST":
        case_actions.withdraw_correction(correction_id=current.id, actor="applicant")
        return see_other(case_url(case))
    context = {"case": case, "case_url": case_url(case)}
    return respond(request, "portal/correction_discard.html", context)
