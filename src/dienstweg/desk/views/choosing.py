"""Many tasks at once: chosen in the list, looked at in a preview, done, and told what was done."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from dienstweg.accounts import queries as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.cases import queries as cases
from dienstweg.desk import bulk, tasknames
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.reading import number_or_none, uuid_or_none
from dienstweg.offers import queries as offers
from dienstweg.reception import acts, pages
from dienstweg.reception import visit as visits

VERBS: Mapping[str, bulk.Verb] = {
    "uebernehmen": "claim",
    "abgeben": "release",
    "zuweisen": "assign",
    "entscheiden": "decide",
    "zuruecknehmen": "undo",
}
_UNDONE_BY = {"uebernehmen": "abgeben", "zuweisen": "abgeben", "entscheiden": "zuruecknehmen"}
_MAX_REASON = 5000
_READ = "gelesen"


@require_POST
@staff
def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what would be done with the chosen tasks, what is left out, and why; change nothing."""
    cards = _chosen(request)
    versions = cases.newest_versions({card.case_id for card in cards})
    return _preview(request, desk, {card.id: versions.get(card.case_id, 0) for card in cards})


@require_POST
@staff
def carry_out(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Do what the preview showed, and tell what was done; sent twice, it is done once."""
    name, cards = request.POST.get("tun", ""), _chosen(request)
    wish = _wish(request, desk, cards)
    if wish is None:
        return pages.error(request, 400)
    key = request.POST.get(acts.FIELD, "")
    if not key or len(key) > acts.KEY_LIMIT:
        return pages.error(request, 400)
    problem = _problem(wish)
    if problem:
        return _preview(request, desk, wish.read, problem=problem, status=422)
    found = bulk.do(wish, cards, desk, key=key)
    done = [one.card for one in found if not one.why]
    context = {
        "verb": wish.verb,
        "done": _rows(request, [one for one in found if not one.why]),
        "left": _rows(request, [one for one in found if one.why]),
        "to": wish.to,
        "back": _UNDONE_BY.get(name, "") if done else "",
        "ids": [card.id for card in done],
        "act": acts.new_key(),
    }
    return page(request, desk, "desk/chosen.html", context)


def _preview(
    request: HttpRequest,
    desk: Desk,
    read: Mapping[UUID, int],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    cards = _chosen(request)
    if not cards:
        return HttpResponseRedirect(reverse("desk:tasks"))
    wish = _wish(request, desk, cards)
    if wish is None:
        return pages.error(request, 400)
    asking = wish.verb == "assign" and wish.to is None
    found = [] if asking else bulk.verdicts(wish, cards, desk)
    context = {
        "tun": request.POST.get("tun", ""),
        "verb": wish.verb,
        "asking": asking,
        "problem": problem,
        "to": wish.to,
        "people": _people(desk, cards) if wish.verb == "assign" else (),
        "goes": _rows(request, [one for one in found if not one.why]),
        "left": _rows(request, [one for one in found if one.why]),
        "ids": [card.id for card in cards],
        "read": [f"{card.id}:{read.get(card.id, 0)}" for card in cards],
        "outcomes": _outcomes(wish, visits.of(request).lang),
        "typed": {"ergebnis": wish.outcome, "begruendung": wish.reason},
        "act": acts.new_key(),
    }
    return page(request, desk, "desk/choosing.html", context, status=status)


def _chosen(request: HttpRequest) -> list[cases.TaskCard]:
    """Return the tasks that were chosen, of those that this person's authorities have."""
    given = {uuid_or_none(one) for one in request.POST.getlist("aufgabe")[: bulk.MOST]}
    return cases.task_cards([one for one in given if one is not None])


def _wish(request: HttpRequest, desk: Desk, cards: list[cases.TaskCard]) -> bulk.Wish | None:
    """Return what is to be done, or nothing where that is not known."""
    verb = VERBS.get(request.POST.get("tun", ""))
    if verb is None:
        return None
    to = uuid_or_none(request.POST.get("an", "")) if verb == "assign" else None
    mine = (card for card in cards if card.state == "open" and not card.form)
    return bulk.Wish(
        verb=verb,
        to=next((one for one in _people(desk, cards) if one.id == to), None) if to else None,
        outcome=request.POST.get("ergebnis", "")[:60],
        reason=request.POST.get("begruendung", "")[: _MAX_REASON + 1],
        like=next((card for card in mine if desk.may(card.authority_id, card.role)), None),
        read=_read(request),
    )


def _read(request: HttpRequest) -> dict[UUID, int]:
    """Return by task the version of the application that stood when the preview was shown."""
    found = {}
    for one in request.POST.getlist(_READ)[: bulk.MOST]:
        name, _, version = one.partition(":")
        task_id = uuid_or_none(name)
        if task_id is not None:
            found[task_id] = number_or_none(version) or 0
    return found


def _problem(wish: bulk.Wish) -> str:
    """Return the word for what is missing before it can be done."""
    if wish.verb == "assign" and wish.to is None:
        return "person"
    if wish.verb != "decide":
        return ""
    if wish.like is None or wish.outcome not in wish.like.outcomes:
        return "outcome"
    if not wish.reason.strip():
        return "reason"
    return "too_long" if len(wish.reason) > _MAX_REASON else ""


def _people(desk: Desk, cards: list[cases.TaskCard]) -> list[accounts.Colleague]:
    """Return the colleagues who may do at least one of the tasks."""
    wanted = {(card.authority_id, card.role) for card in cards}
    return [
        one
        for one in accounts.colleagues({place for place, _ in wanted} & desk.roles.keys())
        if any(one.may(place, role) for place, role in wanted)
    ]


def _outcomes(wish: bulk.Wish, lang: str) -> list[tuple[str, str]]:
    if wish.verb != "decide" or wish.like is None:
        return []
    release, task = offers.release(wish.like.digest), wish.like.task
    return [
        (one, release.text(lang, f"tasks.{task}.outcomes.{one}", one)) for one in wish.like.outcomes
    ]


def _rows(request: HttpRequest, found: list[bulk.Verdict]) -> list[dict[str, Any]]:
    lang, rows = visits.of(request).lang, []
    about = cases.items([one.card for one in found])
    for one in found:
        release = offers.release(one.card.digest)
        rows.append(
            {
                "card": one.card,
                "why": one.why,
                "href": reverse("desk:case", args=[one.card.case_id]),
                "service": release.text(lang, "service.title", one.card.task),
                "title": tasknames.title(release, lang, one.card.task, about.get(one.card.id)),
                "authority": authorities.card(one.card.authority_id).short_name,
            }
        )
    return rows
