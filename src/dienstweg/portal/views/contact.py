"""How the applicant wants to hear from us: by e-mail (confirmed by a code) or by post."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import errors as draft_errors
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.queries import Contact
from dienstweg.design.question import Choice, Fault, Question
from dienstweg.design.words import say
from dienstweg.portal.doors import Key, of_draft, see_other
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page as respond

ADDRESS_LIMIT = 250


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def contact(request: HttpRequest, key: Key) -> HttpResponse:
    """Ask for the way, with post as the way out of anything digital (section 9 OZG)."""
    lang = visits.of(request).lang
    if request.method != "POST":
        draft = drafts.opened(key.draft_id, key.secret)
        known = draft.contact
        return _ask(request, key, known.way if known else "", known.email if known else "", {})
    way = request.POST.get("weg", "")
    email = request.POST.get("email", "").strip()[:ADDRESS_LIMIT]
    if way not in {"email", "post"}:
        return _ask(request, key, "", email, {"weg": say(lang, "portal.contact.choose")})
    try:
        known = assistants.set_contact(
            draft_id=key.draft_id,
            secret=key.secret,
            way="email" if way == "email" else "post",
            email=email if way == "email" else "",
        )
    except draft_errors.InvalidAddress:
        return _ask(request, key, way, email, {"email": say(lang, "portal.contact.invalid")})
    except draft_errors.TooManyCodes:
        return _ask(request, key, way, email, {"email": say(lang, "portal.contact.too_many")})
    return see_other(_after(key, known))


def _after(key: Key, contact: Contact) -> str:
    return key.url("summary") if contact.settled else key.url("confirm_contact")


def _ask(
    request: HttpRequest, key: Key, way: str, email: str, wrong: dict[str, str]
) -> HttpResponse:
    lang = visits.of(request).lang
    ways = Question(
        name="weg",
        label=say(lang, "portal.contact.way"),
        widget="radio",
        hint=say(lang, "portal.contact.way_hint"),
        options=[
            Choice("email", say(lang, "portal.contact.by_email"), selected=way == "email"),
            Choice("post", say(lang, "portal.contact.by_post"), selected=way == "post"),
        ],
        error=wrong.get("weg"),
    )
    address = Question(
        name="email",
        label=say(lang, "portal.contact.email"),
        widget="email",
        hint=say(lang, "portal.contact.email_hint"),
        purpose=say(lang, "portal.contact.email_purpose"),
        value=email,
        autocomplete="email",
        required=False,
        error=wrong.get("email"),
    )
    context = {
        "questions": [ways, address],
        "faults": [Fault(text, name) for name, text in wrong.items()],
        "back_url": key.url("draft"),
        "pause_url": key.url("pause"),
    }
    return respond(request, "portal/contact.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def confirm(request: HttpRequest, key: Key) -> HttpResponse:
    """Ask for the code that was sent to the address."""
    lang = visits.of(request).lang
    known = drafts.opened(key.draft_id, key.secret).contact
    if known is None or known.settled:
        return see_other(key.url("summary") if known else key.url("contact"))
    fault = ""
    if request.method == "POST":
        code = request.POST.get("code", "")[:40]
        if assistants.confirm_contact(draft_id=key.draft_id, secret=key.secret, code=code):
            return see_other(key.url("summary"))
        fault = say(lang, "portal.contact.wrong_code")
    question = Question(
        name="code",
        label=say(lang, "portal.contact.code"),
        hint=say(lang, "portal.contact.code_hint"),
        widget="integer",
        autocomplete="one-time-code",
        width=7,
        error=fault or None,
    )
    context = {
        "question": question,
        "email": known.email,
        "faults": [Fault(fault, "code")] if fault else [],
        "contact_url": key.url("contact"),
    }
    return respond(request, "portal/confirm.html", context, status=422 if fault else 200)
