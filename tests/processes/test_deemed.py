"""Granted by silence: the period ends, the process goes on by itself and certifies it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from blueprint.process_building import bpmn
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import queries as cases
from dienstweg.cases.models import Case, Task
from dienstweg.documents.models import Document
from dienstweg.documents.places import data_place
from dienstweg.events.models import Due
from dienstweg.inbox import queries as inbox
from dienstweg.inbox.models import Message
from dienstweg.kernel import clock, encryption
from dienstweg.processes import actions, queries
from dienstweg.processes.models import Conduct
from processes.process_stage import ASK, CLOSE, live, submitted, waiting

pytestmark = pytest.mark.django_db

SILENCE = bpmn(
    ASK
    + '<boundaryEvent id="frist" attachedToRef="pruefen"><timerEventDefinition'
    ' dw:deadline="entscheidung"/></boundaryEvent>'
    '<serviceTask id="bescheinigen" dw:intent="write" dw:document="receipt"/>'
    '<serviceTask id="mitteilen" dw:intent="tell" dw:message="gut" dw:documents="receipt"/>'
    '<serviceTask id="gilt" dw:intent="close" dw:outcome="granted"/>' + CLOSE,
    "start>pruefen", "pruefen>zu", "frist>bescheinigen", "bescheinigen>mitteilen",
    "mitteilen>gilt", "gilt>ende", "zu>ende",
)  # fmt: skip

SAID = {
    "gut": {
        "subject": "Es gilt",
        "body": "Bis {date deadlines.entscheidung.last_day}, "
        "seit {date deadlines.entscheidung.deemed_on}",
    }
}


@pytest.fixture
def case_id(authority: UUID) -> Iterator[UUID]:
    rule = {"period": "P3M", "on_end": "deemed", "suspended_by": ["correction"]}
    with scope.enter(scope.of(authority)):
        yield submitted(
            live(
                SILENCE,
                manifest={"deadlines": {"entscheidung": rule}},
                texts={"deadlines": {"entscheidung": {"title": "Entscheidung"}}, "messages": SAID},
            )
        )


def timer(case_id: UUID) -> Due | None:
    rows = Due.objects.filter(object_id=case_id, job="processes.after_timer", key="frist")
    return rows.first()


def view(case_id: UUID) -> queries.DeadlineView:
    (only,) = queries.deadlines([case_id])[case_id]
    return only


def test_what_nobody_decided_counts_as_granted_and_is_certified(case_id: UUID) -> None:
    due = timer(case_id)
    assert due is not None
    assert due.due_at == view(case_id).due_at
    with clock.shifted(due.due_at - clock.now() + timedelta(minutes=1)):
        actions.go_on(case_id=case_id, event=process.TimerDue("frist"))
        assert view(case_id).state == "deemed", "known before the step is taken"
        assert Task.objects.get(case_id=case_id).state == "withdrawn"
        assert Document.objects.get(case_id=case_id, key="bescheinigen").template == "receipt"
        actions.go_on(case_id=case_id, event=process.DocumentWritten("bescheinigen"))
    assert Message.objects.filter(case_id=case_id).count() == 1
    assert Case.objects.get(id=case_id).outcome == "granted"
    assert view(case_id).state == "deemed", "telling of it does not keep what is over"


def test_the_certificate_and_the_message_say_since_when(case_id: UUID) -> None:
    end = view(case_id).due_at
    opened = cases.opened(case_id)
    with clock.shifted(end - clock.now() + timedelta(minutes=1)):
        actions.go_on(case_id=case_id, event=process.TimerDue("frist"))
        actions.go_on(case_id=case_id, event=process.DocumentWritten("bescheinigen"))
    ordered = Document.objects.get(case_id=case_id, key="bescheinigen")
    data = encryption.unseal_json(
        opened.key, bytes(ordered.data), *data_place(ordered.authority_id, ordered.id)
    )
    since, last = clock.local(end).date(), view(case_id).last_day
    period = data["deadlines"]["entscheidung"]
    assert period["deemed_on"] == since.isoformat()
    assert period["last_day"] == last.isoformat()
    (told,) = inbox.of_case(case_id, key=opened.key)
    assert told.body == f"Bis {last:%d.%m.%Y}, seit {since:%d.%m.%Y}"


def test_a_preview_knows_the_period_too(case_id: UUID) -> None:
    """What is previewed is what would be written: it says the same days."""
    with clock.shifted(view(case_id).due_at - clock.now() + timedelta(minutes=1)):
        (foreseen,) = queries.foreseen(case_id=case_id, event=process.TimerDue("frist"))
    assert foreseen.data["deadlines"]["entscheidung"]["deemed_on"] is not None
    assert view(case_id).state == "running", "looking ahead moves nothing"


def test_the_timer_waits_while_the_period_stands_still(case_id: UUID) -> None:
    first = view(case_id).due_at
    actions.suspend(case_id=case_id)
    assert timer(case_id) is None
    assert "frist" in waiting(case_id) or waiting(case_id) == ["pruefen"]
    with clock.shifted(first - clock.now() + timedelta(days=1)):
        actions.go_on(case_id=case_id, event=process.TimerDue("frist"))
        actions.sweep(authority_id=scope.one())
        assert not Conduct.objects.get(id=case_id).finished
        assert view(case_id).state == "suspended"
        actions.resume(case_id=case_id)
        again = timer(case_id)
        assert again is not None
        assert again.due_at == view(case_id).due_at > first + timedelta(days=60)
    with clock.shifted(again.due_at - clock.now() + timedelta(minutes=1)):
        actions.go_on(case_id=case_id, event=process.TimerDue("frist"))
    assert view(case_id).state == "deemed"
