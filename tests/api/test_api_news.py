"""Back offices call us with news: signed by the simulator's own code, taken once each."""

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.deliveries import actions, queries
from dienstweg.events import queries as events
from dienstweg.simulators.backoffice import signatures
from made import make_case
from simulated import OUR_KEY

pytestmark = pytest.mark.django_db

HOST = "kranichsee.localhost:8000"
PATH = "/api/v1/rueckmeldungen/fach"
KEY = signatures.own_key(7)


@pytest.fixture
def case_id(authority: UUID) -> Iterator[UUID]:
    options = {
        "url": "https://office.example/annahme",
        "key_id": "dienstweg",
        "peer_key_id": "backoffice",
        "peer_public_key": signatures.public_text(KEY),
    }
    with scope.enter(scope.of(authority)):
        actions.add_connection(
            slug="fach", kind="http", options=options, secrets={"private_key": OUR_KEY}
        )
        yield make_case(authority)


@pytest.fixture
def delivery_id(case_id: UUID) -> UUID:
    return actions.hand_over(
        case_id=case_id, key="uebergabe", connection_slug="fach", mapping="standard"
    )


def notice(delivery_id: UUID, **more: Any) -> dict[str, Any]:
    data = {"outcome": "granted", "reason": "Frau Müller hat alles eingereicht"}
    return {"id": "n1", "key": str(delivery_id), "kind": "decided", "data": data, **more}


def post(
    told: Any, *, path: str = PATH, key: Any = KEY, host: str = HOST, send: bytes | None = None
) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    headers = {"host": HOST, "content-type": "application/json", "idempotency-key": '"n1"'}
    signed = signatures.sign(path, headers, body, key, key_id="backoffice", now=time.time())
    return Client(headers={**signed, "host": host}).post(
        path, data=body if send is None else send, content_type="application/json"
    )


def test_news_are_taken_once(case_id: UUID, delivery_id: UUID) -> None:
    first, second = post(notice(delivery_id)), post(notice(delivery_id))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["rueckmeldung"] == second.json()["rueckmeldung"]
    assert [one.name for one in events.timeline(case_id)] == ["backoffice.reported"]
    view = queries.notice(UUID(first.json()["rueckmeldung"]), key=cases.key(case_id))
    assert view.data["reason"].startswith("Frau Müller")


def test_other_news_under_a_known_id_are_a_conflict(case_id: UUID, delivery_id: UUID) -> None:
    post(notice(delivery_id))
    again = post(notice(delivery_id, data={"outcome": "refused"}))
    assert again.status_code == 409
    assert again.headers["Content-Type"] == "application/problem+json"
    assert len(events.timeline(case_id)) == 1


def test_a_forged_call_is_not_let_in(case_id: UUID, delivery_id: UUID) -> None:
    told = notice(delivery_id)
    altered = json.dumps(notice(delivery_id, kind="status")).encode()
    for answer in (
        post(told, key=signatures.own_key(8)),
        post(told, send=altered),
        Client(headers={"host": HOST}).post(PATH, data=told, content_type="application/json"),
        post(told, host="kranichsee.localhost:8001"),
    ):
        assert answer.status_code == 401
        assert "Müller" not in answer.content.decode()
    assert events.timeline(case_id) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\x00",
        b'{"id": 1}',
        b'{"id": "a", "key": "b", "kind": "../x"}',
        b'{"id":"\\u0000","key":"b","kind":"c"}',
    ],
)
def test_what_is_malformed_is_refused(case_id: UUID, body: bytes) -> None:
    assert post(body).status_code == 401


@pytest.mark.parametrize("key", ["x", "01a20000-0000-7000-8000-000000000000"])
def test_news_about_nothing_of_ours(case_id: UUID, key: str) -> None:
    assert post({"id": "n1", "key": key, "kind": "decided"}).status_code == 404


def test_unknown_connection_and_unknown_host(case_id: UUID, delivery_id: UUID) -> None:
    assert post(notice(delivery_id), path=PATH + "x").status_code == 404
    assert post(notice(delivery_id), host="nowhere.example").status_code == 404


def test_another_authoritys_news_do_not_reach_this_one(
    case_id: UUID, delivery_id: UUID, other_authority: UUID
) -> None:
    assert post(notice(delivery_id), host="moorwald.localhost:8000").status_code == 404


def test_too_big_and_the_wrong_method(case_id: UUID, delivery_id: UUID) -> None:
    big = notice(delivery_id, data={"text": "x" * 300_000})
    assert post(big).status_code == 413
    assert Client(headers={"host": HOST}).get(PATH).status_code == 405


@pytest.mark.parametrize("junk", ["\x00", "a" * 5000, "💥", "office=()", 'office=("@method")'])
def test_hostile_headers_are_refused(case_id: UUID, delivery_id: UUID, junk: str) -> None:
    client = Client(headers={"host": HOST, "signature-input": junk, "signature": junk})
    answer = client.post(PATH, data=notice(delivery_id), content_type="application/json")
    assert answer.status_code == 401


def test_an_erased_case_has_no_news(case_id: UUID, delivery_id: UUID) -> None:
    from dienstweg.cases.models import Case

    Case.objects.filter(id=case_id).update(state="erased", wrapped_key=None)
    assert post(notice(delivery_id)).status_code == 410
