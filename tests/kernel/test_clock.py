"""The clock can be moved for what runs inside, and only for that."""

from datetime import UTC, datetime, timedelta

from dienstweg.kernel import clock


def test_the_clock_moves_inside_and_comes_back() -> None:
    before = clock.now()
    with clock.shifted(timedelta(days=10)):
        inside = clock.now()
        with clock.shifted(timedelta(days=-3)):
            assert timedelta(days=6) < clock.now() - before < timedelta(days=8)
    assert timedelta(days=9) < inside - before < timedelta(days=11)
    assert clock.now() - before < timedelta(hours=1)


def test_germany_has_its_own_midnight() -> None:
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert clock.local(late).isoformat() == "2026-07-02T00:30:00+02:00"
    winter = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
    assert clock.local(winter).isoformat() == "2026-12-01T23:30:00+01:00"
