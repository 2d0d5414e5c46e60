"""The back office: takes deliveries once each, gives receipts, decides, tells of it."""

import base64
import binascii
import hashlib
import re
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dienstweg.simulators.backoffice import pages, signatures
from dienstweg.simulators.backoffice.news import Messenger
from dienstweg.simulators.ledger import Ledger
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
    "cut": False,
    "busy": 0,
    "malformed": False,
    "refuse": False,
    "shut_out": False,
    "dedupe": True,
    "repeat": 409,
    "lie": "",
    "decide": "",
    "decide_after": 0.0,
    "twice": False,
    "tolerance": 300.0,
}
KEY_ID = "backoffice"
_INBOX = re.compile(r"^/[a-z][a-z0-9-]{0,60}$")
_SHOWN = 200
_KEPT_CONTENT = 256 * 1024


class Office:
    """Keeps what it has taken in memory, and every step in the ledger."""

    def __init__(self, ledger: Ledger, switches: Switches, seed: int, notify: str) -> None:
        self._ledger = ledger
        self._switches = switches
        self._key = signatures.own_key(seed)
        self._stranger = signatures.own_key(seed + 1_000_003)
        self._notify = notify
        self._lock = threading.Lock()
        self._peers: dict[str, str] = {}
        self._taken: dict[str, dict[str, Any]] = {}
        self._decided: dict[str, str] = {}
        self._messenger = Messenger(ledger, self._key, KEY_ID)
        for line in ledger.lines:
            self._apply(line)
        self._resume(ledger.lines)

    def know(self, peers: Mapping[str, str]) -> None:
        """Take over public keys by their ids, for good."""
        with self._lock:
            for key_id, key in peers.items():
                if self._peers.get(key_id) != key:
                    line = {"event": "peer", "key_id": key_id, "key": key}
                    self._ledger.write(**line)
                    self._apply(line)

    def respond(self, request: Request) -> Answer:
        """Answer one call, misbehaving as the switches say."""
        own = {
            "/_control": lambda: control(request, self._switches),
            "/_keys": lambda: as_json(200, {KEY_ID: signatures.public_text(self._key)}),
            "/_peers": lambda: self._know(request),
            "/": lambda: self._overview(request),
            "/entscheiden": lambda: self._decide_by_hand(request),
        }.get(request.path)
        if own is not None:
            return own()
        if not _INBOX.match(request.path):
            return as_json(404, {"title": "unknown address"})
        pause(self._switches["slow"])
        return self._misbehaviour() or self._accept(request)

    def _misbehaviour(self) -> Answer | None:
        """Return what is answered before anything is looked at, if the switches say so."""
        if self._switches["down"]:
            return as_json(503, {"title": "down"})
        if self._switches["busy"]:
            return as_json(429, {"title": "busy"}, ("Retry-After", str(self._switches["busy"])))
        if self._switches.happens("fail_rate"):
            return as_json(500, {"title": "failed"})
        if self._switches["shut_out"]:
            return as_json(401, {"title": "who are you"})
        if self._switches["refuse"]:
            return as_json(422, {"title": "not for us"})
        return None

    def _accept(self, request: Request) -> Answer:
        if request.method != "POST":
            return as_json(200, {"status": "ready"})
        try:
            self._verify(request)
            delivery = _delivery(request)
        except signatures.Forged as error:
            return as_json(401, {"title": str(error)})
        except (ValueError, KeyError, TypeError):
            return as_json(400, {"title": "not a delivery"})
        return self._spoilt(self._take(delivery))

    def _spoilt(self, answer: Answer) -> Answer:
        """Return ``answer`` as it leaves the house, damaged as the switches say."""
        if self._switches.happens("drop_rate"):
            return Answer(200, drop=True)
        if self._switches["malformed"]:
            return as_json(200, {"status": "thanks"})
        if self._switches["cut"]:
            return Answer(answer.status, answer.body, cut=True)
        return answer

    def _verify(self, request: Request) -> None:
        signatures.verify(
            request.method,
            request.path,
            request.headers,
            request.body,
            self._peers,
            now=time.time(),
            tolerance=float(self._switches["tolerance"]),
        )

    def _take(self, delivery: dict[str, Any]) -> Answer:
        key = delivery["key"]
        with self._lock:
            known = self._taken.get(key) if self._switches["dedupe"] else None
            if known is not None and not _same(known, delivery):
                self._ledger.write(event="clash", key=key)
                return as_json(409, {"title": "this key was used for something else"})
            if known is None:
                line = {"event": "accepted", **delivery, **self._stamp(delivery)}
                self._ledger.write(**line)
                self._apply(line)
            else:
                self._ledger.write(event="repeated", key=key)
        if known is None:
            self._decide_by_itself(key)
        status = 201 if known is None else int(self._switches["repeat"])
        return as_json(status, self._receipt(self._taken[key]))

    def _stamp(self, delivery: Mapping[str, Any]) -> dict[str, Any]:
        count = len(self._taken) + 1
        tail = hashlib.sha256(str(delivery["key"]).encode()).hexdigest()[:4].upper()
        return {"reference": f"FV-{count:06d}-{tail}", "at": _now()}

    def _receipt(self, taken: Mapping[str, Any]) -> dict[str, Any]:
        """Return the signed receipt, or the lie that the switch asks for."""
        lie = self._switches["lie"]
        told = {name: taken[name] for name in ("key", "sha256", "attachments", "reference", "at")}
        if lie == "hash":
            told["sha256"] = hashlib.sha256(b"something else").hexdigest()
        if lie == "key":
            told["key"] = f"{told['key']}-other"
        if lie == "attachments":
            told["attachments"] = [*told["attachments"], "0" * 64]
        lines = ["dienstweg-receipt/1", told["key"], told["sha256"], *told["attachments"]]
        lines += [told["reference"], told["at"]]
        key = self._stranger if lie == "stranger" else self._key
        signature = key.sign("\n".join(lines).encode())
        if lie == "signature":
            signature = bytes([signature[0] ^ 1]) + signature[1:]
        return {**told, "signature": base64.b64encode(signature).decode()}

    def _know(self, request: Request) -> Answer:
        try:
            peers = request.json()
            keys = {str(key_id): str(key) for key_id, key in peers.items()}
            if any(len(base64.b64decode(key, validate=True)) != 32 for key in keys.values()):
                raise ValueError("32 bytes expected")
        except (ValueError, AttributeError, binascii.Error):
            return as_json(422, {"title": "{key_id: base64 of 32 bytes} is expected"})
        self.know(keys)
        return as_json(200, {"known": sorted(self._peers)})

    def _overview(self, request: Request) -> Answer:
        newest = list(self._taken.values())[::-1][:_SHOWN]
        if request.query.get("as") == "json":
            return as_json(200, {"taken": newest, "decided": self._decided})
        return as_page(200, pages.overview(newest, self._decided))

    def _decide_by_hand(self, request: Request) -> Answer:
        form = request.form()
        outcome, key = form.get("outcome", ""), form.get("key", "")
        if request.method != "POST" or key not in self._taken or not outcome.isalpha():
            return as_json(422, {"title": "key and outcome are expected"})
        self.decide(key, outcome, form.get("reason", ""))
        return to("/")

    def _decide_by_itself(self, key: str) -> None:
        if self._switches["decide"]:
            pause_first = float(self._switches["decide_after"])
            outcome = self._switches["decide"]
            threading.Timer(pause_first, self.decide, (key, outcome, "")).start()

    def decide(self, key: str, outcome: str, reason: str) -> None:
        """Decide about a delivery, once, and tell the online service."""
        with self._lock:
            if key in self._decided:
                return
            line = {
                "event": "decided",
                "key": key,
                "outcome": outcome,
                "reason": reason,
                "notice": str(uuid.uuid5(uuid.NAMESPACE_URL, f"decided:{key}")),
                "at": _now(),
            }
            self._ledger.write(**line)
            self._apply(line)
        self._tell(line)

    def _tell(self, line: Mapping[str, Any]) -> None:
        taken = self._taken[line["key"]]
        url = taken.get("answer_to") or self._notify
        if not url:
            return
        notice = {
            "id": line["notice"],
            "key": line["key"],
            "kind": "decided",
            "reference": taken["reference"],
            "case_number": taken["case_number"],
            "at": line["at"],
            "data": {"outcome": line["outcome"], "reason": line["reason"]},
        }
        for _ in range(2 if self._switches["twice"] else 1):
            self._messenger.send(url, notice)

    def _apply(self, line: Mapping[str, Any]) -> None:
        if line["event"] == "peer":
            self._peers[line["key_id"]] = line["key"]
        elif line["event"] == "accepted":
            self._taken[line["key"]] = dict(line)
        elif line["event"] == "decided":
            self._decided[line["key"]] = line["outcome"]

    def _resume(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Tell again what an earlier life decided and did not get told."""
        told = {line["id"] for line in lines if line["event"] == "told"}
        for line in lines:
            if line["event"] == "decided" and line["notice"] not in told:
                self._tell(line)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the simulated back office until it is told to stop."""
    options = parser("dienstweg simulator backoffice", "A back office to practise with", 18082)
    options.add_argument("--peer", action="append", default=[], metavar="KEY_ID=PUBLIC_KEY")
    options.add_argument("--notify", default="", help="where news go that name no address")
    options.add_argument("--decide", default="", help="granted or refused: decides by itself")
    options.add_argument("--decide-after", type=float, default=0.0, metavar="SECONDS")
    given = options.parse_args(argv)
    switches = Switches(SWITCHES, given.seed)
    switches.change({"decide": given.decide, "decide_after": given.decide_after})
    office = Office(Ledger(given.ledger), switches, given.seed, given.notify)
    office.know(dict(peer.split("=", 1) for peer in given.peer))
    return serve(given.host, given.port, office.respond)


def _delivery(request: Request) -> dict[str, Any]:
    """Return what the ledger keeps of a delivery; raises ValueError, KeyError, TypeError."""
    told = request.json()
    if request.headers.get("idempotency-key") != f'"{told["key"]}"':
        raise ValueError("two keys")
    content = base64.b64decode(told["content"], validate=True)
    hashes = [_checked(one["content"], one["sha256"]) for one in told["attachments"]]
    if hashlib.sha256(content).hexdigest() != told["sha256"]:
        raise ValueError("content and hash differ")
    return {
        "key": str(told["key"]),
        "kind": str(told["kind"]),
        "case_id": str(told["case"]["id"]),
        "case_number": str(told["case"]["number"]),
        "service": str(told["case"]["service"]),
        "submitted_at": str(told["case"]["submitted_at"]),
        "schema": str(told["schema"]),
        "sha256": str(told["sha256"]),
        "attachments": hashes,
        "answer_to": str(told.get("answer_to") or ""),
        "content": content[:_KEPT_CONTENT].decode("utf-8", "replace"),
    }


def _checked(content: str, sha256: str) -> str:
    if hashlib.sha256(base64.b64decode(content, validate=True)).hexdigest() != sha256:
        raise ValueError("attachment and hash differ")
    return sha256


def _same(known: Mapping[str, Any], delivery: Mapping[str, Any]) -> bool:
    return all(known[name] == delivery[name] for name in ("sha256", "attachments", "kind"))


def _now() -> str:
    # A foreign system has a clock of its own; ours does not apply to it.
    return datetime.fromtimestamp(time.time(), UTC).isoformat()
