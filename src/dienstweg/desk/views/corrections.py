"""Asking an applicant back: mark, look at the message, send, take back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dienstweg.authorities import scope
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import SummarySection
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import (
    AlreadyAsked,
    Erased,
    NoSuchCase,
    NoSuchCorrection,
    NotAllowed,
    NothingAsked,
)
from dienstweg.cases.queries import CaseFile
from dienstweg.desk import application, asking
from dienstweg.desk.asking import Asked
from dienstweg.desk.door import Desk, page, staff
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import FIELD, key_of, new_key, once

STEP, PREVIEW, SEND = "schritt", "vorschau", "senden"


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def ask(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Show the application with everything that can be marked; then the message; then send it."""
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            if not desk.works_at(scope.one()):
                return pages.error(request, 403)
            file = actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="ask")
            if file.case.state != "open" or cases.awaiting([case_id]):
                return HttpResponseRedirect(reverse("desk:case", args=[case_id]))
            return _ask(request, desk, file)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


def _ask(request: HttpRequest, desk: Desk, file: CaseFile) -> HttpResponse:
    release = offers.release(file.case.digest)
    sections = application.sections(file, release, visits.of(request).lang)
    posted = dict(request.POST.lists())
    found = asking.asked(release, sections, posted)
    step = request.POST.get(STEP, "")
    if request.method != "POST" or step not in {PREVIEW, SEND}:
        return _form(request, desk, file, sections, posted)
    wrong = asking.problem(found, clock.today())
    if wrong:
        return _form(request, desk, file, sections, posted, problem=wrong)
    if step == PREVIEW:
        return _preview(request, desk, file, release, found)
    return _send(request, desk=desk, file=file, release=release, found=found)


def _form(
    request: HttpRequest,
    desk: Desk,
    file: CaseFile,
    sections: Sequence[SummarySection],
    posted: Mapping[str, Sequence[str]],
    *,
    problem: str = "",
) -> HttpResponse:
    release, lang = offers.release(file.case.digest), visits.of(request).lang
    today = clock.today()
    context = {
        "case": file.case,
        "service": release.text(lang, "service.title", ""),
        "parts": asking.parts(release, sections, posted, lang),
        "documents": [
            (
                number,
                _typed(posted, f"{asking.NAMED}-{number}"),
                _typed(posted, f"{asking.NAMED_REMARK}-{number}"),
            )
            for number in range(1, asking.DOCUMENTS + 1)
        ],
        "due_on": _typed(posted, "frist") or (today + asking.USUAL).isoformat(),
        "first_day": today.isoformat(),
        "text": _typed(posted, "text"),
        "problem": problem,
    }
    return page(request, desk, "desk/ask.html", context, status=422 if problem else 200)


def _typed(posted: Mapping[str, Sequence[str]], name: str) -> str:
    return (posted.get(name) or [""])[-1]


def _preview(
    request: HttpRequest, desk: Desk, file: CaseFile, release: Release, found: Asked
) -> HttpResponse:
    """Show the message as the applicant will read it, before anything is sent."""
    subject, body = _message(file, release, found)
    kept = [
        (name, text)
        for name, texts in request.POST.lists()
        for text in texts
        if name not in {"csrfmiddlewaretoken", STEP, FIELD}
    ]
    context = {
        "case": file.case,
        "service": release.text(visits.of(request).lang, "service.title", ""),
        "subject": subject,
        "body": body,
        "by_email": file.contact.way == "email" and file.contact.confirmed,
        "kept": kept,
        "act": new_key(),
    }
    return page(request, desk, "desk/ask_preview.html", context)


def _message(file: CaseFile, release: Release, found: Asked) -> tuple[str, str]:
    lang = file.case.lang
    return asking.message(
        release,
        application.sections(file, release, lang),
        found,
        number=file.case.number,
        lang=lang,
    )


@once("desk.ask")
def _send(
    request: HttpRequest, *, desk: Desk, file: CaseFile, release: Release, found: Asked
) -> HttpResponse:
    subject, body = _message(file, release, found)
    try:
        actions.ask_correction(
            case_id=file.case.id,
            account_id=desk.account_id,
            key=key_of(request),
            marks=found.marks,
            documents=found.documents,
            due_on=found.due_on,
            subject=subject,
            body=body,
        )
    except (AlreadyAsked, NotAllowed):  # somebody else was faster: the page of the case says so
        pass
    except NothingAsked:
        return HttpResponseRedirect(reverse("desk:ask", args=[file.case.id]))
    return HttpResponseRedirect(reverse("desk:case", args=[file.case.id]))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def take_back(request: HttpRequest, desk: Desk, case_id: UUID, correction_id: UUID) -> HttpResponse:
    """Take back what was asked, after a question; the applicant is told."""
    card = cases.correction_card(correction_id)
    if card is None or card.case_id != case_id:
        return pages.error(request, 404)
    if not desk.works_at(card.authority_id):
        return pages.error(request, 403)
    back = HttpResponseRedirect(reverse("desk:case", args=[case_id]))
    if request.method != "POST":
        if not card.is_under_way:
            return back
        with scope.enter(scope.of(card.authority_id)):
            file = actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="ask")
        context: dict[str, Any] = {"card": card, "case": file.case}
        return page(request, desk, "desk/ask_back.html", context)
    with scope.enter(scope.of(card.authority_id)):
        try:
            actions.withdraw_correction(
                correction_id=correction_id, actor=f"staff:{desk.account_id}"
            )
        except NotAllowed:
            pass  # answered at this moment: the page of the case shows the answer
        except (NoSuchCorrection, Erased):
            return pages.error(request, 404)
    return back
