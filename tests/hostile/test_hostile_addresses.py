"""Every address x everything a client can get wrong: never a 5xx, never a word of somebody else."""

import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from hostile import addresses, naughty
from hostile.addresses import AUTHORITY, METHODS, NETWORK, TABLE
from hostile.ground import Ground, tables, undone

ROUTES = sorted(TABLE)
FORM = "application/x-www-form-urlencoded"
TRACES = re.compile(r"Traceback|File &quot;|psycopg|django\.|dienstweg\.[a-z]+\.[a-z]")
VARYING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|[0-9A-F]{8}(?=</)'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[A-Z]{3}(-[0-9A-Z]{3,4}){3}|\"reference\": \"\w+\""
)


def ask(client: Any, method: str, path: str, body: bytes | str = b"", **more: Any) -> Any:
    """Send one request as it is; the answer must be below 500 and tell nothing of the inside."""
    more.setdefault("content_type", FORM)
    response = client.generic(method, path, body, **more)
    text = "" if response.streaming else response.content.decode("utf-8", "replace")
    said = (method, path[:200], body[:200], more, response.status_code)
    assert response.status_code < 500, said
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert not TRACES.search(text), said
    if response.status_code >= 400 and method != "HEAD":
        helpful(response, text, said)
    return response


def helpful(response: Any, text: str, said: Any) -> None:
    """Check that a refusal says what to do; machines get problem details."""
    if "HTTP_X_DIENSTWEG_AUTOSAVE" in said[3]:
        return
    if said[1].startswith("/api/"):
        assert response.headers["Content-Type"] == "application/problem+json", said
        assert response.json()["title"], said
        return
    assert "<h1" in text, said
    assert len(re.sub("<[^>]*>", "", text).split()) > 20, said
    assert response.headers["Content-Security-Policy"], said


def own(ground: Ground, route: str) -> tuple[Any, str]:
    """Return the client who may use the route and its path with Anna's things in it."""
    who = ground.anna
    if "message" in route or "delivery" in route:
        who = ground.bert
    return addresses.browser(ground, route).client, addresses.path(route, addresses.things(who))


def others_words(ground: Ground, route: str) -> list[str]:
    """Return the words that nobody at the route's door may read."""
    hidden = [ground.clara, ground.dora]
    if TABLE[route].who != "staff":
        hidden.append(ground.bert)
    return [word for one in hidden for word in one.canaries]


def check_words(ground: Ground, route: str, response: Any) -> None:
    """Look for what somebody else has typed, in the body and the headers."""
    text = response.content.decode("utf-8", "replace") + repr(response.headers.items())
    for word in others_words(ground, route):
        assert word not in text, (route, word)


def test_every_address_stands_in_the_table():
    assert addresses.routes(AUTHORITY) | addresses.routes(NETWORK) == set(TABLE)


@pytest.mark.parametrize("route", ROUTES)
def test_only_the_right_methods(ground, route):
    client, path = own(ground, route)
    takes = {*TABLE[route].takes.split()} | ({"HEAD"} if "GET" in TABLE[route].takes else set())
    before = tables()
    for method in METHODS:
        if method in takes:
            continue
        response = ask(client, method, path)
        assert response.status_code == 405 or TABLE[route].who in {"staff", "draft", "case"}, method
        assert response.status_code in {405, 302, 303, 403, 404}, method
    assert tables() == before


@pytest.mark.parametrize("route", ROUTES)
def test_naughty_strings_in_every_field_and_in_the_query(ground, route):
    client, path = own(ground, route)
    fields = TABLE[route].fields.split()
    takes = TABLE[route].takes
    for number, text in enumerate(naughty.PLAIN if fields else naughty.PLAIN[::12]):
        with undone():
            if "POST" in takes and not TABLE[route].ends:
                body = urlencode(dict.fromkeys(fields or ["x"], text))
                check_words(ground, route, ask(client, "POST", path, body))
            if "GET" in takes and (number % 3 == 0 or "POST" not in takes):
                query = urlencode(dict.fromkeys(fields or ["x"], text[:300]))
                check_words(ground, route, ask(client, "GET", f"{path}?{query[:1900]}"))


@pytest.mark.parametrize("route", ROUTES)
def test_bytes_that_are_no_text_are_refused_everywhere(ground, route):
    client, path = own(ground, route)
    method = "GET" if "GET" in TABLE[route].takes else "POST"
    before = tables()
    for raw in naughty.REFUSED_BYTES:
        text = raw.decode()
        if TABLE[route].who != "office":  # its bodies are bytes
            assert ask(client, "POST", path, f"name={text}").status_code == 400, raw
        assert ask(client, method, path, QUERY_STRING=f"suche={text}").status_code == 400, raw
    for raw in naughty.BYTES:
        ask(client, method, f"{path.rstrip('/')}/{quote(raw.decode())}")
        ask(client, method, f"{path.rstrip('/')}/{raw.decode()}")
    assert tables() == before


