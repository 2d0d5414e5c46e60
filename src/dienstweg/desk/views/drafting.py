"""What a decision would look like, before it is taken.

A worker typesets it; the page waits and reloads itself. Nothing is decided by looking.
"""

from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import (
    AlreadyDecided,
    DraftChanged,
    DraftTooLong,
    Erased,
    NoSuchCase,
    NoSuchTask,
)
from dienstweg.desk import deciding
from dienstweg.desk.deciding import Decision
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.reading import count_or_zero
from dienstweg.desk.views.tasks import own_task
from dienstweg.documents import actions as documents
from dienstweg.documents import queries as drafts
from dienstweg.documents.errors import NoSuchDocument
from dienstweg.offers import queries as offers
from dienstweg.processes import queries as processes
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.downloads import view


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def preview(request: HttpRequest, desk: Desk, task_id: UUID) -> HttpResponse:
    """Order the document that a decision would bring about, and lead to where it will be shown."""
    task = own_task(desk, task_id)
    if task is None:
        return pages.error(request, 404)
    if request.method != "POST" or task.state != "open":
        return HttpResponseRedirect(reverse("desk:case", args=[task.case_id]))
    release = offers.release(task.digest)
    decision = deciding.read(request.POST, task, release, visits.of(request).lang)
    with scope.enter(scope.of(task.authority_id)):
        try:
            actions.open_for(case_id=task.case_id, account_id=desk.account_id, purpose="preview")
        except (NoSuchCase, Erased):
            return pages.error(request, 404)
        _keep(request, desk, task)
        if decision.problem:
            return _told(request, desk, task.case_id, "unready", decision.problem, status=422)
        return _order(request, desk, task, decision)


def _keep(request: HttpRequest, desk: Desk, task: cases.TaskCard) -> None:
    """Keep what was written on the page of the case: who looks before deciding has not decided.

    That page stays open beside the preview, and says at its own next save what is refused here.
    """
    if deciding.VERSION not in request.POST:
        return
    with suppress(AlreadyDecided, DraftChanged, DraftTooLong, NoSuchTask):
        actions.keep_draft(
            task_id=task.id,
            account_id=desk.account_id,
            given=deciding.inputs(request.POST, task),
            version=count_or_zero(request.POST.get(deciding.DRAFT, "")),
            counted=False,
        )


def _order(
    request: HttpRequest, desk: Desk, task: cases.TaskCard, decision: Decision
) -> HttpResponse:
    event = process.TaskCompleted(task.key, decision.outcome, dict(decision.data), decision.reason)
    try:
        written = processes.foreseen(case_id=task.case_id, event=event)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)
    except process.Stuck:
        return _told(request, desk, task.case_id, "failed", status=422)
    if not written:
        return _told(request, desk, task.case_id, "none")
    preview_id = documents.order_preview(
        case_id=task.case_id,
        account_id=desk.account_id,
        template=written[0].document,
        data=written[0].data,
    )
    return HttpResponseRedirect(reverse("desk:draft", args=[task.case_id, preview_id]))


@require_safe
@staff
def draft(request: HttpRequest, desk: Desk, case_id: UUID, preview_id: UUID) -> HttpResponse:
    """Show a preview once it is there; until then a page that reloads itself."""
    try:
        authority_id = cases.case(case_id).authority_id
        with scope.enter(scope.of(authority_id)):
            state = drafts.preview_state(preview_id, account_id=desk.account_id)
            if state == "written":
                content = drafts.preview_content(
                    preview_id, case_id=case_id, account_id=desk.account_id
                )
                actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="preview")
                return view("Vorschau.pdf", content, "application/pdf")
    except (NoSuchCase, Erased):
        return pages.error(request, 404)
    except NoSuchDocument:
        state = ""
    words = {"ordered": "waits", "failed": "failed"}.get(state, "gone")
    return _told(request, desk, case_id, words, status=200 if words == "waits" else 404)


def _told(
    request: HttpRequest,
    desk: Desk,
    case_id: UUID,
    words: str,
    problem: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    """Say how it stands with a preview; ``problem`` is what is missing for one."""
    context = {"words": words, "problem": problem, "case_id": case_id, "waits": words == "waits"}
    return page(request, desk, "desk/preview.html", context, status=status)
