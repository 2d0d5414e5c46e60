"""The host that all authorities share has the legal pages of who runs it."""

import pytest
from django.test import Client

PAGES = ("impressum", "datenschutz", "barrierefreiheit", "hilfe")


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_the_shared_host_leads_to_the_countys_pages(make_authority, page):
    make_authority("kranichsee")
    make_authority("moorwald", parent="kranichsee", number_prefix="MOO")
    answer = Client(headers={"host": "localhost"}).get(f"/{page}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("http://kranichsee.localhost")
    assert answer.headers["Location"].endswith(f"/{page}")


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_without_any_authority_there_is_nothing_to_show(page):
    assert Client(headers={"host": "localhost"}).get(f"/{page}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/arbeitsplatz", "/arbeitsplatz/"),
        ("/arbeitsplatz?a=//evil.example", "/arbeitsplatz/?a=//evil.example"),
        ("/arbeitsplatz?suche=Anna+B%C3%A4r", "/arbeitsplatz/?suche=Anna+B%C3%A4r"),
    ],
)
def test_a_lacking_last_slash_leads_on(typed: str, meant: str) -> None:
    response = Client(headers={"host": "localhost"}).get(typed)
    assert (response.status_code, response["Location"]) == (302, meant)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["/gibt-es-nicht/", "/impressum/", "//evil.example", "//evil.example/", "/a/b"]
)
def test_a_slash_leads_nowhere_else(typed: str) -> None:
    assert Client(headers={"host": "localhost"}).get("/x", PATH_INFO=typed).status_code == 404
    assert Client(headers={"host": "localhost"}).post("/arbeitsplatz").status_code != 302
