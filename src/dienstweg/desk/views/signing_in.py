"""Sign in and out, with a guard against guessing."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dienstweg.design.words import say
from dienstweg.reception import guesses, pages
from dienstweg.reception import visit as visits

_MAX_LENGTH = 254


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the page, or sign in with e-mail and password."""
    if request.method != "POST":
        return _sign_in_page(request)
    email = request.POST.get("email", "")[:_MAX_LENGTH].strip().lower()
    password = request.POST.get("passwort", "")
    seconds = guesses.take(request, purpose="desk", target=email)
    if seconds:
        return _sign_in_page(request, email=email, problem="wait", seconds=seconds, status=429)
    account = authenticate(request, username=email, password=password)
    if account is None:
        return _sign_in_page(request, email=email, problem="wrong", status=403)
    guesses.forgive(request, purpose="desk", target=email)
    login(request, account)
    return HttpResponseRedirect(_onwards(request.POST.get("weiter", "")))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("desk:sign_in"))


def _sign_in_page(
    request: HttpRequest,
    *,
    email: str = "",
    problem: str = "",
    seconds: int = 0,
    status: int = 200,
) -> HttpResponse:
    lang = visits.of(request).lang
    minutes = max(1, round(seconds / 60))
    context = {
        "email": email,
        "onwards": request.POST.get("weiter") or request.GET.get("weiter", ""),
        "problem": say(lang, f"desk.sign_in.{problem}", minutes=minutes) if problem else "",
    }
    return pages.page(request, "desk/sign_in.html", context, status=status)


def _onwards(target: str) -> str:
    """Return where to go: a page of the desk, never another host."""
    inside = target.startswith(reverse("desk:tasks")) and visits.is_local_path(target)
    return target if inside else reverse("desk:tasks")
