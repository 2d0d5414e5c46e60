"""How the applicant wants to hear from us: by e-mail (confirmed by a code) or by post."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import errors as draft_errors
from dienstweg.assistants.queries import Contact, DraftView
from dienstweg.blueprint import pages as blueprint
from dienstweg.blueprint.views import SUMMARY
from dienstweg.design.question import Choice, Fault, Question
from dienstweg.design.words import say
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.portal import mailed_code, owners
from dienstweg.portal.doors import Key, of_draft, open_draft, see_other
from dienstweg.portal.views import releases
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page as respond

ADDRESS_LIMIT = 250
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    way: str = ""
    email: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def contact(request: HttpRequest, key: Key) -> HttpResponse:
    """Ask for the way, with post as the way out of anything digital (section 9 OZG)."""
    draft = open_draft(request, key)
    lang = visits.of(request).lang
    if (gone := releases.withdrawn(key, draft)) is not None:
        return gone
    proven = owners.email(request)
    if request.method != "POST":
        known = draft.contact
        typed = Typed(known.way, known.email) if known else Typed(email=proven)
        return _ask(request, key, draft, typed)
    way = request.POST.get("weg", "")
    email = request.POST.get("email", "").strip()[:ADDRESS_LIMIT]
    typed = Typed(way, email)
    if way not in {"email", "post"}:
        return _ask(request, key, draft, typed, {"weg": say(lang, "portal.contact.choose")})
    try:
        known = assistants.set_contact(
            draft_id=key.draft_id,
            secret=key.secret,
            way="email" if way == "email" else "post",
            email=email if way == "email" else "",
            proven=proven,
        )
    except draft_errors.InvalidAddress:
        return _ask(request, key, draft, typed, {"email": say(lang, "portal.contact.invalid")})
    except draft_errors.TooManyCodes:
        return _ask(request, key, draft, typed, {"email": say(lang, "portal.contact.too_many")})
    return see_other(_after(key, known))


def _after(key: Key, contact: Contact) -> str:
    return key.url("summary") if contact.settled else key.url("confirm_contact")


def _ask(
    request: HttpRequest,
    key: Key,
    draft: DraftView,
    typed: Typed,
    wrong: Mapping[str, str] = NOTHING,
) -> HttpResponse:
    lang = visits.of(request).lang
    ways = Question(
        name="weg",
        label=say(lang, "portal.contact.way"),
        widget="radio",
        hint=say(lang, "portal.contact.way_hint"),
        options=[
            Choice("email", say(lang, "portal.contact.by_email"), selected=typed.way == "email"),
            Choice("post", say(lang, "portal.contact.by_post"), selected=typed.way == "post"),
        ],
        error=wrong.get("weg"),
    )
    address = Question(
        name="email",
        label=say(lang, "portal.contact.email"),
        widget="email",
        hint=say(lang, "portal.contact.email_hint"),
        purpose=say(lang, "portal.contact.email_purpose"),
        value=typed.email,
        autocomplete="email",
        required=False,
        error=wrong.get("email"),
    )
    context = {
        "questions": [ways, address],
        "faults": [Fault(text, name) for name, text in wrong.items()],
        "back_url": _last_page(key, draft),
        "pause_url": key.url("pause"),
        "step": steps_in_all(draft) - 1,
        "steps": steps_in_all(draft),
    }
    return respond(request, "portal/contact.html", context, status=422 if wrong else 200)


def steps_in_all(draft: DraftView) -> int:
    """Return how many steps there are: the pages that are asked, the contact, the review."""
    release = offers.release(draft.digest)
    return len(blueprint.visible_pages(release, dict(draft.answers), clock.today())) + 2


def _last_page(key: Key, draft: DraftView) -> str:
    release, answers = offers.release(draft.digest), dict(draft.answers)
    last = blueprint.previous_page(release, answers, SUMMARY, today=clock.today())
    return key.page(last) if last else key.url("draft")


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def confirm(request: HttpRequest, key: Key) -> HttpResponse:
    """Ask for the code that was sent to the address."""
    draft = open_draft(request, key)
    lang = visits.of(request).lang
    known = draft.contact
    if known is None or known.settled:
        return see_other(key.url("summary") if known else key.url("contact"))
    wrong = request.method == "POST"
    if wrong:
        code = request.POST.get("code", "")[: mailed_code.LONGEST]
        if assistants.confirm_contact(draft_id=key.draft_id, secret=key.secret, code=code):
            return see_other(key.url("summary"))
    question = mailed_code.question(lang, wrong=wrong)
    context = {
        "question": question,
        "email": known.email,
        "faults": [Fault(question.error, question.name)] if question.error else [],
        "contact_url": key.url("contact"),
        "step": steps_in_all(draft) - 1,
        "steps": steps_in_all(draft),
    }
    return respond(request, "portal/confirm.html", context, status=422 if wrong else 200)
