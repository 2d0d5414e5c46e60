"""Deliveries against PostgreSQL: once, in order, through every kind of bad luck."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.deliveries import actions, parcels, queries
from dienstweg.deliveries.actions import connections, news, sending
from dienstweg.deliveries.errors import (
    InvalidOptions,
    NoSuchConnection,
    NoSuchDelivery,
    NotRefused,
)
from dienstweg.deliveries.models import Connection, Delivery, DeliveryAttempt
from dienstweg.deliveries.port import Call, Notice, Parcel, Refused, Unavailable, Untrusted
from dienstweg.events import queries as events
from dienstweg.events.models import Due
from dienstweg.kernel import clock
from fakes import FakeConnector
from made import make_case
from simulated import OUR_KEY
from working import live_through, waiting, work

pytestmark = pytest.mark.django_db

OPTIONS = {
    "url": "https://office.example/annahme",
    "key_id": "dienstweg",
    "peer_key_id": "office",
    "peer_public_key": "A" * 43 + "=",
}
SECRETS = {"private_key": OUR_KEY}


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> FakeConnector:
    fake = FakeConnector()
    for module in (sending, news):
        monkeypatch.setattr(module, "connector_of", lambda _connection: fake)
    monkeypatch.setattr(parcels, "content", lambda row, _opened: f"{row.mapping}".encode())
    monkeypatch.setattr(parcels.offers, "offer", lambda _id: type("Offer", (), {"slug": "probe"}))
    return fake


@pytest.fixture
def place(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        actions.add_connection(slug="fach", kind="http", options=OPTIONS, secrets=SECRETS)
        yield authority


def hand_over(case_id: UUID, key: str = "uebergabe", **more: Any) -> UUID:
    return actions.hand_over(
        case_id=case_id, key=key, connection_slug="fach", mapping="standard", **more
    )


def facts(case_id: UUID) -> list[str]:
    return [one.name for one in events.timeline(case_id)]


def state(delivery_id: UUID) -> str:
    return str(Delivery.objects.get(id=delivery_id).state)


def away(_parcel: Parcel) -> Exception:
    return Unavailable("away")


def fine(_parcel: Parcel) -> None:
    return None


def test_a_case_is_handed_over_once(place: UUID, office: FakeConnector) -> None:
    case_id = make_case(place)
    first, second = hand_over(case_id), hand_over(case_id)
    assert first == second
    work("deliveries")
    actions.send(delivery_id=first)
    view = queries.of_case(case_id)[0]
    assert (view.state, view.reference, view.attempts) == ("accepted", "FV-1", 1)
    assert facts(case_id) == ["delivery.accepted"]
    assert len(office.tries) == 1
    parcel = office.taken[str(first)]
    assert (parcel.content, parcel.case_number) == (b"standard", cases.case(case_id).number)
    row = Delivery.objects.get(id=first)
    assert (row.content, bytes(row.known)) == (None, b"")


def test_every_try_sends_the_same_under_the_same_key(
    place: UUID, office: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.trouble = away
    sent: list[tuple[str, bytes]] = []

    def trouble(parcel: Parcel) -> Exception | None:
        sent.append((parcel.key, parcel.content))
        return Unavailable("") if len(sent) < 6 else None

    office.trouble = trouble
    delivery_id = hand_over(make_case(place))
    work("deliveries")
    monkeypatch.setattr(parcels, "content", lambda *_: b"made by newer software")
    live_through(timedelta(hours=2), "deliveries")
    assert state(delivery_id) == "accepted"
    assert len(sent) == 6
    assert set(sent) == {(str(delivery_id), b"standard")}


def test_tries_follow_the_schedule(place: UUID, office: FakeConnector) -> None:
    office.trouble = away
    hand_over(make_case(place))
    work("deliveries")
    live_through(timedelta(hours=3), "deliveries")
    times = [at for at, _ in office.tries]
    pauses = [round((b - a).total_seconds()) for a, b in itertools.pairwise(times)]
    assert pauses[:5] == [5, 30, 120, 600, 1800]
    assert all(720 <= one <= 1080 for one in pauses[5:])
    assert len(DeliveryAttempt.objects.all()) == len(times)


def test_deliveries_of_a_case_keep_their_order(place: UUID, office: FakeConnector) -> None:
    case_id = make_case(place)
    keys = [str(hand_over(case_id, key=f"k{number}")) for number in range(4)]
    for key in reversed(keys):
        actions.send(delivery_id=UUID(key))
    assert [key for _, key in office.tries] == [keys[0]]
    work("deliveries")
    assert list(office.taken) == keys
    assert [one.state for one in queries.of_case(case_id)] == ["accepted"] * 4


def test_a_refused_delivery_holds_back_what_follows_until_a_person_acts(
    place: UUID, office: FakeConnector
) -> None:
    case_id = make_case(place)
    first, second = hand_over(case_id, key="a"), hand_over(case_id, key="b")
    office.trouble = lambda parcel: Refused("not for us") if parcel.key == str(first) else None
    work("deliveries")
    live_through(timedelta(days=2), "deliveries")
    assert (state(first), state(second)) == ("refused", "waiting")
    assert len(office.tries) == 1
    assert [one.id for one in queries.troubled()] == [first]
    assert facts(case_id) == ["delivery.refused"]
    assert [one.result for one in queries.tries(first)] == ["refused"]
    with pytest.raises(NotRefused):
        actions.send_again(delivery_id=second)
    with pytest.raises(NoSuchDelivery):
        actions.send_again(delivery_id=uuid4())
    office.trouble = fine
    actions.send_again(delivery_id=first)
    work("deliveries")
    assert list(office.taken) == [str(first), str(second)]


def test_a_lie_is_never_a_receipt(place: UUID, office: FakeConnector) -> None:
    case_id = make_case(place)
    office.trouble = lambda _parcel: Untrusted("wrong hash")
    delivery_id = hand_over(case_id)
    work("deliveries")
    assert state(delivery_id) == "waiting"
    assert facts(case_id) == []
    assert [one.trouble for one in queries.troubled()] == ["untrusted"]
    office.trouble = fine
    live_through(timedelta(seconds=10), "deliveries")
    assert state(delivery_id) == "accepted"


def test_a_worker_that_died_after_sending_is_repeated_under_the_same_key(
    place: UUID, office: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id = hand_over(make_case(place))
    monkeypatch.setattr(sending, "_accepted", _die)
    with pytest.raises(KeyboardInterrupt):
        actions.send(delivery_id=delivery_id)
    monkeypatch.undo()
    fresh = FakeConnector()
    fresh.taken = office.taken
    monkeypatch.setattr(sending, "connector_of", lambda _connection: fresh)
    monkeypatch.setattr(parcels.offers, "offer", lambda _id: type("Offer", (), {"slug": "probe"}))
    work("deliveries")  # the queue gives the job free, and finds the lease
    assert state(delivery_id) == "waiting"
    live_through(timedelta(minutes=2), "deliveries")
    assert state(delivery_id) == "accepted"
    assert len(fresh.taken) == 1


def _die(*_: object) -> None:
    raise KeyboardInterrupt  # nothing of ours catches it, as nothing catches a kill


def test_two_workers_at_once_send_once(place: UUID, office: FakeConnector) -> None:
    delivery_id = hand_over(make_case(place))

    def meanwhile(_parcel: Parcel) -> None:
        office.trouble = fine
        actions.send(delivery_id=delivery_id)

    office.trouble = meanwhile
    actions.send(delivery_id=delivery_id)
    assert len(office.tries) == 1
    live_through(timedelta(minutes=5), "deliveries")
    assert len(office.tries) == 1


def test_a_destination_that_is_down_gets_one_knock_for_all(
    place: UUID, office: FakeConnector
) -> None:
    office.trouble = away
    for _ in range(20):
        hand_over(make_case(place))
    work("deliveries")
    assert len(office.tries) == 3
    live_through(timedelta(hours=24), "deliveries")
    assert len(office.tries) <= 150
    card = queries.connections()[0]
    assert (card.waiting, card.for_a_person) == (20, 0)
    assert card.failing_since is not None


def test_one_parcel_that_cannot_be_taken_does_not_block_the_others(
    place: UUID, office: FakeConnector
) -> None:
    poison = hand_over(make_case(place))
    office.trouble = lambda parcel: Unavailable("500") if parcel.key == str(poison) else None
    work("deliveries")
    live_through(timedelta(hours=2), "deliveries")  # it brings the destination down, alone
    others = [hand_over(make_case(place)) for _ in range(5)]
    work("deliveries")
    with clock.shifted(timedelta(hours=2)):
        live_through(timedelta(hours=1), "deliveries")
    assert [state(one) for one in others] == ["accepted"] * 5
    assert state(poison) == "waiting"


def test_a_day_of_outage_ends_with_everything_delivered_once_and_in_order(
    place: UUID, office: FakeConnector
) -> None:
    office.trouble = away
    expected: dict[str, list[str]] = defaultdict(list)
    case_ids = [make_case(place) for _ in range(40)]
    for turn in range(3):
        for case_id in case_ids:
            expected[str(case_id)].append(str(hand_over(case_id, key=f"k{turn}")))
    work("deliveries")
    live_through(timedelta(hours=24), "deliveries")
    assert not office.taken
    with clock.shifted(timedelta(hours=24)):
        office.trouble = fine
        live_through(timedelta(minutes=30), "deliveries")
    found: dict[str, list[str]] = defaultdict(list)
    for key, parcel in office.taken.items():
        found[str(parcel.case_id)].append(key)
    assert found == expected
    assert not waiting("deliveries")
    assert Connection.objects.get().failing_since is None


def told(place: UUID) -> int:
    from dienstweg.events.models import Event

    return Event.objects.filter(name="connection.failing").count()


def test_the_authority_is_told_at_its_steps_and_a_person_sees_it_on_day_14(
    place: UUID, office: FakeConnector
) -> None:
    from dienstweg.mail.models import Mail

    office.trouble = away
    delivery_id = hand_over(make_case(place))
    work("deliveries")
    for at, steps in (
        (timedelta(minutes=13), 0),
        (timedelta(minutes=15), 1),
        (timedelta(hours=25), 2),
        (timedelta(days=3, hours=1), 3),
        (timedelta(days=9, hours=1), 4),
        (timedelta(days=13, hours=23), 4),
    ):
        with clock.shifted(at):
            live_through(timedelta(minutes=1), "deliveries")
        assert told(place) == steps
    assert Mail.objects.filter(template="trouble").count() == 4
    assert state(delivery_id) == "waiting"
    with clock.shifted(timedelta(days=14)):
        live_through(timedelta(minutes=30), "deliveries")
    assert state(delivery_id) == "person"
    assert [one.id for one in queries.troubled()] == [delivery_id]
    office.trouble = fine
    with clock.shifted(timedelta(days=15)):
        live_through(timedelta(hours=1), "deliveries")
    assert state(delivery_id) == "accepted"


def test_busy_waits_as_long_as_it_was_asked_to(place: UUID, office: FakeConnector) -> None:
    office.trouble = lambda _parcel: Unavailable("429", 300)
    deliveries = [hand_over(make_case(place)) for _ in range(3)]
    work("deliveries")
    assert len(office.tries) == 1
    office.trouble = fine
    live_through(timedelta(seconds=290), "deliveries")
    assert len(office.tries) == 1
    live_through(timedelta(seconds=310), "deliveries")
    assert [state(one) for one in deliveries] == ["accepted"] * 3


def test_what_cannot_be_packed_is_shown_to_a_person(
    place: UUID, office: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise KeyError("no such mapping")

    monkeypatch.setattr(parcels, "content", fail)
    delivery_id = hand_over(make_case(place))
    work("deliveries")
    assert [(one.id, one.trouble) for one in queries.troubled()] == [(delivery_id, "not_packed")]


def test_a_fault_of_our_own_is_shown_and_tried_on(place: UUID, office: FakeConnector) -> None:
    office.trouble = lambda _parcel: ZeroDivisionError()
    delivery_id = hand_over(make_case(place))
    work("deliveries")
    assert [(one.id, one.trouble) for one in queries.troubled()] == [(delivery_id, "broken")]
    office.trouble = fine
    live_through(timedelta(minutes=1), "deliveries")
    assert state(delivery_id) == "accepted"


def test_the_sweeper_drives_on_what_was_lost(place: UUID, office: FakeConnector) -> None:
    from django.db import connection

    delivery_id = hand_over(make_case(place))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    live_through(timedelta(minutes=31), "deliveries")
    assert state(delivery_id) == "accepted"


def test_the_sweeper_finds_a_probe_that_was_lost(place: UUID, office: FakeConnector) -> None:
    office.trouble = away
    for _ in range(3):
        hand_over(make_case(place))
    work("deliveries")
    Due.objects.filter(job="deliveries.probe").delete()
    office.trouble = fine
    live_through(timedelta(hours=1), "deliveries")
    assert len(office.taken) == 3


def notice(office: FakeConnector, delivery_id: UUID, identifier: str = "n1") -> Call:
    body = f"{identifier}:{delivery_id}".encode()
    data = {"outcome": "granted", "reason": "Frau Müller hat alles eingereicht"}
    office.notices[body] = Notice(identifier, str(delivery_id), "decided", data)
    return Call("POST", "http://x.example/", {}, body)


def test_news_are_taken_once_and_sealed(place: UUID, office: FakeConnector) -> None:
    case_id = make_case(place)
    call = notice(office, hand_over(case_id))
    first = actions.take_notice(connection_slug="fach", call=call)
    second = actions.take_notice(connection_slug="fach", call=call)
    assert (first.repeated, second.repeated) == (False, True)
    assert first.notice_id == second.notice_id
    assert facts(case_id) == ["backoffice.reported"]
    assert "Müller" not in str(events.timeline(case_id))
    view = queries.notice(first.notice_id, key=cases.key(case_id))
    assert (view.name, view.data["outcome"]) == ("backoffice.decided", "granted")


def test_news_about_what_was_never_sent_are_refused(place: UUID, office: FakeConnector) -> None:
    hand_over(make_case(place))
    with pytest.raises(NoSuchDelivery):
        actions.take_notice(connection_slug="fach", call=notice(office, uuid4()))
    with pytest.raises(Untrusted):
        actions.take_notice(
            connection_slug="fach", call=Call("POST", "http://x.example/", {}, b"?")
        )
    with pytest.raises(NoSuchConnection):
        actions.take_notice(connection_slug="b", call=Call("POST", "http://x.example/", {}, b""))


def test_connections_are_walled_off(
    place: UUID, office: FakeConnector, other_authority: UUID
) -> None:
    delivery_id = hand_over(make_case(place))
    call = notice(office, delivery_id)
    with scope.enter(scope.of(other_authority)):
        actions.add_connection(slug="fach", kind="http", options=OPTIONS, secrets=SECRETS)
        with pytest.raises(NoSuchDelivery):
            actions.take_notice(connection_slug="fach", call=call)
        actions.send(delivery_id=delivery_id)
        assert queries.troubled() == []
    assert not office.tries


def test_options_and_secrets_are_checked_and_sealed(place: UUID) -> None:
    for options, secrets in (
        ({}, SECRETS),
        ({**OPTIONS, "url": "ftp://x"}, SECRETS),
        (OPTIONS, {}),
        (OPTIONS, {"private_key": "short"}),
    ):
        with pytest.raises(InvalidOptions):
            actions.add_connection(slug="b", kind="http", options=options, secrets=secrets)
    row = connections.connection_named("fach")
    assert OUR_KEY.encode() not in bytes(row.secrets)
    assert connections.connector_of(row) is connections.connector_of(
        connections.connection_named("fach")
    )


def test_sending_takes_few_statements(
    place: UUID, office: FakeConnector, django_assert_max_num_queries: Any
) -> None:
    case_id = make_case(place)
    with django_assert_max_num_queries(4):
        delivery_id = hand_over(case_id, case_key=cases.key(case_id))
    with django_assert_max_num_queries(14):
        actions.send(delivery_id=delivery_id)
    assert state(delivery_id) == "accepted"
