"""At the network's host: sign in and out, sign up, and choose a new password."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dienstweg.accounts import actions as accounts
from dienstweg.accounts import queries
from dienstweg.accounts.errors import (
    AddressTaken,
    InvalidAddress,
    NoProof,
    WeakPassword,
    WrongCode,
)
from dienstweg.design.words import say
from dienstweg.kernel.language import base
from dienstweg.portal.doors import see_other
from dienstweg.portal.views.account.forms import (
    ADDRESS_LIMIT,
    CODE_LIMIT,
    NOTHING,
    PASSWORD_LIMIT,
    Form,
    address_question,
    code_question,
    onwards_of,
    password_question,
    show,
    with_onwards,
)
from dienstweg.reception import guesses, signing_in, staying
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import error

PROOF = "dw_nachweis"
"""The cookie with the secret of whoever waits for a code."""
PROOF_LASTS = timedelta(minutes=30)
PROOF_GUESSES = "account-proof"
"""Guesses at codes are counted by the address that they went to: a new code is no new chance."""
_TOKEN_LIMIT = 100


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with e-mail and password; wrong ones and unknown ones get the same answer."""
    onwards = onwards_of(request)
    if request.method != "POST":
        if signing_in.here(request):
            return see_other(onwards or reverse("konto:home"))
        return _sign_in_page(request, "", "")
    email = request.POST.get("email", "").strip().lower()[:ADDRESS_LIMIT]
    password = request.POST.get("passwort", "")[:PASSWORD_LIMIT]
    if wait := guesses.take(request, purpose="account", target=email):
        return error(request, 429, retry_after=wait)
    if not signing_in.by_password(request, email=email, password=password):
        wrong = say(visits.of(request).lang, "portal.account.sign_in.wrong")
        return _sign_in_page(request, email, wrong)
    guesses.forgive(request, purpose="account", target=email)
    return see_other(onwards or reverse("konto:home"))


