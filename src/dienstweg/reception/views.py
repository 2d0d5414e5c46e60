"""What every host answers by itself: health, security contact, robots, the network's entrance."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.design.frame import asset
from dienstweg.kernel import clock
from dienstweg.reception import headers, pages
from dienstweg.reception import visit as visits


@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Tell a load balancer whether this process can serve: 200 with the database, else 503."""
    if (Path(settings.VAR) / "maintenance").exists():
        return HttpResponse("maintenance\n", status=503, content_type="text/plain")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Tell how to report a weakness (RFC 9116; TR-03172-3, A3.1.05)."""
    contact = str(settings.DIENSTWEG_SECURITY_CONTACT) or _own_mail(request)
    expires = (clock.now() + timedelta(days=180)).replace(microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: de, en",
        "",
    ]
    return headers.public(HttpResponse("\n".join(lines), content_type="text/plain"), 3600)


def _own_mail(request: HttpRequest) -> str:
    card = authorities.by_host(visits.host_of(request))
    cards = [card] if card else authorities.all_cards()
    mail = next((one.email for one in cards if one and one.email), "")
    return f"mailto:{mail or 'security@' + authorities.network_host()}"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read what is public, and nothing of anybody's application."""
    host = visits.host_of(request)
    lines = [
        "User-agent: *",
        "Disallow: /antrag/",
        "Disallow: /vorgang",
        "Disallow: /fortsetzen",
        "Disallow: /zahlung/",
        "Disallow: /rueckmeldung",
        "Disallow: /konto",
        "Disallow: /api/",
        "Disallow: /arbeitsplatz/",
    ]
    if authorities.by_host(host):
        lines.append(f"Sitemap: {visits.address_of(host, '/sitemap.xml')}")
    return headers.public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain"), 3600)


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Send browsers that ask for the old icon to the new one."""
    return HttpResponse(status=302, headers={"Location": asset("design/icon.svg")})


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """Show all authorities of the network, each with the way to its own host."""
    counties = []
    cards = authorities.all_cards()
    for card in cards:
        if card.parent_id is None:
            counties.append((card, [one for one in cards if one.parent_id == card.id]))
    context = {
        "counties": [
            (
                county,
                visits.address_of(county.host),
                [(one, visits.address_of(one.host)) for one in below],
            )
            for county, below in counties
        ]
    }
    return pages.page(request, "reception/network.html", context)


@require_safe
def of_operator(request: HttpRequest, page: str) -> HttpResponse:
    """Lead from the shared host to imprint, privacy, accessibility or help of who runs it.

    That is the first authority without another above it: the county of a county's network.
    """
    owner = next((one for one in authorities.all_cards() if one.parent_id is None), None)
    if owner is None:
        return pages.error(request, 404)
    return HttpResponseRedirect(visits.address_of(owner.host, f"/{page}"))
