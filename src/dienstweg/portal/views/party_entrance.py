"""How a party gets to its pages: by number and code, by a new link, and away from them again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dienstweg.authorities import queries as authorities
from dienstweg.cases import actions, errors
from dienstweg.design.question import Fault, Question
from dienstweg.design.words import say
from dienstweg.kernel.references import normalise
from dienstweg.portal import keys, owners
from dienstweg.portal.doors import see_other
from dienstweg.portal.party_doors import LONGEST_NUMBER, of_party, party_url
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond

CODE_LIMIT, ADDRESS_LIMIT = 60, 250


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Let a party in by number and code, a few tries at a time."""
    if request.method != "POST":
        return _enter_page(request, request.GET.get("nummer", "")[:LONGEST_NUMBER], {})
    lang = visits.of(request).lang
    number = request.POST.get("nummer", "").strip()[:LONGEST_NUMBER]
    code = request.POST.get("code", "").strip()[:CODE_LIMIT]
    empty = {
        name: say(lang, f"portal.party.enter.{name}_missing")
        for name, text in (("nummer", number), ("code", code))
        if not text
    }
    if empty:
        return _enter_page(request, number, empty)
    if wait := guesses.take(request, purpose="party", target=normalise(number)):
        return error(request, 429, retry_after=wait)
    return _let_in(request, number, code)


def _let_in(request: HttpRequest, number: str, code: str) -> HttpResponse:
    lang, account_id = visits.of(request).lang, owners.account_id(request)
    try:
        got_in = actions.let_in_party(number=number, code=code, account_id=account_id)
    except (errors.NumberOrCodeOfPartyWrong, errors.InvitationExpired) as refused:
        kind = "expired" if isinstance(refused, errors.InvitationExpired) else "wrong"
        return _enter_page(request, number, {"code": say(lang, f"portal.party.enter.{kind}")})
    except errors.TooManyTries:
        return error(request, 429, retry_after=900)
    guesses.forgive(request, purpose="party", target=normalise(number))
    if got_in.moved_to and got_in.moved_authority:
        return moved(request, got_in.moved_to, got_in.moved_authority)
    answer = see_other(party_url(got_in.number))
    return keys.add_party(request, answer, got_in.party_id, anew=True)


def _enter_page(request: HttpRequest, number: str, wrong: dict[str, str]) -> HttpResponse:
    lang = visits.of(request).lang
    questions = [
        _number_question(lang, number, wrong.get("nummer")),
        Question(
            name="code",
            label=say(lang, "portal.party.enter.code"),
            hint=say(lang, "portal.party.enter.code_hint"),
            autocomplete="off",
            width=30,
            error=wrong.get("code"),
        ),
    ]
    context = {
        "questions": questions,
        "faults": [Fault(text, name) for name, text in wrong.items()],
        "number": number,
    }
    return respond(request, "portal/party_enter.html", context, status=422 if wrong else 200)


@require_POST
@of_party
def leave(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Close the party's pages on this device."""
    del request, party_id
    return keys.drop_parties(see_other("/"))


@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Send a new link and code to the party's own address; the answer never says whether."""
    lang = visits.of(request).lang
    source = request.POST if request.method == "POST" else request.GET
    number = source.get("nummer", "").strip()[:LONGEST_NUMBER]
    email = source.get("email", "").strip()[:ADDRESS_LIMIT] if request.method == "POST" else ""
    missing = request.method == "POST" and not (number and email)
    if request.method == "POST" and not missing:
        if wait := guesses.take(request, purpose="party_code", target=normalise(number)):
            return error(request, 429, retry_after=wait)
        actions.renew_link(number=number, email=email)
        return respond(request, "portal/party_link_sent.html", {"number": number})
    wrong = {"nummer": say(lang, "portal.party.link.missing")} if missing else {}
    questions = [
        _number_question(lang, number, wrong.get("nummer")),
        Question(
            name="email",
            label=say(lang, "portal.contact.email"),
            widget="email",
            value=email,
            autocomplete="email",
        ),
    ]
    context = {
        "questions": questions,
        "faults": [Fault(text, name) for name, text in wrong.items()],
    }
    return respond(request, "portal/party_link.html", context, status=422 if wrong else 200)


def moved(request: HttpRequest, number: str, authority_id: UUID) -> HttpResponse:
    """Say that the case is at another authority, and lead there; the code stays the same."""
    url = authorities.public_url(authority_id, reverse("portal:party", args=[number]))
    context = {"name": authorities.card(authority_id).name, "url": url, "number": number}
    return respond(request, "portal/party_moved.html", context)


def _number_question(lang: str, number: str, wrong: str | None) -> Question:
    return Question(
        name="nummer",
        label=say(lang, "portal.party.enter.number"),
        hint=say(lang, "portal.party.enter.number_hint"),
        value=number,
        autocomplete="off",
        width=20,
        error=wrong,
    )
