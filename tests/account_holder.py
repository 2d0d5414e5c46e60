"""Somebody with an account: one browser that goes from host to host, as browsers without script do.

Each host has its own cookies. Redirects are followed, and pages that lead on by themselves.
"""

import html
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

from applicant import Page

NETWORK = "localhost"
PASSWORD = "Regenbogen-Fahrrad-47"
MOST_STEPS = 12
_REFRESH = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')


class Holder:
    """One browser."""

    def __init__(self, email: str = "anna@example.org", *, lang: str = "de") -> None:
        self.email = email
        self.lang = lang
        self.clients: dict[str, Client] = {}
        self.address = ""
        self.seen: list[str] = []
        self.page: Page

    def at(self, host: str) -> Client:
        """Return the browser as a host knows it."""
        if host not in self.clients:
            self.clients[host] = Client(headers={"host": host, "accept-language": self.lang})
        return self.clients[host]

    def open(self, address: str, host: str = "") -> Page:
        """Open an address: of the host where the browser is, or of the one that is named."""
        full = f"http://{host}:8000{address}" if host else urljoin(self.address, address)
        return self._follow(self._ask("get", full), full)

    def send(self, *, action: str = "", **answers: Any) -> Page:
        """Fill in the page's own form, or the one whose address ends so, and send it."""
        own = [one for one in self.page.forms if not one["action"]]
        form = self.page.form(action) if action or not own else own[0]
        body = {**form["fields"], **{key: [str(value)] for key, value in answers.items()}}
        full = urljoin(self.address, form["action"] or self.address)
        return self._follow(self._ask("post", full, body), full)

    def sign_in(self, password: str = PASSWORD) -> Page:
        """Fill in the page that asks for e-mail and password."""
        return self.send(email=self.email, passwort=password)

    def _ask(self, method: str, full: str, body: Any = None) -> Any:
        parts = urlsplit(full)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        client = self.at(parts.hostname or "")
        return getattr(client, method)(path, body) if body is not None else client.get(path)

    def _follow(self, response: Any, full: str) -> Page:
        self.seen = [full]
        for _ in range(MOST_STEPS):
            self.address = full
            onwards = response.headers.get("Location", "")
            if not onwards and response.status_code == 200:
                found = _REFRESH.search(response.content.decode("utf-8", "replace"))
                onwards = html.unescape(found[1]) if found else ""
            if not onwards:
                self.page = Page(response)
                self.page.url = urlsplit(full).path
                return self.page
            full = urljoin(full, onwards)
            self.seen.append(full)
            response = self._ask("get", full)
        raise AssertionError(f"goes round in circles: {self.seen}")

    @property
    def draft(self) -> str:
        """The address of the draft that the browser is in."""
        return "/".join(urlsplit(self.address).path.split("/")[:3])
