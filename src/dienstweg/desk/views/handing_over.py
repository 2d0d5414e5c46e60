"""Hand a case over to the authority that is responsible: look before, order, call off."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.authorities.queries import AuthorityCard
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.cases.errors import Erased, NoSuchCase, NotAllowed
from dienstweg.design.words import say
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.reading import uuid_or_none
from dienstweg.processes import actions
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import Refused, new_key, once


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def hand_over(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Choose the authority, see what goes and who is told, and order it; or take that back."""
    try:
        with scope.enter(scope.of(queries.case(case_id).authority_id)):
            if not desk.works_at(scope.one()):
                return pages.error(request, 403)
            if request.method != "POST":
                return _page(request, desk, case_id)
            if request.POST.get("abbrechen"):
                return _call_off(request, desk, case_id)
            if request.POST.get("abgeben"):
                return _order(request, desk=desk, case_id=case_id)
            return _page(request, desk, case_id)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


@once("desk.hand_over")
def _order(request: HttpRequest, *, desk: Desk, case_id: UUID) -> HttpResponse:
    chosen = _chosen(request, case_id)
    if chosen is None:
        raise Refused(lambda: _page(request, desk, case_id, problem="nobody", status=422))
    try:
        actions.order(case_id=case_id, to=chosen.id, account_id=desk.account_id)
    except NotAllowed as error:
        raise Refused(
            lambda: _page(request, desk, case_id, problem="hindered", status=409)
        ) from error
    return HttpResponseRedirect(reverse("desk:hand_over", args=[case_id]))


def _call_off(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    try:
        cases.call_off_handing_over(case_id=case_id, account_id=desk.account_id)
    except NotAllowed:
        return _page(request, desk, case_id, problem="too_late", status=409)
    return HttpResponseRedirect(reverse("desk:case", args=[case_id]))


def _page(
    request: HttpRequest,
    desk: Desk,
    case_id: UUID,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    lang = visits.of(request).lang
    file = cases.open_for(case_id=case_id, account_id=desk.account_id, purpose="handing_over")
    case, chosen = file.case, _chosen(request, case_id)
    seen = actions.preview_handing_over(case_id=case_id, to=chosen.id) if chosen else None
    if request.method == "POST" and chosen is None and not problem:
        problem, status = "nobody", 422
    context = {
        "case": case,
        "others": _others(case),
        "chosen": chosen,
        "seen": seen,
        "hindrances": [
            say(lang, f"desk.hand_over.hindrance.{one}")
            for one in (seen.hindrances if seen else ())
        ],
        "blocked": seen is not None and bool(set(seen.hindrances) - actions.PASSING),
        "under_way": authorities.card(case.handing_to).name if case.handing_to else "",
        "gone": authorities.card(case.moved_to).name if case.moved_to else "",
        "problem": problem,
        "act": new_key(),
    }
    return page(request, desk, "desk/hand_over.html", context, status=status)


def _chosen(request: HttpRequest, case_id: UUID) -> AuthorityCard | None:
    """Return the authority that was chosen, if the case can go there."""
    wanted = uuid_or_none(request.POST.get("behoerde", ""))
    others = _others(queries.case(case_id))
    return next((one for one in others if one.id == wanted), None)


def _others(case: queries.CaseView) -> list[AuthorityCard]:
    return [one for one in authorities.all_cards() if one.id != case.authority_id]
