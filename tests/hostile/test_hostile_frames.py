"""Every page of the portal stands in the same frame: language, title, help, feedback, and its end.

Accessibility statement and a way to tell us of barriers stand on each page (section 12b BGG,
BITV 2.0 section 7); how long what is open stays open is told where something could be lost (WCAG
2.2.1).
"""

import re

import pytest

from hostile import addresses
from hostile.addresses import TABLE

PAGES = sorted(
    route
    for route, address in TABLE.items()
    if "GET" in address.takes and address.who not in {"staff", "office"} and route != "favicon.ico"
)
BARE = frozenset(
    {".well-known/health", ".well-known/security.txt", "robots.txt", "sitemap.xml"}
    | {"strassen", "konto/daten.json"}
)
"""What machines read; besides, files and answers to scripts have ids in their addresses."""
FOOTER = ("hilfe", "impressum", "datenschutz", "barrierefreiheit", "rueckmeldung")
SESSION = re.compile(r'<p class="dw-saved">[^<]*(?:<a [^<]*</a>)?[^<]*</p>\s*<dialog')


def html_of(ground, route, **headers):
    """Return what the one who may use the route gets to see; empty if that is no page."""
    client = addresses.browser(ground, route).client
    path = addresses.path(route, addresses.things(ground.anna))
    answer = client.get(path, follow=True, headers=headers)
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if is_page else ""


@pytest.mark.parametrize("route", PAGES)
def test_each_page_names_itself_and_leads_to_help(ground, route):
    html = html_of(ground, route)
    if not html:
        assert route in BARE or "<" in route, route
        return
    assert re.search(r'<html lang="de"', html)
    title = re.search(r"<title>([^<]*)</title>", html)
    assert title is not None, "a page says what it is"
    assert len(title[1].strip()) > 5
    assert html.count("<h1") == 1
    footer = html[html.index('<footer class="dw-footer"') :]
    for name in FOOTER:
        assert re.search(rf'<a class="kern-link" href="[^"]*/{name}">[^<]+</a>', footer), name


@pytest.mark.parametrize("route", [route for route in PAGES if TABLE[route].who != "anyone"])
def test_where_something_could_be_lost_the_page_says_until_when(ground, route):
    html = html_of(ground, route)
    if "<main" in html and "/abgeschickt" not in route and "beteiligt/" not in route:
        assert SESSION.search(html), html
        assert html.count("data-ends-after") == 1


def test_the_account_says_until_when_it_is_open(ground):
    for route in ("konto/", "konto/angaben", "konto/passwort"):
        assert SESSION.search(html_of(ground, route)), route
