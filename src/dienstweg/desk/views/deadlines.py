"""What falls due: legal periods that end soon, or are over without a decision."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.paging import page_of
from dienstweg.desk.periods import in_words
from dienstweg.desk.reading import uuid_or_none
from dienstweg.offers import queries as offers
from dienstweg.processes import queries as processes
from dienstweg.reception import visit as visits

PAGE = 50


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the periods of this person's authorities by their ends; those passed on are marked."""
    lang = visits.of(request).lang
    after = uuid_or_none(request.GET.get("nach", ""))
    views, last = page_of(processes.falling_due(after=after, limit=PAGE + 1), PAGE)
    rows = []
    for view in views:
        release = offers.release(view.digest)
        rows.append(
            {
                "view": view,
                "period": in_words(view, release, lang),
                "service": release.text(lang, "service.title", ""),
                "authority": authorities.card(view.authority_id).short_name,
                "told": desk.may(view.authority_id, view.escalated_to),
            }
        )
    context = {"rows": rows, "last": last.id if last else None, "after": after}
    return page(request, desk, "desk/falling_due.html", context)
