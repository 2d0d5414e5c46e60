"""Values that the applicant need not type: shown before they are used, and where they come from."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.actions import Given
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import prefill_places, prefilling
from dienstweg.blueprint.release import Release
from dienstweg.cases import actions as case_actions
from dienstweg.cases import errors as case_errors
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseView, Opened
from dienstweg.design.question import Fault, Question
from dienstweg.design.words import say
from dienstweg.kernel.references import normalise
from dienstweg.offers import queries as offers
from dienstweg.offers.queries import OfferView
from dienstweg.portal.doors import Key, of_draft, open_draft, see_other
from dienstweg.portal.moments import day
from dienstweg.portal.views import entrance
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

PREFIX = "vorab-"
"""Before the name of a field that the start page hands on, so that it is nobody else's."""
NUMBER_LIMIT, CODE_LIMIT = 40, 60
ACCOUNT = "account"


def start(request: HttpRequest, offer: OfferView) -> HttpResponse:
    """Show the start page with what a link brings; nothing is begun, and nothing kept."""
    release = offers.release(offer.digest)
    lang = visits.speak(request, release.languages)
    given = _bounded(dict(request.GET.lists()))
    values, unusable = prefill_places.from_parameters(release, given)
    context = entrance.start_page(request, release, offer, lang)
    context["other_query"] = ""  # no address of ours carries what another's link brought
    context["prefilled"] = _shown(release, values, lang)
    context["handed_on"] = [
        (f"{PREFIX}{name}", text)
        for name, texts in given.items()
        if prefill_places.parameter(release, name) and name not in unusable
        for text in texts
    ]
    context["unusable"] = bool(unusable)
    return respond(request, "portal/service.html", context)


def _bounded(parameters: Mapping[str, Sequence[object]]) -> dict[str, list[str]]:
    return {
        name: [str(text)[: prefilling.LONGEST_TEXT + 1] for text in list(texts)[:20]]
        for name, texts in list(parameters.items())[: prefill_places.MOST_PARAMETERS]
    }


def _shown(release: Release, values: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return label and words of each value that the link brings."""
    answers = prefilling.prefill(release, {}, values, source="link", label="").answers
    return prefilling.shown(release, answers, lang)


def given_by_link(request: HttpRequest, release: Release, lang: str) -> Given | None:
    """Return what the start page has handed on, read and checked anew."""
    posted = {
        name.removeprefix(PREFIX): texts
        for name, texts in _bounded(dict(request.POST.lists())).items()
        if name.startswith(PREFIX)
    }
    values, _ = prefill_places.from_parameters(release, posted)
    return Given(values, "link", say(lang, "portal.source.link")) if values else None


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def earlier(request: HttpRequest, key: Key) -> HttpResponse:
    """Take over what still fits from an application that was sent before."""
    draft = open_draft(request, key)
    if request.method != "POST":
        return _ask(request, key, "", {})
    number = request.POST.get("nummer", "").strip()[:NUMBER_LIMIT]
    code = request.POST.get("code", "").strip()[:CODE_LIMIT]
    if wait := guesses.take(request, purpose="case", target=normalise(number)):
        return error(request, 429, retry_after=wait)
    try:
        case = case_actions.let_in(number=number, code=code)
        opened = cases.opened(case.id)
    except (case_errors.WrongNumberOrCode, case_errors.Erased, case_errors.NoSuchCase):
        wrong = {"code": say(visits.of(request).lang, "portal.enter.wrong")}
        return _ask(request, key, number, wrong)
    except case_errors.TooManyTries:
        return error(request, 429, retry_after=900)
    guesses.forgive(request, purpose="case", target=normalise(number))
    return _take_over(request, key, draft, opened)


def _take_over(request: HttpRequest, key: Key, draft: DraftView, opened: Opened) -> HttpResponse:
    case = opened.case
    if offers.release(case.digest).id != offers.release(draft.digest).id:
        wrong = {"nummer": say(visits.of(request).lang, "portal.earlier.other")}
        return _ask(request, key, case.number, wrong)
    filled = assistants.take_over(
        draft_id=key.draft_id,
        secret=key.secret,
        digest=case.digest,
        application=opened.application.data,
        label=_label(case, draft.lang),
    )
    context = {"faults": [], "taken": len(filled.taken), "draft_url": key.url("draft")}
    return respond(request, "portal/earlier.html", context)


def _label(case: CaseView, lang: str) -> str:
    when = day(case.submitted_at, lang)
    return say(lang, "portal.source.earlier", number=case.number, when=when)


def _ask(request: HttpRequest, key: Key, number: str, wrong: Mapping[str, str]) -> HttpResponse:
    lang = visits.of(request).lang
    questions = [
        Question(
            name=name,
            label=say(lang, f"portal.enter.{word}"),
            hint=say(lang, f"portal.enter.{word}_hint"),
            value=value,
            autocomplete="off",
            width=width,
            error=wrong.get(name),
        )
        for name, word, value, width in (
            ("nummer", "number", number, 20),
            ("code", "code", "", 30),
        )
    ]
    context = {
        "questions": questions,
        "faults": [Fault(text, name) for name, text in wrong.items()],
        "draft_url": key.url("draft"),
        "taken": None,
    }
    return respond(request, "portal/earlier.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def loading(request: HttpRequest, key: Key) -> HttpResponse:
    """Wait a moment for what an account knows; never longer than the applicant likes."""
    draft = open_draft(request, key)
    if request.method == "POST":
        assistants.stop_asking(draft_id=key.draft_id, secret=key.secret, source=ACCOUNT)
        return see_other(key.url("draft"))
    state = drafts.asking(draft, ACCOUNT)
    if state in {None, "done"}:
        return see_other(key.url("draft"))
    context = {"waits": state == "waiting", "draft_url": key.url("draft")}
    return respond(request, "portal/loading.html", context)
