"""Keeping what was written for a decision until it is sent: by itself while typing, or by hand."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases.errors import AlreadyDecided, Erased, NoSuchTask
from dienstweg.desk import deciding
from dienstweg.desk.door import Desk, staff
from dienstweg.desk.views.cases import case_page
from dienstweg.desk.views.tasks import own_task
from dienstweg.offers import queries as offers
from dienstweg.reception import pages
from dienstweg.reception import visit as visits

QUIETLY = "X-Dienstweg-Autosave"
FORGET = "verwerfen"
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "handlung", "version", "weiter", FORGET})
_MOST, _LONGEST = 200, 10_000


@require_POST
@staff
def keep(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Keep the inputs of a decision for this person; ``verwerfen`` forgets them."""
    task = own_task(desk, task_id)
    if task is None:
        return pages.error(request, 404)
    quietly = QUIETLY in request.headers
    given = {} if request.POST.get(FORGET) else inputs(request.POST)
    with scope.enter(scope.of(task.authority_id)):
        try:
            actions.keep_draft(task_id=task_id, account_id=desk.account_id, given=given)
        except (NoSuchTask, Erased):
            return pages.error(request, 404)
        except AlreadyDecided:
            if quietly:
                return JsonResponse({}, status=409)
            lang, release = visits.of(request).lang, offers.release(task.digest)
            typed = deciding.read(request.POST, task, release, lang)
            return case_page(
                request, desk, task.case_id, problem="decided", decided=(task_id, typed), status=422
            )
    if quietly:
        return JsonResponse({"version": 0})
    return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]) + f"#aufgabe-{task_id}")


def inputs(posted: QueryDict) -> dict[str, list[str]]:
    """Return the inputs of a decision as they were typed, without what belongs to the page."""
    named = [(name, texts) for name, texts in posted.lists() if name not in _NOT_KEPT]
    return {
        name[:120]: [text[:_LONGEST] for text in texts[:_MOST]] for name, texts in named[:_MOST]
    }
