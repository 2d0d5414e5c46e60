"""Killed at every named place, by a process of its own, and done exactly once all the same.

A child does one step with a failpoint armed, against a real simulator, and dies as by `kill -9`;
then this process does what the next worker would do.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dienstweg.authorities import scope
from dienstweg.deliveries import actions as deliveries
from dienstweg.deliveries import parcels
from dienstweg.deliveries import queries as delivered
from dienstweg.events import queries as events
from dienstweg.payments import actions as payments
from dienstweg.payments import queries as paid
from made import make_case
from simulated import (
    OUR_KEY,
    Simulator,
    backoffice_options,
    payment_options,
    running,
)
from working import live_through

pytestmark = pytest.mark.django_db(transaction=True)

_STEP = """
import sys, uuid
import django
django.setup()
from dienstweg.authorities import scope
from dienstweg.deliveries import actions as deliveries, parcels
from dienstweg.payments import actions as payments
parcels.content = lambda *_: b"{}"
parcels.offers.offer = lambda _id: type("Offer", (), {"slug": "probe"})
authority, verb, thing = sys.argv[1:]
with scope.enter(scope.of(uuid.UUID(authority))):
    if verb == "send":
        deliveries.send(delivery_id=uuid.UUID(thing))
    elif verb == "open":
        payments.open(payment_id=uuid.UUID(thing))
    else:
        payments.ask(payment_id=uuid.UUID(thing))
"""


@pytest.fixture
def step(database_addresses: Any, authority: UUID) -> Any:
    def run(verb: str, thing: UUID, *, failpoint: str) -> None:
        environment = {
            **os.environ,
            **database_addresses.environment(),
            "DIENSTWEG_FAILPOINTS": failpoint,
            "PYTHONPATH": "src",
        }
        command = [sys.executable, "-c", _STEP, str(authority), verb, str(thing)]
        ended = subprocess.run(command, env=environment, timeout=60, check=False)
        assert ended.returncode == 137, failpoint

    return run


@pytest.fixture
def case_id(authority: UUID, monkeypatch: pytest.MonkeyPatch) -> Iterator[UUID]:
    monkeypatch.setattr(parcels, "content", lambda *_: b"{}")
    monkeypatch.setattr(parcels.offers, "offer", lambda _id: type("Offer", (), {"slug": "probe"}))
    with scope.enter(scope.of(authority)):
        yield make_case(authority)


def facts(case_id: UUID) -> list[str]:
    return [one.name for one in events.timeline(case_id)]


@pytest.mark.parametrize(
    "failpoint", ["deliveries.send.before", "deliveries.send.after", "deliveries.receipt.after"]
)
def test_a_delivery_is_taken_once_wherever_its_worker_dies(
    case_id: UUID, step: Any, tmp_path: Path, failpoint: str
) -> None:
    with running("backoffice", tmp_path) as office:
        options = backoffice_options(office, tolerance_seconds=86_400)
        office.control(tolerance=86_400.0)
        deliveries.add_connection(
            slug="fach", kind="http", options=options, secrets={"private_key": OUR_KEY}
        )
        delivery_id = deliveries.hand_over(
            case_id=case_id, key="k", connection_slug="fach", mapping="standard"
        )
        step("send", delivery_id, failpoint=failpoint)
        live_through(timedelta(minutes=3), "deliveries")
        assert delivered.of_case(case_id)[0].state == "accepted"
        assert [line["key"] for line in office.lines("accepted")] == [str(delivery_id)]
        assert len(office.lines("repeated")) == (failpoint == "deliveries.send.after")
        assert facts(case_id) == ["delivery.accepted"]
        assert json.loads(delivered.proof(delivery_id))["key"] == str(delivery_id)


def pay(platform: Simulator) -> None:
    transaction = platform.lines("opened")[0]["id"]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    platform.call("POST", f"/bezahlen/{transaction}", b"do=PAYED", form)


@pytest.mark.parametrize(
    ("verb", "failpoint"),
    [
        ("open", "payments.open.before"),
        ("open", "payments.open.after"),
        ("ask", "payments.settle.before"),
        ("ask", "payments.settle.after"),
    ],
)
def test_a_payment_is_opened_and_settled_once_wherever_its_worker_dies(
    case_id: UUID, step: Any, tmp_path: Path, verb: str, failpoint: str
) -> None:
    with running("payments", tmp_path) as platform:
        payments.add_account(
            slug="epay", kind="xbezahldienste", options=payment_options(platform), secrets={}
        )
        payment_id = payments.collect(
            case_id=case_id, key="z", amount=3070, purpose="Parken", items=[], account_slug="epay"
        )
        if verb == "open":
            step("open", payment_id, failpoint=failpoint)
            live_through(timedelta(minutes=3), "payments")
            pay(platform)
        else:
            payments.open(payment_id=payment_id)
            pay(platform)
            step("ask", payment_id, failpoint=failpoint)
        live_through(timedelta(minutes=5), "payments")
        assert paid.payment(payment_id).state == "paid"
        assert len(platform.lines("opened")) == 1
        assert facts(case_id) == ["payment.opened", "payment.settled"]
