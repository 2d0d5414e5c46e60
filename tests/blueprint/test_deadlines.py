"""Legal periods by the calendar: what the law says of their begin, standstill and end."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.blueprint import deadlines, intents
from dienstweg.blueprint.timers import LOCAL
from dienstweg.blueprint.workdays import (
    STATES,
    is_working_day,
    next_working_day,
    working_days_between,
    working_days_later,
)


def rule(period: str = "P3M", **words: Any) -> deadlines.Rule:
    release: Any = SimpleNamespace(manifest={"deadlines": {"frist": {"period": period, **words}}})
    return deadlines.rules(release)["frist"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def last_day(period: str, start: str, land: str = "BB", **words: Any) -> str:
    standing = deadlines.begin(rule(period, **words), submitted_at=at(start), land=land)
    return standing.last_day.isoformat()


@pytest.mark.parametrize(
    ("period", "start", "expected"),
    [
        ("P1M", "2026-01-31T10:00", "2026-03-02"),  # 28 February is a Saturday (188 (3), 193)
        ("P1M", "2024-01-31T10:00", "2024-02-29"),
        ("P3M", "2026-03-02T00:00", "2026-06-02"),
        ("P3M", "2026-03-02T23:59", "2026-06-02"),
        ("P14D", "2026-03-02T10:00", "2026-03-16"),
        ("P2W", "2026-03-02T10:00", "2026-03-16"),
        ("P1D", "2026-04-02T10:00", "2026-04-07"),  # Good Friday to Easter Monday
        ("P1D", "2026-12-23T10:00", "2026-12-24"),
        ("P2D", "2026-12-23T10:00", "2026-12-28"),  # Christmas, then a weekend
        ("P1Y", "2024-02-29T10:00", "2025-02-28"),
        ("P1M1W", "2026-03-02T10:00", "2026-04-09"),
    ],
)
def test_the_last_day(period: str, start: str, expected: str) -> None:
    assert last_day(period, start) == expected


def test_public_holidays_are_those_of_the_state() -> None:
    assert last_day("P1D", "2026-10-29T10:00", "BB") == "2026-10-30"
    assert last_day("P1D", "2026-05-13T10:00", "") == "2026-05-15"
    # Corpus Christi is one in North Rhine-Westphalia, and none in Brandenburg.
    assert last_day("P1D", "2026-06-03T10:00", "BB") == "2026-06-04"
    assert last_day("P1D", "2026-06-03T10:00", "NW") == "2026-06-05"
    # Women's Day in Berlin, in 2027 a Monday.
    assert last_day("P1D", "2027-03-07T10:00", "BE") == "2027-03-09"
    assert last_day("P1D", "2027-03-07T10:00", "HE") == "2027-03-08"


def test_working_days_count_monday_to_friday() -> None:
    assert last_day("P5D", "2026-03-31T10:00", days="working") == "2026-04-09"
    assert last_day("P10D", "2026-03-02T10:00", days="working") == "2026-03-16"
    assert last_day("P1D", "2026-03-06T10:00", days="working") == "2026-03-09"


def test_it_ends_with_the_day_in_germany_also_when_summer_time_begins() -> None:
    standing = deadlines.begin(rule("P1M"), submitted_at=at("2026-02-27T10:00"), land="BB")
    assert standing.due_at == datetime(2026, 3, 27, 23, tzinfo=UTC)
    later = deadlines.begin(rule("P2M"), submitted_at=at("2026-02-27T10:00"), land="BB")
    assert later.due_at == datetime(2026, 4, 27, 22, tzinfo=UTC)


def test_a_submission_late_at_night_counts_for_its_day_in_germany() -> None:
    begun = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # half past midnight in Germany
    standing = deadlines.begin(rule("P1W"), submitted_at=begun)
    assert standing.last_day == date(2026, 3, 10)


def test_the_days_of_a_standstill_are_put_behind_the_end() -> None:
    frist = rule("P3M", suspended_by=["correction"])
    begun = deadlines.begin(frist, submitted_at=at("2026-03-02T10:00"), land="BB")
    still = deadlines.suspend(begun, now=at("2026-03-10T15:00"))
    assert (still.state, still.suspended_at) == ("suspended", at("2026-03-10T15:00"))
    again = deadlines.resume(frist, still, now=at("2026-03-20T08:00"), land="BB")
    assert (again.state, again.suspended_days, again.suspended_at) == ("running", 10, None)
    assert again.last_day == date(2026, 6, 12)
    twice = deadlines.resume(
        frist, deadlines.suspend(again, now=at("2026-04-01T09:00")), now=at("2026-04-01T18:00")
    )
    assert twice.suspended_days == 10


def test_working_days_of_a_standstill_count_as_such() -> None:
    frist = rule("P10D", days="working")
    begun = deadlines.begin(frist, submitted_at=at("2026-03-02T10:00"), land="BB")
    still = deadlines.suspend(begun, now=at("2026-03-05T10:00"))
    again = deadlines.resume(frist, still, now=at("2026-03-09T10:00"), land="BB")
    assert again.suspended_days == 2
    assert again.last_day == date(2026, 3, 18)


def test_until_documents_are_complete_an_answer_begins_the_period_anew() -> None:
    frist = rule("P1M", starts="complete", complete_when={"task": "pruefen", "outcome": "ja"})
    begun = deadlines.begin(frist, submitted_at=at("2026-03-02T10:00"))
    still = deadlines.suspend(begun, now=at("2026-03-10T10:00"))
    again = deadlines.resume(frist, still, now=at("2026-04-20T10:00"))
    assert (again.starts_at, again.suspended_days) == (at("2026-04-20T10:00"), 0)
    assert again.last_day == date(2026, 5, 20)
    assert not deadlines.confirm(frist, again, task="pruefen", outcome="nein").confirmed
    sure = deadlines.confirm(frist, again, task="pruefen", outcome="ja")
    still = deadlines.suspend(sure, now=at("2026-05-01T10:00"))
    later = deadlines.resume(frist, still, now=at("2026-05-04T10:00"))
    assert (later.starts_at, later.suspended_days) == (sure.starts_at, 3)


def test_its_end_is_missed_or_counts_as_granted_but_not_while_it_stands_still() -> None:
    begun = deadlines.begin(rule("P1D"), submitted_at=at("2026-03-02T10:00"))
    before, after = begun.due_at - timedelta(seconds=1), begun.due_at
    assert deadlines.pass_by(rule("P1D"), begun, now=before) == begun
    assert deadlines.pass_by(rule("P1D"), begun, now=after).state == "missed"
    assert deadlines.pass_by(rule("P1D", on_end="deemed"), begun, now=after).state == "deemed"
    still = deadlines.suspend(begun, now=before)
    assert deadlines.pass_by(rule("P1D"), still, now=after) == still
    assert deadlines.suspend(begun, now=after) == begun, "what is over cannot stand still"


def test_what_was_missed_is_met_late_and_what_was_granted_stays_granted() -> None:
    begun = deadlines.begin(rule("P1D"), submitted_at=at("2026-03-02T10:00"))
    met = deadlines.meet(begun, now=begun.starts_at)
    assert (met.state, met.met_at) == ("met", begun.starts_at)
    assert deadlines.meet(met, now=begun.due_at) == met
    missed = deadlines.pass_by(rule("P1D"), begun, now=begun.due_at)
    late = deadlines.meet(missed, now=begun.due_at)
    assert (late.state, late.met_at) == ("missed", begun.due_at)
    granted = deadlines.pass_by(rule("P1D", on_end="deemed"), begun, now=begun.due_at)
    assert deadlines.meet(granted, now=begun.due_at) == granted


def test_marks_come_in_the_morning_before_the_last_day() -> None:
    frist = rule("P3M", remind=["P14D", "P1M"], escalate={"before": "P3D", "role": "leitung"})
    begun = deadlines.begin(frist, submitted_at=at("2026-03-02T10:00"))
    assert dict(deadlines.marks(frist, begun)) == {
        "remind:P14D": at("2026-05-19T06:00"),
        "remind:P1M": at("2026-05-02T06:00"),
        "escalate:P3D": at("2026-05-30T06:00"),
    }
    short = rule("P1W", remind=["P2W"])
    begun = deadlines.begin(short, submitted_at=at("2026-03-02T10:00"))
    assert list(deadlines.marks(short, begun)) == []


@pytest.mark.parametrize("text", ["", "P", "3M", "P-1D", "PT2H", "P1.5D", "P1D2W", "P9999D"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        deadlines.period(text)


DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
LANDS = st.sampled_from(["", *sorted(STATES)])


@given(DAYS, st.integers(1, 400), LANDS)
def test_a_period_ends_on_a_working_day_and_never_before_its_days_are_over(
    day: date, length: int, land: str
) -> None:
    start = datetime(day.year, day.month, day.day, 12, tzinfo=LOCAL)
    standing = deadlines.begin(rule(f"P{length}D"), submitted_at=start, land=land)
    assert is_working_day(standing.last_day, land=land)
    earliest = day + timedelta(days=length)
    assert earliest <= standing.last_day <= earliest + timedelta(days=5)
    assert not any(
        is_working_day(earliest + timedelta(days=each), land=land)
        for each in range((standing.last_day - earliest).days)
    )


@given(DAYS, st.integers(0, 60), LANDS)
def test_working_days_there_and_back(day: date, number: int, land: str) -> None:
    later = working_days_later(day, number, land=land)
    assert working_days_between(day, later, land=land) == number
    assert next_working_day(later, land=land) == (
        later if number else next_working_day(day, land=land)
    )


MOMENTS = st.integers(0, 500 * 24).map(
    lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)


@given(
    st.lists(st.tuples(st.sampled_from("srpm"), MOMENTS), max_size=12),
    st.sampled_from(["submitted", "complete"]),
)
def test_whatever_a_clock_does_the_end_never_comes_nearer(
    happened: list[tuple[str, datetime]], starts: str
) -> None:
    """Also with times that jump back and forth."""
    frist = rule("P2M", suspended_by=["correction"], starts=starts)
    standing = deadlines.begin(frist, submitted_at=at("2026-03-02T10:00"), land="BB")
    for word, now in happened:
        before = standing
        match word:
            case "s":
                standing = deadlines.suspend(standing, now=now)
            case "r":
                standing = deadlines.resume(frist, standing, now=now, land="BB")
            case "p":
                standing = deadlines.pass_by(frist, standing, now=now)
            case _:
                standing = deadlines.meet(standing, now=now)
        assert standing.due_at >= before.due_at
        assert (standing.suspended_at is not None) == (standing.state == "suspended")
        if before.state in {"met", "missed"}:
            assert standing.state == before.state


def test_telling_the_decision_keeps_a_period_and_telling_of_less_does_not() -> None:
    release: Any = SimpleNamespace(
        manifest={"documents": {"bescheid": {"kind": "decision"}, "brief": {"kind": "letter"}}}
    )
    inside = {"x@0": {"values": {"written": {"bescheid": "d"}}}}
    state = {"values": {"written": {"brief": "b"}}, "contexts": inside}

    def met(rule_: deadlines.Rule, *wanted: intents.Intent) -> bool:
        step = intents.Step(state, wanted, finished=False, waiting=())
        return deadlines.is_met(rule_, step, release)

    usual, named = rule(), rule(met_by=["eingang"])
    decision = intents.Tell("k", "fertig", ("d",), {})
    assert met(usual, decision)
    assert not met(named, decision)
    assert not met(usual, intents.Tell("k", "eingang", ("b",), {}))
    assert met(named, intents.Tell("k", "eingang", (), {}))
    assert not met(usual, intents.Tell("k", "fertig", ("d",), {}, party="nachbar"))
    assert met(usual, intents.Close("k", "granted"))
    assert met(named, intents.Close("k", "granted"))
    assert not met(usual)


def test_what_is_granted_by_silence_counts_from_the_day_after_the_last() -> None:
    running = deadlines.begin(rule("P3M", on_end="deemed"), submitted_at=at("2026-03-02T10:00"))
    assert running.deemed_on is None
    over = deadlines.pass_by(rule("P3M", on_end="deemed"), running, now=running.due_at)
    assert (over.last_day, over.deemed_on) == (date(2026, 6, 2), date(2026, 6, 3))
    assert deadlines.facts([over])["frist"]["deemed_on"] == "2026-06-03"


def test_documents_see_every_period_that_the_blueprint_declares() -> None:
    period = {"period": "P3M", "law": "§ 42a VwVfG", "on_end": "deemed"}
    release: Any = SimpleNamespace(
        manifest={"deadlines": {"frist": period}},
        text=lambda lang, key, default: f"{lang}:{key}",
    )
    assert deadlines.printed(release, {}, lang="en")["frist"] == {
        "title": "en:deadlines.frist.title",
        "law": "§ 42a VwVfG",
        "state": "",
        "starts": None,
        "last_day": None,
        "deemed_on": None,
    }
    # Submitted late in the evening: the day is that of Germany.
    running = deadlines.begin(rule(), submitted_at=at("2026-03-02T23:30"))
    seen = deadlines.printed(release, deadlines.facts([running]))["frist"]
    assert (seen["starts"], seen["last_day"], seen["state"]) == (
        "2026-03-02", "2026-06-02", "running",
    )  # fmt: skip