@pytest.mark.parametrize("route", [one for one in ROUTES if "<str:" in one or "<slug:" in one])
def test_naughty_strings_in_the_path(ground, route):
    client, _ = own(ground, route)
    for text in naughty.PLAIN:
        odd = quote(text[:200], safe="")
        values = addresses.things(ground.anna)
        for name in ("<str:number>", "<slug:page>", "<slug:slug>", "<slug:connection>"):
            values[name] = odd
        values["<int:index>"] = "9" * 300
        for method in TABLE[route].takes.split():
            with undone():
                ask(client, method, addresses.path(route, values))


def bodies(fields: list[str]) -> list[tuple[str, bytes]]:
    """Return bodies that are not the form that the page would send."""
    multipart = "multipart/form-data; boundary=x"
    many = b"&".join(b"f%d=1" % number for number in range(600))
    part = b'--x\r\nContent-Disposition: form-data; name="%s"'
    name = fields[0].encode()
    return [
        (FORM, b""),
        (FORM, urlencode([(one, text) for one in fields for text in ("a", "b", "1")]).encode()),
        (FORM, urlencode({f"{one}[]": "1" for one in fields}).encode()),
        (FORM, b"&&==&=&" * 50),
        (FORM, many),
        (FORM, b"a=" + b"b" * 1_100_000),
        (FORM + "; charset=utf-16", name + b"=x"),
        (FORM + "; charset=rot13", name + b"=%41"),
        (FORM + "; charset=", name + b"=x"),
        ("application/json", b'{"%s": "x"}' % name),
        ("application/json", b"[" * 50_000),
        ("text/plain", b"x"),
        ("text/plain; charset=rot13", b"x"),
        ("", b"x"),
        ("x" * 4_000, b"x"),
        ("application/octet-stream", bytes(range(256)) * 10),
        ("application/octet-stream", b"x" * 1_100_000),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=", b"--x--"),
        ("multipart/form-data; boundary=" + "b" * 300, b"--x--"),
        ('multipart/form-data; boundary="ä"', b"--x--"),
        (multipart, b""),
        (multipart, b"--x"),
        (multipart, b"--x--\r\n"),
        (multipart, part % name),
        (multipart, part % name + b"\r\n\r\nvalue\r\n"),
        (multipart, part % name + b"\r\n\r\n\x00\xff\r\n--x--\r\n"),
        (multipart, part % (name + b"\x00") + b"\r\n\r\nv\r\n--x--\r\n"),
        (multipart, part % name + b"; filename*=rot13''%41\r\n\r\nv\r\n--x--\r\n"),
        (multipart, part % name + b"; filename*=utf-8\r\n\r\nv\r\n--x--\r\n"),
        (multipart, part % name + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%\r\n--x--\r\n"),
        (multipart, part % name + b'; filename="../../x\r\n\r\nv\r\n--x--\r\n'),
        (multipart, part % b"x" + b'; filename=""\r\n\r\nv\r\n--x--\r\n'),
        (multipart, part % name + b"\r\n" + b"X: y\r\n" * 3_000 + b"\r\nv\r\n--x--\r\n"),
        (multipart, b"".join(part % b"a" + b"\r\n\r\n1\r\n" for _ in range(600)) + b"--x--"),
        (
            multipart,
            b"".join(
                part % b"a%d" % number + b'; filename="a"\r\n\r\n1\r\n' for number in range(60)
            )
            + b"--x--",
        ),
    ]


@pytest.mark.parametrize("route", ROUTES)
def test_bodies_of_every_wrong_shape(ground, route):
    client, path = own(ground, route)
    if TABLE[route].ends:
        return
    for kind, body in bodies(TABLE[route].fields.split() or ["x"]):
        with undone():
            response = ask(client, "POST", path, body, content_type=kind)
            check_words(ground, route, response)
            ask(client, "POST", path, body, content_type=kind, HTTP_IDEMPOTENCY_KEY="k1")
            ask(client, "GET", path, body, content_type=kind)


ODD_HEADERS = (
    {"HTTP_ACCEPT_LANGUAGE": "de;q=nan,en;q=inf,xx;q=-1,*;q=1e999"},
    {"HTTP_ACCEPT_LANGUAGE": "," * 5_000},
    {"HTTP_COOKIE": "=;;=;a;\x7f=1; dw_antrag; dw_csrf=; " + "a=b; " * 500},
    {"HTTP_COOKIE": 'dw_sitzung="\\000\\000\\000\\000\\000\\000\\000\\000\\000"'},
    {"HTTP_COOKIE": "dw_sitzung=" + "x" * 5_000},
    {"HTTP_COOKIE": "dw_sitzung=\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7"},
    {"HTTP_COOKIE": 'dw_sprache="\\000"; dw_antrag="\\000:\\000:\\000"; dw_vorgang=a:b:c'},
    {"HTTP_COOKIE": "dw_antrag=e30:1:x; dw_vorgang=.eJw:1:y; dw_csrf=\\"},
    {"HTTP_IDEMPOTENCY_KEY": "\xff" * 64},
    {"HTTP_IDEMPOTENCY_KEY": "x" * 5_000},
    {"HTTP_X_FORWARDED_FOR": "' OR 1=1, " * 100},
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "https, http"},
    {"HTTP_REFERER": "http://[::1", "HTTP_ORIGIN": "null"},
    {"HTTP_X_DIENSTWEG_AUTOSAVE": "1"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "<script>"},
    {"HTTP_RANGE": "bytes=0-1,5-2,-9999999999999999999"},
    {"HTTP_IF_NONE_MATCH": '"x', "HTTP_IF_MODIFIED_SINCE": "99 Foo 99999 99:99:99 GMT"},
    {"HTTP_EXPECT": "100-continue", "HTTP_TRANSFER_ENCODING": "chunked"},
    {"CONTENT_LENGTH": "-1"},
    {"CONTENT_LENGTH": "abc"},
    {"CONTENT_LENGTH": "9" * 5_000},
    {"HTTP_CONTENT_ENCODING": "gzip"},
    {"HTTP_SIGNATURE": "x", "HTTP_SIGNATURE_INPUT": "=;;(", "HTTP_CONTENT_DIGEST": ":"},
)


