"""Machines begin drafts for people: signed, checked, once each, handed over by a code good once."""

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

import small_blueprint
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.errors import NoSuchDraft
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.deliveries import actions
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from dienstweg.reception.models import Act
from dienstweg.simulators.backoffice import signatures
from simulated import OUR_KEY

pytestmark = pytest.mark.django_db

HOST = "kranichsee.localhost:8000"
PATH = "/api/v1/entwuerfe/werke"
KEY = signatures.own_key(7)
WANTED = {
    "leistung": "hausbewohner",
    "absender": "Stadtwerke",
    "angaben": {"name": "Änne Ödegård", "haustier": True, "tiere": [{"rufname": "Rex"}]},
}


@pytest.fixture
def town(authority: UUID) -> Iterator[UUID]:
    offered.forget()
    with scope.enter(scope.of(authority)):
        offers.go_live(archive=small_blueprint.packed(), settings={})
        connect("werke", begins_drafts=True)
        connect("still")
        yield authority
    offered.forget()


def connect(slug: str, **more: Any) -> None:
    options = {
        "url": "https://werke.example/annahme",
        "key_id": "dienstweg",
        "peer_key_id": "werke",
        "peer_public_key": signatures.public_text(KEY),
        **more,
    }
    actions.add_connection(
        slug=slug, kind="http", options=options, secrets={"private_key": OUR_KEY}
    )


def post(
    told: Any,
    *,
    path: str = PATH,
    key: Any = KEY,
    host: str = HOST,
    act: str | None = '"a1"',
    send: bytes | None = None,
) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    headers = {"host": HOST, "content-type": "application/json", "idempotency-key": act or ""}
    signed = signatures.sign(path, headers, body, key, key_id="werke", now=time.time())
    if act is None:
        del signed["idempotency-key"]
    return Client(headers={**signed, "host": host}).post(
        path, data=body if send is None else send, content_type="application/json"
    )


def code_of(answer: Any) -> str:
    address, _, code = answer.json()["link"].partition("#")
    assert address.endswith("/fortsetzen")
    assert "?" not in address
    return str(code)


def test_a_draft_is_begun_and_opened_once(town: UUID) -> None:
    answer = post(WANTED)
    assert answer.status_code == 201
    code = code_of(answer)
    begun = assistants.resume(code=code)
    assert str(begun.draft_id) == answer.json()["entwurf"]
    assert begun.secret != code, "who made the draft can open it no longer"
    draft = drafts.opened(begun.draft_id, begun.secret)
    assert draft.answers["data"] == WANTED["angaben"]
    assert draft.answers["from"]["name"]["label"] == "Übermittelt von Stadtwerke"
    for refused in (code, "AAAA-BBBB-CCCC-DDDD"):
        with pytest.raises(NoSuchDraft):
            assistants.resume(code=refused)
    assert assistants.resume(code=begun.resume_code) == begun


def test_the_same_again_is_the_same_draft(town: UUID) -> None:
    first, again = post(WANTED), post(WANTED)
    assert first.json() == again.json()
    assert Draft.objects.count() == 1
    other = post({**WANTED, "absender": "Andere"})
    assert other.status_code == 409
    assert other.headers["Content-Type"] == "application/problem+json"
    assert post(WANTED, act='"a2"').json()["entwurf"] != first.json()["entwurf"]


def test_no_code_is_kept_anywhere(town: UUID) -> None:
    code = code_of(post(WANTED))
    kept = [str(row) for row in Act.objects.values_list("answer", "key", "name")]
    kept += [str(row) for row in Draft.objects.values_list()]
    assert len(kept) == 2
    assert not any(code in text or "Ödegård" in text for text in kept)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"name": "x" * 41}, ["/name"]),
        ({"name": 7, "haustier": "ja"}, ["/haustier", "/name"]),
        ({"vorname": "A"}, ["/vorname"]),
        ({"tiere": [{"rufname": "A", "farbe": "rot"}]}, ["/tiere/0/farbe"]),
        ({"belege": ["01a20000-0000-7000-8000-000000000000"]}, ["/belege"]),
    ],
)
def test_what_fits_no_question_is_refused_by_name_and_not_by_value(
    town: UUID, data: dict[str, Any], named: list[str]
) -> None:
    answer = post({**WANTED, "angaben": data})
    assert answer.status_code == 422
    assert answer.json()["angaben"] == named
    assert "rot" not in answer.content.decode()
    assert Draft.objects.count() == 0
    assert post(WANTED).status_code == 201, "a refused key may come again"


def test_who_may_not_is_not_let_in(town: UUID) -> None:
    altered = json.dumps({**WANTED, "absender": "Betrug"}).encode()
    for answer in (
        post(WANTED, key=signatures.own_key(8)),
        post(WANTED, send=altered),
        Client(headers={"host": HOST}).post(PATH, data=WANTED, content_type="application/json"),
    ):
        assert answer.status_code == 401
    assert post(WANTED, path="/api/v1/entwuerfe/still").status_code == 403
    assert post(WANTED, path="/api/v1/entwuerfe/niemand").status_code == 404
    assert Draft.objects.count() == 0


def test_another_authority_does_not_know_the_connection(town: UUID, other_authority: UUID) -> None:
    assert post(WANTED, host="moorwald.localhost:8000").status_code == 404


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"\xff\x00", 400),
        (b"[" * 100_000, 400),
        ({"leistung": "gibt-es-nicht", "angaben": {}}, 404),
        ({**WANTED, "angaben": []}, 400),
        ({**WANTED, "angaben": {"name": "x" * 300_000}}, 413),
    ],
)
def test_what_is_malformed_is_refused(town: UUID, told: Any, status: int) -> None:
    assert post(told).status_code == status
    assert Draft.objects.count() == 0


def test_a_key_is_needed(town: UUID) -> None:
    assert post(WANTED, act=None).status_code in {400, 401}
    assert post(WANTED, act='""' + "x" * 70).status_code == 400
    assert Client(headers={"host": HOST}).get(PATH).status_code == 405
    assert Draft.objects.count() == 0
