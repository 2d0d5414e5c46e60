"""What the pages of accounts have in common: questions, and one form with its words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from dienstweg.design.question import Fault, Question
from dienstweg.design.words import say
from dienstweg.portal import sessions
from dienstweg.portal.doors import see_other
from dienstweg.reception import signing_in
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page as respond

ADDRESS_LIMIT, CODE_LIMIT, PASSWORD_LIMIT, ONWARDS_LIMIT = 254, 40, 500, 900
ONWARDS = "weiter"
NOTHING: Mapping[str, str] = {}

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of accounts: ``name`` is that of its words (``portal.account.<name>.title`` ...)."""

    name: str
    questions: Sequence[Question] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    links: Sequence[tuple[str, str]] = ()
    """Words (keys below ``portal.account``) and addresses of what else can be done here."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What is put into the words of the lead."""
    onwards: str = ""
    problem: str = ""
    """Words of what is wrong with the whole, not with one answer."""


def show(request: HttpRequest, form: Form, *, status: int = 0) -> HttpResponse:
    """Return the page of a form; 422 where something is wrong with it."""
    lang = visits.of(request).lang
    words = f"portal.account.{form.name}"
    context = {
        "title": say(lang, f"{words}.title"),
        "lead": say(lang, f"{words}.lead", **form.values),
        "button_label": say(lang, f"{words}.button"),
        "questions": form.questions,
        "faults": [Fault(text, name) for name, text in form.faults.items()],
        "problem": form.problem,
        "links": [(say(lang, f"portal.account.{key}"), href) for key, href in form.links],
        "onwards": form.onwards,
    }
    wrong = bool(form.faults or form.problem)
    code = status or (422 if wrong else 200)
    return respond(request, "portal/account/form.html", context, status=code)


def held(view: View) -> View:
    """Give a view of the network's host the id of the account that is signed in there."""

    @wraps(view)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponse:
        if not signing_in.here(request):
            here = request.path if request.method == "GET" else reverse("konto:home")
            return see_other(with_onwards("konto:sign_in", here))
        sessions.of_network(request)
        return view(request, signing_in.account_id(request), **parts)

    return guarded


def with_onwards(name: str, onwards: str) -> str:
    """Return the address of a page that leads to ``onwards`` in the end."""
    address = reverse(name)
    return f"{address}?{urlencode({ONWARDS: onwards})}" if onwards else address


def onwards_of(request: HttpRequest) -> str:
    """Return where somebody wanted to go: a page of accounts on this host, or nowhere."""
    target = (request.POST.get(ONWARDS) or request.GET.get(ONWARDS, ""))[:ONWARDS_LIMIT]
    inside = target.startswith(reverse("konto:home")) and visits.is_local_path(target)
    return target if inside and ".." not in target else ""


def address_question(lang: str, value: str = "", wrong: str = "", *, new: bool = False) -> Question:
    """Return the question for an e-mail address."""
    return Question(
        name="email",
        label=say(lang, "portal.account.email_new" if new else "portal.contact.email"),
        widget="email",
        value=value,
        autocomplete="email" if new else "username",
        error=wrong or None,
    )


def password_question(
    lang: str, name: str = "passwort", wrong: str = "", *, new: bool = False
) -> Question:
    """Return the question for a password; it is never shown again."""
    return Question(
        name=name,
        label=say(lang, "portal.account.password_new" if new else "portal.account.password"),
        widget="password",
        hint=say(lang, "portal.account.password_hint") if new else None,
        autocomplete="new-password" if new else "current-password",
        error=wrong or None,
    )


def code_question(lang: str, wrong: str = "") -> Question:
    """Return the question for the code that was mailed."""
    return Question(
        name="code",
        label=say(lang, "portal.contact.code"),
        hint=say(lang, "portal.contact.code_hint"),
        widget="integer",
        autocomplete="one-time-code",
        width=7,
        error=wrong or None,
    )
