"""The conversation with a back office that speaks signed JSON."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dienstweg.adapters.http_json import messages, signatures
from dienstweg.deliveries.port import (
    Call,
    Notice,
    Parcel,
    Receipt,
    Refused,
    Unavailable,
    Untrusted,
)
from dienstweg.kernel import http

_KEY = {"type": "string", "pattern": r"^[A-Za-z0-9+/]{43}=$"}
_LONGEST_PAUSE = 3600.0
_MAX_BYTES = 64 * 1024 * 1024

OPTIONS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["url", "key_id", "peer_key_id", "peer_public_key"],
    "properties": {
        "url": {
            "type": "string",
            "pattern": r"^https?://[^\s?#]+$",
            "description": "Adresse, an der das Fachverfahren Übergaben annimmt",
        },
        "key_id": {"type": "string", "pattern": r"^[\w.:-]{1,100}$"},
        "peer_key_id": {"type": "string", "pattern": r"^[\w.:-]{1,100}$"},
        "peer_public_key": {
            **_KEY,
            "description": "Öffentlicher Ed25519-Schlüssel des Fachverfahrens (Base64)",
        },
        "answer_to": {
            "type": "string",
            "pattern": r"^https?://[^\s]+$",
            "description": "Unsere Adresse für Rückmeldungen, falls sie mitgesendet werden soll",
        },
        "max_bytes": {"type": "integer", "minimum": 10_000, "maximum": _MAX_BYTES},
        "tolerance_seconds": {"type": "integer", "minimum": 1, "maximum": 604_800},
        "begins_drafts": {
            "type": "boolean",
            "description": "Das Fachverfahren darf Anträge für Bürgerinnen und Bürger vorbereiten",
        },
        "private": {
            "type": "boolean",
            "description": "Das Fachverfahren darf im eigenen Netz liegen (private Adressen)",
        },
    },
}
SECRETS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["private_key"],
    "properties": {
        "private_key": {**_KEY, "description": "Unser privater Ed25519-Schlüssel (Base64)"}
    },
}


def origins(options: Mapping[str, Any]) -> list[str]:
    """Return the only origins that a connection with these options may call."""
    return [str(options["url"])]


def make(options: Mapping[str, Any], secrets: Mapping[str, Any], client: http.Client) -> "HttpJson":
    """Return the connector for a connection with these options and secrets."""
    return HttpJson(options, secrets, client)


class HttpJson:
    """One authority's link to one back office over signed JSON."""

    def __init__(
        self, options: Mapping[str, Any], secrets: Mapping[str, Any], client: http.Client
    ) -> None:
        own = {"begins"} if options.get("begins_drafts") else set()
        self.capabilities = frozenset({"acknowledges", "deduplicates", "reports", *own})
        self._url = str(options["url"])
        self._key_id = str(options["key_id"])
        self._key = signatures.private_key(str(secrets["private_key"]))
        self._peer_id = str(options["peer_key_id"])
        self._peer = signatures.public_key(str(options["peer_public_key"]))
        self._answer_to = options.get("answer_to")
        self._limit = int(options.get("max_bytes", _MAX_BYTES))
        self._tolerance = timedelta(seconds=int(options.get("tolerance_seconds", 300)))
        self._client = client

    def send(self, parcel: Parcel) -> Receipt:
        """Hand ``parcel`` over and verify the receipt.

        Raises `Unavailable` (network, 5xx, 429, no access), `Refused` (any other 4xx), `Untrusted`.
        """
        body, expected = messages.delivery(parcel, limit=self._limit, answer_to=self._answer_to)
        answer = self._post(body, parcel.key)
        if answer.status in (200, 201, 202):
            return self._receipt(answer, expected, repeated=False)
        if answer.status == 409:
            return self._known(answer, expected)
        if answer.status >= 500 or answer.status in (401, 403, 404, 408, 425, 429):
            # 401, 403 and 404 speak of the link, not of the parcel: put right, it will be taken.
            raise Unavailable(f"status {answer.status}", _retry_after(answer))
        raise Refused(f"status {answer.status}")

    def read_notice(self, call: Call) -> Notice:
        """Return the news in ``call``, proven to come from the back office.

        Raises `Untrusted`.
        """
        self.prove(call)
        return messages.notice(call.body)

    def prove(self, call: Call) -> None:
        """Return if the back office has signed ``call`` as it stands; raises `Untrusted`."""
        try:
            signatures.verify(
                method=call.method,
                url=call.url,
                headers=dict(call.headers),
                body=call.body,
                key=self._peer,
                key_id=self._peer_id,
                tolerance=self._tolerance,
            )
        except signatures.BadSignature as error:
            raise Untrusted("the call is not signed by the back office") from error

    def check(self) -> list[str]:
        """Ask the back office whether it is there."""
        try:
            answer = self._client.request("GET", self._url)
        except http.Unreachable:
            return ["Das Fachverfahren ist nicht erreichbar."]
        except http.Refused:
            return ["Die Adresse des Fachverfahrens darf nicht aufgerufen werden."]
        if answer.status >= 500:
            return [f"Das Fachverfahren meldet den Status {answer.status}."]
        return []

    def _post(self, body: bytes, key: str) -> http.Response:
        headers = {"content-type": "application/json", "idempotency-key": f'"{key}"'}
        signed = signatures.sign(
            method="POST",
            url=self._url,
            headers=headers,
            body=body,
            key=self._key,
            key_id=self._key_id,
        )
        try:
            return self._client.request("POST", self._url, content=body, headers=signed)
        except http.Unreachable as error:
            raise Unavailable(str(error)) from error
        except http.Refused as error:
            raise Unavailable(f"not allowed: {error}") from error

    def _known(self, answer: http.Response, expected: messages.Expected) -> Receipt:
        """Return the receipt of an earlier try; raises `Refused` if that was another content."""
        try:
            return self._receipt(answer, expected, repeated=True)
        except Untrusted as error:
            raise Refused(f"this key was used for something else: {error}") from error

    def _receipt(
        self, answer: http.Response, expected: messages.Expected, *, repeated: bool
    ) -> Receipt:
        reference, at = messages.receipt(answer.body, expected, self._peer)
        return Receipt(reference=reference, at=at, proof=answer.body, repeated=repeated)


def _retry_after(answer: http.Response) -> float | None:
    """Return the seconds after which the back office wants to be asked again, within reason."""
    text = answer.headers.get("retry-after", "")
    return min(float(text), _LONGEST_PAUSE) if text.isascii() and text.isdigit() else None
