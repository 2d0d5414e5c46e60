"""The scanner: clamd's ``zINSTREAM`` and ``zVERSION`` on a TCP port, its switches by HTTP."""

import hashlib
import socketserver
import threading
from collections.abc import Sequence

from dienstweg.simulators.ledger import Ledger
from dienstweg.simulators.serving import (
    Answer,
    Request,
    Switches,
    as_json,
    control,
    parser,
    pause,
    serve,
)

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
MOST = 64 * 1024 * 1024
VERSION = "ClamAV 1.4.3"
_SWITCHES = {
    "down": False,
    "lie": False,
    "silent": False,
    "slow": 0.0,
    "chatty": False,
    "small": 0,
}


class Watch:
    """What the scanner knows: its switches, and a ledger of what it was shown."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = threading.Lock()
        self.switches = Switches(_SWITCHES, seed=1)

    def judge(self, content: bytes) -> str:
        """Return clamd's words about some bytes, noted first."""
        found = EICAR in content
        with self._lock:
            self._ledger.write(
                event="scanned", sha256=hashlib.sha256(content).hexdigest(), found=found
            )
        return "stream: Eicar-Test-Signature FOUND" if found else "stream: OK"

    def respond(self, request: Request) -> Answer:
        """Answer a call to the switches."""
        if request.path == "/_control":
            return control(request, self.switches)
        return as_json(404, {"title": "not found"})


class _Session(socketserver.StreamRequestHandler):
    """One caller."""

    timeout = 60
    watch: Watch

    def handle(self) -> None:
        """Read one command, and answer it as the switches want."""
        switches = self.watch.switches
        if switches["down"]:
            return
        command = self._command()
        if command == b"zPING":
            self._say("PONG")
        elif command == b"zVERSION":
            self._say("nothing to do with ClamAV" if switches["lie"] else VERSION)
        elif command == b"zINSTREAM":
            self._scan(switches)

    def _scan(self, switches: Switches) -> None:
        most = int(switches["small"]) or MOST
        content = self._stream(most)
        if switches["silent"]:
            self.rfile.read(1)
            return
        pause(switches["slow"])
        if content is None:
            self._say("INSTREAM size limit exceeded. ERROR")
        elif switches["lie"]:
            self._say("stream: perhaps")
        elif switches["chatty"]:
            self.wfile.write(b"stream: OK " * 10_000)
        else:
            self._say(self.watch.judge(content))

    def _command(self) -> bytes:
        found = b""
        while not found.endswith(b"\0") and len(found) < 100:
            one = self.rfile.read(1)
            if not one:
                break
            found += one
        return found.rstrip(b"\0")

    def _stream(self, most: int) -> bytes | None:
        """Return the bytes of all chunks; nothing if they are too many."""
        content = b""
        while True:
            size = int.from_bytes(self.rfile.read(4), "big")
            if size == 0:
                return content
            if len(content) + size > most:
                return None
            content += self.rfile.read(size)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\0")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the scanner until it is told to stop; return the exit code."""
    options = parser("dienstweg simulator scanner", "A virus scanner to practise with", 18085)
    options.add_argument("--scan-port", type=int, default=18086)
    given = options.parse_args(arguments)
    watch = Watch(Ledger(given.ledger))
    session = type("BoundSession", (_Session,), {"watch": watch})
    with _Server((given.host, given.scan_port), session) as scanner:
        threading.Thread(target=scanner.serve_forever, daemon=True).start()
        return serve(given.host, given.port, watch.respond)
