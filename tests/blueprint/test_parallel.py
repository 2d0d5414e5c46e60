"""Many things in several processes: the same results in the same order, and no silent loss."""

import os
from collections.abc import Sequence

import pytest

from dienstweg.blueprint import acceptance, check, parallel, release, scaffold


def squares(things: Sequence[int]) -> list[tuple[int, int]]:
    return [(each * each, os.getpid()) for each in things]


@pytest.mark.parametrize("count", [0, 1, 7, 8, 15, 16, 17, 100])
def test_results_come_in_their_order(count: int):
    found = parallel.spread(squares, range(count), 3)
    assert [square for square, _ in found] == [each * each for each in range(count)]


def test_few_things_stay_here_and_many_do_not():
    here = {process for _, process in parallel.spread(squares, range(parallel.FEWEST), 2)}
    assert here == {os.getpid()}
    apart = {process for _, process in parallel.spread(squares, range(2 * parallel.FEWEST), 2)}
    assert len(apart) == 2
    assert os.getpid() not in apart


def test_a_process_that_ends_is_noticed():
    def ends(things: Sequence[int]) -> list[int]:
        if 1 in things:
            os._exit(3)
        return list(things)

    with pytest.raises(RuntimeError):
        parallel.spread(ends, range(40), 2)


def test_others_are_not_waited_for_when_one_has_ended():
    def ends(things: Sequence[int]) -> list[str]:
        if 0 in things:
            os._exit(3)
        return ["x" * 10_000 for _ in things]  # more than a pipe holds

    with pytest.raises(RuntimeError):
        parallel.spread(ends, range(200), 2)


def test_cases_say_the_same_however_many_play_them():
    given = dict(scaffold.new("viele-faelle"))
    (one, *_) = (name for name in sorted(given) if name.startswith("cases/"))
    for number in range(2 * parallel.FEWEST):
        given[f"cases/falsch-{number}.yaml"] = given[one].replace(b"today: 20", b"today: 19")
    compiled = release.compile(given)
    alone = acceptance.run_all(compiled)
    assert acceptance.run_all(compiled, processes=2) == alone
    assert check.check(given, processes=2) == check.check(given)
