"""Notes about a case, for those who work on it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import EmptyNote, Erased, NoSuchCase, NoSuchNote, TooLateToCorrect
from dienstweg.desk.door import Desk, staff
from dienstweg.desk.views.cases import case_page
from dienstweg.reception import acts, pages
from dienstweg.reception.acts import key_of, once

LIMIT = 4_000


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def add(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Keep a note about a case; who comes back by history sees the case."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:case", args=[case_id]))
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            if not desk.works_at(scope.one()):
                return pages.error(request, 403)
            return _add(request, desk=desk, case_id=case_id)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


@once("desk.note")
def _add(request: HttpRequest, *, desk: Desk, case_id: UUID) -> HttpResponse:
    text = request.POST.get("notiz", "")
    if len(text) > LIMIT:
        raise acts.Refused(lambda: _refused(request, desk, case_id, "note_long", text))
    try:
        actions.note(case_id=case_id, account_id=desk.account_id, key=key_of(request), text=text)
    except EmptyNote as error:
        raise acts.Refused(lambda: _refused(request, desk, case_id, "note_empty", "")) from error
    return HttpResponseRedirect(reverse("desk:case", args=[case_id]) + "#notizen")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def correct(request: HttpRequest, desk: Desk, case_id: UUID, note_id: UUID) -> HttpResponse:
    """Write a note of one's own anew, as long as that may be; empty, it is deleted."""
    back = HttpResponseRedirect(reverse("desk:case", args=[case_id]) + "#notizen")
    if request.method != "POST":
        return back
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            text = request.POST.get("notiz", "")[:LIMIT]
            try:
                actions.correct_note(note_id=note_id, account_id=desk.account_id, text=text)
            except TooLateToCorrect:
                return _refused(request, desk, case_id, "note_late", "")
    except (NoSuchCase, Erased, NoSuchNote):
        return pages.error(request, 404)
    return back


def _refused(
    request: HttpRequest, desk: Desk, case_id: UUID, problem: str, text: str
) -> HttpResponse:
    """Show the case again with what was typed; nothing was kept."""
    return case_page(request, desk, case_id, problem=problem, typed={"notiz": text}, status=422)
