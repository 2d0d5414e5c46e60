"""Noting what came by paper or telephone: an objection against a decision."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from dienstweg.authorities import scope
from dienstweg.blueprint import arrivals
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.desk.door import Desk, staff
from dienstweg.desk.reading import day_or_none
from dienstweg.desk.views.cases import case_page
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.processes import actions
from dienstweg.processes.errors import AlreadyNoted, NotAwaited
from dienstweg.reception import acts, pages

LIMIT = 3_500
_FIELDS = ("eingang", "eingang_am", "eingang_notiz")


@require_POST
@staff
def note(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Note that something came on a day, with a remark; the process goes on with it."""
    try:
        case = cases.case(case_id)
        release = offers.release(case.digest)
        found = arrivals.declared(release).get(request.POST.get("eingang", ""))
        if found is None:
            return pages.error(request, 404)
        if not desk.may(case.authority_id, found.role):
            return pages.error(request, 403)
        title = release.text("de", f"arrivals.{found.id}.title", found.id)
        with scope.enter(scope.of(case.authority_id)):
            return _note(request, desk=desk, case=case, arrival=found.id, title=title)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


@acts.once("desk.arrival")
def _note(
    request: HttpRequest, *, desk: Desk, case: cases.CaseView, arrival: str, title: str
) -> HttpResponse:
    remark = request.POST.get("eingang_notiz", "").strip()
    day = day_or_none(request.POST.get("eingang_am", ""))
    if day is None or not clock.local(case.submitted_at).date() <= day <= clock.today():
        raise _refused(request, desk, case.id, "arrival_day")
    if len(remark) > LIMIT:
        raise _refused(request, desk, case.id, "arrival_long")
    try:
        actions.note_arrival(
            case_id=case.id,
            account_id=desk.account_id,
            key=acts.key_of(request),
            arrival=arrival,
            on=day,
            text=f"{title}, eingegangen am {day:%d.%m.%Y}.\n\n{remark}",
        )
    except NotAwaited as error:
        raise _refused(request, desk, case.id, "arrival_late") from error
    except AlreadyNoted as error:
        raise _refused(request, desk, case.id, "arrival_twice") from error
    return HttpResponseRedirect(reverse("desk:case", args=[case.id]))


def _refused(request: HttpRequest, desk: Desk, case_id: UUID, problem: str) -> acts.Refused:
    """Say what was wrong on the page of the case, with what was typed."""
    typed = {name: request.POST.get(name, "")[: LIMIT * 2] for name in _FIELDS}
    return acts.Refused(
        lambda: case_page(request, desk, case_id, problem=problem, typed=typed, status=422)
    )
