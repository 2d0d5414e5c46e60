"""Whose a task is, and the agreement of the second person: asked for on the page of the case."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import (
    AlreadyDecided,
    ApplicationChanged,
    Erased,
    NoSuchTask,
    NotTheirs,
    ProposalChanged,
    ReasonNeeded,
    SamePerson,
    TakenMeanwhile,
)
from dienstweg.desk.door import LEADS, Desk, staff
from dienstweg.desk.reading import moment_or_none, number_or_none, uuid_or_none
from dienstweg.desk.views.cases import case_page
from dienstweg.reception import pages
from dienstweg.reception.acts import once

_MAX_REMARK = 5000
_REFUSED: dict[type[Exception], str] = {
    AlreadyDecided: "decided",
    SamePerson: "same_person",
    ProposalChanged: "changed",
    ApplicationChanged: "outdated",
    ReasonNeeded: "remark",
    TakenMeanwhile: "taken",
    NotTheirs: "not_theirs",
}
"""What can be refused -> the words for it."""


def may_assign(desk: Desk, card: cases.TaskCard) -> bool:
    """Tell whether the task is this person's to take or to give away."""
    return desk.may(card.authority_id, card.role) or desk.may(card.authority_id, LEADS)


@require_POST
@staff
def assign(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Make a task that of the person ``an``, or nobody's; ``statt`` is whose it was on the page."""
    card = _task(task_id)
    if card is None or not may_assign(desk, card):
        return pages.error(request, 404)
    given = request.POST.get("an", "")
    to = uuid_or_none(given)
    if given and to is None:
        return pages.error(request, 404)
    instead = uuid_or_none(request.POST.get("statt", ""))
    return _do(
        request,
        desk,
        card,
        lambda: actions.assign(
            task_id=task_id, to=to, account_id=desk.account_id, instead_of=instead
        ),
    )


@require_POST
@staff
def agree(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Agree to what another person has proposed: to what stood on the page (``vorschlag``)."""
    card = _to_approve(desk, task_id)
    if card is None:
        return pages.error(request, 404)
    with scope.enter(scope.of(card.authority_id)):
        return _do(request, desk, card, lambda: _agree_once(request, desk=desk, card=card))


@once("desk.agree")
def _agree_once(request: HttpRequest, *, desk: Desk, card: cases.TaskCard) -> HttpResponse:
    read = moment_or_none(request.POST.get("vorschlag", ""))
    if read is None:
        raise ProposalChanged
    actions.agree(
        task_id=card.id,
        account_id=desk.account_id,
        proposed_at=read,
        version=number_or_none(request.POST.get("fassung", "")) or 0,
    )
    return HttpResponseRedirect(reverse("desk:case", args=[card.case_id]))


@require_POST
@staff
def send_back(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Do not agree, and say why."""
    card = _to_approve(desk, task_id)
    if card is None:
        return pages.error(request, 404)
    remark = request.POST.get("bemerkung", "")[:_MAX_REMARK]
    return _do(
        request,
        desk,
        card,
        lambda: actions.send_back(task_id=task_id, account_id=desk.account_id, remark=remark),
    )


def _do(
    request: HttpRequest, desk: Desk, card: cases.TaskCard, act: Callable[[], object]
) -> HttpResponse:
    """Do it and show the case; what is refused is said there."""
    with scope.enter(scope.of(card.authority_id)):
        try:
            done = act()
        except tuple(_REFUSED) as error:
            typed = {"bemerkung": request.POST.get("bemerkung", "")[:_MAX_REMARK]}
            problem = _REFUSED[type(error)]
            return case_page(request, desk, card.case_id, problem=problem, typed=typed, status=422)
        except (NoSuchTask, Erased):
            return pages.error(request, 404)
    if isinstance(done, HttpResponse):
        return done
    return HttpResponseRedirect(reverse("desk:case", args=[card.case_id]))


def _task(task_id: UUID) -> cases.TaskCard | None:
    try:
        return cases.task(task_id).card
    except (NoSuchTask, Erased):
        return None


def _to_approve(desk: Desk, task_id: UUID) -> cases.TaskCard | None:
    """Return the task if this person has the role of the second person for it."""
    card = _task(task_id)
    if card is None or not card.approval_role:
        return None
    return card if desk.may(card.authority_id, card.approval_role) else None
