"""What still waits for a case when it is erased comes to an end: nothing is repeated for ever."""

from pathlib import Path

import pytest
from django.conf import settings
from procrastinate.contrib.django import app as queue

from dienstweg.authorities import scope
from dienstweg.cases import actions as cases
from dienstweg.documents.models import Document
from dienstweg.events.job import known_jobs
from dienstweg.events.models import Due
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from seeding import given_case

pytestmark = pytest.mark.django_db

JOBS = (
    "processes.after_submission",
    "processes.after_payment",
    "processes.after_delivery",
    "processes.after_report",
    "processes.after_arrival",
    "processes.after_task",
    "processes.after_document",
    "processes.after_withdrawal",
    "processes.after_timer",
    "processes.after_deadline",
    "processes.after_refused_delivery",
    "processes.after_refund",
    "processes.after_signatures",
    "processes.after_correction",
    "processes.after_correction_asked",
    "processes.after_correction_ended",
    "documents.write_receipt",
    "documents.render",
)


def test_these_are_all_reactions_of_processes() -> None:
    found = {name for name in known_jobs() if name.startswith("processes.after_")}
    assert found == {name for name in JOBS if name.startswith("processes.")}


@pytest.mark.parametrize("name", JOBS)
def test_a_job_for_an_erased_case_ends(authority, name):
    Path(settings.DIENSTWEG_ERASURES).unlink(missing_ok=True)
    with scope.enter(scope.of(authority)):
        case = given_case()
        task_id = cases.ask(case_id=case.id, key="k", task="t", role="r", outcomes=["granted"])
        document = Document.objects.create(
            authority_id=authority,
            case_id=case.id,
            key="k",
            template="permit",
            title="Bescheid",
            data=b"sealed",
            ordered_at=clock.now(),
        )
        cases.erase(case_id=case.id, reason="request")
    Due.objects.all().delete()
    told = {
        "case_id": case.id,
        "task_id": task_id,
        "document_id": document.id,
        "notice_id": new_id(),
        "note_id": new_id(),
    }
    if name in {"processes.after_timer", "processes.after_deadline"}:
        told = {"object_id": case.id}
    if name == "documents.render":
        told = {"document_id": document.id}
    words = {} if name.startswith("documents.") else {"key": "k", "version": "2"}
    if name in {"processes.after_timer", "processes.after_deadline"}:
        words = {"key": "k"}
    if name in {
        "processes.after_payment",
        "processes.after_delivery",
        "processes.after_signatures",
    }:
        words |= {"state": "paid", "reference": "R"}
    if name == "processes.after_arrival":
        words = {"message": "widerspruch.eingegangen", "on": "2026-11-20"}
    ids = {key: str(value) for key, value in told.items()}
    queue.tasks[name].func(authority_id=str(authority), **ids, **words)
    assert not Due.objects.exists()
