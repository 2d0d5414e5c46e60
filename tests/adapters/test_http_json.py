"""The connector against the simulated back office, with every switch."""

import hashlib
import json
import queue
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.adapters import http_json
from dienstweg.adapters.http_json.connector import HttpJson
from dienstweg.deliveries.port import Call, Enclosure, Parcel, Refused, Unavailable, Untrusted
from dienstweg.kernel import clock, http
from simulated import OUR_KEY, Simulator, backoffice_options, running


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running("backoffice", tmp_path_factory.mktemp("office")) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def _well_behaved(office: Simulator) -> None:
    office.control(
        slow=0.0, down=False, fail_rate=0.0, drop_rate=0.0, cut=False, busy=0, malformed=False,
        refuse=False, shut_out=False, dedupe=True, repeat=409, lie="", decide="", twice=False,
    )  # fmt: skip


def connector(office: Simulator, *, read: float = 10.0, **options: Any) -> HttpJson:
    return http_json.make(
        backoffice_options(office, **options),
        {"private_key": OUR_KEY},
        http.Client([office.base], private=True, read=read),
    )


def parcel(content: bytes = b'{"name": "\xc3\x84nne"}', **more: Any) -> Parcel:
    values: dict[str, Any] = {
        "key": str(uuid4()),
        "case_id": UUID(int=7),
        "case_number": "KRA-7F3K-9M2Q-4XB",
        "service": "bewohnerparkausweis",
        "schema_digest": "ab" * 32,
        "content": content,
        "media_type": "application/json",
        "attachments": (enclosure(b"%PDF-1.7 eins"), enclosure(b"%PDF-1.7 zwei")),
        "submitted_at": datetime(2026, 3, 2, 10, tzinfo=UTC),
        **more,
    }
    return Parcel(**values)


def enclosure(content: bytes) -> Enclosure:
    digest = hashlib.sha256(content).hexdigest()
    return Enclosure("a1", "Nachweis Müller.pdf", "application/pdf", digest, lambda: content)


def accepted(office: Simulator, key: str) -> int:
    return [line["key"] for line in office.lines("accepted")].count(key)


def test_a_parcel_is_taken_and_receipted(office: Simulator) -> None:
    sent = parcel()
    receipt = connector(office).send(sent)
    assert receipt.reference.startswith("FV-")
    assert not receipt.repeated
    assert json.loads(receipt.proof)["key"] == sent.key
    taken = next(line for line in office.lines("accepted") if line["key"] == sent.key)
    assert taken["content"] == sent.content.decode()
    assert taken["attachments"] == [one.sha256 for one in sent.attachments]


@pytest.mark.parametrize("status", [200, 409])
def test_a_repeat_brings_the_same_receipt(office: Simulator, status: int) -> None:
    office.control(repeat=status)
    sent = parcel()
    first, second = connector(office).send(sent), connector(office).send(sent)
    assert first.reference == second.reference
    assert second.repeated is (status == 409)
    assert accepted(office, sent.key) == 1


def test_the_same_key_for_other_content_is_refused(office: Simulator) -> None:
    sent = parcel()
    connector(office).send(sent)
    with pytest.raises(Refused):
        connector(office).send(parcel(b"{}", key=sent.key))


@pytest.mark.parametrize("switch", [{"drop_rate": 1.0}, {"cut": True}])
def test_taken_but_not_told_is_taken_once(office: Simulator, switch: dict[str, Any]) -> None:
    sent = parcel()
    office.control(**switch)
    with pytest.raises(Unavailable):
        connector(office).send(sent)
    office.control(drop_rate=0.0, cut=False)
    assert connector(office).send(sent).repeated
    assert accepted(office, sent.key) == 1


def test_without_dedupe_a_repeat_is_a_duplicate(office: Simulator) -> None:
    """The control of the crash test: it must be able to fail."""
    office.control(dedupe=False)
    sent = parcel()
    connector(office).send(sent)
    connector(office).send(sent)
    assert accepted(office, sent.key) == 2


@pytest.mark.parametrize("lie", ["hash", "key", "signature", "attachments", "stranger"])
def test_a_lie_is_not_trusted(office: Simulator, lie: str) -> None:
    office.control(lie=lie)
    with pytest.raises(Untrusted):
        connector(office).send(parcel())


def test_thanks_are_no_receipt(office: Simulator) -> None:
    office.control(malformed=True)
    with pytest.raises(Untrusted):
        connector(office).send(parcel())


@pytest.mark.parametrize("switch", [{"down": True}, {"fail_rate": 1.0}, {"shut_out": True}])
def test_trouble_that_passes(office: Simulator, switch: dict[str, Any]) -> None:
    office.control(**switch)
    with pytest.raises(Unavailable) as caught:
        connector(office).send(parcel())
    assert caught.value.retry_after is None


def test_busy_says_when_to_come_back(office: Simulator) -> None:
    office.control(busy=17)
    with pytest.raises(Unavailable) as caught:
        connector(office).send(parcel())
    assert caught.value.retry_after == 17


def test_too_slow_is_unavailable(office: Simulator) -> None:
    office.control(slow=0.6)
    with pytest.raises(Unavailable):
        connector(office, read=0.2).send(parcel())


