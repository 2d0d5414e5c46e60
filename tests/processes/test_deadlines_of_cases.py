"""Legal periods of real cases: begun, standing still, near their end, over, kept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from procrastinate.contrib.django import app as queue

from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.cases import queries as case_queries
from dienstweg.cases.models import Case
from dienstweg.events import queries as events
from dienstweg.events.job import known_jobs
from dienstweg.events.models import Due
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.processes import actions, queries, reactions
from dienstweg.processes.models import Conduct, Deadline
from processes.process_stage import ASK, CLOSE, live, straight, submitted
from working import work

pytestmark = pytest.mark.django_db

RULE: dict[str, Any] = {
    "period": "P3M",
    "remind": ["P14D"],
    "escalate": {"before": "P3D", "role": "leitung"},
    "suspended_by": ["correction"],
}
TOLD = '<serviceTask id="sagen" dw:intent="tell" dw:message="gut"/>'
_STANDSTILL = {"deadline.suspended", "deadline.resumed"}
SECOND = ASK.replace("pruefen", "ablegen")


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def begun(content: bytes | None = None, **words: Any) -> UUID:
    rule = {**RULE, **words}
    return submitted(
        live(
            content or straight(ASK, TOLD, SECOND, CLOSE),
            manifest={"deadlines": {"frist": rule}},
            texts={"deadlines": {"frist": {"title": "Entscheidung"}}},
        )
    )


def view(case_id: UUID) -> queries.DeadlineView:
    (only,) = queries.deadlines([case_id])[case_id]
    return only


def facts(case_id: UUID, start: str = "deadline.") -> list[str]:
    return [one.name for one in events.timeline(case_id) if one.name.startswith(start)]


def looked_at(case_id: UUID) -> list[str]:
    rows = Due.objects.filter(object_id=case_id, job="processes.after_deadline")
    return sorted(rows.values_list("key", flat=True))


def run(case_id: UUID, key: str, at: datetime) -> None:
    known_jobs()
    with clock.shifted(at - clock.now()):
        queue.tasks["processes.after_deadline"].func(
            authority_id=str(scope.one()), object_id=str(case_id), key=key
        )


def _far() -> datetime:
    return clock.now() + timedelta(days=400)


def live_until(case_id: UUID, end: datetime) -> None:
    """Let the looks at a period come at their times."""
    while (row := _next(case_id, end)) is not None:
        Due.objects.filter(id=row.id).delete()
        run(case_id, row.key, row.due_at)


def counted(roles: dict[UUID, list[str]]) -> tuple[int, ...]:
    """How many periods are counted beside the work list: over, soon, told to these roles."""
    urgent = queries.urgent_counted(roles, scope.current().authorities)
    parts = {"over": urgent.over, "soon": urgent.soon, "told": urgent.told}
    return tuple(case_queries.counts({}, beside=parts).values())


def _next(case_id: UUID, end: datetime) -> Due | None:
    rows = Due.objects.filter(object_id=case_id, job="processes.after_deadline", due_at__lte=end)
    return rows.order_by("due_at").first()


def test_a_period_begins_with_the_submission(inside: UUID) -> None:
    case_id = begun()
    found = view(case_id)
    assert (found.state, found.overdue) == ("running", False)
    assert abs((found.due_at - found.starts_at).days - 91) <= 5
    assert looked_at(case_id) == ["frist", "frist:escalate:P3D", "frist:remind:P14D"]
    assert queries.falling_due() == []
    assert [one.case_id for one in queries.falling_due(before=found.due_at + timedelta(1))] == [
        case_id
    ]


def test_a_blueprint_without_periods_costs_nothing(inside: UUID) -> None:
    case_id = submitted(live(straight(ASK, CLOSE)))
    assert queries.deadlines([case_id]) == {case_id: []}
    assert not Deadline.objects.exists()


def test_reminder_and_escalation_come_before_the_end(inside: UUID) -> None:
    case_id = begun()
    due = view(case_id).due_at
    live_until(case_id, due - timedelta(days=10))
    assert facts(case_id) == ["deadline.near"]
    assert view(case_id).reminded_at is not None
    live_until(case_id, due - timedelta(days=1))
    assert facts(case_id) == ["deadline.near", "deadline.escalated"]
    assert view(case_id).escalated_to == "leitung"
    with clock.shifted(due - timedelta(days=1) - clock.now()):
        assert [one.case_id for one in queries.falling_due(told={inside: ["leitung"]})] == [case_id]
        assert queries.falling_due(told={inside: ["amt"]}) == []
        assert counted({inside: ["leitung"]}) == (0, 1, 1)
        assert counted({inside: ["amt"]}) == (0, 1, 0)
        assert counted({new_id(): ["leitung"]}) == (0, 1, 0)
        actions.suspend(case_id=case_id)
        assert counted({inside: ["leitung"]}) == (0, 0, 1), "what stands still does not end"


def test_what_is_not_decided_in_time_is_missed_and_decided_late(inside: UUID) -> None:
    case_id = begun()
    live_until(case_id, view(case_id).due_at)
    found = view(case_id)
    assert (found.state, found.overdue) == ("missed", True)
    assert facts(case_id)[-1] == "deadline.ended"
    end = found.due_at + timedelta(days=1)
    assert [one.case_id for one in queries.falling_due(before=end)] == [case_id]
    with clock.shifted(end - clock.now()):
        assert counted({}) == (1, 0, 0)
    count = queries.deadline_counts()[0]
    assert (count.name, count.state, count.number, count.overdue) == ("frist", "missed", 1, 1)
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
    actions.go_on(case_id=case_id, event=process.TaskCompleted("ablegen", "ja"))
    found = view(case_id)
    assert (found.state, found.overdue) == ("missed", False)
    assert queries.falling_due(before=end) == []
    with clock.shifted(end - clock.now()):
        assert counted({}) == (0, 0, 0)


def test_closing_keeps_a_period_and_nobody_looks_at_it_any_more(inside: UUID) -> None:
    case_id = begun()
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
    assert view(case_id).state == "running", "a message without a decision keeps nothing"
    actions.go_on(case_id=case_id, event=process.TaskCompleted("ablegen", "ja"))
    assert view(case_id).state == "met"
    assert looked_at(case_id) == []
    assert facts(case_id) == ["deadline.ended"]


def test_the_message_that_the_blueprint_names_keeps_it(inside: UUID) -> None:
    case_id = begun(met_by=["gut"])
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
    assert view(case_id).state == "met"
    assert not Conduct.objects.get(id=case_id).finished


def test_it_stands_still_while_documents_are_missing(inside: UUID) -> None:
    case_id = begun()
    first = view(case_id)
    for _ in range(2):
        actions.suspend(case_id=case_id)
    assert view(case_id).state == "suspended"
    assert looked_at(case_id) == []
    run(case_id, "frist", first.due_at + timedelta(days=1))
    assert view(case_id).state == "suspended", "what stands still does not end"
    with clock.shifted(timedelta(days=20)):
        for _ in range(2):
            actions.resume(case_id=case_id)
    later = view(case_id)
    assert (later.state, later.suspended_days) == ("running", 20)
    assert later.due_at >= first.due_at + timedelta(days=19)
    assert facts(case_id) == ["deadline.suspended", "deadline.resumed"]
    assert Due.objects.get(object_id=case_id, key="frist").due_at == later.due_at


def test_what_ends_later_is_told_of_anew(inside: UUID) -> None:
    """Reminder and escalation are about an end: another end has its own."""
    case_id = begun()
    due = view(case_id).due_at
    live_until(case_id, due - timedelta(days=1))
    with clock.shifted(due - timedelta(days=1) - clock.now()):
        actions.suspend(case_id=case_id)
    assert view(case_id).escalated_to == "leitung"
    with clock.shifted(due + timedelta(days=30) - clock.now()):
        actions.resume(case_id=case_id)
    assert (view(case_id).reminded_at, view(case_id).escalated_to) == (None, "")
    with clock.shifted(due + timedelta(days=30) - clock.now()):
        assert queries.falling_due(before=_far(), told={inside: ["leitung"]}) == []
    live_until(case_id, view(case_id).due_at - timedelta(hours=1))
    assert sorted(facts(case_id)[-2:]) == ["deadline.escalated", "deadline.near"]


def test_what_runs_on_with_the_same_end_is_not_told_of_twice(inside: UUID) -> None:
    case_id = begun()
    due = view(case_id).due_at
    live_until(case_id, due - timedelta(days=1))
    with clock.shifted(due - timedelta(days=1) - clock.now()):
        actions.suspend(case_id=case_id)
        actions.resume(case_id=case_id)
    assert view(case_id).due_at == due
    live_until(case_id, due - timedelta(hours=12))
    assert [name for name in facts(case_id) if name not in _STANDSTILL] == [
        "deadline.near",
        "deadline.escalated",
    ]


def test_the_periods_of_a_case_that_has_ended_are_left_alone(inside: UUID) -> None:
    case_id = begun()
    found = view(case_id)
    Case.objects.filter(id=case_id).update(state="closed")
    actions.suspend(case_id=case_id)
    run(case_id, "frist", found.due_at + timedelta(days=1))
    run(case_id, "frist:remind:P14D", found.due_at - timedelta(days=13))
    assert view(case_id) == found
    assert facts(case_id) == []
    assert queries.falling_due(before=_far()) == [], "nobody has to do anything about it"
    (count,) = queries.deadline_counts()
    assert (count.number, count.overdue, count.soon) == (1, 0, 0)


def test_one_can_be_named_and_another_ground_stops_nothing(inside: UUID) -> None:
    case_id = begun(suspended_by=[])
    actions.suspend(case_id=case_id)
    assert view(case_id).state == "running"
    actions.suspend(case_id=case_id, name="frist")
    assert view(case_id).state == "suspended"


def test_until_the_documents_are_complete_it_begins_anew(inside: UUID) -> None:
    complete = {"task": "pruefen", "outcome": "ja"}
    case_id = begun(starts="complete", complete_when=complete)
    actions.suspend(case_id=case_id)
    with clock.shifted(timedelta(days=10)):
        actions.resume(case_id=case_id)
        started = view(case_id).starts_at
        assert abs(started - clock.now()) < timedelta(minutes=1)
        actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
    assert Deadline.objects.get(case_id=case_id).confirmed
    with clock.shifted(timedelta(days=12)):
        actions.suspend(case_id=case_id)
    with clock.shifted(timedelta(days=14)):
        actions.resume(case_id=case_id)
    assert (view(case_id).starts_at, view(case_id).suspended_days) == (started, 2)


def test_a_clock_that_jumps_forth_and_back_ends_nothing_too_early(inside: UUID) -> None:
    case_id = begun()
    found = view(case_id)
    run(case_id, "frist", found.due_at - timedelta(days=1))
    run(case_id, "frist:remind:P14D", found.due_at - timedelta(days=40))
    assert view(case_id) == found
    assert facts(case_id) == []
    assert Due.objects.get(object_id=case_id, key="frist").due_at == found.due_at
    run(case_id, "frist:remind:P14D", found.due_at + timedelta(days=2))
    assert view(case_id).state == "missed", "a mark that comes after the end is the end"
    run(case_id, "frist", found.due_at - timedelta(days=1))
    assert view(case_id).state == "missed"


def test_a_timer_that_jumps_with_the_clock_is_asked_for_again(inside: UUID) -> None:
    timer = (
        '<intermediateCatchEvent id="zeit"><timerEventDefinition><timeDuration>P7D</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )
    case_id = submitted(live(straight(timer, CLOSE)))
    at = Conduct.objects.get(id=case_id).next_at
    assert at is not None
    with clock.shifted(timedelta(days=3)):
        actions.go_on(case_id=case_id, event=process.TimerDue("zeit"))
    assert not Conduct.objects.get(id=case_id).finished
    assert Due.objects.get(object_id=case_id, job="processes.after_timer").due_at == at
    with clock.shifted(-timedelta(days=3)):
        actions.go_on(case_id=case_id, event=process.TimerDue("zeit"))
    assert not Conduct.objects.get(id=case_id).finished
    with clock.shifted(timedelta(days=8)):
        actions.go_on(case_id=case_id, event=process.TimerDue("zeit"))
    assert Conduct.objects.get(id=case_id).finished


def test_what_was_lost_is_found(inside: UUID) -> None:
    timer = (
        '<intermediateCatchEvent id="zeit"><timerEventDefinition><timeDuration>P7D</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )
    waits = begun(straight(timer, CLOSE))
    Due.objects.all().delete()
    assert actions.sweep(authority_id=inside) == 0
    with clock.shifted(timedelta(days=7, hours=2)):
        assert actions.sweep(authority_id=inside) == 1
        assert Conduct.objects.get(id=waits).finished
    late = begun()
    Due.objects.all().delete()
    with clock.shifted(timedelta(days=120)):
        assert actions.sweep(authority_id=inside) == 1
        assert view(late).state == "missed"
        assert actions.sweep(authority_id=inside) == 0


def test_a_withdrawn_case_has_no_period_any_more(inside: UUID) -> None:
    case_id = begun()
    cases.withdraw(case_id=case_id, reason="anders überlegt")
    work("processes")
    assert queries.deadlines([case_id]) == {case_id: []}
    assert looked_at(case_id) == []


def test_the_state_of_the_authority_counts(inside: UUID) -> None:
    from dienstweg.authorities import queries as authorities

    assert authorities.land(inside) == "BB"
    case_id = begun(period="P1D", remind=[], escalate={"before": "P1D", "role": "leitung"})
    assert view(case_id).last_day.weekday() < 5
    assert view(case_id).due_at.astimezone(UTC).date() <= view(case_id).last_day
    assert isinstance(view(case_id).last_day, date)


def react(case_id: UUID, name: str, **words: str) -> None:
    known_jobs()
    given = {"authority_id": str(scope.one()), "case_id": str(case_id), **words}
    queue.tasks[f"processes.{name}"].func(**given)


def test_asking_back_stops_the_period_until_nothing_is_asked_any_more(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, open_ones = begun(), {"first": None}
    monkeypatch.setattr(reactions.cases, "awaiting", lambda _ids: dict(open_ones))
    react(case_id, "after_correction_asked", correction_id=str(case_id))
    assert view(case_id).state == "suspended"
    react(case_id, "after_correction_ended", correction_id=str(case_id))
    assert view(case_id).state == "suspended", "something else is still asked for"
    open_ones.clear()
    react(case_id, "after_correction_ended", correction_id=str(case_id))
    assert view(case_id).state == "running"


def test_a_new_version_lets_what_stood_still_go_on(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = begun()
    whole = process.step

    def fails(*_args: Any, **_named: Any) -> Any:
        raise process.Stuck("no answer", code="no-answer", where="pruefen")

    monkeypatch.setattr(process, "step", fails)
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
    assert queries.number_stuck() == 1
    monkeypatch.setattr(process, "step", whole)
    react(case_id, "after_correction", version="2")
    assert queries.number_stuck() == 0
    assert Conduct.objects.get(id=case_id).waiting == ["ablegen"]
