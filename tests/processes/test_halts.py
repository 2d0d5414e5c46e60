"""What a process cannot take: the case stays where it was, a person sees it and tries again."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from blueprint.process_building import bpmn
from dienstweg.authorities import scope
from dienstweg.blueprint import process, underway
from dienstweg.cases import actions as cases
from dienstweg.cases.models import Task
from dienstweg.events import queries as events
from dienstweg.processes import actions, queries
from dienstweg.processes.actions import stepping
from dienstweg.processes.models import Conduct, Halt
from processes.process_stage import ASK, CLOSE, live, straight, submitted, waiting

pytestmark = pytest.mark.django_db

CHOICE = bpmn(
    ASK
    + '<exclusiveGateway id="weg" default="f3"/>'
    + CLOSE
    + '<serviceTask id="aus" dw:intent="close" dw:outcome="granted"/>',
    "start>pruefen",
    "pruefen>weg",
    "weg>zu: int(task.pruefen.data.betrag) > 3",
    "weg>aus",
    "zu>ende",
    "aus>ende",
)


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def facts(case_id: UUID) -> list[str]:
    return [one.name for one in events.timeline(case_id)]


def decided(betrag: Any = None) -> process.TaskCompleted:
    data = {} if betrag is None else {"betrag": betrag}
    return process.TaskCompleted("pruefen", "ja", data, "gut")


def test_an_expression_without_an_answer_leaves_the_case_where_it_was(inside: UUID) -> None:
    case_id = submitted(live(CHOICE))
    before = Conduct.objects.get(id=case_id)
    actions.go_on(case_id=case_id, event=decided())
    after = Conduct.objects.get(id=case_id)
    assert (bytes(after.state), after.waiting) == (bytes(before.state), ["pruefen"])
    assert after.stuck_at is not None
    (trouble,) = queries.stuck()
    assert (trouble.case_id, trouble.event) == (case_id, "TaskCompleted:pruefen")
    assert trouble.code
    assert "betrag" in queries.reason(trouble)
    assert facts(case_id)[-1] == "process.stuck"
    assert queries.number_stuck() == 1
    assert "betrag" not in repr(trouble), "what is sealed is only read on purpose"


def test_what_stopped_it_is_counted_once_and_tried_again(inside: UUID) -> None:
    case_id = submitted(live(CHOICE))
    for tries in (1, 2, 3):
        actions.go_on(case_id=case_id, event=decided())
        assert [one.tries for one in queries.stuck(case_id=case_id)] == [tries]
    assert facts(case_id).count("process.stuck") == 1
    assert actions.try_again(case_id=case_id) == 1
    assert [one.tries for one in queries.stuck(case_id=case_id)] == [4]


def test_a_second_try_with_what_was_missing_goes_on(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = submitted(live(CHOICE))
    whole = process.step

    def fails(*_args: Any, **_named: Any) -> Any:
        raise process.Stuck("the condition has no answer", code="no-answer", where="weg")

    monkeypatch.setattr(process, "step", fails)
    actions.go_on(case_id=case_id, event=decided(5))
    (trouble,) = queries.stuck()
    assert (trouble.code, trouble.where) == ("no-answer", "weg")
    monkeypatch.setattr(process, "step", whole)
    assert actions.try_again(case_id=case_id) == 0
    assert queries.stuck() == []
    conduct = Conduct.objects.get(id=case_id)
    assert (conduct.finished, conduct.stuck_at) == (True, None)
    assert facts(case_id)[-1] == "process.unstuck"


def test_a_process_that_does_not_come_to_wait_is_stopped_and_shown(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = submitted(live(CHOICE))
    monkeypatch.setattr(underway, "MOST_RUNS", 1)
    actions.go_on(case_id=case_id, event=decided(5))
    (trouble,) = queries.stuck()
    assert trouble.code in {"endless", "stuck"}
    assert waiting(case_id) == ["pruefen"]
    assert Task.objects.filter(case_id=case_id).count() == 1


def test_one_that_cannot_begin_is_shown_and_left_alone_by_the_sweeper(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from dienstweg.kernel import clock

    wrong = '<serviceTask id="wert" dw:intent="close" dw:outcome="=data.fehlt"/>'
    case_id = submitted(live(straight(wrong)))
    assert not queries.has_begun(case_id)
    (trouble,) = queries.stuck()
    assert trouble.event == "Submitted"
    with clock.shifted(timedelta(minutes=6)):
        assert actions.sweep(authority_id=inside) == 0
    monkeypatch.setattr(process, "step", _close)
    assert actions.try_again(case_id=case_id) == 0
    assert queries.stuck() == []
    assert Conduct.objects.get(id=case_id).finished


def _close(*_args: Any, **_named: Any) -> process.Step:
    return process.Step({"timers": {}}, (), finished=True, waiting=(), outcome=None)


def test_an_error_of_ours_comes_back_by_itself_and_is_seen_meanwhile(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = submitted(live(CHOICE))
    whole = stepping.carry_out

    def fails(*_args: Any) -> None:
        raise KeyError("name of somebody")

    monkeypatch.setattr(stepping, "carry_out", fails)
    with pytest.raises(KeyError):
        actions.go_on(case_id=case_id, event=decided(5))
    (trouble,) = queries.stuck()
    assert trouble.code == "error"
    assert queries.reason(trouble) == "KeyError", "never the text of a foreign error"
    monkeypatch.setattr(stepping, "carry_out", whole)
    actions.go_on(case_id=case_id, event=decided(5))
    assert queries.stuck() == []
    assert Conduct.objects.get(id=case_id).finished


def test_what_happens_meanwhile_is_not_held_up(inside: UUID) -> None:
    case_id = submitted(live(CHOICE))
    actions.go_on(case_id=case_id, event=decided())
    actions.go_on(case_id=case_id, event=process.Withdrawn())
    assert Conduct.objects.get(id=case_id).finished
    assert actions.try_again(case_id=case_id) == 0
    assert not Halt.objects.exists()


def test_an_erased_case_troubles_nobody(inside: UUID) -> None:
    case_id = submitted(live(CHOICE))
    actions.go_on(case_id=case_id, event=decided())
    cases.erase(case_id=case_id, reason="request")
    assert queries.stuck() == []
    assert queries.number_stuck() == 0