def test_refused_is_refused(office: Simulator) -> None:
    office.control(refuse=True)
    with pytest.raises(Refused):
        connector(office).send(parcel())


def test_an_unknown_sender_is_let_in_nowhere(office: Simulator) -> None:
    with pytest.raises(Unavailable):
        connector(office, key_id="somebody-else").send(parcel())


def test_an_attachment_that_changed_is_not_sent(office: Simulator) -> None:
    good = enclosure(b"%PDF")
    bad = Enclosure(good.id, good.name, good.media_type, good.sha256, lambda: b"other")
    with pytest.raises(Refused):
        connector(office).send(parcel(attachments=(bad,)))


def test_a_parcel_too_big_is_not_sent(office: Simulator) -> None:
    with pytest.raises(Refused):
        connector(office, max_bytes=10_000).send(parcel(b"x" * 10_000))


def test_survives_kill(tmp_path: Path) -> None:
    with running("backoffice", tmp_path) as other:
        link, sent = connector(other), parcel()
        first = link.send(sent)
        other.kill()
        assert link.check() == ["Das Fachverfahren ist nicht erreichbar."]
        other.start()
        assert link.check() == []
        assert link.send(sent).reference == first.reference
        assert accepted(other, sent.key) == 1


class _Listening:
    """Takes what the back office calls us with."""

    def __init__(self) -> None:
        self.calls: queue.Queue[Call] = queue.Queue()
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                calls.put(Call("POST", f"http://{headers['host']}{self.path}", headers, body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://kranichsee.localhost:{self.server.server_port}/api/v1/meldungen/x"


@pytest.fixture
def listening() -> Iterator[_Listening]:
    one = _Listening()
    yield one
    one.server.shutdown()
    one.server.server_close()


def decided(office: Simulator, listening: _Listening) -> tuple[HttpJson, Parcel, Call]:
    office.control(decide="granted")
    link, sent = connector(office, answer_to=listening.url), parcel()
    link.send(sent)
    return link, sent, listening.calls.get(timeout=10)


def test_news_come_signed(office: Simulator, listening: _Listening) -> None:
    link, sent, call = decided(office, listening)
    notice = link.read_notice(call)
    assert (notice.key, notice.kind) == (sent.key, "decided")
    assert notice.data["outcome"] == "granted"


def test_news_come_by_hand_and_twice(office: Simulator, listening: _Listening) -> None:
    office.control(twice=True)
    link, sent = connector(office, answer_to=listening.url), parcel()
    link.send(sent)
    page = office.call("GET", "/")[1].decode()
    assert sent.case_number in page
    assert "Bewilligen" in page
    form = f"key={sent.key}&outcome=refused&reason=Zone+falsch".encode()
    office.call("POST", "/entscheiden", form, {"Content-Type": "application/x-www-form-urlencoded"})
    first, second = (link.read_notice(listening.calls.get(timeout=10)) for _ in range(2))
    assert first == second
    assert first.data == {"outcome": "refused", "reason": "Zone falsch"}


def test_altered_news_are_not_trusted(office: Simulator, listening: _Listening) -> None:
    link, _, call = decided(office, listening)
    elsewhere = call.url.replace("/x", "/y")
    for forged in (
        Call(call.method, call.url, call.headers, call.body.replace(b"granted", b"refused")),
        Call(call.method, elsewhere, call.headers, call.body),
        Call("PUT", call.url, call.headers, call.body),
        Call(call.method, call.url, {**call.headers, "idempotency-key": '"x"'}, call.body),
        Call(call.method, call.url, {}, call.body),
    ):
        with pytest.raises(Untrusted):
            link.read_notice(forged)


@pytest.mark.parametrize("hours", [-1, 1])
def test_old_news_are_not_trusted(office: Simulator, listening: _Listening, hours: int) -> None:
    link, _, call = decided(office, listening)
    with clock.shifted(timedelta(hours=hours)), pytest.raises(Untrusted):
        link.read_notice(call)


def test_a_signature_of_our_own_is_not_the_back_offices(
    office: Simulator, listening: _Listening
) -> None:
    from dienstweg.adapters.http_json import signatures

    link, _, call = decided(office, listening)
    signed = signatures.sign(
        method="POST",
        url=call.url,
        headers={"content-type": "application/json", "idempotency-key": '"1"'},
        body=call.body,
        key=signatures.private_key(OUR_KEY),
        key_id="backoffice",
    )
    with pytest.raises(Untrusted):
        link.read_notice(Call("POST", call.url, signed, call.body))


_SCRAPS = st.text(st.sampled_from(list('abc=();:,"@-*ä\x00 0123456789')), max_size=60)


@given(_SCRAPS, _SCRAPS, _SCRAPS, st.binary(max_size=30))
def test_no_header_breaks_the_reading(
    office: Simulator, one: str, two: str, three: str, body: bytes
) -> None:
    headers = {"signature-input": one, "signature": two, "content-digest": three}
    options = {
        "url": "http://a.example/annahme",
        "key_id": "a",
        "peer_key_id": "b",
        "peer_public_key": "A" * 43 + "=",
    }
    link = http_json.make(options, {"private_key": OUR_KEY}, http.Client([]))
    with pytest.raises(Untrusted):
        link.read_notice(Call("POST", "http://a.example/x", headers, body))
