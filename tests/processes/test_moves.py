"""A real case moves to another release with its task, its timer and its periods, and back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from blueprint.process_building import bpmn
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.cases.models import Case, Task
from dienstweg.events import queries as events
from dienstweg.events.models import Due
from dienstweg.offers.models import Offer
from dienstweg.processes import actions, queries
from dienstweg.processes.errors import (
    AlreadyEnded,
    NothingToUndo,
    NotMovable,
    OtherBlueprint,
    SameRelease,
)
from dienstweg.processes.models import Conduct, Deadline
from processes.process_stage import ASK, CLOSE, live, straight, submitted, waiting
from seeding import given_offer

pytestmark = pytest.mark.django_db

LEAD = '<userTask id="chef" dw:role="leitung" dw:outcomes="ja nein"/>'
RENAMED = '<userTask id="sichten" dw:role="leitung" dw:outcomes="ja nein spaeter"/>'
TIMER = (
    '<boundaryEvent id="frist" attachedToRef="{0}"><timerEventDefinition>'
    "<timeDuration>P7D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<serviceTask id="aus" dw:intent="close" dw:outcome="granted"/>'
)
PERIOD: dict[str, Any] = {
    "manifest": {"deadlines": {"frist": {"period": "P1M"}}},
    "texts": {"deadlines": {"frist": {"title": "Frist"}}},
}


def timed(task: str) -> bytes:
    name = "sichten" if "sichten" in task else "pruefen"
    return bpmn(
        task + TIMER.format(name) + CLOSE,
        f"start>{name}", f"{name}>zu", "frist>aus", "zu>ende", "aus>ende",
    )  # fmt: skip


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def digest() -> str:
    return str(Offer.objects.get(slug="hausbewohner").digest)


def two(old: bytes, new: bytes, **changes: Any) -> tuple[UUID, str]:
    """Return a case of the old release, and the digest of the new one."""
    case_id = submitted(live(old))
    live(new, version="1.1.0", **changes)
    return case_id, digest()


def test_a_case_moves_with_its_task_and_gets_the_new_timer(inside: UUID) -> None:
    case_id, new = two(straight(ASK, CLOSE), timed(RENAMED))
    mapping = {"pruefen": "sichten"}
    task = Task.objects.get(case_id=case_id)
    seen = actions.preview_move(case_id=case_id, digest=new, mapping={})
    assert (seen.movable, [one.reason for one in seen.points]) == (False, ["no-counterpart"])
    seen = actions.preview_move(case_id=case_id, digest=new, mapping=mapping)
    assert (seen.movable, seen.fits, seen.sets, seen.drops) == (True, True, ("frist",), ())
    assert (seen.from_version, seen.to_version) == ("1.0.0", "1.1.0")
    assert Case.objects.get(id=case_id).digest != new, "a preview changes nothing"
    actions.move(case_id=case_id, digest=new, mapping=mapping, actor="staff:1")
    assert Case.objects.get(id=case_id).digest == new
    assert Conduct.objects.get(id=case_id).digest == new
    moved = Task.objects.get(case_id=case_id)
    assert (moved.id, moved.key, moved.task, moved.role) == (
        task.id, "pruefen", "sichten", "leitung",
    )  # fmt: skip
    assert moved.outcomes == ["ja", "nein", "spaeter"]
    assert waiting(case_id) == ["frist", "pruefen"]
    assert Due.objects.filter(object_id=case_id, key="frist").exists()
    assert [one.name for one in events.timeline(case_id)][-1] == "process.moved"
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "spaeter"))
    assert Conduct.objects.get(id=case_id).finished


def test_a_move_is_undone_as_long_as_nothing_has_happened(inside: UUID) -> None:
    case_id, new = two(straight(ASK, CLOSE), timed(RENAMED), **PERIOD)
    old = Case.objects.get(id=case_id).digest
    actions.move(case_id=case_id, digest=new, mapping={"pruefen": "sichten"})
    assert Deadline.objects.filter(case_id=case_id).count() == 1
    actions.undo_move(case_id=case_id)
    assert Case.objects.get(id=case_id).digest == old
    task = Task.objects.get(case_id=case_id)
    assert (task.task, task.role, task.outcomes) == ("pruefen", "amt", ["ja", "nein"])
    assert waiting(case_id) == ["pruefen"]
    assert not Due.objects.filter(object_id=case_id, job__startswith="processes.").exists()
    assert not Deadline.objects.filter(case_id=case_id).exists()
    (view,) = queries.moves(case_id)
    assert view.undone_at is not None
    with pytest.raises(NothingToUndo):
        actions.undo_move(case_id=case_id)
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
    assert Conduct.objects.get(id=case_id).finished


def test_a_timer_that_was_given_up_runs_again_after_the_undo(inside: UUID) -> None:
    case_id, new = two(timed(ASK), straight(ASK, CLOSE))
    at = Due.objects.get(object_id=case_id, key="frist").due_at
    actions.move(case_id=case_id, digest=new, mapping={"frist": ""})
    assert not Due.objects.filter(object_id=case_id, job__startswith="processes.").exists()
    actions.undo_move(case_id=case_id)
    assert Due.objects.get(object_id=case_id, key="frist").due_at == at


def test_after_something_has_happened_there_is_no_way_back(inside: UUID) -> None:
    case_id, new = two(straight(ASK, LEAD, CLOSE), straight(ASK, LEAD, CLOSE).replace(b"#", b"#"))
    live(straight(ASK, LEAD, LEAD.replace("chef", "amtschef"), CLOSE), version="1.2.0")
    actions.move(case_id=case_id, digest=digest(), mapping={})
    assert new
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
    with pytest.raises(NothingToUndo):
        actions.undo_move(case_id=case_id)


def test_what_has_no_counterpart_stays_as_it_is(inside: UUID) -> None:
    case_id, new = two(straight(ASK, CLOSE), straight(RENAMED, CLOSE))
    before = bytes(Conduct.objects.get(id=case_id).state)
    with pytest.raises(NotMovable) as refused:
        actions.move(case_id=case_id, digest=new, mapping={})
    assert [(one.element, one.reason) for one in refused.value.points] == [
        ("pruefen", "no-counterpart")
    ]
    assert bytes(Conduct.objects.get(id=case_id).state) == before
    assert Case.objects.get(id=case_id).digest != new
    assert queries.moves(case_id) == []


def test_a_decision_that_the_other_release_does_not_know_stops_a_move(inside: UUID) -> None:
    case_id, new = two(
        straight(ASK, CLOSE), straight(ASK.replace("ja nein", "gut schlecht"), CLOSE)
    )
    task = Task.objects.get(case_id=case_id)
    cases.decide(task_id=task.id, account_id=inside, outcome="ja", reason="passt")
    with pytest.raises(NotMovable):
        actions.move(case_id=case_id, digest=new, mapping={})
    assert Case.objects.get(id=case_id).digest != new


def test_a_period_that_runs_needs_its_counterpart_too(inside: UUID) -> None:
    case_id = submitted(live(straight(ASK, CLOSE), **PERIOD))
    live(straight(ASK, LEAD, CLOSE), version="1.1.0")
    seen = actions.preview_move(case_id=case_id, digest=digest(), mapping={})
    assert [(one.element, one.reason) for one in seen.points] == [
        ("pruefen", ""), ("frist", "no-counterpart"),
    ]  # fmt: skip


def test_what_cannot_be_moved_at_all(inside: UUID) -> None:
    case_id, new = two(straight(ASK, CLOSE), straight(ASK, LEAD, CLOSE))
    with pytest.raises(SameRelease):
        actions.preview_move(
            case_id=case_id, digest=Case.objects.get(id=case_id).digest, mapping={}
        )
    from dienstweg.blueprint import archive
    from dienstweg.offers import actions as offers
    from processes.process_stage import files

    other = files(straight(ASK, CLOSE))
    other["blueprint.yaml"] = other["blueprint.yaml"].replace(b"hausbewohner", b"anderes")
    offers.go_live(archive=archive.pack(other), settings={})
    with pytest.raises(OtherBlueprint):
        actions.move(case_id=case_id, digest=Offer.objects.get(slug="anderes").digest, mapping={})
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
    with pytest.raises(AlreadyEnded):
        actions.move(case_id=case_id, digest=new, mapping={})
    assert given_offer()


def test_a_case_that_stood_still_goes_on_in_a_release_without_the_mistake(inside: UUID) -> None:
    wrong = '<serviceTask id="zu" dw:intent="close" dw:outcome="=data.fehlt"/>'
    case_id, new = two(straight(ASK, wrong), straight(ASK, CLOSE))
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja", {}, "gut"))
    assert queries.number_stuck() == 1
    actions.move(case_id=case_id, digest=new, mapping={})
    assert actions.try_again(case_id=case_id) == 0
    assert Conduct.objects.get(id=case_id).finished
    never = submitted(live(straight(wrong), version="2.0.0"))
    assert not queries.has_begun(never)
    actions.move(case_id=never, digest=new, mapping={})
    assert actions.try_again(case_id=never) == 0
    assert waiting(never) == ["pruefen"]


def test_moved_with_the_clock_of_its_timer(inside: UUID) -> None:
    case_id, new = two(timed(ASK), timed(ASK.replace("ja nein", "ja nein spaeter")))
    at = Conduct.objects.get(id=case_id).next_at
    actions.move(case_id=case_id, digest=new, mapping={})
    assert Conduct.objects.get(id=case_id).next_at == at
    from dienstweg.kernel import clock

    with clock.shifted(timedelta(days=8)):
        actions.go_on(case_id=case_id, event=process.TimerDue("frist"))
    assert Conduct.objects.get(id=case_id).finished
