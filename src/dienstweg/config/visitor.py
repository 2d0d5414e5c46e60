"""A visitor without a browser: fetches pages, keeps cookies, fills in forms as they stand.

For the tour, the benchmark and the crash test, which must use the pages as people get them. Knows
nothing of how Dienstweg is built.
"""

import http.client
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

TIMEOUT = 30.0
MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Values = Mapping[str, str | Sequence[str]]


class Unexpected(Exception):
    """A page is not as it should be."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to attach: its name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Page:
    """An answer, and the document in it."""

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def document(self) -> html.HtmlElement:
        """Return the parsed page."""
        return html.document_fromstring(self.body.decode("utf-8", "replace"))

    @property
    def title(self) -> str:
        """Return the text of the first heading."""
        found = self.document.xpath("//h1")
        return " ".join(found[0].text_content().split()) if found else ""

    @property
    def text(self) -> str:
        """Return the text of the main part, its blanks folded."""
        parts = self.document.xpath("//main") or [self.document]
        return " ".join(parts[0].text_content().split())

    @property
    def path(self) -> str:
        """Return the path of the address."""
        return urlsplit(self.address).path

    def link(self, *, text: str = "", path: str = "") -> str:
        """Return where a link leads, found by its words or a part of its address."""
        for one in self.document.xpath("//a[@href]"):
            words = " ".join(one.text_content().split())
            if (text and text in words) or (path and path in one.get("href")):
                return str(urljoin(self.address, one.get("href")))
        raise Unexpected(f"{self.path}: no link {text or path!r}; status {self.status}")

    def form(self, *, action: str = "", having: str = "") -> html.FormElement:
        """Return a form, found by a part of its address or the name of a field in it."""
        for one in self.document.forms:
            fits = action and action in (one.action or self.path)
            if fits or (having and having in one.fields):
                return one
        raise Unexpected(f"{self.path}: no form {action or having!r}; status {self.status}")


@dataclass
class Visitor:
    """One browser: ``connect`` says where the hosts really listen."""

    host: str
    port: int
    address: str = "127.0.0.1"
    scheme: str = "http"
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    lang: str = "de"

    def get(self, target: str) -> Page:
        """Fetch a page, following redirects."""
        return self._follow("GET", self._absolute(target), None, {})

    def post(self, target: str, values: Values, headers: Mapping[str, str] | None = None) -> Page:
        """Send a form's values as they are, following redirects."""
        body = urlencode(_pairs(values)).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._follow("POST", self._absolute(target), body, kind)

    def send(
        self,
        page: Page,
        form: html.FormElement,
        values: Values,
        *,
        button: tuple[str, str] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Page:
        """Send a form of ``page``: what it holds, changed by ``values``, by its ``button``."""
        given: dict[str, Any] = {}
        for name, held in form.form_values():
            given.setdefault(name, []).append(held)
        for name, value in values.items():
            given[name] = [value] if isinstance(value, str) else list(value)
        if button:
            given[button[0]] = [button[1]]
        target = urljoin(page.address, form.get("action") or page.address)
        if not files:
            return self.post(target, given)
        body, kind = _multipart(_pairs(given), files)
        return self._follow("POST", target, body, {"Content-Type": kind})

    def _absolute(self, target: str) -> str:
        return urljoin(f"{self.scheme}://{self.host}:{self.port}/", target)

    def _follow(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Page:
        for _ in range(MAX_REDIRECTS):
            page = self._ask(method, target, body, headers)
            if page.status not in _REDIRECTS:
                return page
            target = urljoin(target, page.headers["location"])
            if page.status not in {307, 308}:
                method, body, headers = "GET", None, {}
        raise Unexpected(f"{target}: redirected too often")

    def _ask(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Page:
        parts = urlsplit(target)
        host = parts.hostname or self.host
        jar = self.cookies.setdefault(host, {})
        line = http.client.HTTPConnection(self.address, parts.port or self.port, timeout=TIMEOUT)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        all_headers = {
            "Host": parts.netloc,
            "Accept-Language": self.lang,
            "Referer": target,
            "Origin": f"{parts.scheme}://{parts.netloc}",
            **headers,
        }
        if jar:
            all_headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        try:
            line.request(method, path or "/", body=body, headers=all_headers)
            answer = line.getresponse()
            content = answer.read()
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            jar[name.strip()] = value.strip()
        lowered = {name.lower(): value for name, value in answer.headers.items()}
        return Page(target, answer.status, lowered, content)


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for name, value in values.items():
        for one in [value] if isinstance(value, str) else value:
            pairs.append((name, one))
    return pairs


def _multipart(pairs: Sequence[tuple[str, str]], files: Mapping[str, Upload]) -> tuple[bytes, str]:
    """Return body and content type of a form with files (RFC 7578)."""
    mark = secrets.token_hex(16)
    body = bytearray()
    for name, value in pairs:
        if name not in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            body += head.encode() + value.encode() + b"\r\n"
    for name, file in files.items():
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"'
            "\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        body += head.encode() + file.content + b"\r\n"
    body += f"--{mark}--\r\n".encode()
    return bytes(body), f"multipart/form-data; boundary={mark}"