@pytest.mark.parametrize("route", ROUTES)
def test_odd_headers(ground, route):
    client, path = own(ground, route)
    for odd in ODD_HEADERS:
        for method in TABLE[route].takes.split():
            with undone():
                if not (method == "POST" and TABLE[route].ends):
                    ask(client, method, path, **odd)


@pytest.mark.parametrize("query", ["&a=1" * 450, "a&" * 900, "a=%", "=&=", "lang=de&lang=xx&lang"])
def test_odd_queries(ground, query):
    for route in ROUTES:
        client, path = own(ground, route)
        method = "GET" if "GET" in TABLE[route].takes else "POST"
        with undone():
            ask(client, method, path, QUERY_STRING=query)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "x",
        "muehlbrueck.localhost:x",
        "[::1",
        "[::1]",
        "a@b",
        "ä",
        "a" * 5_000,
        "..",
        "muehlbrueck.localhost.",
        "LOCALHOST:80:80",
    ],
)
def test_odd_hosts(ground, host):
    for path in (
        "/",
        "/vorgang",
        "/arbeitsplatz/anmelden",
        "/robots.txt",
        "/sitemap.xml",
        "/.well-known/security.txt",
        "/api/v1/rueckmeldungen/x",
    ):
        for method in ("GET", "POST"):
            ask(ground.anna.browser.client, method, path, HTTP_HOST=host)


def test_overlong_addresses_are_refused(ground):
    client = ground.anna.browser.client
    assert ask(client, "GET", "/" + "a" * 3_000).status_code == 414
    assert ask(client, "GET", "/suche?suche=" + "a" * 3_000).status_code == 414


@pytest.mark.parametrize("route", [one for one in ROUTES if "POST" in TABLE[one].takes])
def test_forms_need_the_token_that_belongs_to_their_cookie(ground, route):
    from django.test import Client

    if TABLE[route].who == "office":
        pytest.skip("the caller is known by its signature and has no cookies")
    client, path = own(ground, route)
    strict = Client(enforce_csrf_checks=True)
    strict.defaults.update(client.defaults)
    strict.cookies = client.cookies
    before = tables()
    for token in ("", "x", "a" * 64, "ä" * 32, "0" * 10_000):
        body = {"csrfmiddlewaretoken": token, "handlung": "k"}
        assert ask(strict, "POST", path, urlencode(body)).status_code in {400, 403}
        odd = {"HTTP_X_CSRFTOKEN": token.encode().decode("latin-1")}
        assert ask(strict, "POST", path, b"", **odd).status_code in {400, 403}
    foreign = ground.clara.browser.client.cookies["dw_csrf"].value
    body = urlencode({"csrfmiddlewaretoken": foreign})
    assert ask(strict, "POST", path, body).status_code == 403
    good = urlencode({"csrfmiddlewaretoken": client.cookies["dw_csrf"].value})
    elsewhere = ask(strict, "POST", path, good, HTTP_ORIGIN="https://evil.example")
    assert elsewhere.status_code == 403
    assert tables() == before
