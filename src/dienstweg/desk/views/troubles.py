"""Cases whose process stands still because of an error, and the second try."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.moments import moment
from dienstweg.desk.troubles import cause, element
from dienstweg.offers import queries as offers
from dienstweg.processes import actions
from dienstweg.processes import queries as processes
from dienstweg.reception import pages
from dienstweg.reception import visit as visits


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the cases that stand still, the oldest first, without what applicants wrote."""
    lang = visits.of(request).lang
    rows = []
    for trouble in processes.stuck():
        release = offers.release(trouble.digest)
        rows.append(
            {
                "trouble": trouble,
                "service": release.text(lang, "service.title", ""),
                "authority": authorities.card(trouble.authority_id).short_name,
                "cause": cause(trouble.code, lang),
                "element": element(release, trouble.where),
                "since": moment(trouble.first_at),
            }
        )
    return page(request, desk, "desk/troubles.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def try_again(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Let the process take once more what it could not take, and show the case."""
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            if not desk.works_at(scope.one()):
                return pages.error(request, 403)
            if request.method == "POST":
                actions.try_again(case_id=case_id)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)
    return HttpResponseRedirect(reverse("desk:case", args=[case_id]))
