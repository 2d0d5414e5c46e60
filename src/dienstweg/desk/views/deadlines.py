"""What falls due: legal periods, answers of parties and tasks that end soon, or are over."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dienstweg.desk import urgent
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.paging import page_of
from dienstweg.desk.reading import moment_or_none, uuid_or_none
from dienstweg.reception import visit as visits

PAGE = 50


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what is due at this person's authorities by its day, or one list (``stand``) of it."""
    lang = visits.of(request).lang
    kind: urgent.Kind = next((one for one in urgent.KINDS if one == request.GET.get("stand")), "")
    after = _after(request.GET)
    rows, last = page_of(urgent.rows(desk, kind, lang, after=after, limit=PAGE + 1), PAGE)
    stand = {"stand": kind} if kind else {}
    context = {
        "rows": rows,
        "lists": urgent.lists(desk, lang, here=kind),
        "kind": kind,
        "more": _query(**stand, nach=str(last.id), nachzeit=last.due_at.isoformat())
        if last
        else "",
        "first": _query(**stand) if after else "",
    }
    return page(request, desk, "desk/falling_due.html", context)


def _after(given: QueryDict) -> tuple[datetime, UUID] | None:
    """Return where the page before ended."""
    own, at = uuid_or_none(given.get("nach", "")), moment_or_none(given.get("nachzeit", ""))
    return (at, own) if own and at else None


def _query(**given: str) -> str:
    return "?" + urlencode(given)
