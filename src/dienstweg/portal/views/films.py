"""Films of an assistant: public, the same for everybody, and never changed under their address."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dienstweg.blueprint import films
from dienstweg.library.errors import NoSuchRelease
from dienstweg.offers import queries as offers
from dienstweg.reception import headers, pages
from dienstweg.reception.downloads import played

KEPT = 86_400
"""Seconds for which a browser may keep a film."""


@require_safe
def film(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """Return a film or its captions, in the part that the player asks for."""
    try:
        found = films.content(offers.release(digest), name)
    except NoSuchRelease:
        found = None
    if found is None:
        return pages.error(request, 404)
    return headers.public(played(request, *found), KEPT)


def place_of(digest: str) -> str:
    """Return the address below which the films of a release lie."""
    return reverse("portal:film", args=[digest, "-"]).removesuffix("-")
