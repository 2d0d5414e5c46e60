"""The platform: transactions, their states, and the interface that tells of them."""

import hashlib
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from dienstweg.simulators.ledger import Ledger
from dienstweg.simulators.payments import pages
from dienstweg.simulators.serving import (
    Answer,
    Request,
    Switches,
    as_json,
    as_page,
    control,
    parser,
    pause,
    serve,
    to,
)

SWITCHES: Mapping[str, Any] = {
    "slow": 0.0,
    "down": False,
    "fail_rate": 0.0,
    "drop_rate": 0.0,
    "status": "true",
    "twice": False,
    "wrong_sum": 0,
    "forget": False,
    "malformed": False,
    "auto": "",
}
_ENDS = ("PAYED", "FAILED", "CANCELED")
_REQUIRED = {
    "requestId": 36,
    "requestTimestamp": 40,
    "currency": 3,
    "purpose": 27,
    "description": 250,
    "redirectUrl": 2082,
}
_CALL = re.compile(r"^/paymenttransaction/([\w-]{1,36})/([\w-]{1,36})(?:/([\w-]{1,64}))?$")
_PAGE = re.compile(r"^/bezahlen/([\w-]{1,64})$")


class Platform:
    """Keeps transactions in memory and every change in the ledger."""

    def __init__(self, ledger: Ledger, switches: Switches, base: str, token: str) -> None:
        self._ledger = ledger
        self._switches = switches
        self._base = base
        self._token = token
        self._lock = threading.Lock()
        self._by_id: dict[str, dict[str, Any]] = {}
        self._by_request: dict[str, str] = {}
        for line in ledger.lines:
            self._apply(line)

    def respond(self, request: Request) -> Answer:
        """Answer one call, misbehaving as the switches say."""
        if request.path == "/_control":
            return control(request, self._switches)
        pause(self._switches["slow"])
        if self._switches["down"] or self._switches.happens("fail_rate"):
            return _problem(503, "UNSPECIFIED", "not available")
        page = _PAGE.match(request.path)
        if page:
            return self._pay_page(request, page[1])
        answer = self._interface(request)
        if self._switches.happens("drop_rate"):
            return Answer(200, drop=True)
        if self._switches["malformed"]:
            return Answer(answer.status, answer.body[: len(answer.body) // 2])
        return answer

    def _interface(self, request: Request) -> Answer:
        if self._token and request.headers.get("authorization") != f"Bearer {self._token}":
            return _problem(403, "FORBIDDEN", "unknown token")
        if request.path.startswith("/status/"):
            return as_json(200, {"status": "ok"})
        call = _CALL.match(request.path)
        if call is None:
            return _problem(404, "NO_VALID_ORIGINATOR_OR_ENDPOINT", "unknown address")
        if request.method == "POST" and call[3] is None:
            return self._open(request, f"{call[1]}/{call[2]}")
        if request.method == "GET" and call[3] is not None:
            return self._status(f"{call[1]}/{call[2]}", call[3])
        return _problem(405, "UNSPECIFIED", "not here")

    def _open(self, request: Request, place: str) -> Answer:
        try:
            asked = request.json()
        except ValueError:
            return _problem(400, "VALIDATION_ERROR", "not JSON")
        code, detail = _fault(asked)
        if code:
            return _problem(400, code, detail)
        with self._lock:
            known = self._by_request.get(f"{place}/{asked['requestId']}")
            if known is not None:
                return _problem(409, "PAYMENT_EXISTS", "requestId was used", transactionId=known)
            identifier = hashlib.sha256(f"{place}/{asked['requestId']}".encode()).hexdigest()[:32]
            line = {
                "event": "opened",
                "id": identifier,
                "place": place,
                "reference": f"KZ{int(identifier[:12], 16) % 10**10:010d}",
                "at": _now(),
                "request": asked,
            }
            self._ledger.write(**line)
            self._apply(line)
        if self._switches["auto"] in _ENDS:
            self._settle(identifier, self._switches["auto"])
        return as_json(201, self._told(self._by_id[identifier]))

    def _status(self, place: str, identifier: str) -> Answer:
        if self._switches["status"] == "fail":
            return _problem(503, "UNSPECIFIED", "not available")
        found = self._by_id.get(self._by_request.get(f"{place}/{identifier}", identifier))
        if found is None or found["place"] != place or self._switches["forget"]:
            return _problem(404, "VALIDATION_ERROR", "unknown transaction")
        return as_json(200, self._told(found))

    def _told(self, transaction: dict[str, Any]) -> dict[str, Any]:
        never = self._switches["status"] == "never"
        state = "INITIAL" if never else transaction["state"]
        request = dict(transaction["request"])
        if self._switches["wrong_sum"]:
            more = Decimal(str(request["grosAmount"])) + Decimal(self._switches["wrong_sum"]) / 100
            request["grosAmount"] = float(more)
        info = {
            "transactionUrl": f"{self._base}/paymenttransaction/{transaction['place']}/"
            f"{transaction['id']}",
            "transactionId": transaction["id"],
            "transactionReference": transaction["reference"],
            "transactionTimestamp": transaction["at"],
            "status": state,
        }
        if state == "INITIAL":
            info["transactionRedirectUrl"] = f"{self._base}/bezahlen/{transaction['id']}"
        elif state == "PAYED":
            info["paymentMethod"] = "CREDITCARD"
        return {"paymentInformation": info, "paymentRequest": request}

    def _pay_page(self, request: Request, identifier: str) -> Answer:
        found = self._by_id.get(identifier)
        if found is None or self._switches["forget"]:
            return as_page(404, pages.unknown())
        back = str(found["request"]["redirectUrl"])
        if request.method == "GET":
            page = pages.pay(found) if found["state"] == "INITIAL" else pages.done(back)
            return as_page(200, page)
        end = request.form().get("do", "")
        if end not in _ENDS:
            return as_page(422, pages.pay(found))
        self._settle(identifier, end)
        if self._switches["twice"]:
            _visit(back)
        return to(back)

    def _settle(self, identifier: str, end: str) -> None:
        """Bring a transaction to its end; one that has ended stays as it is."""
        with self._lock:
            if self._by_id[identifier]["state"] != "INITIAL":
                return
            line = {"event": "settled", "id": identifier, "state": end, "at": _now()}
            self._ledger.write(**line)
            self._apply(line)

    def _apply(self, line: Mapping[str, Any]) -> None:
        if line["event"] == "opened":
            opened = {**line, "state": "INITIAL"}
            self._by_id[line["id"]] = opened
            self._by_request[f"{line['place']}/{line['request']['requestId']}"] = line["id"]
        elif line["event"] == "settled":
            self._by_id[line["id"]].update(state=line["state"], at=line["at"])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the simulated payment platform until it is told to stop."""
    options = parser("dienstweg simulator payments", "A payment platform to practise with", 18081)
    options.add_argument("--token", default="", help="the bearer token that callers must bring")
    options.add_argument("--public", default="", help="its address as browsers see it")
    given = options.parse_args(argv)
    base = given.public.rstrip("/") or f"http://{given.host}:{given.port}"
    switches = Switches(SWITCHES, given.seed)
    platform = Platform(Ledger(given.ledger), switches, base, given.token)
    return serve(given.host, given.port, platform.respond)


class _Fault(Exception):
    """A PaymentRequest that the platform does not take: functional code and detail."""


def _fault(asked: Any) -> tuple[str, str]:
    """Return code and detail of what is wrong with a PaymentRequest; empty when it is right."""
    try:
        _check_fields(asked)
        _check_sums(asked)
    except _Fault as fault:
        code, detail = fault.args
        return code, detail
    return "", ""


def _check_fields(asked: Any) -> None:
    if not isinstance(asked, dict):
        raise _Fault("VALIDATION_ERROR", "not an object")
    for name, longest in _REQUIRED.items():
        value = asked.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            raise _Fault("VALIDATION_ERROR", name)
    items = asked.get("items")
    if asked["currency"] != "EUR" or not isinstance(items, list) or not 1 <= len(items) <= 99:
        raise _Fault("VALIDATION_ERROR", "currency or items")
    if any(not isinstance(item.get("bookingData"), dict) for item in items):
        raise _Fault("BOOKING_DATA_MISSING", "bookingData")


def _check_sums(asked: Any) -> None:
    try:
        total = sum((_item_total(item) for item in asked["items"]), Decimal(0))
        gross = Decimal(str(asked["grosAmount"]))
    except (KeyError, TypeError, InvalidOperation) as error:
        raise _Fault("VALIDATION_ERROR", "amounts") from error
    if not 0 < gross <= 999_999:
        raise _Fault("VALIDATION_ERROR", "grosAmount")
    if total.quantize(Decimal("0.01"), ROUND_HALF_UP) != gross:
        raise _Fault("CALCULATION_ERROR", "items do not add up")


def _item_total(item: Any) -> Decimal:
    net, tax = (Decimal(str(item[name])) for name in ("totalNetAmount", "totalTaxAmount"))
    single = Decimal(str(item["singleNetAmount"])) * Decimal(str(item["quantity"]))
    if single != net:
        raise InvalidOperation
    return net + tax


def _problem(status: int, code: str, title: str, **more: str) -> Answer:
    value = {"type": "about:blank", "title": title, "status": status, "functionalCode": code}
    return as_json(status, {**value, **more}, media_type="application/problem+json")


def _visit(url: str) -> None:
    """Call the return address once more, as a double click would."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # told by our caller
            answer.read(1000)
    except (urllib.error.URLError, OSError, ValueError):
        return


def _now() -> str:
    # A foreign system has a clock of its own; ours does not apply to it.
    return datetime.fromtimestamp(time.time(), UTC).isoformat()
