"""Review, warning, active confirmation, submission, and the copy right after (section 9a OZG)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.assistants import queries as drafts
from dienstweg.assistants.errors import ChangedMeanwhile
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import pages as blueprint
from dienstweg.blueprint.problems import Invalid
from dienstweg.blueprint.process import Submitted as SubmittedEvent
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import Answers, SummarySection
from dienstweg.cases import actions as case_actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.design.question import Choice, Fault, Question
from dienstweg.design.words import say
from dienstweg.documents import queries as documents
from dienstweg.files import queries as files
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.portal import keys, owners, scanned, sessions
from dienstweg.portal.doors import REVIEWING, Key, case_url, of_draft, open_draft, see_other
from dienstweg.portal.moments import minute
from dienstweg.portal.views import releases
from dienstweg.portal.views.contact import steps_in_all
from dienstweg.processes import actions as processes
from dienstweg.reception import visit as visits
from dienstweg.reception.middleware import report
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

CONFIRMED = "bestaetigt"
RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in the review."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the review, with the address where it can be changed."""

    title: str
    rows: Sequence[Line]
    href: str | None


@require_safe
@of_draft
def summary(request: HttpRequest, key: Key) -> HttpResponse:
    """Show the whole declaration before it is sent."""
    draft = open_draft(request, key)
    return _incomplete(key, draft) or _review(request, key, draft)


def _incomplete(key: Key, draft: DraftView) -> HttpResponse | None:
    """Lead to what is still missing, if anything is: no step can be skipped."""
    if (gone := releases.withdrawn(key, draft)) is not None:
        return gone
    release = offers.release(draft.digest)
    answers = dict(draft.answers)
    if blueprint.ending(release, answers, clock.today()) is not None:
        return see_other(key.url("ending"))
    missing = blueprint.first_problem(release, answers, clock.today())
    if missing is not None:
        return see_other(f"{key.url('page', page=missing[0])}?pruefen=1&von={REVIEWING}")
    if (refused := scanned.page_of_refused(draft)) is not None:
        return see_other(key.page(*refused, reviewing=True))
    if draft.contact is None or not draft.contact.settled:
        return see_other(key.url("contact"))
    return None


def _review(
    request: HttpRequest,
    key: Key,
    draft: DraftView,
    faults: Sequence[Fault] = (),
    status: int = 200,
) -> HttpResponse:
    release = offers.release(draft.digest)
    lang = visits.speak(request, release.languages)
    names = _file_names(draft)
    context = {
        "service": release.text(lang, "service.title", ""),
        "sections": sections(release, dict(draft.answers), lang, names, key),
        "contact": _contact_rows(draft, lang),
        "contact_url": key.url("contact"),
        "declaration": release.text(lang, "declaration.confirm", ""),
        "confirm": _confirmation(lang, faults),
        "faults": faults,
        "submit_url": key.url("submit"),
        "back_url": _last_page(key, release, draft),
        "pause_url": key.url("pause"),
        "paper_url": key.url("paper"),
        "draft": draft,
        "steps": steps_in_all(draft),
    }
    return respond(request, "portal/summary.html", context, status=status)


def sections(
    release: Release, answers: Answers, lang: str, names: Mapping[str, str], key: Key | None
) -> list[Section]:
    """Return the review; with ``key`` each part leads to the page where it can be changed."""
    found = blueprint.summary(release, answers, lang=lang, today=clock.today())
    return [
        Section(one.title, _lines(one, names, lang), _change_url(key, one) if key else None)
        for one in found
    ]


def _lines(section: SummarySection, names: Mapping[str, str], lang: str) -> list[Line]:
    lines = []
    for row in section.rows:
        text = row.text
        if row.files:
            unnamed = say(lang, "portal.summary.file")
            text = "\n".join(names.get(one, unnamed) for one in row.files)
        lines.append(Line(row.label, text))
    return lines


def _change_url(key: Key, section: SummarySection) -> str:
    return key.page(section.page, section.entry, reviewing=True)


def _file_names(draft: DraftView) -> dict[str, str]:
    if not drafts.ids_in(draft.answers):
        return {}
    return {str(card.id): card.name for card in files.cards(draft.id, key=draft.key)}


