"""The entrance: the authority's services by subject, the search, a service's start page."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from dienstweg.authorities.queries import AuthorityCard, public_url
from dienstweg.blueprint.release import Release
from dienstweg.catalogue import queries as catalogue
from dienstweg.design.question import Choice, Question
from dienstweg.design.words import say
from dienstweg.offers import queries as offers
from dienstweg.offers.queries import OfferView
from dienstweg.reception import headers
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page

QUERY_LIMIT = 100
FACTS = ("cost", "duration", "decides")
PARTS = ("who", "need", "legal")
SHARED = "geraet"
"""The field that says that others use this device too (any value)."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show all services of the authority, by subject."""
    visit = visits.of(request)
    context = {
        "subjects": catalogue.subjects(visit.lang),
        "canonical": public_url(visit.at.id, "/"),
    }
    return page(request, "portal/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the services that fit the words in ``?suche=``."""
    visit = visits.of(request)
    text = request.GET.get("suche", "")[:QUERY_LIMIT]
    found = catalogue.search(text, visit.lang)
    return page(request, "portal/search.html", {"text": text, "found": found})


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a service is about, and the button that begins it."""
    offer = offers.live(slug)
    if offer is None:
        raise Http404
    release = offers.release(offer.digest)
    lang = visits.speak(request, release.languages)
    return page(request, "portal/service.html", start_page(request, release, offer, lang))


def start_page(
    request: HttpRequest, release: Release, offer: OfferView, lang: str
) -> dict[str, Any]:
    """Return what the start page of a service shows."""
    at = visits.of(request).at
    context = about(release, offer, lang)
    context["canonical"] = public_url(at.id, reverse("portal:service", args=[offer.slug]))
    context["device"] = device_question(lang)
    context["linked_data"] = _linked_data(context, at, context["canonical"])
    return context


def device_question(lang: str) -> Question:
    """Return the question whether others use this device too."""
    return Question(
        name=SHARED,
        label=say(lang, "portal.session.device"),
        hint=say(lang, "portal.session.device_hint"),
        widget="checkbox",
        options=[Choice("gemeinsam", "")],
        required=False,
    )


def about(release: Release, offer: OfferView, lang: str) -> dict[str, Any]:
    """Return the words of a service's start page."""
    texts = {
        name: release.text(lang, f"service.{name}", "")
        for name in ("title", "summary", *FACTS, *PARTS)
    }
    return {
        "offer": offer,
        "service": {**texts, "title": texts["title"] or offer.title},
        "facts": [
            (say(lang, f"portal.service.{name}"), texts[name]) for name in FACTS if texts[name]
        ],
    }


def _linked_data(context: Mapping[str, Any], authority: AuthorityCard, url: str) -> SafeString:
    """Return the service for search engines (schema.org GovernmentService, as JSON-LD).

    A script element of this type is data and is never run; ``<`` is written so that no text can
    end it.
    """
    data = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": context["service"]["title"],
        "description": context["service"]["summary"],
        "url": url,
        "serviceOperator": {
            "@type": "GovernmentOrganization",
            "name": authority.name,
            "telephone": authority.phone,
            "email": authority.email,
        },
        "areaServed": {"@type": "AdministrativeArea", "name": authority.name},
        "availableChannel": {"@type": "ServiceChannel", "serviceUrl": url},
    }
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return mark_safe(text)  # noqa: S308 - JSON without "<" and "&"


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the public pages for search engines (sitemaps.org, version 0.9)."""
    visit = visits.of(request)
    paths = [reverse("portal:home"), *_service_paths(), reverse("portal:help")]
    entries = "".join(
        f"<url><loc>{escape(public_url(visit.at.id, path))}</loc></url>" for path in paths
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    )
    return headers.public(HttpResponse(body, content_type="application/xml"), 3600)


def _service_paths() -> Sequence[str]:
    return [reverse("portal:service", kwargs={"slug": one.slug}) for one in offers.all_live()]
