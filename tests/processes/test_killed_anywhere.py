"""Whoever takes a step may die at any statement: repeated, the case is as if nothing had been.

Two processes are played: a small one with a refund, and a whole building permit, with signatures,
opinions of several bodies at once, a period at a border and what is called from elsewhere.
`KILLS=full` (in `make chaos`) tries many more deaths than a usual run.

The process that dies is played by an exception that nothing catches, raised before or after a
statement of the database; its transaction is lost, as it would be. That a real `kill -9` at named
places ends the same way is tried in `tests/journey/test_failpoints.py`.
"""

import base64
import itertools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blueprint.process_building import bpmn
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import queries as cases
from dienstweg.cases.models import Case, Party, Signing, Task
from dienstweg.deliveries import actions as deliveries
from dienstweg.deliveries.models import Delivery
from dienstweg.documents.models import Document
from dienstweg.events import queries as events
from dienstweg.events.models import Due
from dienstweg.inbox.models import Message
from dienstweg.kernel import clock
from dienstweg.offers import actions as offers
from dienstweg.payments import actions as payments
from dienstweg.payments.models import Payment, Refund
from dienstweg.processes import actions, places
from dienstweg.processes.models import Conduct, Deadline, Halt
from processes.course_keeping import now_of
from processes.process_stage import ASK, CLOSE, live, submitted
from processes.state_keeping import event_of

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
START = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
PERMIT = Path(__file__).parent / "states/format-2/courses/baugenehmigung.json"
FULL = os.environ.get("KILLS") == "full"
PHASES = (Phase.explicit, Phase.generate)
"""A case is long: to find a smaller one that fails would take many minutes."""


@dataclass(frozen=True)
class Course:
    """A case of which everything is known: how it is submitted, and what happens to it when."""

    name: str
    submit: Callable[[], UUID]
    happened: tuple[tuple[datetime, process.Event | str], ...]


def _small() -> UUID:
    return submitted_only(
        live(
            PROCESS,
            manifest={"deadlines": {"frist": {"period": "P1M", "remind": ["P7D"]}}},
            texts={"deadlines": {"frist": {"title": "Frist"}}},
        )
    )


def _permit() -> UUID:
    (course,) = _courses()
    offer = offers.go_live(
        archive=PERMIT.with_suffix(".blaupause").read_bytes(),
        settings={"connection": "akte", "payment": "kasse"},
    )
    return submitted_only(offer, **course["steps"][0]["application"])


def _courses() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(PERMIT.read_text())
    return [one for one in found if one["case"] == "04-alle-stellen"]


def _day(day: int) -> datetime:
    return START + timedelta(days=day)


SMALL = Course(
    "small",
    _small,
    (
        (_day(0), process.Submitted()),
        (_day(1), process.PaymentSettled("zahlen", "paid")),
        (_day(2), "suspend"),
        (_day(5), process.TimerDue("mahnen")),
        (_day(6), "resume"),
        (_day(7), process.TaskCompleted("pruefen", "ja", {"x": 1}, "gut")),
        (_day(8), process.DocumentWritten("schreiben")),
        (_day(9), process.Refunded("erstatten")),
    ),
)
PERMITTED = Course(
    "permit",
    _permit,
    tuple((now_of(one), event_of(one["event"])) for one in _courses()[0]["steps"]),
)


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
        deliveries.add_connection(
            slug="akte",
            kind="http",
            options={
                "url": "https://akte.example/annahme",
                "key_id": "dienstweg",
                "peer_key_id": "akte",
                "peer_public_key": "A" * 43 + "=",
            },
            secrets={"private_key": base64.b64encode(bytes(32)).decode()},
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
    monkeypatch: pytest.MonkeyPatch, course: Course, kills: dict[int, list[tuple[int, bool]]]
) -> dict[str, Any]:
    """Let everything happen, with a process that dies at these statements; return what came out."""
    present = [course.happened[0][0]]
    monkeypatch.setattr(clock, "now", lambda: present[0])
    monkeypatch.setattr(clock, "today", lambda: clock.local(present[0]).date())
    case_id = course.submit()
    for place, (at_time, what) in enumerate(course.happened):
        present[0] = at_time
        for at, after in kills.get(place, []):
            try:
                with dying(at, after=after):
                    happen(case_id, what)
            except Killed:
                continue
        happen(case_id, what)
    return left_behind(case_id)


