"""The conversation with clamd: bounded in time and size, whatever the other side does."""

import socket
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from dienstweg.files.port import Clean, Infected, Unavailable, Verdict
from dienstweg.kernel import clock, http

OPTIONS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["address"],
    "properties": {
        "address": {
            "type": "string",
            "maxLength": 200,
            "pattern": r"^(/[^\x00]+|[A-Za-z0-9._-]+:[0-9]{1,5}|\[[0-9a-fA-F:]+\]:[0-9]{1,5})$",
            "description": "Socket (/run/clamav/clamd.ctl) oder Rechner und Port",
        },
        "seconds": {"type": "integer", "minimum": 1, "maximum": 600},
    },
}
SECRETS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
}

CONNECT_SECONDS = 3.0
SECONDS = 120
"""For one whole scan: clamd itself gives up after two minutes."""
CHUNK = 64 * 1024
MOST_ANSWER = 1_000
"""Bytes of an answer: a name of malware is shorter."""
OLD = timedelta(days=7)
"""Signatures older than this know nothing of what goes around today."""


def origins(options: Mapping[str, Any]) -> list[str]:
    """Return no origin at all: clamd does not speak HTTP."""
    del options
    return []


def make(options: Mapping[str, Any], secrets: Mapping[str, Any], client: http.Client) -> "Clamd":
    """Return the scanner at the address that the options name."""
    del secrets, client
    return Clamd(str(options["address"]), int(options.get("seconds", SECONDS)))


class Clamd:
    """A running clamd at ``address``; no call takes longer than ``seconds``."""

    def __init__(self, address: str, seconds: float = SECONDS) -> None:
        self._address = address
        self._seconds = seconds

    def scan(self, stream: BinaryIO) -> Verdict:
        """Show clamd what ``stream`` gives.

        Only its two words of a verdict are one; everything else (an error, a size limit, silence,
        nonsense) is `Unavailable`.
        """
        answer = self._ask(b"zINSTREAM\0", stream)
        if answer == "stream: OK":
            return Clean()
        name = answer.removeprefix("stream: ").removesuffix(" FOUND")
        if answer == f"stream: {name} FOUND" and name:
            return Infected(name)
        raise Unavailable(f"clamd: {answer[:80]!r}")

    def check(self) -> list[str]:
        """Return what is wrong: no answer, no signatures of ClamAV's own, or old ones."""
        try:
            answer = self._ask(b"zVERSION\0")
        except Unavailable as error:
            return [f"Der Virenscanner antwortet nicht ({error})."]
        if not answer.startswith("ClamAV"):
            return ["Unter der Adresse des Virenscanners antwortet etwas anderes."]
        return _about_signatures(answer, clock.now())

    def _ask(self, command: bytes, stream: BinaryIO | None = None) -> str:
        """Return clamd's answer to a command; raises `Unavailable`."""
        deadline = time.monotonic() + self._seconds
        try:
            with self._connected() as line:
                try:
                    line.settimeout(_left(deadline))
                    line.sendall(command)
                    if stream is not None:
                        _send(line, stream, deadline)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # it may have said why before it hung up
                return _answer(line, deadline)
        except OSError as error:
            raise Unavailable(type(error).__name__) from error

    def _connected(self) -> socket.socket:
        if self._address.startswith("/"):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(CONNECT_SECONDS)
            try:
                line.connect(self._address)
            except OSError:
                line.close()
                raise
            return line
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS)


def _send(line: socket.socket, stream: BinaryIO, deadline: float) -> None:
    """Send the bytes in chunks, and the empty chunk that ends them."""
    while chunk := stream.read(CHUNK):
        line.settimeout(_left(deadline))
        line.sendall(len(chunk).to_bytes(4, "big") + chunk)
    line.sendall(bytes(4))


def _answer(line: socket.socket, deadline: float) -> str:
    """Return what comes up to the NUL, and no more than an answer can be."""
    heard = b""
    while b"\0" not in heard:
        line.settimeout(_left(deadline))
        some = line.recv(MOST_ANSWER)
        if not some or len(heard) > MOST_ANSWER:
            raise Unavailable("clamd: no whole answer")
        heard += some
    return heard.split(b"\0")[0].decode("utf-8", "replace").strip()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _about_signatures(version: str, now: datetime) -> list[str]:
    """Return what is wrong with the signatures, by ``ClamAV 1.4.3/27800/Sat Nov 21 09:26:11 2026``.

    Without ClamAV's own database only the first part is said.
    """
    parts = version.split("/")
    if len(parts) < 3:
        return ["Der Virenscanner hat keine amtlichen Signaturen geladen: läuft freshclam?"]
    try:
        made = datetime.strptime(parts[2].strip(), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return []
    if now - made > OLD:
        return [f"Die Signaturen des Virenscanners sind vom {made:%d.%m.%Y}: läuft freshclam?"]
    return []
