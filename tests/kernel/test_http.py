"""The way out: allow-list, addresses, bounds in time and size."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.kernel import http


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/redirect":
            self._answer(302, b"", {"Location": "http://example.org/"})
        elif self.path == "/big":
            self._answer(200, b"x" * 5000)
        elif self.path == "/zip":
            self._answer(200, b"x", {"Content-Encoding": "gzip"})
        elif self.path == "/half":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            self.close_connection = True
        elif self.path == "/garbage":
            self.wfile.write(b"this is not HTTP\r\n\r\n")
            self.close_connection = True
        else:
            self._answer(200, f"{self.client_address[1]}".encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(201, body, {"X-Type": self.headers.get("Content-Type", "")})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def trickling() -> Iterator[str]:
    """A server that sends one byte of its headers again and again."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.close()
        thread.join(timeout=5)


def test_a_call_to_an_allowed_origin_keeps_its_connection(base: str) -> None:
    client = http.Client([base], private=True)
    first = client.request("GET", f"{base}/who")
    second = client.request("GET", f"{base}/who?again=1")
    assert first.status == 200
    assert first.body == second.body  # the same port: the same connection


def test_json_goes_out_as_json(base: str) -> None:
    answer = http.Client([base], private=True).request("POST", base + "/", json={"straße": 1})
    assert answer.status == 201
    assert answer.json() == {"straße": 1}
    assert answer.headers["x-type"] == "application/json"


def test_another_origin_is_refused(base: str) -> None:
    client = http.Client([base], private=True)
    port = int(base.rpartition(":")[2])
    for url in (
        f"https://127.0.0.1:{port}/",
        f"http://127.0.0.1:{port + 1}/",
        "http://example.org/",
        f"http://user@127.0.0.1:{port}/",
        "file:///etc/passwd",
        "http://",
        "http://[::1/",
        "",
    ):
        with pytest.raises(http.Refused):
            client.request("GET", url)


def test_private_addresses_are_refused_unless_configured(base: str) -> None:
    with pytest.raises(http.Refused):
        http.Client([base]).request("GET", base + "/")


def test_a_name_that_leads_to_a_private_address_is_refused(
    base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: found)
    with pytest.raises(http.Refused):
        http.Client(["http://harmless.example"]).request("GET", "http://harmless.example/")


@pytest.mark.parametrize("path", ["/redirect"])
def test_no_redirect_is_followed(base: str, path: str) -> None:
    with pytest.raises(http.Refused):
        http.Client([base], private=True).request("GET", base + path)


@pytest.mark.parametrize("path", ["/big", "/zip", "/half", "/garbage"])
def test_what_cannot_be_used_is_unreachable(base: str, path: str) -> None:
    with pytest.raises(http.Unreachable):
        http.Client([base], private=True, limit=1000).request("GET", base + path)


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(http.Unreachable):
        http.Client([url], private=True).request("GET", url)


def test_a_trickle_ends_at_the_overall_deadline() -> None:
    with trickling() as url, pytest.raises(http.Unreachable):
        http.Client([url], private=True, read=5, overall=0.4).request("GET", url)


def test_a_header_that_would_smuggle_another_is_not_sent(base: str) -> None:
    client = http.Client([base], private=True)
    with pytest.raises((http.Refused, http.Unreachable)):
        client.request("GET", base + "/", headers={"X-A": "a\r\nX-B: b"})
    with pytest.raises(http.Refused):
        client.request("GET", base + "/", headers={"X-A": "ä"})


@pytest.mark.parametrize(
    ("address", "outside", "inside"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),
        ("127.0.0.1", False, True),
        ("10.1.2.3", False, True),
        ("192.168.0.1", False, True),
        ("100.64.0.1", False, False),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("::ffff:169.254.169.254", False, False),
        ("64:ff9b::7f00:1", False, True),
        ("2002:7f00:1::", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
    ],
)
def test_addresses(address: str, outside: bool, inside: bool) -> None:
    assert http.may_call(address, private=False) is outside
    assert http.may_call(address, private=True) is inside


@given(st.ip_addresses())
def test_what_is_called_from_outside_is_never_local(address: object) -> None:
    import ipaddress

    ip = ipaddress.ip_address(str(address))
    if http.may_call(str(ip), private=False):
        assert not ip.is_loopback
        assert not ip.is_link_local
        assert not ip.is_unspecified
        assert not ip.is_multicast


@given(st.binary(max_size=50))
def test_a_body_that_is_not_json_says_so(body: bytes) -> None:
    with suppress(http.NotJson):
        http.Response(200, {}, body).json()


def test_deeply_nested_json_is_not_json() -> None:
    with pytest.raises(http.NotJson):
        http.Response(200, {}, b"[" * 100_000).json()


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[str]:
    """Give the address of a server over TLS whose certificate nobody but itself has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    both = tmp_path / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    both.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_certificate_that_nobody_vouches_for_is_no_peer(impostor: str) -> None:
    with pytest.raises(http.Unreachable) as caught:
        http.Client([impostor], private=True).request("GET", impostor)
    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value.__cause__)
