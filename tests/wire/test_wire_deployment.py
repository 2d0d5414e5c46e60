"""A deployment and a new release in the middle of an application, with real web processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

import pytest

import small_blueprint
from applicant import Applicant
from dienstweg.authorities import scope
from dienstweg.blueprint import archive
from dienstweg.offers import actions as offers
from web_server import Server

pytestmark = pytest.mark.django_db(transaction=True)


class OverTheWire:
    """Django's test client as far as `Applicant` needs it, but over TCP; it keeps its cookies."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.port = 0

    def get(self, address: str, *, follow: bool = True) -> Any:
        return self._sent("GET", address, None, follow)

    def post(self, address: str, body: dict[str, Any], *, follow: bool = True) -> Any:
        return self._sent("POST", address, body, follow)

    def _sent(self, method: str, address: str, body: dict[str, Any] | None, follow: bool) -> Any:
        parts = urlsplit(address)
        answer = self._asked(method, parts, urlencode(body, doseq=True) if body else "")
        while follow and answer.status in {302, 303}:
            parts = urlsplit(urljoin(parts.geturl(), answer.headers["Location"]))
            answer = self._asked("GET", parts, "")
        asked = {"PATH_INFO": parts.path, "QUERY_STRING": parts.query}
        return SimpleNamespace(status_code=answer.status, content=answer.body, request=asked)

    def _asked(self, method: str, parts: SplitResult, body: str) -> Any:
        line = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Host": "kranichsee.localhost",
            "Accept-Language": "de",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with closing(line):
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            line.request(method, path, body, headers)
            answer = line.getresponse()
            found = SimpleNamespace(
                status=answer.status, headers=answer.headers, body=answer.read()
            )
        for text in found.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.coded_value for name, one in SimpleCookie(text).items()}
        return found


@contextmanager
def deployed(url: str, folder: Path, someone: OverTheWire) -> Iterator[None]:
    """Let a web process answer, and end it as a deployment does."""
    server = Server(url, folder)
    try:
        server.wait()
        someone.port = server.port
        yield
    finally:
        server.stop()


def go_live(town: Any, version: str, *, label: str = "") -> None:
    given = dict(small_blueprint.files(version))
    if label:
        given["texts/de.yaml"] = given["texts/de.yaml"].replace(b"Wer sind Sie?", label.encode())
    with scope.enter(scope.of(town)):
        offers.go_live(
            archive=archive.pack(given), settings={"payment": "kasse", "connection": "akte"}
        )


def withdraw(town: Any, version: str) -> None:
    with scope.enter(scope.of(town)):
        offers.withdraw_release(slug="hausbewohner", version=version, reason="Ein Satz war falsch.")


def test_a_draft_goes_on_after_a_deployment_and_under_its_own_release(
    transactional_db: None,
    database_addresses: Any,
    make_authority: Callable[..., Any],
    tmp_path: Path,
) -> None:
    town = make_authority()
    go_live(town, "1.0.0")
    wire, someone = OverTheWire(), Applicant()
    someone.client = wire  # type: ignore[assignment]  # as much as is needed
    with deployed(database_addresses.app, tmp_path, wire):
        assert someone.begin().heading == "Wer sind Sie?"
        someone.send(name="Änne Ödegård", haustier="false", weiter="weiter")
        assert someone.page.heading == "Nachweise"
        draft = someone.draft
        shown = someone.open(f"{draft}/person")
    go_live(town, "2.0.0", label="Wer fragt?")
    with deployed(database_addresses.app, tmp_path, wire):
        # The page that was open before the deployment is sent after it.
        someone.page = shown
        assert someone.send(name="Änne Weiß", haustier="false", weiter="weiter").status == 200
        page = someone.open(f"{draft}/person")
        assert page.heading == "Wer sind Sie?", "its own release"
        assert 'value="Änne Weiß"' in page.html
        other = Applicant()
        other.client = OverTheWire()  # type: ignore[assignment]  # see above
        other.client.port = wire.port
        assert other.begin().heading == "Wer fragt?", "who begins now gets the new release"
        withdraw(town, "1.0.0")
        for _ in range(100):
            page = someone.open(f"{draft}/person")
            if page.heading != "Wer sind Sie?":
                break
            time.sleep(0.1)  # each process learns of it within seconds
        assert page.heading == "Für diesen Antrag gibt es eine neue Fassung"
        assert "Ein Satz war falsch." in page.html
        assert "Änne Weiß" in page.html, "what still fits"
        someone.send()
        page = someone.open(f"{draft}/person")
        assert page.heading == "Wer fragt?"
        assert 'value="Änne Weiß"' in page.html
