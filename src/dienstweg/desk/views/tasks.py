"""The decision of a task, and taking it back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dienstweg.authorities import scope
from dienstweg.blueprint import task_forms
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import (
    AlreadyDecided,
    ApplicationChanged,
    Erased,
    NoSuchTask,
    NotTheirs,
    ReasonNeeded,
    TooLateToUndo,
    UnknownOutcome,
)
from dienstweg.desk import deciding
from dienstweg.desk.deciding import Decision
from dienstweg.desk.door import Desk, staff
from dienstweg.desk.views.cases import case_page
from dienstweg.offers import queries as offers
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import once


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def decide(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Decide a task with an outcome and a reason; who comes back by history sees the case."""
    task = own_task(desk, task_id)
    if task is None:
        return pages.error(request, 404)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]))
    with scope.enter(scope.of(task.authority_id)):
        return _decide(request, desk, task)


_REFUSED: dict[type[Exception], str] = {
    UnknownOutcome: "outcome",
    ReasonNeeded: "reason",
    AlreadyDecided: "decided",
    ApplicationChanged: "corrected",
}


def _decide(request: HttpRequest, desk: Desk, task: cases.TaskCard) -> HttpResponse:
    release = offers.release(task.digest)
    decision = deciding.read(request.POST, task, release, visits.of(request).lang)
    if decision.problem:
        return _refused(request, desk, task, decision.problem, decision)
    try:
        return _decide_once(request, desk=desk, task=task, decision=decision)
    except tuple(_REFUSED) as error:
        return _refused(request, desk, task, _REFUSED[type(error)], decision)


def _refused(
    request: HttpRequest,
    desk: Desk,
    task: cases.TaskCard,
    problem: str,
    decision: Decision | None = None,
) -> HttpResponse:
    """Show the case again with what was typed; nothing has been decided."""
    decided = (task.id, decision) if decision else None
    return case_page(request, desk, task.case_id, problem=problem, decided=decided, status=422)


@once("desk.decide")
def _decide_once(
    _request: HttpRequest, *, desk: Desk, task: cases.TaskCard, decision: Decision
) -> HttpResponse:
    release = offers.release(task.digest)
    actions.decide(
        task_id=task.id,
        account_id=desk.account_id,
        outcome=decision.outcome,
        reason=decision.reason,
        data=decision.data,
        reason_needed=task_forms.needs_reason(release, task.task, decision.outcome),
        version=decision.version or 0,  # a page that says none has shown none
    )
    return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def undo(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Take a decision, a proposal or an agreement back, as long as nothing has left the house."""
    task = own_task(desk, task_id, approving=True)
    if task is None:
        return pages.error(request, 404)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]))
    with scope.enter(scope.of(task.authority_id)):
        try:
            actions.undo(task_id=task_id, account_id=desk.account_id)
        except (TooLateToUndo, NotTheirs):
            return _refused(request, desk, task, "too_late")
    return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]))


def own_task(desk: Desk, task_id: UUID, *, approving: bool = False) -> cases.TaskCard | None:
    """Return the task if it is in the scope and for a role of this person.

    With ``approving`` also if they are the second person who agrees to it.
    """
    try:
        card = cases.task(task_id).card
    except (NoSuchTask, Erased):
        return None
    roles = (card.role, card.approval_role) if approving else (card.role,)
    return card if any(desk.may(card.authority_id, role) for role in roles if role) else None