def _contact_rows(draft: DraftView, lang: str) -> list[Line]:
    contact = draft.contact
    if contact is not None and contact.way == "email":
        return [Line(say(lang, "portal.summary.by_email"), contact.email)]
    return [Line(say(lang, "portal.summary.way"), say(lang, "portal.contact.by_post"))]


def _confirmation(lang: str, faults: Sequence[Fault]) -> Question:
    error = next((one.message for one in faults if one.name == CONFIRMED), None)
    return Question(
        name=CONFIRMED,
        label=say(lang, "portal.summary.confirm"),
        widget="checkbox",
        options=[Choice("ja", "")],
        error=error,
    )


def _last_page(key: Key, release: Release, draft: DraftView) -> str:
    last = blueprint.previous_page(release, dict(draft.answers), "summary", today=clock.today())
    return key.url("page", page=last) if last else key.url("draft")


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def submit(request: HttpRequest, key: Key) -> HttpResponse:
    """Send the application: the commit is the receipt; what follows may fail and is repeated.

    Who comes back here by the browser's history is led to the review.
    """
    if request.method != "POST":
        return see_other(key.url("summary"))
    draft = open_draft(request, key)
    lang = visits.of(request).lang
    missing = _incomplete(key, draft)
    if missing is not None:
        return missing
    if not request.POST.get(CONFIRMED):
        fault = Fault(say(lang, "portal.summary.confirm_missing"), CONFIRMED)
        return _review(request, key, draft, [fault], status=422)
    assert draft.contact is not None, "an incomplete draft was sent back above"
    try:
        release = offers.release(draft.digest)
        application = blueprint.application(release, dict(draft.answers), today=clock.today())
        submitted = case_actions.submit(
            draft=draft,
            application=application,
            notify=draft.contact,
            declaration=_declaration(release, draft, lang),
        )
    except (ChangedMeanwhile, Invalid):
        fault = Fault(say(lang, "portal.summary.changed"))
        fresh = drafts.opened(key.draft_id, key.secret)
        return _incomplete(key, fresh) or _review(request, key, fresh, [fault], status=409)
    try:
        processes.go_on(case_id=submitted.case_id, event=SubmittedEvent())
    except Exception as failure:
        report(request, failure)
    response = see_other(key.url("sent"))
    return _with_case(request, response, submitted.case_id)


def _declaration(release: Release, draft: DraftView, lang: str) -> dict[str, Any]:
    """Return what the applicant has confirmed, word for word, and when."""
    words = [say(lang, "portal.summary.confirm"), release.text(lang, "declaration.confirm", "")]
    return {
        "confirmed_at": clock.now().isoformat(),
        "words": [one for one in words if one],
        "lang": lang,
        "digital_decision": draft.contact is not None and draft.contact.way == "email",
    }


@require_safe
def sent(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show number and code of the case, and the copy of what was sent, on paper or as PDF."""
    lang = visits.of(request).lang
    secret = keys.drafts(request).get(draft_id) or owners.secret_of(request, draft_id)
    if secret is None:
        return owners.sign_in_again(request) or error(request, 404, kind="draft")
    try:
        submitted, opened = cases.sent(draft_id, secret=secret)
    except Erased:
        return error(request, 410, kind="erased")
    except NoSuchCase:
        return see_other(Key(draft_id, secret).url("draft"))
    case = opened.case
    sessions.of_account(request)
    release = offers.release(case.digest)
    lang = visits.speak(request, release.languages)
    names = {str(one.file_id): one.name for one in cases.attachments_of(opened)}
    answers = blueprint.from_application(release, opened.application.data)
    receipt = next(iter(documents.of_case(draft_id, keys=[RECEIPT])), None)
    context = {
        "service": release.text(lang, "service.title", ""),
        "number": submitted.number,
        "code": submitted.code,
        "submitted_at": minute(case.submitted_at, lang),
        "sections": sections(release, answers, lang, names, None),
        "case_url": case_url(case),
        "receipt_url": case_url(case, "document", document_id=receipt.id) if receipt else "",
        "refresh": receipt is None,
    }
    response = respond(request, "portal/sent.html", context)
    return _with_case(request, response, draft_id)


def _with_case(request: HttpRequest, response: HttpResponse, case_id: UUID) -> HttpResponse:
    """Let this browser look at the case, unless an account opens it: that ends by signing out."""
    by_secret = case_id in keys.drafts(request)
    return keys.add_case(request, response, case_id) if by_secret else response
