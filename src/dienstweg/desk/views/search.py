"""Finding a case: by its number, by words and dates of its application, by service and days."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.cases import queries as cases
from dienstweg.design.words import say
from dienstweg.desk import filters as filtering
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.paging import page_of
from dienstweg.desk.reading import day_or_none, uuid_or_none
from dienstweg.offers import queries as offers
from dienstweg.reception import visit as visits

STATES = {"offen": "open", "abgeschlossen": "closed", "zurueckgezogen": "withdrawn"}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed and chosen; ``since`` and ``until`` as typed."""

    suche: str = ""
    leistung: str = ""
    behoerde: str = ""
    stand: str = ""
    von: str = ""
    bis: str = ""

    def query(self, **more: str) -> str:
        """Return the query of an address with this search, and ``more``."""
        given = {name: value for name, value in asdict(self).items() if value}
        return "?" + urlencode({**given, **more})


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the cases that fit, the newest first; a whole number leads to its case at once."""
    search = _read(request.GET)
    number = cases.by_number(search.suche) if search.suche else None
    if number is not None:
        return HttpResponseRedirect(reverse("desk:case", args=[number.id]))
    before = uuid_or_none(request.GET.get("vor", ""))
    found = cases.found(_sought(search, desk), before=before, limit=cases.PAGE + 1)
    views, last = page_of(found, cases.PAGE)
    lang = visits.of(request).lang
    context = {
        "rows": [_row(view, lang) for view in views],
        "search": search,
        "searching": search != Search(),
        "too_little": cases.says_too_little(search.suche),
        "choices": filtering.choices(desk),
        "more": search.query(vor=str(last.id)) if last else "",
    }
    return page(request, desk, "desk/cases.html", context)


def _read(given: QueryDict) -> Search:
    def one(name: str) -> str:
        return given.get(name, "").strip()[:_LONGEST]

    stand = one("stand")
    return Search(
        suche=one("suche") or one("nummer"),
        leistung=one("leistung"),
        behoerde=one("behoerde"),
        stand=stand if stand in STATES else "",
        von=_day(one("von")),
        bis=_day(one("bis")),
    )


def _day(text: str) -> str:
    """Return a day as it stands in an address; what is none is left out."""
    found = day_or_none(text)
    return found.isoformat() if found else ""


def _sought(search: Search, desk: Desk) -> cases.Sought:
    return cases.Sought(
        text=search.suche,
        authority_id=filtering.place_of(search.behoerde, desk),
        offers=filtering.offer_ids(search.leistung),
        state=STATES.get(search.stand, ""),
        since=date.fromisoformat(search.von) if search.von else None,
        until=date.fromisoformat(search.bis) if search.bis else None,
    )


def _row(view: cases.CaseView, lang: str) -> dict[str, Any]:
    return {
        "case": view,
        "href": reverse("desk:case", args=[view.id]),
        "service": offers.release(view.digest).text(lang, "service.title", ""),
        "authority": authorities.card(view.authority_id).short_name,
        "state": say(lang, f"desk.state.{view.state}"),
    }
