"""Feedback: whoever meets a barrier tells the authority, without a name if they like.

Section 12b(2) no. 2 BGG and section 7(2) BITV 2.0: from every page, in an accessible way.
"""

import re
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.design.question import Fault, Question
from dienstweg.design.words import say
from dienstweg.mail import actions as mail
from dienstweg.portal.doors import see_other
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import FIELD, KEY_LIMIT, new_key
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

TEXT_LIMIT, PAGE_LIMIT, CONTACT_LIMIT = 3_000, 200, 200
_OF_SOMEBODY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|/vorgang/[^/?#]+", re.IGNORECASE)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Ask what is wrong, and send it to the authority's mailbox."""
    visit = visits.of(request)
    if request.method != "POST" or not visit.at.email:
        return _ask(request, {"seite": _came_from(request)})
    given = {
        "text": request.POST.get("text", "").strip()[:TEXT_LIMIT],
        "seite": request.POST.get("seite", "").strip()[:PAGE_LIMIT],
        "kontakt": request.POST.get("kontakt", "").strip()[:CONTACT_LIMIT],
    }
    if not given["text"]:
        return _ask(request, given, say(visit.lang, "portal.feedback.empty"), status=422)
    address = visits.client_address(request)
    if wait := guesses.take(request, purpose="feedback", target=address):
        return error(request, 429, retry_after=wait)
    act = request.POST.get(FIELD, "")[:KEY_LIMIT] or new_key()
    mail.send(
        authority_id=visit.at.id,
        to=visit.at.email,
        template="feedback",
        context={
            "text": given["text"],
            "page": given["seite"] or "-",
            "contact": given["kontakt"] or "-",
        },
        key=f"feedback/{act}",
    )
    return see_other("/rueckmeldung/danke")


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that the feedback has arrived, and who helps where it does not."""
    return respond(request, "portal/feedback_sent.html", {})


def _ask(
    request: HttpRequest, given: dict[str, str], fault: str = "", status: int = 200
) -> HttpResponse:
    lang = visits.of(request).lang
    questions = [
        _question(lang, "text", "textarea", given, fault),
        _question(lang, "seite", "text", given),
        _question(lang, "kontakt", "text", given),
    ]
    context = {
        "questions": questions,
        "faults": [Fault(fault, "text")] if fault else [],
        "act": request.POST.get(FIELD, "")[:KEY_LIMIT] or new_key(),
    }
    return respond(request, "portal/feedback.html", context, status=status)


def _question(
    lang: str, name: str, widget: str, given: dict[str, str], fault: str = ""
) -> Question:
    return Question(
        name=name,
        label=say(lang, f"portal.feedback.{name}"),
        hint=say(lang, f"portal.feedback.{name}_hint"),
        widget=widget,
        value=given.get(name, ""),
        required=name == "text",
        error=fault or None,
    )


def _came_from(request: HttpRequest) -> str:
    """Return the path of our page that the visitor comes from, without whose it was."""
    came = request.headers.get("Referer", "")[:1_000]
    try:
        parts = urlsplit(came)
    except ValueError:
        return ""
    if parts.netloc != request.headers.get("Host", ""):
        return ""
    return _OF_SOMEBODY.sub(lambda one: "/vorgang/…" if "vorgang" in one[0] else "…", parts.path)[
        :PAGE_LIMIT
    ]
