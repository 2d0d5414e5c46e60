"""Tells the online service what was decided: signed calls, repeated until they are heard."""

import http.client
import json
import queue
import ssl
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dienstweg.simulators.backoffice import signatures
from dienstweg.simulators.ledger import Ledger

_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_TRIES = 200


class Messenger:
    """Sends notices one after another in a thread of its own."""

    def __init__(self, ledger: Ledger, key: Ed25519PrivateKey, key_id: str) -> None:
        self._ledger = ledger
        self._key = key
        self._key_id = key_id
        self._waiting: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        threading.Thread(target=self._work, name="news", daemon=True).start()

    def send(self, url: str, notice: dict[str, Any]) -> None:
        """Have ``notice`` sent to ``url``."""
        self._waiting.put((url, notice))

    def _work(self) -> None:
        while True:
            url, notice = self._waiting.get()
            for attempt in range(_TRIES):
                status = self._post(url, notice)
                if status is not None and (status < 500 and status not in (404, 429)):
                    self._ledger.write(event="told", id=notice["id"], status=status)
                    break
                time.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])

    def _post(self, url: str, notice: dict[str, Any]) -> int | None:
        """Call ``url`` and return the status, or None when nobody answers."""
        body = json.dumps(notice, ensure_ascii=False).encode()
        parts = urlsplit(url)
        headers = {
            "host": parts.netloc,
            "content-type": "application/json",
            "idempotency-key": f'"{notice["id"]}"',
        }
        signed = signatures.sign(
            parts.path, headers, body, self._key, key_id=self._key_id, now=time.time()
        )
        try:
            connection = _connection(parts.scheme, parts.hostname or "", parts.port)
            try:
                connection.request("POST", parts.path, body, signed)
                return connection.getresponse().status
            finally:
                connection.close()
        except (OSError, http.client.HTTPException):
            return None


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    """Return a connection; names below ``localhost`` are this machine on every machine."""
    address = "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(address, port or 443, timeout=10, context=context)
    return http.client.HTTPConnection(address, port or 80, timeout=10)
