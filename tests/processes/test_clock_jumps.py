"""The clock of a machine jumps by hours or years: nothing passes early, nothing is sent twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.cases.models import Task
from dienstweg.events import actions as events
from dienstweg.events.models import Due, Event
from dienstweg.inbox.models import Message
from dienstweg.kernel import clock
from dienstweg.mail.models import Mail
from dienstweg.processes import actions
from dienstweg.processes.models import Conduct, Deadline
from processes.process_stage import ASK, CLOSE, live, submitted
from processes.test_deemed import SILENCE
from staffing import colleague
from working import work

pytestmark = pytest.mark.django_db

ROOMS = ("processes", "cases", "inbox", "assistants")
HOURS, YEARS = timedelta(hours=5), timedelta(days=800)
RULE: dict[str, Any] = {
    "period": "P3M",
    "remind": ["P14D"],
    "escalate": {"before": "P3D", "role": "leitung"},
    "on_end": "deemed",
}
assert ASK in SILENCE.decode() and CLOSE in SILENCE.decode()


@pytest.fixture
def case_id(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield submitted(
            live(
                SILENCE,
                manifest={"deadlines": {"entscheidung": RULE}},
                texts={"deadlines": {"entscheidung": {"title": "Entscheidung"}}},
            )
        )


def tick_with_a_clock_that_is_off(by: timedelta) -> None:
    """The ticker's clock jumps and takes what it believes is due; then it is put right."""
    with clock.shifted(by):
        events.tick(now=clock.now())
    work(*ROOMS)


def all_there_is(case_id: UUID) -> dict[str, Any]:
    """Return everything by which a case could have gone on."""
    return {
        "waiting": Conduct.objects.get(id=case_id).waiting,
        "periods": list(Deadline.objects.filter(case_id=case_id).values()),
        "tasks": list(Task.objects.filter(case_id=case_id).values("key", "state")),
        "events": list(Event.objects.filter(case_id=case_id).values_list("name", flat=True)),
        "messages": Message.objects.filter(case_id=case_id).count(),
        "mails": Mail.objects.count(),
        "due": sorted(Due.objects.filter(object_id=case_id).values_list("job", "key", "due_at")),
    }


@pytest.mark.parametrize("by", [HOURS, YEARS, -HOURS, -YEARS], ids=str)
def test_a_jump_that_is_put_right_changes_nothing(case_id: UUID, by: timedelta) -> None:
    before = all_there_is(case_id)
    for _ in range(2):
        tick_with_a_clock_that_is_off(by)
    assert all_there_is(case_id) == before


def _next(case_id: UUID) -> datetime | None:
    rows = Due.objects.filter(object_id=case_id).order_by("due_at")
    return rows.values_list("due_at", flat=True).first()


@pytest.mark.parametrize("by", [HOURS, YEARS, -HOURS, -YEARS], ids=str)
def test_after_a_jump_everything_happens_at_its_time_and_once(case_id: UUID, by: timedelta) -> None:
    due = Deadline.objects.get(case_id=case_id).due_at
    while (at := _next(case_id)) is not None and at <= due:
        with clock.shifted(at - clock.now() - timedelta(minutes=1)):
            tick_with_a_clock_that_is_off(by)
        with clock.shifted(at - clock.now() + timedelta(minutes=1)):
            events.tick(now=clock.now())
            work(*ROOMS)
    names = list(Event.objects.filter(case_id=case_id).values_list("name", flat=True))
    for name in ("deadline.near", "deadline.escalated", "deadline.ended"):
        assert names.count(name) == 1, name
    assert Deadline.objects.get(case_id=case_id).state == "deemed"


@pytest.mark.parametrize("by", [HOURS, YEARS], ids=str)
def test_a_decision_can_be_undone_as_long_as_was_promised(case_id: UUID, by: timedelta) -> None:
    anna = colleague("anna", kranichsee="amt")
    task_id = Task.objects.get(case_id=case_id).id
    cases.decide(task_id=task_id, account_id=anna, outcome="ja", reason="Passt.")
    tick_with_a_clock_that_is_off(by)
    assert Task.objects.get(id=task_id).state == "decided"
    cases.undo(task_id=task_id, account_id=anna)
    assert Task.objects.get(id=task_id).state == "open"


def test_the_sweeper_of_a_clock_that_is_behind_ends_nothing(case_id: UUID) -> None:
    before = all_there_is(case_id)
    with clock.shifted(-YEARS):
        assert actions.sweep(authority_id=scope.one()) == 0
        actions.go_on(case_id=case_id, event=process.TimerDue("frist"))
    assert all_there_is(case_id)["periods"] == before["periods"]
    assert all_there_is(case_id)["waiting"] == before["waiting"]
