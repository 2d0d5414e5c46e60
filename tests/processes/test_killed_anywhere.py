"""Whoever takes a step may die at any statement: repeated, the case is as if nothing had been.

The process that dies is played by an exception that nothing catches, raised before or after a
statement of the database; its transaction is lost, as it would be. That a real `kill -9` at named
places ends the same way is tried in `tests/journey/test_failpoints.py`.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprint.process_building import bpmn
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import queries as cases
from dienstweg.cases.models import Case, Task
from dienstweg.documents.models import Document
from dienstweg.events import queries as events
from dienstweg.events.models import Due
from dienstweg.inbox.models import Message
from dienstweg.kernel import clock
from dienstweg.payments import actions as payments
from dienstweg.payments.models import Payment, Refund
from dienstweg.processes import actions, places
from dienstweg.processes.models import Conduct, Deadline, Halt
from processes.process_stage import ASK, CLOSE, live, submitted

pytestmark = pytest.mark.django_db

PROCESS = bpmn(
    '<serviceTask id="zahlen" dw:intent="collect" dw:amount="500" dw:purpose="gebuehr"/>'
    '<boundaryEvent id="zurueck" attachedToRef="zahlen"><compensateEventDefinition/>'
    "</boundaryEvent>"
    '<serviceTask id="erstatten" dw:intent="refund" dw:of="zahlen" isForCompensation="true"/>'
    '<association id="as" sourceRef="zurueck" targetRef="erstatten"/>'
    + ASK
    + '<boundaryEvent id="mahnen" attachedToRef="pruefen" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<serviceTask id="erinnern" dw:intent="tell" dw:message="gut"/><endEvent id="ende2"/>'
    '<serviceTask id="schreiben" dw:intent="write" dw:document="receipt"/>'
    '<serviceTask id="sagen" dw:intent="tell" dw:message="gut" dw:documents="receipt"/>'
    '<intermediateThrowEvent id="umkehr"><compensateEventDefinition/></intermediateThrowEvent>'
    + CLOSE,
    "start>zahlen", "zahlen>pruefen", "mahnen>erinnern", "erinnern>ende2", "pruefen>schreiben",
    "schreiben>sagen", "sagen>umkehr", "umkehr>zu", "zu>ende",
)  # fmt: skip
HAPPENED: tuple[tuple[int, process.Event | str], ...] = (
    (0, process.Submitted()),
    (1, process.PaymentSettled("zahlen", "paid")),
    (2, "suspend"),
    (5, process.TimerDue("mahnen")),
    (6, "resume"),
    (7, process.TaskCompleted("pruefen", "ja", {"x": 1}, "gut")),
    (8, process.DocumentWritten("schreiben")),
    (9, process.Refunded("erstatten")),
)
"""What happens to the case, each with the day."""


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        payments.add_account(
            slug="kasse",
            kind="xbezahldienste",
            options={"base_url": "https://p.example", "originator_id": "o", "endpoint_id": "e"},
            secrets={},
        )
        yield authority


@contextmanager
def dying(at: int | None, *, after: bool) -> Iterator[None]:
    """Kill the process before or after its statement number ``at``."""
    numbers = itertools.count()

    def run(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if next(numbers) != at:
            return execute(sql, params, many, context)
        if after:
            execute(sql, params, many, context)
        raise Killed

    with connection.execute_wrapper(run):
        yield


def happen(case_id: UUID, what: process.Event | str) -> None:
    if isinstance(what, str):
        getattr(actions, what)(case_id=case_id, name="frist")
        return
    if isinstance(what, process.PaymentSettled):
        Payment.objects.filter(case_id=case_id).update(state="paid")
    actions.go_on(case_id=case_id, event=what)


def play(
    monkeypatch: pytest.MonkeyPatch, start: datetime, kills: dict[int, list[tuple[int, bool]]]
) -> dict[str, Any]:
    """Let everything happen, with a process that dies at these statements; return what came out."""
    present = [start]
    monkeypatch.setattr(clock, "now", lambda: present[0])
    monkeypatch.setattr(clock, "today", lambda: clock.local(present[0]).date())
    offer = live(
        PROCESS,
        manifest={"deadlines": {"frist": {"period": "P1M", "remind": ["P7D"]}}},
        texts={"deadlines": {"frist": {"title": "Frist"}}},
    )
    case_id = submitted_only(offer)
    for place, (day, what) in enumerate(HAPPENED):
        present[0] = start + timedelta(days=day)
        for at, after in kills.get(place, []):
            try:
                with dying(at, after=after):
                    happen(case_id, what)
            except Killed:
                continue
        happen(case_id, what)
    return left_behind(case_id)


def submitted_only(offer: UUID) -> UUID:
    """Submit an application whose process has not begun."""
    from processes import process_stage

    begun: Callable[..., None] = process_stage.actions.go_on
    process_stage.actions.go_on = lambda **_named: None  # type: ignore[assignment]
    try:
        return submitted(offer)
    finally:
        process_stage.actions.go_on = begun  # type: ignore[assignment]


def left_behind(case_id: UUID) -> dict[str, Any]:
    """Return everything that the steps have written, without what is drawn anew each time."""
    conduct = Conduct.objects.get(id=case_id)
    key = cases.key(case_id)
    due = Due.objects.filter(object_id=case_id, job__startswith="processes.")
    return {
        "state": places.unsealed_state(key, conduct),
        "conduct": (conduct.waiting, conduct.finished, conduct.next_at, conduct.stuck_at),
        "case": Case.objects.values_list("state", "outcome").get(id=case_id),
        "tasks": sorted(Task.objects.filter(case_id=case_id).values_list("key", "state")),
        "payments": list(Payment.objects.filter(case_id=case_id).values_list("key", "state")),
        "refunds": list(Refund.objects.filter(case_id=case_id).values_list("key", "state")),
        "documents": list(Document.objects.filter(case_id=case_id).values_list("key", flat=True)),
        "messages": sorted(Message.objects.filter(case_id=case_id).values_list("key", flat=True)),
        "deadlines": list(
            Deadline.objects.filter(case_id=case_id).values_list("name", "state", "due_at")
        ),
        "due": sorted(due.values_list("job", "key", "due_at")),
        "halts": Halt.objects.filter(case_id=case_id).count(),
        "events": [
            (one.name, one.happened_at, one.data.get("key")) for one in events.timeline(case_id)
        ],
    }


START = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
KILLS = st.dictionaries(
    st.integers(0, len(HAPPENED) - 1),
    st.lists(st.tuples(st.integers(0, 45), st.booleans()), min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)


@cache
def _undisturbed() -> list[dict[str, Any]]:
    return []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kills=KILLS)
def test_the_case_is_as_if_nobody_had_died(
    kills: dict[int, list[tuple[int, bool]]], inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = _undisturbed()
    if not kept:
        kept.append(play(monkeypatch, START, {}))
    undisturbed = kept[0]
    assert undisturbed["conduct"][1], "the case comes to its end"
    assert undisturbed["messages"], "something was told"
    assert undisturbed["refunds"] == [("erstatten", "open")]
    assert play(monkeypatch, START, kills) == undisturbed


def test_a_death_at_every_single_statement_of_the_richest_step(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = play(monkeypatch, START, {})
    for after in (False, True):
        every = [(at, after) for at in range(40)]
        assert play(monkeypatch, START, {0: every, 5: every}) == undisturbed
