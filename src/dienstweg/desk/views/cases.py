"""A case in full: what was applied for, what was attached, what has happened, what is to do."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.cases.queries import AttachmentCard, CaseFile
from dienstweg.desk import application, casefile, printing
from dienstweg.desk.deciding import Decision
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.panels import decision
from dienstweg.documents import queries as documents
from dienstweg.documents.errors import NoSuchDocument
from dienstweg.files import queries as files
from dienstweg.files.errors import NoSuchFile, NotReleased
from dienstweg.offers import queries as offers
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.downloads import download, view

_TITLES = {
    "elsewhere": "draft_title",
    "draft_long": "draft_title",
    "arrival_day": "arrival_title",
    "arrival_long": "arrival_title",
    "arrival_late": "arrival_title",
    "arrival_twice": "arrival_title",
    "note_empty": "note_title",
    "note_long": "note_title",
    "note_late": "note_title",
    "taken": "task_title",
    "not_theirs": "task_title",
    "same_person": "task_title",
    "changed": "task_title",
    "outdated": "task_title",
    "remark": "task_title",
}
"""What was wrong -> the words above it; else it is the decision that is not kept yet."""


@require_safe
@staff
def show(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Show one case; that it was read is written down."""
    try:
        authority_id = cases.case(case_id).authority_id
        with scope.enter(scope.of(authority_id)):
            return case_page(request, desk, case_id)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


def case_page(
    request: HttpRequest,
    desk: Desk,
    case_id: UUID,
    *,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    decided: tuple[UUID, Decision] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a case, inside the scope of its authority.

    ``problem`` names what was wrong, ``typed`` keeps what was written, ``decided`` what was chosen
    and written for a task.
    """
    file = actions.open_for(case_id=case_id, account_id=desk.account_id)
    context = casefile.context(desk, file, visits.of(request).lang)
    context["problem"] = problem
    context["problem_title"] = f"desk.problem.{_TITLES.get(problem, 'title')}"
    context["typed"] = typed or {}
    if decided is not None:
        shown = context["panels"]
        made = shown["corrections"].revisions
        shown["decision"] = decision.typed_again(shown["decision"], *decided, made)
    return page(request, desk, "desk/case.html", context, status=status)


@require_safe
@staff
def attachment(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Download a file of the application; that it was read is written down.

    One that is not scanned yet leads back to the case, which says so.
    """
    return _file(request, desk, case_id, file_id, download)


@require_safe
@staff
def content(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Show a file of the application inside the page that looks at it; logged like a download."""
    return _file(request, desk, case_id, file_id, view)


def _file(
    request: HttpRequest,
    desk: Desk,
    case_id: UUID,
    file_id: UUID,
    hand_out: Callable[[str, bytes, str], HttpResponse],
) -> HttpResponse:
    """Return a file of any version of the application, if it may be read."""
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            file = actions.open_for(
                case_id=case_id, account_id=desk.account_id, purpose="attachment"
            )
            card = _card(file, file_id)
            if card is None:
                return pages.error(request, 404)
            return hand_out(card.name, files.content(file_id, key=file.key), card.media_type)
    except NotReleased:
        return HttpResponseRedirect(reverse("desk:case", args=[case_id]))
    except (NoSuchCase, Erased, NoSuchFile):
        return pages.error(request, 404)


def _card(file: CaseFile, file_id: UUID) -> AttachmentCard | None:
    """Return the file of the newest version, or of an earlier one in which it still stands."""
    for version in range(file.application.version, 0, -1):
        newest = version == file.application.version
        cards = (
            file.attachments
            if newest
            else cases.attachments(file.case.id, key=file.key, version=version)
        )
        for one in cards:
            if one.file_id == file_id:
                return one
    return None


@require_safe
@staff
def look(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Look at a file of the application, with the way to the one before and the one after."""
    lang = visits.of(request).lang
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            file = actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="look")
            release = offers.release(file.case.digest)
            every = application.attached(file, release, lang)
            if file_id not in {one.card.file_id for one in every}:
                every = application.earlier(file, release, lang)
            shown = [one for one in every if one.can_be_seen]
            places = [one.card.file_id for one in shown]
            if file_id not in places:
                return HttpResponseRedirect(reverse("desk:case", args=[case_id]))
            at = places.index(file_id)
            context = {
                "case": file.case,
                "service": release.text(lang, "service.title", ""),
                "shown": shown[at],
                "number": at + 1,
                "count": len(shown),
                "before": shown[at - 1] if at else None,
                "after": shown[at + 1] if at + 1 < len(shown) else None,
                "earlier": file_id not in {one.file_id for one in file.attachments},
            }
            return page(request, desk, "desk/look.html", context)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


@require_safe
@staff
def compare(
    request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID, new_id: UUID
) -> HttpResponse:
    """Look at a file and at the one that took its place, side by side."""
    lang = visits.of(request).lang
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            file = actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="look")
            release = offers.release(file.case.digest)
            for revision in application.revisions(file, release, lang):
                for pair in revision.files:
                    if pair.both_shown and pair.ids == (file_id, new_id):
                        context = {"case": file.case, "pair": pair, "revision": revision}
                        return page(request, desk, "desk/compare.html", context)
            return HttpResponseRedirect(reverse("desk:case", args=[case_id]))
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


@require_safe
@staff
def printed(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Show the case on one page to be printed; that it was read is written down."""
    lang = visits.of(request).lang
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            file = actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="print")
            return page(request, desk, "desk/print.html", printing.context(desk, file, lang))
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


@require_safe
@staff
def document(request: HttpRequest, desk: Desk, case_id: UUID, document_id: UUID) -> HttpResponse:
    """Download a document of the case; that it was read is written down."""
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            name, content = documents.content(document_id, case_id=case_id)
            actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="document")
            return download(name, content, "application/pdf")
    except (NoSuchCase, Erased, NoSuchDocument):
        return pages.error(request, 404)
