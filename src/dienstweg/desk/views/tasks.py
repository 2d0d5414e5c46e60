"""What waits for a decision, the decision, and taking it back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import task_forms
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import (
    AlreadyDecided,
    Erased,
    NoSuchTask,
    ReasonNeeded,
    TooLateToUndo,
    UnknownOutcome,
)
from dienstweg.desk import deciding
from dienstweg.desk.deciding import Decision
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.reading import uuid_or_none
from dienstweg.desk.views.cases import case_page
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import once


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as the list shows it."""

    card: cases.TaskCard
    service: str
    title: str
    authority: str
    href: str
    days: int
    overdue: bool
    undoable: bool


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the open tasks that are this person's to do, the oldest first."""
    after = uuid_or_none(request.GET.get("nach", ""))
    cards = cases.open_tasks(after=after, roles=desk.roles)
    now, lang = clock.now(), visits.of(request).lang
    rows = [_row(card, lang, now) for card in cards]
    last = cards[-1].id if len(cards) == cases.PAGE else None
    return page(request, desk, "desk/tasks.html", {"rows": rows, "last": last, "after": after})


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
    )
    return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def undo(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Take a decision back, as long as nothing has left the house."""
    task = own_task(desk, task_id)
    if task is None:
        return pages.error(request, 404)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]))
    with scope.enter(scope.of(task.authority_id)):
        try:
            actions.undo(task_id=task_id, account_id=desk.account_id)
        except TooLateToUndo:
            return _refused(request, desk, task, "too_late")
    return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]))


def own_task(desk: Desk, task_id: UUID) -> cases.TaskCard | None:
    """Return the task if it is in the scope and for a role of this person."""
    try:
        card = cases.task(task_id).card
    except (NoSuchTask, Erased):
        return None
    return card if desk.may(card.authority_id, card.role) else None


def _row(card: cases.TaskCard, lang: str, now: datetime) -> TaskRow:
    release = offers.release(card.digest)
    return TaskRow(
        card=card,
        service=release.text(lang, "service.title", card.task),
        title=release.text(lang, f"tasks.{card.task}.title", card.task),
        authority=authorities.card(card.authority_id).short_name,
        href=reverse("desk:case", args=[card.case_id]),
        days=(now - card.submitted_at).days,
        overdue=card.due_at is not None and card.due_at < now,
        undoable=card.undo_until is not None and card.undo_until > now,
    )
