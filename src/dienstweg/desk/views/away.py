"""Being away: somebody says so for themselves, or who leads the team says so for them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dienstweg.accounts import actions
from dienstweg.accounts import queries as accounts
from dienstweg.accounts.errors import NoSuchColleague, TooMany, WrongDates
from dienstweg.cases import actions as cases
from dienstweg.desk.door import LEADS, Desk, page, staff
from dienstweg.desk.reading import day_or_none, uuid_or_none
from dienstweg.kernel import clock
from dienstweg.reception import pages

_REFUSED: dict[type[Exception], str] = {
    WrongDates: "dates",
    NoSuchColleague: "deputy",
    TooMany: "too_many",
}
"""What can be refused -> the words for it."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def away(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the form, or note that somebody (``wer``, else this person) is away.

    For somebody else only where this person leads at an authority that the other works for.
    """
    given = request.POST.get("wer", "") or request.GET.get("wer", "")
    who = uuid_or_none(given) if given else desk.account_id
    if who is None or not _may(desk, who):
        return pages.error(request, 404)
    if request.method != "POST":
        return _form(request, desk, who)
    begins = day_or_none(request.POST.get("von", ""))
    ends = day_or_none(request.POST.get("bis", ""))
    deputy = request.POST.get("vertretung", "")
    deputy_id = uuid_or_none(deputy)
    if begins is None or (request.POST.get("bis", "").strip() and ends is None):
        return _form(request, desk, who, problem="dates", status=422)
    if deputy and (deputy_id is None or not _may_choose(desk, who, deputy_id)):
        return _form(request, desk, who, problem="deputy", status=422)
    try:
        actions.be_away(
            account_id=who,
            begins=begins,
            ends=ends,
            deputy_id=deputy_id,
            made_by=desk.account_id,
        )
    except tuple(_REFUSED) as error:
        return _form(request, desk, who, problem=_REFUSED[type(error)], status=422)
    return HttpResponseRedirect(reverse("desk:teams"))


@require_POST
@staff
def back(request: HttpRequest, desk: Desk, absence_id: UUID) -> HttpResponse:
    """End an absence of this person, or of somebody (``wer``) whom they lead."""
    given = request.POST.get("wer", "")
    who = uuid_or_none(given) if given else desk.account_id
    if who is None or not _may(desk, who):
        return pages.error(request, 404)
    actions.be_back(absence_id=absence_id, account_id=who)
    cases.return_after_absence()
    return HttpResponseRedirect(reverse("desk:teams"))


@require_POST
@staff
def reminders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Note whether this person wants e-mails about what falls due (``an``: ja)."""
    actions.want_reminders(account_id=desk.account_id, wanted=request.POST.get("an") == "ja")
    return HttpResponseRedirect(reverse("desk:teams"))


def coming(desk: Desk) -> dict[str, Any]:
    """Return what the page of teams says of this person, and the absences of whom they lead."""
    led = {one.id for one in accounts.colleagues(desk.with_role(LEADS))}
    return {
        "absences": accounts.absences({desk.account_id}),
        "reminded": accounts.wants_reminders(desk.account_id),
        "others_absences": accounts.absences(led - {desk.account_id}),
    }


def _may(desk: Desk, who: UUID) -> bool:
    """Tell whether this person may say of ``who`` that they are away."""
    if who == desk.account_id:
        return True
    return any(one.id == who for one in accounts.colleagues(desk.with_role(LEADS)))


def _may_choose(desk: Desk, who: UUID, deputy_id: UUID) -> bool:
    """Tell whether this person may say who stands in: that gives the deputy what ``who`` may do.

    Everybody chooses their own deputy. For somebody else one has to lead wherever the deputy gets
    their roles, or whoever leads at one authority could open another's doors.
    """
    if who == desk.account_id:
        return True
    places = accounts.own_roles(who).keys() & accounts.own_roles(deputy_id).keys()
    return places <= set(desk.with_role(LEADS))


def _form(
    request: HttpRequest, desk: Desk, who: UUID, *, problem: str = "", status: int = 200
) -> HttpResponse:
    people = accounts.colleagues(accounts.own_roles(who))
    leads = accounts.colleagues(desk.with_role(LEADS))
    context = {
        "who": who,
        "people": [one for one in people if one.id != who],
        "led": [one for one in leads if one.id != desk.account_id],
        "today": clock.today().isoformat(),
        "problem": problem,
        "typed": {name: request.POST.get(name, "") for name in ("von", "bis", "vertretung")},
    }
    return page(request, desk, "desk/away.html", context, status=status)