def submitted_only(offer: UUID, **data: Any) -> UUID:
    """Submit an application whose process has not begun."""
    from processes import process_stage

    begun: Callable[..., None] = process_stage.actions.go_on
    process_stage.actions.go_on = lambda **_named: None  # type: ignore[assignment]
    try:
        return submitted(offer, **data)
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
        "parties": sorted(Party.objects.filter(case_id=case_id).values_list("key", "state")),
        "signings": list(Signing.objects.filter(case_id=case_id).values_list("key", "state")),
        "deliveries": list(Delivery.objects.filter(case_id=case_id).values_list("key", "state")),
        "halts": Halt.objects.filter(case_id=case_id).count(),
        "events": [
            (one.name, one.happened_at, one.data.get("key")) for one in events.timeline(case_id)
        ],
    }


@cache
def _undisturbed(_course: str) -> list[dict[str, Any]]:
    return []


def try_deaths(
    monkeypatch: pytest.MonkeyPatch, course: Course, kills: dict[int, list[tuple[int, bool]]]
) -> None:
    """Compare a case whose processes died with one that nobody disturbed."""
    kept = _undisturbed(course.name)
    if not kept:
        kept.append(play(monkeypatch, course, {}))
    assert kept[0]["conduct"][1], "the case comes to its end"
    assert kept[0]["messages"], "something was told"
    assert play(monkeypatch, course, kills) == kept[0]


def deaths(course: Course) -> st.SearchStrategy[dict[int, list[tuple[int, bool]]]]:
    """Draw at which statements of which steps a process dies, before or after each."""
    return st.dictionaries(
        st.integers(0, len(course.happened) - 1),
        st.lists(st.tuples(st.integers(0, 45), st.booleans()), min_size=1, max_size=3),
        min_size=1,
        max_size=4,
    )


@settings(max_examples=400 if FULL else 12, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(kills=deaths(SMALL))
def test_the_case_is_as_if_nobody_had_died(
    kills: dict[int, list[tuple[int, bool]]], inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_deaths(monkeypatch, SMALL, kills)
    assert _undisturbed("small")[0]["refunds"] == [("erstatten", "open")]


@settings(max_examples=200 if FULL else 3, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(kills=deaths(PERMITTED))
def test_a_building_permit_is_as_if_nobody_had_died(
    kills: dict[int, list[tuple[int, bool]]], inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_deaths(monkeypatch, PERMITTED, kills)
    undisturbed = _undisturbed("permit")[0]
    assert undisturbed["case"] == ("closed", "granted")
    assert len(undisturbed["tasks"]) >= 8, "opinions of six bodies, and two more tasks"
    assert undisturbed["signings"] and undisturbed["parties"] and undisturbed["deliveries"]


def test_a_death_at_every_single_statement_of_the_richest_step(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = play(monkeypatch, SMALL, {})
    for after in (False, True):
        every = [(at, after) for at in range(40)]
        assert play(monkeypatch, SMALL, {0: every, 5: every}) == undisturbed


@pytest.mark.skipif(not FULL, reason="KILLS is not full: `make chaos` does this")
def test_a_death_at_every_single_statement_of_a_building_permit(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = play(monkeypatch, PERMITTED, {})
    for after in (False, True):
        every = {place: [(at, after) for at in range(60)] for place in range(15)}
        assert play(monkeypatch, PERMITTED, every) == undisturbed
