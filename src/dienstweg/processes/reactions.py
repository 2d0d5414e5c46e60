"""What a process does when something has happened: each takes the fact and calls `go_on`.

An erased case has no process any more: what is still told of it changes nothing.
"""

from uuid import UUID

from dienstweg.blueprint import process
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.deliveries import queries as deliveries
from dienstweg.events.job import job
from dienstweg.payments import queries as payments
from dienstweg.processes import actions


@job("processes.after_submission", void=Erased)
def after_submission(*, authority_id: UUID, case_id: UUID, **_fact: object) -> None:
    """A case was submitted: begin its process, if the request could not."""
    actions.begin(case_id=case_id)


@job("processes.after_payment", void=Erased)
def after_payment(
    *, authority_id: UUID, case_id: UUID, key: str, state: str, **_fact: object
) -> None:
    """A payment attempt has ended; after several failures it counts as failed for good."""
    actions.go_on(case_id=case_id, event=process.PaymentSettled(key=key, state=state))
    if any(one.key == key and one.given_up for one in payments.of_case(case_id)):
        actions.go_on(case_id=case_id, event=process.Refused(key=key, code="payment.failed"))


@job("processes.after_delivery", void=Erased)
def after_delivery(
    *, authority_id: UUID, case_id: UUID, key: str, reference: str, **_fact: object
) -> None:
    """The back office has taken a delivery."""
    actions.go_on(case_id=case_id, event=process.Delivered(key=key, reference=reference))


@job("processes.after_refused_delivery", void=Erased)
def after_refused_delivery(*, authority_id: UUID, case_id: UUID, key: str, **_fact: object) -> None:
    """The back office will not take a delivery; without a boundary event a person looks."""
    actions.go_on(case_id=case_id, event=process.Refused(key=key, code="delivery.refused"))


@job("processes.after_refund", void=Erased)
def after_refund(*, authority_id: UUID, case_id: UUID, key: str, **_fact: object) -> None:
    """Money was given back."""
    actions.go_on(case_id=case_id, event=process.Refunded(key=key))


@job("processes.after_deadline", void=Erased)
def after_deadline(*, authority_id: UUID, object_id: UUID, key: str) -> None:
    """A mark before the end of a legal period has come, or the end itself."""
    actions.pass_deadline(case_id=object_id, key=key)


@job("processes.after_report", void=Erased)
def after_report(*, authority_id: UUID, case_id: UUID, notice_id: UUID, **_fact: object) -> None:
    """The back office has reported something about a case."""
    notice = deliveries.notice(notice_id, key=cases.key(case_id))
    event = process.Reported(name=notice.name, data=dict(notice.data), key=str(notice_id))
    actions.go_on(case_id=case_id, event=event)


@job("processes.after_arrival", void=Erased)
def after_arrival(
    *, authority_id: UUID, case_id: UUID, note_id: UUID, message: str, on: str, **_fact: object
) -> None:
    """The desk has noted what came by paper, for which the process waits."""
    event = process.Reported(name=message, data={"on": on}, key=f"arrival:{note_id}")
    actions.go_on(case_id=case_id, event=event)


@job("processes.after_task", void=Erased)
def after_task(*, authority_id: UUID, case_id: UUID, task_id: UUID, **_fact: object) -> None:
    """A caseworker has completed a task."""
    task = cases.task(task_id)
    event = process.TaskCompleted(
        key=task.card.key,
        outcome=task.card.outcome,
        data=dict(task.data),
        reason=task.reason,
    )
    actions.go_on(case_id=case_id, event=event)


@job("processes.hand_over", void=(Erased, NoSuchCase))
def hand_over(*, authority_id: UUID, case_id: UUID, **_fact: object) -> None:
    """Carry out the handing over of a case that was ordered, or have it tried again later."""
    actions.hand_over(case_id=case_id)


@job("processes.after_signatures", void=Erased)
def after_signatures(
    *, authority_id: UUID, case_id: UUID, key: str, state: str, **_fact: object
) -> None:
    """All signers have signed, or one would not."""
    actions.go_on(case_id=case_id, event=process.Signed(key=key, state=state))


@job("processes.after_document", void=Erased)
def after_document(*, authority_id: UUID, case_id: UUID, key: str, **_fact: object) -> None:
    """A document was written."""
    actions.go_on(case_id=case_id, event=process.DocumentWritten(key=key))


@job("processes.after_correction", void=Erased)
def after_correction(*, authority_id: UUID, case_id: UUID, version: str, **_fact: object) -> None:
    """There is a new version of the application; what could not be taken before is tried again."""
    actions.go_on(case_id=case_id, event=process.Corrected(key=f"version-{version}"))
    actions.try_again(case_id=case_id)


@job("processes.after_correction_asked", void=Erased)
def after_correction_asked(*, authority_id: UUID, case_id: UUID, **_fact: object) -> None:
    """The applicant is asked for something: the periods that this stops stand still."""
    if cases.awaiting([case_id]):
        actions.suspend(case_id=case_id)


@job("processes.after_correction_ended", void=Erased)
def after_correction_ended(*, authority_id: UUID, case_id: UUID, **_fact: object) -> None:
    """The applicant has answered, or need not any more: the periods run again."""
    if not cases.awaiting([case_id]):
        actions.resume(case_id=case_id)


@job("processes.after_withdrawal", void=Erased)
def after_withdrawal(*, authority_id: UUID, case_id: UUID, **_fact: object) -> None:
    """The applicant has withdrawn the application."""
    actions.go_on(case_id=case_id, event=process.Withdrawn())


@job("processes.after_timer", void=Erased)
def after_timer(*, authority_id: UUID, object_id: UUID, key: str) -> None:
    """A timer of the process has run out."""
    actions.go_on(case_id=object_id, event=process.TimerDue(key=key))


@job("processes.remind")
def remind(*, authority_id: UUID, **_due: object) -> None:
    """The morning of a working day has come: tell those who answer for it of what falls due."""
    actions.remind_staff(authority_id=authority_id)


@job("processes.sweep")
def sweep(*, authority_id: UUID, **_fact: object) -> None:
    """Look for cases whose process never began, and again from then on."""
    actions.sweep(authority_id=authority_id)
