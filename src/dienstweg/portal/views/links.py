"""The link to go on elsewhere, mailed at the applicant's wish to an address that is confirmed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import errors as draft_errors
from dienstweg.assistants import queries as drafts
from dienstweg.design.question import Fault, Question
from dienstweg.design.words import say
from dienstweg.portal import mailed_code
from dienstweg.portal.doors import Key, of_draft, open_draft, see_other
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

ADDRESS_LIMIT = 250


@require_POST
@of_draft
def ask(request: HttpRequest, key: Key) -> HttpResponse:
    """Send the link, or first the code that confirms a new address."""
    lang = visits.of(request).lang
    email = request.POST.get("email", "").strip()[:ADDRESS_LIMIT]
    if wait := guesses.take(request, purpose="link", target=str(key.draft_id)):
        return error(request, 429, retry_after=wait)
    try:
        step = assistants.mail_link(draft_id=key.draft_id, secret=key.secret, email=email)
    except draft_errors.InvalidAddress:
        wrong = say(lang, "portal.contact.invalid")
        return _page(request, key, address_question(lang, email, wrong), wrong)
    except draft_errors.TooManyCodes:
        wrong = say(lang, "portal.link.too_many")
        return _page(request, key, address_question(lang, email, wrong), wrong)
    return see_other(key.url("link_sent" if step == "sent" else "confirm_link"))


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def confirm(request: HttpRequest, key: Key) -> HttpResponse:
    """Ask for the code that was sent to the address."""
    open_draft(request, key)
    lang = visits.of(request).lang
    address, confirmed = drafts.address_for_link(key.draft_id, key.secret)
    if not address or confirmed:
        return see_other(key.url("link_sent") if address else key.url("pause"))
    wrong = request.method == "POST"
    if wrong:
        code = request.POST.get("code", "")[: mailed_code.LONGEST]
        if assistants.confirm_link(draft_id=key.draft_id, secret=key.secret, code=code):
            return see_other(key.url("link_sent"))
    question = mailed_code.question(lang, wrong=wrong)
    lead = say(lang, "portal.contact.confirm_lead", email=address)
    return _page(
        request,
        key,
        question,
        question.error or "",
        lead=lead,
        label="portal.contact.confirm_button",
    )


@require_http_methods(["GET", "HEAD"])
@of_draft
def sent(request: HttpRequest, key: Key) -> HttpResponse:
    """Say where the link has gone."""
    address, confirmed = drafts.address_for_link(key.draft_id, key.secret)
    if not confirmed:
        return see_other(key.url("pause"))
    lead = say(visits.of(request).lang, "portal.link.sent", email=address)
    return _page(request, key, None, "", lead=lead)


def address_question(lang: str, email: str = "", wrong: str = "") -> Question:
    """Return the question for the address to which the link shall go."""
    return Question(
        name="email",
        label=say(lang, "portal.contact.email"),
        widget="email",
        value=email,
        autocomplete="email",
        error=wrong or None,
    )


def _page(
    request: HttpRequest,
    key: Key,
    question: Question | None,
    wrong: str,
    *,
    lead: str = "",
    label: str = "portal.link.button",
) -> HttpResponse:
    lang = visits.of(request).lang
    context = {
        "question": question,
        "faults": [Fault(wrong, question.name)] if wrong and question else [],
        "lead": lead or say(lang, "portal.link.lead"),
        "label": say(lang, label),
        "pause_url": key.url("pause"),
        "draft_url": key.url("draft"),
    }
    return respond(request, "portal/link.html", context, status=422 if wrong else 200)
