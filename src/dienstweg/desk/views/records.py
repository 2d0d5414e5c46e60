"""The whole case as one file, to be put into the records system."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.authorities import scope
from dienstweg.cases import actions as case_actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.design.uploads import size
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.moments import moment
from dienstweg.files.errors import NoSuchFile
from dienstweg.offers import queries as offers
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import key_of, new_key, once
from dienstweg.reception.downloads import download_in_pieces
from dienstweg.records import actions, queries
from dienstweg.records.errors import NoSuchExport


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def export(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Show how the archive of a case stands; ask for one.

    Written down is who orders one and who takes it. The page that waits reloads itself, and shows
    nothing of the case.
    """
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            if not desk.works_at(scope.one()):
                return pages.error(request, 403)
            if request.method == "POST":
                return _order(request, desk=desk, case_id=case_id)
            return _page(request, desk, case_id)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


@once("desk.export")
def _order(request: HttpRequest, *, desk: Desk, case_id: UUID) -> HttpResponse:
    case_actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="export")
    actions.order(case_id=case_id, account_id=desk.account_id, key=key_of(request))
    return HttpResponseRedirect(reverse("desk:export", args=[case_id]))


def _page(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    found = queries.newest(case_id)
    if found is not None and found.state == "ordered":
        return _waiting(request, desk, case_id)
    lang = visits.of(request).lang
    case = case_actions.open_for(case_id=case_id, account_id=desk.account_id).case
    context = {
        "case": case,
        "service": offers.release(case.digest).text(lang, "service.title", ""),
        "export": found,
        "size": size(found.size, lang) if found else "",
        "ordered_at": moment(found.ordered_at) if found else "",
        "until": moment(found.ends_at) if found else "",
        "act": new_key(),
    }
    return page(request, desk, "desk/export.html", context)


def _waiting(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Show that an archive is being made: only the number, for the case is not opened."""
    card = cases.case(case_id)
    if card.state == "erased":
        raise Erased
    return page(request, desk, "desk/export.html", {"case": card, "waits": True})


@require_safe
@staff
def archive(request: HttpRequest, desk: Desk, case_id: UUID, export_id: UUID) -> HttpResponseBase:
    """Download the archive of a case; that all of it was taken is written down."""
    try:
        case = cases.case(case_id)
        with scope.enter(scope.of(case.authority_id)):
            if not desk.works_at(case.authority_id):
                return pages.error(request, 403)
            size_in_bytes, pieces = queries.content(export_id, case_id=case_id)
            case_actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="export")
            return download_in_pieces(
                f"{case.number}.zip", pieces, size_in_bytes, "application/zip"
            )
    except NoSuchExport:
        return HttpResponseRedirect(reverse("desk:export", args=[case_id]))
    except (NoSuchCase, Erased, NoSuchFile):
        return pages.error(request, 404)
