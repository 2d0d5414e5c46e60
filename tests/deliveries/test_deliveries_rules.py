"""The retry schedule, the tellings and the states of deliveries, as pure functions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dienstweg.deliveries import rules

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_schedule_is_the_one_that_was_promised() -> None:
    first = [rules.pause(turn, seed="a").total_seconds() for turn in range(1, 6)]
    assert first == [5, 30, 120, 600, 1800]
    later = [rules.pause(turn, seed="a") for turn in range(6, 200)]
    assert all(timedelta(minutes=12) <= one <= timedelta(minutes=18) for one in later)
    assert len(set(later)) > 100
    assert later != [rules.pause(turn, seed="b") for turn in range(6, 200)]


@given(st.integers(1, 10_000), st.floats(0, 3600))
def test_a_back_office_can_only_ask_for_more_time(turn: int, asked_for: float) -> None:
    pause = rules.pause(turn, seed="a", asked_for=asked_for)
    assert pause >= rules.pause(turn, seed="a")
    assert pause >= timedelta(seconds=asked_for)


def fail(health: rules.Health, now: datetime, **more: Any) -> rules.Health:
    return rules.after_failure(health, now=now, seed="a", **{"ready_at": now, **more})


def test_a_dead_destination_is_tried_at_most_150_times_a_day() -> None:
    health, now, tries = rules.Health(), NOW, 0
    while now < NOW + timedelta(hours=24):
        tries += 1
        health = fail(health, now)
        now = health.paused_until or now
    assert 80 < tries <= 150
    assert health.failing_since == NOW


def test_a_destination_is_down_after_three_failures_in_a_row() -> None:
    health = rules.Health()
    seen = []
    for _ in range(4):
        health = fail(health, NOW)
        seen.append((health.down, rules.may_knock(health, now=NOW, probe=False)))
    assert seen == [(False, True), (False, True), (True, False), (True, False)]
    assert rules.may_knock(health, now=NOW, probe=True)
    assert not rules.may_knock(health, now=NOW + timedelta(days=1), probe=False)


def test_what_failed_while_it_came_to_rest_makes_it_no_worse() -> None:
    health = rules.Health()
    for _ in range(50):
        health = fail(health, NOW)
    assert health.paused_until == NOW + timedelta(seconds=5)
    assert fail(health, NOW + timedelta(seconds=5)).paused_until == NOW + timedelta(seconds=35)


def test_no_knock_is_made_before_anyone_wants_it() -> None:
    health = rules.Health(failures=2, failing_since=NOW)
    wanted = NOW + timedelta(minutes=2)
    assert fail(health, NOW, ready_at=wanted).paused_until == wanted


def test_a_busy_destination_is_left_alone_until_it_wants_to_be_asked() -> None:
    health = fail(rules.Health(), NOW, asked_for=60)
    assert not rules.may_knock(health, now=NOW + timedelta(seconds=59), probe=False)
    assert rules.may_knock(health, now=NOW + timedelta(seconds=60), probe=False)


def test_the_authority_is_told_four_times() -> None:
    told, times = 0, []
    while (at := rules.next_telling(NOW, told)) is not None:
        times.append(at - NOW)
        told = rules.steps(at - NOW)
    assert times == [
        timedelta(minutes=15), timedelta(days=1), timedelta(days=3), timedelta(days=9),
    ]  # fmt: skip


@given(st.timedeltas(timedelta(), timedelta(days=40)))
def test_steps_never_go_back(failing_for: timedelta) -> None:
    assert rules.steps(failing_for) <= rules.steps(failing_for + timedelta(minutes=1))


def test_what_is_accepted_stays_accepted_and_nothing_is_dropped() -> None:
    assert rules.DELIVERY["accepted"] == frozenset()
    assert not rules.may_become("refused", "accepted")
    assert rules.may_become("person", "accepted")
    for followers in rules.DELIVERY.values():
        assert followers <= rules.DELIVERY.keys()
    assert {one for one, after in rules.DELIVERY.items() if "accepted" in after} == rules.SENT
