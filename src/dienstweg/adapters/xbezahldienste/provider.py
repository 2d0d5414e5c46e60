"""The conversation with a platform that speaks XBezahldienste 1.0.0."""

from collections.abc import Mapping
from typing import Any

from dienstweg.adapters.xbezahldienste import messages
from dienstweg.kernel import http
from dienstweg.payments.port import Order, PaymentProvider, Rejected, Transaction, Unavailable

_ID = {"type": "string", "pattern": r"^[\w-]{1,36}$"}

OPTIONS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["base_url", "originator_id", "endpoint_id"],
    "properties": {
        "base_url": {
            "type": "string",
            "pattern": r"^https?://[^\s?#]+$",
            "description": "Adresse der Bezahlplattform, ohne /paymenttransaction",
        },
        "originator_id": {**_ID, "description": "Kennung des Onlinedienstes bei der Plattform"},
        "endpoint_id": {**_ID, "description": "Kennung der Behörde bei der Plattform"},
        "api_key_header": {
            "type": "string",
            "pattern": r"^[A-Za-z0-9-]{1,60}$",
            "description": "Kopfzeile für den API-Schlüssel; sonst wird ein Bearer-Token gesendet",
        },
        "private": {
            "type": "boolean",
            "description": "Die Plattform darf im eigenen Netz liegen (private Adressen)",
        },
    },
}
SECRETS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "token": {
            "type": "string",
            "minLength": 1,
            "description": "Bearer-Token oder API-Schlüssel",
        }
    },
}


def origins(options: Mapping[str, Any]) -> list[str]:
    """Return the only origins that a connection with these options may call."""
    return [str(options["base_url"])]


def make(
    options: Mapping[str, Any], secrets: Mapping[str, Any], client: http.Client
) -> PaymentProvider:
    """Return the provider for an account with these options and secrets."""
    return Provider(options, secrets, client)


class Provider:
    """One authority's account at one platform."""

    def __init__(
        self, options: Mapping[str, Any], secrets: Mapping[str, Any], client: http.Client
    ) -> None:
        self._base = str(options["base_url"]).rstrip("/")
        self._place = f"{options['originator_id']}/{options['endpoint_id']}"
        self._plain_http = self._base.startswith("http://")
        self._client = client
        self._headers = {"accept": "application/json"}
        token = str(secrets.get("token", ""))
        if "api_key_header" in options:
            self._headers[str(options["api_key_header"])] = token
        elif token:
            self._headers["authorization"] = f"Bearer {token}"

    def open(self, order: Order) -> Transaction:
        """Open a transaction; one that this request has already opened is asked for instead.

        Raises `Unavailable`, `Rejected`.
        """
        answer = self._call("POST", "paymenttransaction", messages.request(order))
        if answer.status in (200, 201):
            found = self._transaction(answer)
        elif _functional_code(answer) == "PAYMENT_EXISTS":
            found = self.status(_existing(answer) or order.request_id)
        else:
            raise _refusal(answer)
        if found.amount is not None and found.amount != order.amount:
            raise Rejected("WRONG_AMOUNT", "the platform has recorded another amount")
        if found.request_id is not None and found.request_id != order.request_id:
            raise Rejected("WRONG_REQUEST", "the platform answers about another request")
        return found

    def status(self, transaction_id: str) -> Transaction:
        """Ask what has become of a transaction. Raises `Unavailable`, `Rejected`."""
        identifier = messages.identifier(transaction_id)
        answer = self._call("GET", f"paymenttransaction/{self._place}/{identifier}")
        if answer.status != 200:
            raise _refusal(answer)
        return self._transaction(answer)

    def check(self) -> list[str]:
        """Ask the platform whether it knows the account and is ready."""
        try:
            answer = self._call("GET", f"status/{self._place}")
        except Unavailable:
            return ["Die Bezahlplattform ist nicht erreichbar."]
        except Rejected:
            return ["Die Adresse der Bezahlplattform darf nicht aufgerufen werden."]
        if answer.status == 200:
            return []
        if answer.status in (401, 403):
            return ["Die Bezahlplattform kennt diese Zugangsdaten oder Kennungen nicht."]
        return [f"Die Bezahlplattform meldet den Status {answer.status}."]

    def _call(self, method: str, path: str, body: Any = None) -> http.Response:
        url = f"{self._base}/{path}"
        if body is not None:
            url = f"{url}/{self._place}"
        try:
            answer = self._client.request(method, url, json=body, headers=self._headers)
        except http.Unreachable as error:
            raise Unavailable(str(error)) from error
        except http.Refused as error:
            raise Rejected("NOT_ALLOWED", str(error)) from error
        if not path.startswith("status/") and _passes(answer.status):
            raise Unavailable(f"status {answer.status}")
        return answer

    def _transaction(self, answer: http.Response) -> Transaction:
        try:
            return messages.transaction(answer.json(), plain_http=self._plain_http)
        except http.NotJson as error:
            # A page of a proxy in between, or half an answer: the next try may bring the real one.
            raise Unavailable("the answer is not JSON") from error


def _passes(status: int) -> bool:
    """Tell whether a status speaks of the platform or our access to it, not of the payment."""
    return status >= 500 or status in (401, 403, 408, 425, 429)


def _problem(answer: http.Response) -> Mapping[str, Any]:
    try:
        problem = answer.json()
    except http.NotJson:
        return {}
    return problem if isinstance(problem, dict) else {}


def _functional_code(answer: http.Response) -> str:
    code = _problem(answer).get("functionalCode")
    return code if isinstance(code, str) and code.isascii() and len(code) <= 60 else ""


def _existing(answer: http.Response) -> str:
    """Return the transaction that a refusal names, if the platform does that."""
    found = _problem(answer).get("transactionId")
    return found if isinstance(found, str) else ""


def _refusal(answer: http.Response) -> Rejected:
    return Rejected(_functional_code(answer) or "UNSPECIFIED", f"status {answer.status}")
