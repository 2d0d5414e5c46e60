"""What both simulators need to be a web server: requests, answers, switches, the command line."""

import argparse
import json
import random
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

LIMIT = 80 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A call, with lower-case header names."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON; raises ValueError."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """Return the first value of each field of an HTML form."""
        fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; ``cut`` sends only half of it, ``drop`` nothing at all."""

    status: int
    body: bytes = b""
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    drop: bool = False


def as_json(status: int, value: Any, *headers: tuple[str, str], media_type: str = "") -> Answer:
    """Return an answer of JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, media_type or "application/json", headers)


def as_page(status: int, html: str) -> Answer:
    """Return an answer of HTML that may load nothing from elsewhere."""
    policy = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
    return Answer(status, html.encode(), "text/html; charset=utf-8", (policy,))


def to(url: str) -> Answer:
    """Return an answer that sends the browser to ``url``."""
    return Answer(303, headers=(("Location", url),))


class Switches:
    """How the simulator misbehaves; changed at run time by ``POST /_control``."""

    def __init__(self, defaults: Mapping[str, Any], seed: int) -> None:
        self._lock = threading.Lock()
        self._values = dict(defaults)
        self._random = random.Random(seed)  # noqa: S311  # repeatable misbehaviour, no secret

    def __getitem__(self, name: str) -> Any:
        with self._lock:
            return self._values[name]

    def change(self, values: Any) -> str | None:
        """Take over ``values`` of known names and types; return what is wrong with them."""
        if not isinstance(values, dict):
            return "an object is expected"
        with self._lock:
            for name, value in values.items():
                known = self._values.get(name)
                if name not in self._values:
                    return f"unknown switch: {name}"
                number = isinstance(known, int | float) and not isinstance(known, bool)
                fits = isinstance(value, int | float) if number else isinstance(value, type(known))
                if not fits:
                    return f"{name}: {type(known).__name__} expected"
            self._values.update(values)
        return None

    def all(self) -> dict[str, Any]:
        """Return all switches as they stand."""
        with self._lock:
            return dict(self._values)

    def happens(self, name: str) -> bool:
        """Tell whether the misbehaviour with the probability in switch ``name`` happens now."""
        with self._lock:
            rate = float(self._values[name])
            return rate > 0 and self._random.random() < rate


class Handler(BaseHTTPRequestHandler):
    """Turns a connection into `Request` and `Answer`; ``respond`` is set by `serve`."""

    protocol_version = "HTTP/1.1"
    respond: Callable[[Request], Answer]
    timeout = 60

    def do_GET(self) -> None:
        """Answer a GET."""
        self._handle()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._handle()

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: the ledger tells what counts."""

    def _handle(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LIMIT:
            self._send(as_json(413, {"title": "too big"}))
            self.close_connection = True
            return
        body = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query={name: values[0] for name, values in parse_qs(parts.query).items()},
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        self._send(type(self).respond(request))

    def _send(self, answer: Answer) -> None:
        if answer.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        head = [f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}"]
        head += [f"{name}: {value}" for name, value in answer.headers]
        head += [f"Content-Type: {answer.media_type}", f"Content-Length: {len(answer.body)}"]
        raw = "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + answer.body
        if answer.cut:
            raw = raw[: len(raw) - len(answer.body) // 2]
            self.close_connection = True
        self.wfile.write(raw)


class _Server(ThreadingHTTPServer):
    """A server whose threads end with it and that takes many callers at once."""

    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that went away; show our own faults."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def parser(program: str, description: str, port: int) -> argparse.ArgumentParser:
    """Return the command line that both simulators share."""
    options = argparse.ArgumentParser(prog=program, description=description)
    options.add_argument("--port", type=_port, default=port, help="below 32768")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--ledger", type=Path, required=True, help="file of JSON lines")
    options.add_argument("--seed", type=int, default=1, help="makes misbehaviour repeatable")
    return options


def serve(host: str, port: int, respond: Callable[[Request], Answer]) -> int:
    """Answer with ``respond`` until SIGTERM or SIGINT; return the exit code."""
    handler = type("BoundHandler", (Handler,), {"respond": staticmethod(respond)})
    server = _Server((host, port), handler)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
    return 0


def control(request: Request, switches: Switches) -> Answer:
    """Answer ``/_control``: GET shows the switches, POST changes them."""
    if request.method == "POST":
        try:
            wrong = switches.change(request.json())
        except ValueError:
            wrong = "JSON is expected"
        if wrong is not None:
            return as_json(422, {"title": wrong})
    return as_json(200, switches.all())


def pause(seconds: float) -> None:
    """Be slow."""
    if seconds > 0:
        time.sleep(min(float(seconds), 120.0))


def program(main: Callable[[Sequence[str] | None], int]) -> NoReturn:
    """Run ``main`` as a program of its own."""
    sys.exit(main(None))


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 32768:
        raise argparse.ArgumentTypeError("a port from 1 to 32767 is expected")
    return port
