"""Nothing that a client sends gives a 500."""

import itertools

import pytest
from django.urls import get_resolver

from applicant import Applicant

pytestmark = pytest.mark.django_db

NAUGHTY = (
    "",
    "0",
    "-1",
    "99999999999999999999999999",
    "null",
    "undefined",
    "true",
    "[]",
    "{}",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "%s%n",
    "{{ 7*7 }}",
    "Ω≈ç√∫",
    "田中さん",
    "👩‍👩‍👧‍👦",
    "\u202e\u200b",
    "İıſß",
    "a" * 5_000,
    "\r\nSet-Cookie: x=1",
    "²³",
    "𝟙",
)
FOREIGN = "01a200f8-2737-71c6-af49-7d484aed7688"
FIELDS = (
    "suche",
    "code",
    "nummer",
    "email",
    "weg",
    "name",
    "haustier",
    "version",
    "von",
    "weiter",
    "hochladen",
    "entfernen",
    "eintrag_entfernen",
    "hinzufuegen",
    "grund",
    "handlung",
    "zahlung",
    "bestaetigt",
)


def addresses(draft: str, number: str) -> list[str]:
    """Return every address of the portal, with ids of ours and of others."""
    own = {"draft_id": draft, "slug": "hausbewohner", "page": "person", "index": "0"}
    own |= {"number": number, "document_id": FOREIGN, "payment_id": FOREIGN}
    found = []
    for pattern in get_resolver("dienstweg.portal.urls").url_patterns:
        for values in (own, {**own, "draft_id": FOREIGN, "page": "gibt-es-nicht", "number": "X"}):
            path = "/" + str(pattern.pattern)
            for name, value in values.items():
                for kind in ("uuid", "slug", "str", "int"):
                    path = path.replace(f"<{kind}:{name}>", value)
            found.append(path)
    return sorted(set(found))


@pytest.fixture
def visitor(applicant, submitted):
    """Give a browser with a case and a fresh draft, and the addresses it can try."""
    number = submitted.page.html.split('class="dw-code" translate="no">')[1].split("<")[0]
    applicant.begin()
    draft = applicant.draft.split("/")[2]
    return applicant, addresses(draft, number)


def test_every_address_answers_every_method(visitor):
    browser, paths = visitor
    assert len(paths) > 35
    for path, method in itertools.product(
        paths, ("get", "head", "post", "put", "delete", "options")
    ):
        if path.endswith(("/verwerfen", "/verlassen")) and method == "post":
            continue
        response = getattr(browser.client, method)(path)
        assert response.status_code < 500, (method, path)


def test_naughty_strings_in_every_field(visitor):
    browser, paths = visitor
    for path in paths:
        if path.endswith(("/verwerfen", "/verlassen")):
            continue
        for text in NAUGHTY:
            response = browser.client.post(path, dict.fromkeys(FIELDS, text))
            assert response.status_code < 500, (path, text)


def test_repeated_and_mistyped_parameters(visitor):
    browser, paths = visitor
    for path in paths:
        if path.endswith(("/verwerfen", "/verlassen")):
            continue
        for body in ({"name": ["a", "b"], "version": ["1", "2"]}, {"name[]": "x", "haustier": "9"}):
            assert browser.client.post(path, body).status_code < 500, path
        assert (
            browser.client.get(path, {"seite": "x", "eintrag": "²", "lang": "xx"}).status_code < 500
        )
        answer = browser.client.post(path, "{", content_type="application/json")
        assert answer.status_code < 500, path


@pytest.mark.parametrize("page", ["%00", "%ff", "..", "a" * 300, "person%2f..", "👻"])
def test_odd_pages_of_a_draft(applicant, page):
    applicant.begin()
    assert applicant.client.get(f"{applicant.draft}/{page}").status_code < 500


def test_forms_need_their_token(applicant):
    applicant.begin()
    strict = Applicant()
    strict.client.handler.enforce_csrf_checks = True
    strict.client.cookies = applicant.client.cookies
    page = strict.client.post(applicant.page.url, {"name": "x"})
    assert page.status_code == 403
    assert "zu lange offen" in page.content.decode()
