"""Keeping what was written for a decision until it is sent: by itself while typing, or by hand."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import AlreadyDecided, DraftChanged, DraftTooLong, Erased, NoSuchTask
from dienstweg.desk import deciding
from dienstweg.desk.door import Desk, staff
from dienstweg.desk.reading import count_or_zero
from dienstweg.desk.views.cases import case_page
from dienstweg.desk.views.tasks import own_task
from dienstweg.offers import queries as offers
from dienstweg.reception import pages
from dienstweg.reception import visit as visits

QUIETLY = "X-Dienstweg-Autosave"
FORGET = "verwerfen"
_REFUSED: Mapping[type[Exception], tuple[str, int]] = {
    AlreadyDecided: ("decided", 410),
    DraftChanged: ("elsewhere", 409),
    DraftTooLong: ("draft_long", 413),
}
"""What can be refused -> the word for it, and how a page that saves by itself is told."""


@require_POST
@staff
def keep(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Keep the inputs of a decision for this person; ``verwerfen`` forgets them."""
    task = own_task(desk, task_id)
    if task is None:
        return pages.error(request, 404)
    quietly = QUIETLY in request.headers
    given = {} if request.POST.get(FORGET) else deciding.inputs(request.POST, task)
    with scope.enter(scope.of(task.authority_id)):
        try:
            version = actions.keep_draft(
                task_id=task_id,
                account_id=desk.account_id,
                given=given,
                version=count_or_zero(request.POST.get(deciding.DRAFT, "")),
            )
        except (NoSuchTask, Erased):
            return pages.error(request, 404)
        except tuple(_REFUSED) as error:
            problem, status = _REFUSED[type(error)]
            if quietly:
                return JsonResponse({}, status=status)
            return _refused(request, desk, task, problem)
    if quietly:
        return JsonResponse({"version": version})
    return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]) + f"#aufgabe-{task_id}")


def _refused(request: HttpRequest, desk: Desk, task: cases.TaskCard, problem: str) -> HttpResponse:
    """Show the case again with what was typed here, and with what another window has kept."""
    lang, release = visits.of(request).lang, offers.release(task.digest)
    typed = replace(deciding.read(request.POST, task, release, lang, judged=False), problem=problem)
    return case_page(
        request, desk, task.case_id, problem=problem, decided=(task.id, typed), status=422
    )