def _sign_in_page(request: HttpRequest, email: str, problem: str) -> HttpResponse:
    lang, onwards = visits.of(request).lang, onwards_of(request)
    form = Form(
        "sign_in",
        [address_question(lang, email), password_question(lang)],
        links=[
            ("sign_up.link", with_onwards("konto:sign_up", onwards)),
            ("forgotten.link", with_onwards("konto:forgotten", onwards)),
        ],
        onwards=onwards,
        problem=problem,
    )
    return show(request, form, status=422 if problem else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here and at every authority's host."""
    signing_in.out(request)
    return see_other(reverse("konto:sign_in"))


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for an account; the answer never says whether the address has one already."""
    lang = visits.of(request).lang
    if request.method != "POST":
        return _sign_up_page(request, "")
    email = request.POST.get("email", "").strip()[:ADDRESS_LIMIT]
    password = request.POST.get("passwort", "")[:PASSWORD_LIMIT]
    if wait := guesses.take(request, purpose="account-code", target=email.lower()):
        return error(request, 429, retry_after=wait)
    try:
        token = accounts.begin_account(email=email, password=password, lang=base(lang))
    except InvalidAddress:
        wrong = {"email": say(lang, "portal.contact.invalid")}
        return _sign_up_page(request, email, wrong)
    except WeakPassword as weak:
        wrong = {"passwort": say(lang, f"portal.account.weak.{weak}")}
        return _sign_up_page(request, email, wrong)
    response = see_other(with_onwards("konto:code", onwards_of(request)))
    return staying.remember(response, PROOF, token, PROOF_LASTS)


def _sign_up_page(
    request: HttpRequest, email: str, wrong: dict[str, str] | None = None
) -> HttpResponse:
    lang, onwards, faults = visits.of(request).lang, onwards_of(request), wrong or {}
    form = Form(
        "sign_up",
        [
            address_question(lang, email, faults.get("email", "")),
            password_question(lang, wrong=faults.get("passwort", ""), new=True),
        ],
        faults,
        links=[("sign_in.link", with_onwards("konto:sign_in", onwards))],
        onwards=onwards,
    )
    return show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Make the account by the code that was mailed, and sign its holder in."""
    token, onwards = token_of(request), onwards_of(request)
    lang = visits.of(request).lang
    again = with_onwards("konto:sign_up", onwards)
    try:
        email = queries.address_to_prove(token, "new")
        if request.method != "POST":
            return _code_page(request, email, {})
        if wait := guesses.take(request, purpose=PROOF_GUESSES, target=email):
            return error(request, 429, retry_after=wait)
        typed = request.POST.get("code", "")[:CODE_LIMIT]
        account_id = accounts.confirm_account(token=token, code=typed)
    except WrongCode:
        return _code_page(request, email, {"code": say(lang, "portal.contact.wrong_code")})
    except (NoProof, AddressTaken):
        return see_other(again)
    return _enter(request, account_id, email)


def _code_page(request: HttpRequest, email: str, wrong: dict[str, str]) -> HttpResponse:
    lang, onwards = visits.of(request).lang, onwards_of(request)
    form = Form(
        "code",
        [code_question(lang, wrong.get("code", ""))],
        wrong,
        links=[("code.again", with_onwards("konto:sign_up", onwards))],
        values={"email": email},
        onwards=onwards,
    )
    return show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send a code by which a new password is chosen; the answer is the same for every address."""
    lang, onwards = visits.of(request).lang, onwards_of(request)
    email, wrong = "", NOTHING
    if request.method == "POST":
        email = request.POST.get("email", "").strip()[:ADDRESS_LIMIT]
        if wait := guesses.take(request, purpose="account-code", target=email.lower()):
            return error(request, 429, retry_after=wait)
        try:
            token = accounts.begin_password(email=email, lang=base(lang))
        except InvalidAddress:
            wrong = {"email": say(lang, "portal.contact.invalid")}
        else:
            response = see_other(with_onwards("konto:new_password", onwards))
            return staying.remember(response, PROOF, token, PROOF_LASTS)
    form = Form(
        "forgotten",
        [address_question(lang, email, wrong.get("email", ""))],
        wrong,
        links=[("sign_in.link", with_onwards("konto:sign_in", onwards))],
        onwards=onwards,
    )
    return show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Set a new password by the code that was mailed, and sign its holder in."""
    token, onwards = token_of(request), onwards_of(request)
    lang = visits.of(request).lang
    wrong: dict[str, str] = {}
    try:
        email = queries.address_to_prove(token, "password")
        if request.method == "POST":
            if wait := guesses.take(request, purpose=PROOF_GUESSES, target=email):
                return error(request, 429, retry_after=wait)
            account_id = accounts.confirm_password(
                token=token,
                code=request.POST.get("code", "")[:CODE_LIMIT],
                password=request.POST.get("passwort", "")[:PASSWORD_LIMIT],
            )
            return _enter(request, account_id, email)
    except NoProof:
        return see_other(with_onwards("konto:forgotten", onwards))
    except WrongCode:
        wrong = {"code": say(lang, "portal.contact.wrong_code")}
    except WeakPassword as weak:
        wrong = {"passwort": say(lang, f"portal.account.weak.{weak}")}
    form = Form(
        "new_password",
        [
            code_question(lang, wrong.get("code", "")),
            password_question(lang, wrong=wrong.get("passwort", ""), new=True),
        ],
        wrong,
        links=[("code.again", with_onwards("konto:forgotten", onwards))],
        values={"email": email},
        onwards=onwards,
    )
    return show(request, form)


def _enter(request: HttpRequest, account_id: UUID, email: str) -> HttpResponse:
    """Sign in whoever has just proven their address."""
    guesses.forgive(request, purpose=PROOF_GUESSES, target=email)
    signing_in.as_proven(request, account_id)
    response = see_other(onwards_of(request) or reverse("konto:home"))
    response.delete_cookie(PROOF, samesite="Lax")
    return response


def token_of(request: HttpRequest) -> str:
    """Return the secret of this browser that waits for a code; empty if it waits for none."""
    return request.COOKIES.get(PROOF, "")[:_TOKEN_LIMIT]
