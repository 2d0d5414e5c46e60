"""A browser of the benchmark: cookies, forms and redirects, at as little cost as possible.

It runs on the same cores as what it measures, so that it reads answers by hand and parses no HTML:
a form is known by its hidden fields.
"""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

_COOKIE = re.compile(rb"\r\n[Ss]et-[Cc]ookie: ([^=\r]+)=([^;\r]*)")
_LOCATION = re.compile(rb"\r\n[Ll]ocation: ([^\r]+)")
_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: (\d+)")
_CHUNKED = re.compile(rb"\r\n[Tt]ransfer-[Ee]ncoding: chunked")
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_VERSION = re.compile(rb'name="version" value="(\d+)"')
TIMEOUT = 60.0


class Wrong(Exception):
    """An answer is not the one that was expected."""


@dataclass
class Answer:
    """Status, where it leads, and the body."""

    status: int
    location: str
    body: bytes

    def hidden(self) -> dict[str, str]:
        """Return the hidden fields that every form of ours has."""
        token, version = _TOKEN.search(self.body), _VERSION.search(self.body)
        found = {"csrfmiddlewaretoken": token[1].decode()} if token else {}
        return found | ({"version": version[1].decode()} if version else {})


@dataclass
class Browser:
    """One person's browser, at one host."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    line: socket.socket | None = None

    def get(self, path: str, *, expect: int = 200) -> Answer:
        """Fetch a page; raises `Wrong` with another status than ``expect``."""
        return self._ask("GET", path, b"", expect)

    def post(self, path: str, values: Mapping[str, str], *, expect: int = 303) -> Answer:
        """Send a form; raises `Wrong` with another status than ``expect``."""
        return self._ask("POST", path, urlencode(values).encode(), expect)

    def _ask(self, method: str, path: str, body: bytes, expect: int) -> Answer:
        name = f"{self.host}:{self.port}"
        head = f"{method} {path} HTTP/1.1\r\nHost: {name}\r\nAccept-Language: de\r\n"
        if method == "POST":
            head += (
                f"Origin: http://{name}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n"
            )
        if self.cookies:
            pairs = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
            head += f"Cookie: {pairs}\r\n"
        top, content = self._exchange(head.encode() + b"\r\n" + body)
        for key, value in _COOKIE.findall(top):
            self.cookies[key.decode()] = value.decode()
        status = int(top[9:12])
        if status != expect:
            raise Wrong(f"{method} {path}: {status} instead of {expect}")
        place = _LOCATION.search(top)
        return Answer(status, place[1].decode() if place else "", content)

    def _exchange(self, message: bytes) -> tuple[bytes, bytes]:
        """Send a request, on the kept connection if the server keeps them; return head and body."""
        fresh = self.line is None
        line = self.line or socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
        self.line = None
        try:
            line.sendall(message)
            top, content = _receive(line)
        except (ConnectionError, Wrong):
            line.close()
            if fresh:
                raise
            return self._exchange(message)
        if b"onnection: close" in top:
            line.close()
        else:
            self.line = line
        return top, content


def _receive(line: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        part = line.recv(65_536)
        if not part:
            raise Wrong("no answer")
        data += part
    top, rest = data[:end], data[end + 4 :]
    length = _LENGTH.search(top)
    if length is None and _CHUNKED.search(top):
        while not rest.endswith(b"0\r\n\r\n"):
            rest += _more(line)
        return top, rest
    want = int(length[1]) if length else 0
    while len(rest) < want:
        rest += _more(line)
    return top, rest


def _more(line: socket.socket) -> bytes:
    part = line.recv(65_536)
    if not part:
        raise Wrong("the answer ends early")
    return part
