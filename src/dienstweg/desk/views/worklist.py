"""The work list: mine, my team's, nobody's, what waits for my agreement; and the next task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from dienstweg.accounts import queries as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.cases import queries as cases
from dienstweg.desk import filters as filtering
from dienstweg.desk import tasknames, urgent
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.paging import page_of
from dienstweg.desk.reading import uuid_or_none
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.reception import visit as visits

_NEXT = 20
"""Tasks among which the next one is looked for."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as the list shows it."""

    card: cases.TaskCard
    service: str
    title: str
    authority: str
    href: str
    days: int
    overdue: bool
    undoable: bool
    whose: str
    due: str
    returned: str


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show one list of tasks, narrowed by the filters of the address, page by page."""
    filters = filtering.read(request.GET)
    wanted = filtering.wanted(filters, desk)
    after = uuid_or_none(request.GET.get("nach", ""))
    mark = cases.mark(after) if after else None
    cards, last = page_of(cases.work_list(wanted, after=mark, limit=cases.PAGE + 1), cases.PAGE)
    found = cases.counts(
        {name: replace(wanted, whose=whose) for name, whose in filtering.LISTS.items()}
        | urgent.tasks_counted(desk),
        beside=urgent.counted(desk),
    )
    lists = _lists(filters, found)
    context = {
        "rows": rows_of(cards, desk, visits.of(request).lang),
        "filters": filters,
        "filtered": replace(filters, whose=filtering.FIRST, order="") != filtering.Filters(),
        "lists": lists,
        "urgent": urgent.lists(desk, visits.of(request).lang, found=found),
        "elsewhere": [one for one in lists if one["count"] != "0"],
        "choices": filtering.choices(desk),
        "views": _views(desk, filters),
        "teams": accounts.teams_of(desk.account_id) if "ansicht" in request.GET else (),
        "naming": "ansicht" in request.GET,
        "keep": filters.query(ansicht=""),
        "more": filters.query(nach=str(last.id)) if last else "",
        "first": filters.query() if after else "",
    }
    return page(request, desk, "desk/tasks.html", context)


@require_safe
@staff
def next_task(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Lead to the next task that this person can decide: their own first, then nobody's.

    ``nach`` is the case from which they come. Without a further task it leads to the list.
    """
    behind = uuid_or_none(request.GET.get("nach", ""))
    for whose in ("meine", "frei"):
        filters = filtering.Filters(whose=whose, state="offen", order=filtering.BY_DUE)
        for card in cases.work_list(filtering.wanted(filters, desk), limit=_NEXT):
            if card.case_id != behind:
                return HttpResponseRedirect(reverse("desk:case", args=[card.case_id]))
    return HttpResponseRedirect(reverse("desk:tasks"))


def rows_of(cards: Sequence[cases.TaskCard], desk: Desk, lang: str) -> list[TaskRow]:
    """Return the tasks as a list shows them, with the names of those whose they are."""
    now = clock.now()
    people = {one for card in cards if (one := card.proposed_by or card.assignee)}
    people |= {card.returned_from for card in cards if card.returned_from}
    known = {desk.account_id: desk.name, **desk.stands_in}
    names = {**known, **(accounts.names(people - known.keys()) if people - known.keys() else {})}
    about = cases.items(cards)
    return [_row(card, about.get(card.id), names, lang, now) for card in cards]


def _row(
    card: cases.TaskCard, item: Any, names: Mapping[UUID, str], lang: str, now: datetime
) -> TaskRow:
    release = offers.release(card.digest)
    person = card.proposed_by or card.assignee
    return TaskRow(
        card=card,
        service=release.text(lang, "service.title", card.task),
        title=tasknames.title(release, lang, card.task, item),
        authority=authorities.card(card.authority_id).short_name,
        href=reverse("desk:case", args=[card.case_id]),
        days=(now - card.submitted_at).days,
        overdue=card.due_at is not None and card.due_at < now,
        undoable=card.undo_until is not None and card.undo_until > now,
        whose=names.get(person, "") if person else "",
        returned=names.get(card.returned_from, "") if card.returned_from else "",
        due=clock.local(card.due_at).strftime("%d.%m.%Y") if card.due_at else "",
    )


def _lists(filters: filtering.Filters, found: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the lists to choose from, with how much is in each of them by the same filters."""
    return [
        {
            "name": name,
            "href": reverse("desk:tasks") + replace(filters, whose=name).query(),
            "count": f"{cases.COUNTED}+" if found[name] == cases.COUNTED else str(found[name]),
            "here": name == filters.whose,
        }
        for name in filtering.LISTS
    ]


def _views(desk: Desk, filters: filtering.Filters) -> list[dict[str, Any]]:
    """Return the views that somebody can choose, each with its address."""
    return [
        {
            "view": view,
            "href": reverse("desk:tasks") + (kept := filtering.read(view.filters)).query(),
            "here": kept == filters,
        }
        for view in accounts.views(desk.account_id)
    ]
