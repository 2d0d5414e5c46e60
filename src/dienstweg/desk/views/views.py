"""Views of the work list that somebody keeps, for themselves or for their team."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from dienstweg.accounts import actions
from dienstweg.accounts.errors import NoSuchTeam, TooMany
from dienstweg.desk import filters as filtering
from dienstweg.desk.door import Desk, staff
from dienstweg.desk.reading import uuid_or_none
from dienstweg.reception import pages

_NAME = 60


@require_POST
@staff
def keep(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep the filters of the form under a name; without a name nothing is kept."""
    filters = filtering.read(request.POST)
    name = " ".join(request.POST.get("name", "").split())[:_NAME]
    given = request.POST.get("team", "")
    team_id = uuid_or_none(given)
    if not name:
        return HttpResponseRedirect(reverse("desk:tasks") + filters.query(ansicht=""))
    if given and team_id is None:
        return pages.error(request, 404)
    try:
        actions.keep_view(
            account_id=desk.account_id, name=name, filters=filters.parameters(), team_id=team_id
        )
    except NoSuchTeam:
        return pages.error(request, 404)
    except TooMany:
        return pages.error(request, 409)
    return HttpResponseRedirect(reverse("desk:tasks") + filters.query())


@require_POST
@staff
def forget(_request: HttpRequest, desk: Desk, view_id: UUID) -> HttpResponse:
    """Forget a view of this person; one that somebody else shares stays."""
    actions.forget_view(view_id=view_id, account_id=desk.account_id)
    return HttpResponseRedirect(reverse("desk:tasks"))
