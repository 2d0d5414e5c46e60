"""The page of a case: entered by number and code; state, next step, timeline, messages."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.cases import actions as case_actions
from dienstweg.cases import errors as case_errors
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseView
from dienstweg.design.question import Fault, Question
from dienstweg.design.words import say
from dienstweg.documents import queries as documents
from dienstweg.documents.errors import NoSuchDocument
from dienstweg.files.errors import NoSuchFile
from dienstweg.inbox import actions as inbox
from dienstweg.inbox import queries as inbox_queries
from dienstweg.kernel.references import normalise
from dienstweg.portal import keys
from dienstweg.portal.doors import case_url, of_case, see_other
from dienstweg.portal.standing import describe, readable
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import new_key, once
from dienstweg.reception.downloads import download
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

NUMBER_LIMIT, CODE_LIMIT, REASON_LIMIT, ADDRESS_LIMIT = 40, 60, 1_000, 250


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Let an applicant in by number and code, a few tries at a time."""
    if request.method != "POST":
        return _enter_page(request, request.GET.get("nummer", "")[:NUMBER_LIMIT])
    number = request.POST.get("nummer", "").strip()[:NUMBER_LIMIT]
    code = request.POST.get("code", "").strip()[:CODE_LIMIT]
    lang = visits.of(request).lang
    empty = {
        name: say(lang, f"portal.enter.{name}_missing")
        for name, text in (("nummer", number), ("code", code))
        if not text
    }
    if empty:
        return _enter_page(request, number, empty, status=422)
    if wait := guesses.take(request, purpose="case", target=normalise(number)):
        return error(request, 429, retry_after=wait)
    try:
        case = case_actions.let_in(number=number, code=code)
    except case_errors.WrongNumberOrCode:
        wrong = {"code": say(lang, "portal.enter.wrong")}
        return _enter_page(request, number, wrong, status=422)
    except case_errors.TooManyTries:
        return error(request, 429, retry_after=900)
    guesses.forgive(request, purpose="case", target=normalise(number))
    return keys.add_case(request, see_other(case_url(case)), case.id, anew=True)


def _enter_page(
    request: HttpRequest, number: str, wrong: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    lang = visits.of(request).lang
    found = wrong or {}
    questions = [
        Question(
            name="nummer",
            label=say(lang, "portal.enter.number"),
            hint=say(lang, "portal.enter.number_hint"),
            value=number,
            autocomplete="off",
            width=20,
            error=found.get("nummer"),
        ),
        Question(
            name="code",
            label=say(lang, "portal.enter.code"),
            hint=say(lang, "portal.enter.code_hint"),
            autocomplete="off",
            width=30,
            error=found.get("code"),
        ),
    ]
    context = {
        "questions": questions,
        "faults": [Fault(text, name) for name, text in found.items()],
    }
    return respond(request, "portal/enter.html", context, status=status)


@require_safe
@of_case
def case(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Show how the case stands; the messages count as read now (section 9 OZG)."""
    shown = describe(case, visits.of(request).lang)
    context = {"case": case, "shown": shown, "act": new_key(), **_told(request, case)}
    context["moved"] = _moved(case)
    response = respond(request, "portal/case.html", context)
    if request.method == "GET" and any(one.is_new for one in shown.messages):
        inbox.opened(case_id=case.id)
    return response


def _moved(case: CaseView) -> dict[str, str] | None:
    """Return which authority goes on with a case that was handed over, and the way there."""
    if case.moved_to is None:
        return None
    path = f"{reverse('portal:case_enter')}?{urlencode({'nummer': case.moved_as})}"
    url = authorities.public_url(case.moved_to, path)
    return {"name": authorities.card(case.moved_to).name, "url": url}


def _told(request: HttpRequest, case: CaseView) -> dict[str, str]:
    """Return what is said once after a correction was sent, as its redirect's address says."""
    lang = visits.of(request).lang
    if "zu-spaet" in request.GET:
        return {"told": say(lang, "portal.correction.too_late"), "told_kind": "warning"}
    if "korrigiert" in request.GET and cases.under_way(case.id) is None:
        return {"told": say(lang, "portal.correction.sent"), "told_kind": "success"}
    return {}


@require_safe
@of_case
def document(request: HttpRequest, case: CaseView, document_id: UUID) -> HttpResponse:
    """Hand over a document of the case as a download."""
    messages = inbox_queries.of_case(case.id, key=cases.key(case.id))
    if document_id not in {one.id for one in readable(case.id, messages)}:
        return error(request, 404)
    try:
        name, content = documents.content(document_id, case_id=case.id)
    except (NoSuchDocument, NoSuchFile):
        return error(request, 404)
    return download(name, content, "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@of_case
def withdraw(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Ask whether the application shall be withdrawn, and withdraw it."""
    if request.method == "POST":
        return _withdraw(request, case)
    return _withdraw_page(request, case)


@once("withdraw")
def _withdraw(request: HttpRequest, case: CaseView) -> HttpResponse:
    reason = request.POST.get("grund", "").strip()[:REASON_LIMIT]
    try:
        case_actions.withdraw(case_id=case.id, reason=reason)
    except case_errors.NotAllowed:
        fault = say(visits.of(request).lang, "portal.withdraw.too_late")
        return _withdraw_page(request, case, fault, status=409)
    return see_other(case_url(case))


def _withdraw_page(
    request: HttpRequest, case: CaseView, fault: str = "", *, status: int = 200
) -> HttpResponse:
    lang = visits.of(request).lang
    question = Question(
        name="grund", label=say(lang, "portal.withdraw.reason"), widget="textarea", required=False
    )
    context = {
        "case": case,
        "case_url": case_url(case),
        "question": question,
        "faults": [Fault(fault)] if fault else [],
        "act": new_key(),
    }
    return respond(request, "portal/withdraw.html", context, status=status)


@require_POST
@of_case
def leave(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Close the case on this device."""
    del request, case
    return keys.drop_cases(see_other("/"))


@require_http_methods(["GET", "HEAD", "POST"])
def code_lost(request: HttpRequest) -> HttpResponse:
    """Send a new code to the address of the case; the answer never says whether there is one."""
    lang = visits.of(request).lang
    if request.method != "POST":
        return _code_lost_page(request, {})
    number = request.POST.get("nummer", "").strip()[:NUMBER_LIMIT]
    email = request.POST.get("email", "").strip()[:ADDRESS_LIMIT]
    if not number or not email:
        return _code_lost_page(request, {"nummer": say(lang, "portal.code_lost.missing")})
    if wait := guesses.take(request, purpose="code", target=normalise(number)):
        return error(request, 429, retry_after=wait)
    case_actions.renew_code(number=number, email=email)
    return respond(request, "portal/code_sent.html", {})


def _code_lost_page(request: HttpRequest, wrong: dict[str, str]) -> HttpResponse:
    lang = visits.of(request).lang
    questions = [
        Question(
            name="nummer",
            label=say(lang, "portal.enter.number"),
            hint=say(lang, "portal.enter.number_hint"),
            autocomplete="off",
            width=20,
            error=wrong.get("nummer"),
        ),
        Question(
            name="email",
            label=say(lang, "portal.contact.email"),
            widget="email",
            autocomplete="email",
        ),
    ]
    context = {
        "questions": questions,
        "faults": [Fault(text, name) for name, text in wrong.items()],
    }
    return respond(request, "portal/code_lost.html", context, status=422 if wrong else 200)
