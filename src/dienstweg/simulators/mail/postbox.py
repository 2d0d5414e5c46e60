"""The postbox: an SMTP server (RFC 5321, the little that a sender needs) and its page."""

import email
import email.policy
import html
import socketserver
import threading
from collections.abc import Sequence
from typing import Any

from dienstweg.simulators.ledger import Ledger
from dienstweg.simulators.serving import (
    Answer,
    Request,
    Switches,
    as_json,
    as_page,
    control,
    parser,
    serve,
)

LINE = 2_000
"""Bytes of a command or a line of a mail; RFC 5321 asks for 1,000."""
MAIL = 5_000_000
"""Bytes of one mail."""
SHOWN = 100


class Postbox:
    """Keeps mails in a ledger and shows them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = threading.Lock()
        self._mails: list[dict[str, Any]] = list(ledger.lines)
        self.switches = Switches({"down": False}, seed=1)

    def put(self, to: Sequence[str], raw: bytes) -> None:
        """Keep a mail, on disk before the sender hears of it."""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        body = message.get_body(preferencelist=("plain", "html"))
        mail = {
            "to": list(to),
            "subject": str(message["subject"] or ""),
            "text": body.get_content() if body is not None else "",
        }
        with self._lock:
            self._ledger.write(**mail)
            self._mails.append(mail)

    def respond(self, request: Request) -> Answer:
        """Answer a call to the page."""
        if request.path == "/_control":
            return control(request, self.switches)
        with self._lock:
            newest = self._mails[-SHOWN:][::-1]
        if request.path == "/_mails":
            return as_json(200, newest)
        if request.path == "/":
            return as_page(200, _page(newest))
        return as_json(404, {"title": "not found"})


class _Session(socketserver.StreamRequestHandler):
    """One sender's connection."""

    timeout = 60
    postbox: Postbox

    def handle(self) -> None:
        """Speak SMTP until the sender has finished."""
        self._say("220 mailbox of a demo")
        to: list[str] = []
        while line := self.rfile.readline(LINE):
            command = line.decode("utf-8", "replace").strip()
            verb = command.partition(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if self.postbox.switches["down"]:
                self._say("451 try again later")
            elif verb == "RCPT":
                to.append(command.partition(":")[2].strip().strip("<>"))
                self._say("250 ok")
            elif verb == "DATA":
                self._take(to)
                to = []
            elif verb in {"EHLO", "HELO", "MAIL", "RSET", "NOOP"}:
                to = to if verb == "NOOP" else []
                self._say("250 ok")
            else:
                self._say("502 not implemented")

    def _take(self, to: list[str]) -> None:
        if not to:
            self._say("503 no recipient")
            return
        self._say("354 go on")
        lines: list[bytes] = []
        size = 0
        while (line := self.rfile.readline(LINE)) not in (b".\r\n", b".\n"):
            if not line:
                return
            size += len(line)
            if size <= MAIL:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if size > MAIL:
            self._say("552 too big")
            return
        self.postbox.put(to, b"".join(lines))
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mailbox until it is told to stop; return the exit code."""
    options = parser("dienstweg simulator mail", "A mailbox to practise with", 18083)
    options.add_argument("--smtp-port", type=int, default=18084)
    given = options.parse_args(arguments)
    postbox = Postbox(Ledger(given.ledger))
    session = type("BoundSession", (_Session,), {"postbox": postbox})
    with _Server((given.host, given.smtp_port), session) as smtp:
        threading.Thread(target=smtp.serve_forever, daemon=True).start()
        return serve(given.host, given.port, postbox.respond)


def _page(mails: Sequence[dict[str, Any]]) -> str:
    """Return the page that shows ``mails``, the newest first."""
    shown = "".join(
        f"<article><h2>{html.escape(mail['subject'])}</h2>"
        f"<p>An: {html.escape(', '.join(mail['to']))}</p>"
        f"<pre>{html.escape(mail['text'])}</pre></article>"
        for mail in mails
    )
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>E-Mails der Demo</title>'
        "<style>body{font:1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}"
        "article{border-top:1px solid #999;margin-top:2rem}pre{white-space:pre-wrap}</style>"
        "</head><body><h1>E-Mails der Demo</h1><p>Diese E-Mails wurden nicht verschickt.</p>"
        f"{shown or '<p>Noch keine E-Mails.</p>'}</body></html>"
    )
