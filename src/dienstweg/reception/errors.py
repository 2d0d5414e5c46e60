"""Django's error handlers: each shows our page for its status."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, is_valid_path

from dienstweg.reception import pages


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request cannot be read."""
    del exception
    return pages.error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: this is not for whoever asks."""
    del exception
    return pages.error(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: there is nothing at this address; one that lacks its last slash leads on."""
    if isinstance(exception, Resolver404) and request.method in ("GET", "HEAD"):
        meant = "/" + request.path.strip("/") + "/"
        if not request.path.endswith("/") and is_valid_path(
            meant, getattr(request, "urlconf", None)
        ):
            asked = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(f"{quote(meant)}?{asked}" if asked else quote(meant))
    return pages.error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500: something of ours has failed."""
    return pages.error(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 with the way back: the form was too old or cookies are off."""
    del reason
    return pages.error(request, 403, kind="csrf")
