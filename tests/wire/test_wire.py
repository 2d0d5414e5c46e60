"""The web server over real TCP: whatever comes down the wire, the next visitor is served."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from web_server import HOST, Server, status

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "Kanarienvogel"


@pytest.fixture
def server(
    transactional_db: None,
    database_addresses: Any,
    make_authority: Callable[..., Any],
    tmp_path: Path,
) -> Iterator[Server]:
    """Give a running server with one authority."""
    make_authority()
    running = Server(database_addresses.app, tmp_path)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def form(body: bytes, length: int | str | None = None, more: bytes = b"") -> bytes:
    """Return a POST of a form, with any length in its head."""
    size = len(body) if length is None else length
    head = b"POST /vorgang HTTP/1.1\r\n" + HOST + b"Connection: close\r\n" + more
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
    return head + kind + b"Content-Length: %s\r\n\r\n" % str(size).encode() + body


GET = b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
BROKEN: dict[str, tuple[bytes, ...]] = {
    "nothing": (b"",),
    "noise": (os.urandom(4_000),),
    "zeros": (b"\0" * 10_000,),
    "empty lines": (b"\r\n" * 1_000,),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500,),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",),
    "HTTP/0.9": (b"GET /\r\n",),
    "another version": (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",),
    "no host": (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",),
    "two hosts": (GET + b"Host: evil.example\r\n\r\n",),
    "unknown host": (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",),
    "absolute address": (GET.replace(b"GET /", b"GET http://evil.example/") + b"\r\n",),
    "star": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",),
    "connect": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",),
    "trace": (b"TRACE / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",),
    "own method": (b"HACK / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",),
    "small method": (b"get / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",),
    "eight bits": (GET.replace(b"/ ", b"/\xff\xfe\x80?\xe4=\xc0\x80 ", 1) + b"\r\n",),
    "blank in the path": (b"GET /a b HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",),
    "long line": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",),
    "huge header": (GET + b"X: " + b"a" * 100_000 + b"\r\n\r\n",),
    "many headers": (GET + b"".join(b"X-%d: y\r\n" % one for one in range(2_000)) + b"\r\n",),
    "header without end": (GET + b"X: y",),
    "header without colon": (GET + b"hello\r\n\r\n",),
    "NUL in a header": (GET + b"X: a\0b\r\n\r\n",),
    "NUL in the cookie": (GET + b"Cookie: dw_sitzung=a\0b\r\n\r\n",),
    "folded header": (GET + b"X: a\r\n b\r\n\r\n",),
    "bare line feeds": (GET.replace(b"\r\n", b"\n") + b"\n",),
    "underscores": (GET + b"X_Forwarded_For: 1.2.3.4\r\nREMOTE_USER: root\r\n\r\n",),
    "negative length": (form(b"a=b", -1),),
    "length in words": (form(b"a=b", "abc"),),
    "two lengths": (form(b"a=b", 3, b"Content-Length: 5\r\n"),),
    "length of ten digits": (form(b"a=b", 9_999_999_999),),
    "longer than said": (form(b"nummer=1&code=2" * 100, 5),),
    "shorter than said": (form(b"nummer=1&code=2", 500),),
    "length and chunks": (form(b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n", 5, CHUNKED),),
    "bad chunks": (
        b"POST /vorgang HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\nZZ\r\nabc\r\n",
    ),
    "huge chunk": (
        b"POST /vorgang HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\nFFFFFFFFFF\r\nabc",
    ),
    "own coding": (form(b"a=b", 3, b"Transfer-Encoding: gzip, chunked, identity\r\n"),),
    "too large": (form(b"a=" + b"b" * 2_000_000),),
    "multipart without end": (
        b"POST /vorgang HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 60\r\n\r\n--x\r\nC",
    ),
    "a name in it": (form(f"nummer={CANARY}&code={CANARY}".encode()),),
}  # fmt: skip


def test_whatever_comes_down_the_wire_the_next_visitor_is_served(server):
    for kind, parts in BROKEN.items():
        answer = server.send(*parts)
        assert status(answer) < 500 or status(answer) in {501, 505}, (kind, answer[:300])
        assert b"Traceback" not in answer, kind
        assert server.visit() == 200, kind
    said = server.said.read_text()
    assert "Traceback" not in said
    assert CANARY not in said


def test_a_slow_sender_keeps_nobody_else_waiting(server):
    with closing(server.line()) as slow:
        slow.sendall(form(b"", 1_000))
        for _ in range(10):
            slow.sendall(b"a")
            assert server.visit() == 200
    assert server.visit() == 200


def test_two_requests_on_one_line_are_two_requests(server):
    first = form(b"nummer=1&code=2").replace(b"close", b"keep-alive")
    answer = server.send(first + GET + b"\r\n")
    assert answer.count(b"HTTP/1.1 ") in {1, 2}
    assert b"evil" not in answer
