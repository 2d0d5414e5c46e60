"""At the network's host: what is in an account, and what its holder does with it."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.accounts import actions as accounts
from dienstweg.accounts import queries
from dienstweg.accounts.errors import (
    AddressTaken,
    HasRoles,
    InvalidAddress,
    NoProof,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import actions as case_actions
from dienstweg.cases import queries as cases
from dienstweg.design.words import say
from dienstweg.documents import actions as documents
from dienstweg.offers import queries as offers
from dienstweg.portal.doors import see_other
from dienstweg.portal.moments import day
from dienstweg.portal.views.account.entering import (
    PROOF,
    PROOF_GUESSES,
    PROOF_LASTS,
    token_of,
)
from dienstweg.portal.views.account.forms import (
    ADDRESS_LIMIT,
    CODE_LIMIT,
    ONWARDS,
    PASSWORD_LIMIT,
    Form,
    address_question,
    code_question,
    held,
    password_question,
    show,
)
from dienstweg.reception import guesses, signing_in, staying
from dienstweg.reception import visit as visits
from dienstweg.reception.downloads import download
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond


@dataclass(frozen=True, slots=True)
class Line:
    """A draft or a case in the list: what, where, how it stands, and the way there."""

    title: str
    authority: str
    text: str
    url: str
    discard_url: str = ""


@require_safe
@held
def home(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show the drafts and cases of the account at all authorities."""
    lang = visits.of(request).lang
    with scope.enter(scope.of_account(account_id)):
        own_drafts, own_cases = drafts.own(), cases.own()
    done = request.GET.get("fertig", "")
    context = {
        "drafts": [_draft(one, lang) for one in own_drafts],
        "cases": [_case(one, lang) for one in own_cases],
        "done": say(lang, f"portal.account.done.{done}") if done in DONE else "",
    }
    return respond(request, "portal/account/home.html", context)


DONE = ("address", "details", "password")
"""What a page may say that was done just now."""


def _draft(card: drafts.DraftCard, lang: str) -> Line:
    changed, until = day(card.changed_at, lang), day(card.expires_at, lang)
    place = authorities.card(card.authority_id)
    page = f"/antrag/{card.id}/"
    return Line(
        title=_title(card.digest, lang),
        authority=place.name,
        text=say(lang, "portal.account.home.changed", changed=changed, until=until),
        url=_there(place.host, page),
        discard_url=_there(place.host, f"{page}verwerfen"),
    )


def _case(case: cases.CaseView, lang: str) -> Line:
    place = authorities.card(case.authority_id)
    state = say(lang, f"portal.case.state.{case.state}")
    when = day(case.submitted_at, lang)
    values = {"number": case.number, "when": when, "state": state}
    return Line(
        title=_title(case.digest, lang),
        authority=place.name,
        text=say(lang, "portal.account.home.sent", **values),
        url=_there(place.host, f"/vorgang/{case.number}"),
    )


def _title(digest: str, lang: str) -> str:
    return offers.release(digest).text(lang, "service.title", "")


def _there(host: str, path: str) -> str:
    """Return the address that leads, through signing in, to a page of an authority's host."""
    return visits.address_of(host, f"/konto/weiter?{urlencode({ONWARDS: path})}")


