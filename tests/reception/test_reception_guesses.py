"""The guard against guessing: a few tries, a pause, and no address in the table."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from dienstweg.kernel import clock
from dienstweg.reception import guesses
from dienstweg.reception.models import Guess

pytestmark = pytest.mark.django_db


def ask(target="K-1", address="10.0.0.1"):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    return guesses.take(request, purpose="code", target=target)


def test_five_tries_then_a_pause_that_ends():
    assert [ask() for _ in range(5)] == [0] * 5
    wait = ask()
    assert 0 < wait <= 120
    with clock.shifted(timedelta(seconds=wait + 121)):
        assert ask() == 0


def test_who_goes_on_guessing_waits_on():
    for _ in range(9):
        wait = ask()
    assert wait > 0
    with clock.shifted(timedelta(seconds=60)):
        assert ask() > 0


def test_targets_do_not_stand_in_for_each_other():
    for _ in range(6):
        ask("K-1")
    assert ask("K-2") == 0


def test_one_address_cannot_try_many_targets():
    waits = [ask(f"K-{number}") for number in range(21)]
    assert waits[:20] == [0] * 20
    assert waits[20] > 0
    assert ask("K-99", address="10.0.0.2") == 0


def test_the_right_code_forgives():
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")
    for _ in range(5):
        ask()
    guesses.forgive(request, purpose="code", target="K-1")
    assert ask() == 0


def test_the_table_names_nobody_and_is_swept():
    ask()
    assert all(b"10.0.0.1" not in bytes(one.subject) for one in Guess.objects.all())
    assert guesses.sweep() == 0
    with clock.shifted(timedelta(days=2)):
        assert guesses.sweep() == 2
