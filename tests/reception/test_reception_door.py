"""The door: hosts, headers, bounds, errors, languages."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory
from django.urls import path

from dienstweg.authorities import scope
from dienstweg.reception import bounds, errors, pages, visit
from dienstweg.reception.middleware import Reception

HOST = "kranichsee.localhost"


def answer(request):
    """A view that shows what it was given."""
    return pages.page(request, "reception/error.html", {"title": "Hallo", "reference": ""})


def boom(request):
    raise RuntimeError("geheim: Ada Lovelace")


def database_gone(request):
    raise OperationalError("gone")


def wrong_method(request):
    return HttpResponseNotAllowed(["POST"])


def own_scope(request):
    return HttpResponse(str(scope.one()))


urlpatterns = [
    path("hallo", answer),
    path("boom", boom),
    path("weg", database_gone),
    path("methode", wrong_method),
    path("bereich", own_scope),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error


@pytest.fixture
def client(db, authority, settings):
    settings.ROOT_URLCONF = __name__
    return Client(headers={"host": HOST}, raise_request_exception=False)


def test_a_page_carries_the_headers_that_protect_it(client):
    response = client.get("/hallo")
    assert response.status_code == 200
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_every_page_names_help_imprint_privacy_and_accessibility(client):
    html = client.get("/hallo").content.decode()
    for target in ("/hilfe", "/impressum", "/datenschutz", "/barrierefreiheit", "tel:0330012340"):
        assert f'href="{target}"' in html
    assert "style=" not in html
    assert "<style" not in html
    assert "Gemeinde Kranichsee" in html


def test_the_scope_is_the_hosts_authority_and_is_left_again(client, authority):
    assert client.get("/bereich").content.decode() == str(authority)
    with pytest.raises(scope.Unscoped):
        scope.current()


@pytest.mark.usefixtures("remembering")
def test_the_door_costs_at_most_two_statements(client, django_assert_max_num_queries):
    client.get("/hallo")
    with django_assert_max_num_queries(2):
        client.get("/hallo")


def test_an_unknown_host_gets_a_page_that_helps(client):
    response = client.get("/hallo", headers={"host": "evil.example"})
    assert response.status_code == 404
    assert "keiner Behörde" in response.content.decode()
    assert "evil.example" not in response.content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/gibt-es-nicht", 404),
        ("/boom", 500),
        ("/weg", 503),
        ("/methode", 405),
        ("/hallo?x=%00", 400),
        ("/hallo?x=%ff", 400),
        ("/%00", 400),
        ("/%ff", 400),
        ("/" + "a" * 1_100, 414),
    ],
)
def test_errors_have_a_page_that_says_what_to_do(client, address, status):
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert "Was Sie jetzt tun können" in html
    assert "geheim" not in html
    assert str(status) not in html.replace("reference", "")


def test_a_failure_is_logged_by_reference_and_place_only(client, caplog):
    html = client.get("/boom").content.decode()
    (record,) = [one for one in caplog.records if "request_failed" in one.getMessage()]
    assert "RuntimeError" in record.getMessage()
    assert "Ada" not in caplog.text
    reference = record.getMessage().split("reference=")[1].split()[0]
    assert reference in html


def test_503_says_when_to_come_again(client):
    assert client.get("/weg").headers["Retry-After"] == "120"


def test_405_says_what_is_allowed(client):
    assert client.get("/methode").headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("x=%00", "application/x-www-form-urlencoded", 400),
        ("x=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"x=\xff", "application/x-www-form-urlencoded", 400),
        ("&".join(f"x{n}=1" for n in range(1_100)), "application/x-www-form-urlencoded", 400),
        ("x=" + "a" * 1_100_000, "application/x-www-form-urlencoded", 413),
        ("kein multipart", "multipart/form-data", 400),
        ("kein multipart", "multipart/form-data; boundary=x", 200),
        ("x=1", "application/x-www-form-urlencoded", 200),
        ("x=%C3%A4", "application/x-www-form-urlencoded", 200),
    ],
)
def test_bodies_are_bounded(client, body, kind, status):
    assert client.post("/hallo", data=body, content_type=kind).status_code == status


def test_a_body_that_is_too_big_as_a_whole_is_refused_unread(client, monkeypatch):
    monkeypatch.setattr(bounds, "UPLOAD_LIMIT", 16_000_000)
    body = b"--x\r\nContent-Disposition: form-data; name=a; filename=a\r\n\r\n" + b"a" * 17_000_000
    response = client.post("/hallo", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 413


def test_nul_in_a_multipart_field_is_refused(client):
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\0b\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x"
    assert client.post("/hallo", data=body, content_type=kind).status_code == 400


def test_the_language_link_is_remembered(client):
    response = client.get("/hallo?a=1&lang=en")
    assert '<html lang="en">' in response.content.decode()
    assert response.cookies["dw_sprache"].value == "en"
    assert '<html lang="en">' in client.get("/hallo").content.decode()


def test_switching_the_language_keeps_the_rest_of_the_address(client):
    assert 'href="?suche=hund&amp;lang=en"' in client.get("/hallo?suche=hund").content.decode()


def test_the_maintenance_page_comes_from_a_file(client, settings, tmp_path):
    settings.VAR = tmp_path
    assert client.get("/hallo").status_code == 200
    (tmp_path / "maintenance").touch()
    response = client.get("/hallo")
    assert response.status_code == 503
    assert "Retry-After" in response.headers


def test_machines_get_problem_details(client):
    response = client.get("/api/gibt-es-nicht")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


def test_health_security_and_robots(db, authority):
    client = Client(headers={"host": HOST})
    assert client.get("/.well-known/health").content == b"ok\n"
    assert "Contact: mailto:info@kranichsee.example" in (
        client.get("/.well-known/security.txt").content.decode()
    )
    assert "Disallow: /antrag/" in client.get("/robots.txt").content.decode()


def test_the_network_host_shows_all_authorities(db, authority, other_authority):
    html = Client(headers={"host": "localhost:8000"}).get("/").content.decode()
    assert "Gemeinde Kranichsee" in html
    assert "Gemeinde Moorwald" in html


@pytest.mark.parametrize(
    ("target", "local"),
    [
        ("/vorgang", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example", False),
        ("", False),
        ("vorgang", False),
    ],
)
def test_redirects_stay_here(target, local):
    assert visit.is_local_path(target) is local


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "1.1.1.1", "127.0.0.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, header, expected):
    settings.DIENSTWEG_PROXIES = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": header})
    assert visit.client_address(request) == expected


def test_an_unreachable_database_gives_the_maintenance_page(settings, monkeypatch):
    def unreachable(*_host):
        raise OperationalError("no server")

    for question in ("by_host", "all_cards"):
        monkeypatch.setattr(f"dienstweg.authorities.queries.{question}", unreachable)
    request = RequestFactory().get("/hallo", headers={"host": HOST})
    response = Reception(answer)(request)
    assert response.status_code == 503