@require_http_methods(["GET", "HEAD", "POST"])
@held
def address(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Ask for another e-mail address, with the password."""
    lang = visits.of(request).lang
    wrong: dict[str, str] = {}
    email = ""
    if request.method == "POST":
        email = request.POST.get("email", "").strip()[:ADDRESS_LIMIT]
        if wait := guesses.take(request, purpose="account-own", target=str(account_id)):
            return error(request, 429, retry_after=wait)
        try:
            token = accounts.begin_address(
                account_id=account_id, password=_password(request), email=email
            )
        except InvalidAddress:
            wrong = {"email": say(lang, "portal.contact.invalid")}
        except WrongPassword:
            wrong = {"passwort": say(lang, "portal.account.wrong_password")}
        except HasRoles:
            return _for_staff(request, "address")
        else:
            guesses.forgive(request, purpose="account-own", target=str(account_id))
            response = see_other(reverse("konto:address_code"))
            return staying.remember(response, PROOF, token, PROOF_LASTS)
    form = Form(
        "address",
        [
            address_question(lang, email, wrong.get("email", ""), new=True),
            password_question(lang, wrong=wrong.get("passwort", "")),
        ],
        wrong,
        links=[("back", reverse("konto:home"))],
        values={"email": queries.holder(account_id).email},
    )
    return show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@held
def address_code(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Change the address by the code that went to the new one."""
    lang, token = visits.of(request).lang, token_of(request)
    wrong: dict[str, str] = {}
    try:
        email = queries.address_to_prove(token, "address", account_id=account_id)
        if request.method == "POST":
            if wait := guesses.take(request, purpose=PROOF_GUESSES, target=email):
                return error(request, 429, retry_after=wait)
            accounts.confirm_address(token=token, code=request.POST.get("code", "")[:CODE_LIMIT])
            guesses.forgive(request, purpose=PROOF_GUESSES, target=email)
            response = see_other(f"{reverse('konto:home')}?fertig=address")
            response.delete_cookie(PROOF, samesite="Lax")
            return response
    except WrongCode:
        wrong = {"code": say(lang, "portal.contact.wrong_code")}
    except (NoProof, AddressTaken):
        return see_other(reverse("konto:address"))
    form = Form(
        "address_code",
        [code_question(lang, wrong.get("code", ""))],
        wrong,
        links=[("code.again", reverse("konto:address"))],
        values={"email": email},
    )
    return show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@held
def password(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Change the password; whoever is signed in elsewhere is out."""
    lang = visits.of(request).lang
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if wait := guesses.take(request, purpose="account-own", target=str(account_id)):
            return error(request, 429, retry_after=wait)
        new = request.POST.get("neu", "")[:PASSWORD_LIMIT]
        try:
            accounts.change_password(account_id=account_id, old=_password(request), new=new)
        except WrongPassword:
            wrong = {"passwort": say(lang, "portal.account.wrong_password")}
        except WeakPassword as weak:
            wrong = {"neu": say(lang, f"portal.account.weak.{weak}")}
        except HasRoles:
            return _for_staff(request, "password")
        else:
            guesses.forgive(request, purpose="account-own", target=str(account_id))
            signing_in.as_proven(request, account_id)
            return see_other(f"{reverse('konto:home')}?fertig=password")
    form = Form(
        "password_change",
        [
            password_question(lang, wrong=wrong.get("passwort", "")),
            password_question(lang, "neu", wrong.get("neu", ""), new=True),
        ],
        wrong,
        links=[("back", reverse("konto:home"))],
    )
    return show(request, form)


@require_safe
@held
def export(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Hand over what is kept about the holder here, as JSON (Article 20 GDPR)."""
    del request
    with scope.enter(scope.of_account(account_id)):
        own_drafts, own_cases = drafts.own(), cases.own()
    content = {
        "account": queries.export(account_id),
        "drafts": [
            {
                "authority": authorities.card(one.authority_id).name,
                "service": _title(one.digest, "de"),
                "changed_at": one.changed_at.isoformat(),
                "kept_until": one.expires_at.isoformat(),
            }
            for one in own_drafts
        ],
        "cases": [
            {
                "authority": authorities.card(one.authority_id).name,
                "service": _title(one.digest, "de"),
                "number": one.number,
                "state": one.state,
                "submitted_at": one.submitted_at.isoformat(),
            }
            for one in own_cases
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return download("nutzerkonto.json", text.encode(), "application/json")


@require_http_methods(["GET", "HEAD", "POST"])
@held
def close(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Say what becomes of drafts and cases, and delete the account."""
    lang = visits.of(request).lang
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if wait := guesses.take(request, purpose="account-own", target=str(account_id)):
            return error(request, 429, retry_after=wait)
        try:
            accounts.confirmed_by_password(account_id, _password(request))
        except WrongPassword:
            wrong = {"passwort": say(lang, "portal.account.wrong_password")}
        except HasRoles:
            return _for_staff(request, "close")
        else:
            _close(account_id, _password(request))
            signing_in.out(request)
            return respond(request, "portal/account/closed.html", {})
    form = Form(
        "close",
        [password_question(lang, wrong=wrong.get("passwort", ""))],
        wrong,
        links=[("back", reverse("konto:home"))],
    )
    return show(request, form)


def _close(account_id: UUID, password: str) -> None:
    """Let every authority let go of the account, then delete it."""
    with scope.enter(scope.of_account(account_id)):
        places = drafts.own_places() | cases.own_places()
    with transaction.atomic():
        for authority_id in sorted(places):
            with scope.enter(scope.of(authority_id)):
                for draft_id in assistants.discard_own(account_id=account_id):
                    documents.forget_papers(draft_id=draft_id)
                case_actions.let_go_of_account(account_id=account_id)
        accounts.close(account_id=account_id, password=password)


def _password(request: HttpRequest) -> str:
    return request.POST.get("passwort", "")[:PASSWORD_LIMIT]


def _for_staff(request: HttpRequest, name: str) -> HttpResponse:
    """Say that the administration looks after the accounts of those who work here."""
    lang = visits.of(request).lang
    words = "password_change" if name == "password" else name
    form = Form(
        words,
        links=[("back", reverse("konto:home"))],
        values={"email": ""},
        problem=say(lang, "portal.account.staff"),
    )
    return show(request, form, status=403)
