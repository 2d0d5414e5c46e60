"""What may follow what in a payment, as pure tables."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.payments import rules

TOLD = ["open", "paid", "failed", "cancelled"]
words = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(TOLD)), max_size=14)


@given(words)
def test_whatever_is_told_in_any_order_settles_each_end_once(told: list[tuple[int, str]]) -> None:
    """Three attempts, told about in any order and as often as one likes."""
    payment, attempts, settled = "open", ["open", "open", "open"], []
    for number, word in told:
        was_paid = payment == "paid"
        decided = rules.settle(
            payment=payment, attempt=attempts[number], told=word, newest=number == 2
        )
        if decided.settled:
            settled.append(decided.payment)
            assert not was_paid
        payment, attempts[number] = decided.payment, decided.attempt
    assert settled.count("paid") == (1 if "paid" in attempts else 0)
    assert (payment == "paid") == ("paid" in attempts)
    assert settled.count("failed") + settled.count("cancelled") <= 1


@given(st.sampled_from(sorted(rules.PAYMENT)), st.sampled_from(sorted(rules.ATTEMPT)))
def test_the_same_word_twice_changes_nothing(payment: str, attempt: str) -> None:
    for word in TOLD:
        first = rules.settle(payment=payment, attempt=attempt, told=word, newest=True)
        second = rules.settle(payment=first.payment, attempt=first.attempt, told=word, newest=True)
        assert (second.payment, second.attempt) == (first.payment, first.attempt)
        assert not second.settled
        assert not second.overpaid


def test_money_that_comes_late_finds_its_home() -> None:
    late = rules.settle(payment="open", attempt="cancelled", told="paid", newest=False)
    assert (late.payment, late.attempt, late.settled) == ("paid", "paid", True)
    for payment in ("withdrawn", "failed", "cancelled", "due"):
        assert rules.settle(payment=payment, attempt="open", told="paid", newest=False).settled


@pytest.mark.parametrize("payment", ["withdrawn", "failed", "cancelled", "due"])
def test_money_that_nobody_waited_for_any_more_is_told(payment: str) -> None:
    decided = rules.settle(payment=payment, attempt="open", told="paid", newest=True)
    assert decided.unwanted == (payment == "withdrawn")


def test_a_second_payment_is_money_to_give_back() -> None:
    decided = rules.settle(payment="paid", attempt="open", told="paid", newest=False)
    assert (decided.overpaid, decided.settled) == (True, False)


def test_an_old_attempt_that_fails_does_not_end_the_new_one() -> None:
    decided = rules.settle(payment="open", attempt="open", told="failed", newest=False)
    assert (decided.payment, decided.attempt, decided.settled) == ("open", "failed", False)


def test_every_state_named_is_a_state() -> None:
    for table in (rules.PAYMENT, rules.ATTEMPT):
        for followers in table.values():
            assert followers <= table.keys()
    assert rules.PAYMENT["paid"] == frozenset()


@given(st.integers(1, 500), st.text(max_size=5))
def test_pauses_stay_within_a_fifth(turn: int, seed: str) -> None:
    for pause, table in ((rules.open_pause, rules.OPEN_AGAIN), (rules.ask_pause, rules.ASK_AGAIN)):
        planned = table[min(turn, len(table)) - 1]
        assert planned * 0.8 <= pause(turn, seed=seed) <= planned * 1.2
        assert pause(turn, seed=seed) == pause(turn, seed=seed)


def test_ended_attempts_are_looked_back_at_three_times() -> None:
    ended = datetime(2026, 3, 2, 12, tzinfo=UTC)
    times, now = [], ended
    while (at := rules.look_back(ended, now)) is not None:
        times.append(at - ended)
        now = at
    assert times == [timedelta(hours=1), timedelta(days=1), timedelta(days=3)]


def test_a_request_id_is_stable_and_its_own() -> None:
    payment = uuid4()
    assert rules.request_id(payment, 1) == rules.request_id(payment, 1)
    assert len({rules.request_id(payment, number) for number in range(1, 9)}) == 8
    assert len(rules.request_id(payment, 1)) == 36


@pytest.mark.parametrize("given_items", [[], [{"amount": 1000, "quantity": 3, "reference": "a"}]])
def test_items_add_up(given_items: list[dict[str, object]]) -> None:
    found = rules.items(given_items, amount=3000, purpose="Parken")
    assert sum(one.amount * one.quantity for one in found) == 3000
