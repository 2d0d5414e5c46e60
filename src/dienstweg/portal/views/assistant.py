"""A page of the assistant: shown, saved, and shown again with what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.actions import Answered, Go
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import pages as blueprint
from dienstweg.blueprint.pages import UnknownPage
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.views import ENDING, SUMMARY, Entry, FieldView, PageView
from dienstweg.design import maps
from dienstweg.design.question import Fault, Means, Suggestion
from dienstweg.design.words import say
from dienstweg.files import queries as files
from dienstweg.files.queries import FileCard
from dienstweg.offers import queries as offers
from dienstweg.portal import aids, correcting, halted, scanned, sessions
from dienstweg.portal.doors import LEAF, REVIEWING, Key, of_any_draft, see_other
from dienstweg.portal.views import films, releases
from dienstweg.portal.views.account import keeping
from dienstweg.reception import headers
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page as respond

AUTOSAVE = "X-Dienstweg-Autosave"
BUTTON = "weiter"
GOES: Mapping[str, Go] = {"zurueck": "back", "merken": "stay", "pause": "stay", "konto": "stay"}
"""Value of the button -> where to go; anything else is onward."""
AWAY: Mapping[str, str] = {"pause": "pause", "konto": "keep"}
"""Value of a button that saves and leads away from the pages -> the name of where to."""
REMOVED = "entfernt"
CONFIRMED = "bestaetigt"
"""Name in the query of a list from which an entry was just removed: the page says so."""
VERSIONS = 2_147_483_647


@require_http_methods(["GET", "HEAD", "POST"])
@of_any_draft
def page(request: HttpRequest, key: Key, page: str, **numbers: int) -> HttpResponse:
    """Show a page of the draft, or save it; the numbers of an entry stand in the address."""
    entry = tuple(numbers[name] for name in ("index", "inner") if name in numbers)
    if request.method == "POST":
        return _save(request, key, page, entry)
    draft = drafts.opened(key.draft_id, key.secret)
    if (gone := releases.withdrawn(key, draft)) is not None:
        return gone
    problems: Sequence[Problem] = ()
    if "pruefen" in request.GET:
        problems = _problems(draft, page)
    return show(request, key, draft, page, entry, problems=problems)


def _problems(draft: DraftView, page: str) -> Sequence[Problem]:
    """Return what is wrong with a page that was left before it was complete."""
    release = offers.release(draft.digest)
    first = blueprint.first_problem(release, *correcting.seen(release, draft))
    return first[1] if first and first[0] == page else ()


def _save(request: HttpRequest, key: Key, page: str, entry: Entry) -> HttpResponse:
    group = _change_of_group(request, key, page, entry)
    if group is not None:
        return group
    answered = answer(request, key, page, entry)
    if request.headers.get(AUTOSAVE):
        return _quietly(answered)
    if answered.stale is not None:
        return show(request, key, answered.draft, page, entry, answered=answered, status=409)
    if at := aids.wanted(request):
        return see_other(f"{place_of(request, key, answered)}#{at}")
    goal = _goal(request, key, answered)
    doubts = {} if request.POST.get(BUTTON) in GOES else aids.doubts(request)
    if goal is None or doubts:
        status = 200 if goal else 422
        return show(
            request,
            key,
            answered.draft,
            page,
            entry,
            answered=answered,
            doubts=doubts,
            status=status,
        )
    return see_other(goal)


def _goal(request: HttpRequest, key: Key, answered: Answered) -> str | None:
    """Return where to go after a page was saved; None where something on it is wrong."""
    button = request.POST.get(BUTTON, "")
    if button in AWAY:
        return key.url(AWAY[button])
    if button == "zurueck":
        reviewing = answered.leaf > 0 and _is_review(request)
        return key.page(answered.next, answered.entry, leaf=answered.leaf, reviewing=reviewing)
    if any(one.code == "unknown-page" for one in answered.problems):
        return key.url("draft")
    if answered.problems and answered.next != ENDING:
        return None
    return _onward(request, key, answered)


def answer(
    request: HttpRequest, key: Key, page: str, entry: Entry, go: Go | None = None
) -> Answered:
    """Save what the browser has sent for a page."""
    button = request.POST.get(BUTTON, "")
    reviewing = request.POST.get("von") == REVIEWING
    onward: Go = "summary" if reviewing else "next"
    return assistants.answer(
        draft_id=key.draft_id,
        secret=key.secret,
        page=page,
        posted=aids.posted(request),
        version=_number(request.POST.get("version", "")),
        go=go or ("stay" if aids.wanted(request) else GOES.get(button, onward)),
        entry=entry,
        leaf=leaf_of(request),
    )


def _quietly(answered: Answered) -> HttpResponse:
    """Answer a save made while typing: the new version, or that a person must look."""
    status = 409 if answered.stale is not None else 200
    return JsonResponse({"version": answered.draft.version}, status=status)


def _onward(request: HttpRequest, key: Key, answered: Answered) -> str:
    if answered.draft.correction is not None and answered.next == SUMMARY:
        return key.url("documents")
    if answered.next == SUMMARY:
        settled = answered.draft.contact is not None and answered.draft.contact.settled
        return key.url("summary") if settled else key.url("contact")
    if answered.next == ENDING:
        return key.url("ending")
    return place_of(request, key, answered)


def place_of(request: HttpRequest, key: Key, answered: Answered) -> str:
    """Return the address of where an answer leads, for whoever came from the summary, too."""
    return key.page(
        answered.next, answered.entry, leaf=answered.leaf, reviewing=_is_review(request)
    )


def _change_of_group(
    request: HttpRequest, key: Key, page: str, above: Entry
) -> HttpResponse | None:
    """Add or remove an entry of a repeating group, if one of those buttons was pressed.

    ``above`` is the outer entry in which the list of a nested group stands.
    """
    if "hinzufuegen" in request.POST:
        added = assistants.add_item(
            draft_id=key.draft_id, secret=key.secret, group=page, above=above[:1]
        )
        entry = (*above[:1], max(added, 0))
        return see_other(key.page(page, entry, reviewing=_is_review(request)))
    if "eintrag_entfernen" in request.POST:
        return _remove(request, key, page, above[:1])
    return None


def _remove(request: HttpRequest, key: Key, page: str, above: Entry) -> HttpResponse:
    """Remove an entry; where something is answered in it, only when that is confirmed."""
    index = _number(request.POST["eintrag_entfernen"])
    entry = (*above, index)
    draft = drafts.opened(key.draft_id, key.secret)
    release = offers.release(draft.digest)
    answers = dict(draft.answers)
    address = key.page(page, above, reviewing=_is_review(request))
    if CONFIRMED not in request.POST and not blueprint.is_blank(release, page, answers, entry):
        try:
            items = _view(request, draft, page, above, ()).items or ()
        except UnknownPage:
            return see_other(key.url("draft"))
        title = next((item.title for item in items if item.index == index), "")
        context = {"title": title, "index": index, "draft": draft, "list_url": address}
        context["service"] = release.text(visits.of(request).lang, "service.title", "")
        context["von"] = REVIEWING if _is_review(request) else ""
        return respond(request, "portal/remove.html", context)
    assistants.remove_item(
        draft_id=key.draft_id,
        secret=key.secret,
        group=page,
        entry=entry,
        version=_number(request.POST.get("version", "")),
    )
    return see_other(f"{address}{'&' if '?' in address else '?'}{REMOVED}=1")


def _number(text: str) -> int:
    """Return a number that a browser has sent; 0 for anything that is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(VERSIONS))
    return min(int(text), VERSIONS) if is_number else 0


def show(
    request: HttpRequest,
    key: Key,
    draft: DraftView,
    page: str,
    entry: Entry,
    *,
    problems: Sequence[Problem] = (),
    answered: Answered | None = None,
    extra: Mapping[str, str] | None = None,
    doubts: Mapping[str, Sequence[Suggestion]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page; ``extra`` are errors by HTML name that no rule of the blueprint gives.

    ``doubts`` are streets that may be meant (`dienstweg.portal.aids`). A page that is hidden by
    other answers leads to where the applicant goes on.
    """
    release = offers.release(draft.digest)
    lang = visits.speak(request, release.languages)
    found = answered.problems if answered else problems
    try:
        view = _view(request, draft, page, entry, found)
    except UnknownPage:
        return see_other(key.url("draft"))
    cards = _files(draft, view)
    wrong = {**scanned.errors(view.fields, cards, lang), **(extra or {})}
    fields = list(_fields(view, cards, wrong))
    if draft.correction is None:
        sessions.of_draft(request, draft)
    means = aids.means(key, view.fields, doubts or {}, films_url=films.place_of(draft.digest))
    means = replace(means, halted=halted.of_page(key, draft, view.fields, view.entry))
    context = {
        "view": view,
        "fields": fields,
        "means": means,
        "faults": _faults(view, fields),
        "draft": draft,
        "service": release.text(lang, "service.title", ""),
        "urls": _urls(key, view),
        "von": REVIEWING if _is_review(request) else "",
        "removed": REMOVED in request.GET,
        "stale": _stale(request, answered, view, page, entry),
        "own": keeping.offered(request, key, draft, first=view.step == 1),
        "guide": correcting.guide(release, draft, view),
        "has_files": any(field.widget == "file" for field in view.fields),
    }
    template = "portal/items.html" if view.items is not None else "portal/page.html"
    return _with_map(respond(request, template, context, status=status), means)


def _fields(
    view: PageView, cards: Mapping[str, FileCard], wrong: Mapping[str, str]
) -> Iterator[tuple[FieldView, list[FileCard]]]:
    """Yield what is asked, each with what is wrong with it and the files that stand in it."""
    for field in view.fields:
        if not _is_for_rules(field):
            shown = _with_error(correcting.shown(field, cards), wrong)
            yield shown, [cards[one] for one in field.files if one in cards]


def _with_map(response: HttpResponse, means: Means) -> HttpResponse:
    """Let a page with a map show the pictures of the operator's map, and only such a page."""
    if means.tiles is None:
        return response
    return headers.with_pictures(response, maps.origin(means.tiles))


def _view(
    request: HttpRequest,
    draft: DraftView,
    page: str,
    entry: Entry,
    problems: Sequence[Problem],
) -> PageView:
    release = offers.release(draft.digest)
    answers, today = correcting.seen(release, draft)
    found = blueprint.view(
        release,
        page,
        answers,
        lang=visits.of(request).lang,
        today=today,
        entry=entry,
        problems=problems,
        leaf=0 if draft.correction else leaf_of(request),
    )
    return correcting.adapted(release, draft, found)


def _is_review(request: HttpRequest) -> bool:
    return REVIEWING in (request.GET.get("von"), request.POST.get("von"))


def _is_for_rules(field: FieldView) -> bool:
    """Tell whether a calculated value is there for the rules only: it has no label, or is empty."""
    return field.widget == "output" and (field.label == field.id or not field.value)


def _with_error(field: FieldView, extra: Mapping[str, str]) -> FieldView:
    return replace(field, error=extra[field.name]) if field.name in extra else field


def _faults(view: PageView, fields: Sequence[tuple[FieldView, Sequence[FileCard]]]) -> list[Fault]:
    at_fields = [one for field, _ in fields for one in _faults_of(field)]
    return at_fields + [Fault(one.message) for one in view.problems]


def _faults_of(field: FieldView) -> Iterator[Fault]:
    """Yield what is wrong with a field and its parts, each where it can be mended."""
    if field.error:
        yield Fault(field.error, field.name)
    # The part of a search is the text that was typed, which has the id of the field itself.
    for part in field.parts if field.widget != "search" else ():
        yield from _faults_of(part)


def _files(draft: DraftView, view: PageView) -> dict[str, FileCard]:
    """Return the uploaded files of the draft by id; asked only where the page shows some."""
    if not any(field.files for field in view.fields):
        return {}
    return {str(card.id): card for card in files.cards(draft.owner_id, key=draft.key)}


def _trail(key: Key, view: PageView) -> list[tuple[str, str | None]]:
    """Return the way to an entry, or to a list in it: title and address, the last without one."""
    steps: list[tuple[str, str | None]] = [
        (crumb.title, key.page(crumb.page, crumb.entry)) for crumb in view.trail
    ]
    return [*steps, (view.title, None)] if steps else []


def _urls(key: Key, view: PageView) -> dict[str, Any]:
    query = f"?seite={view.id}"
    if view.entry:
        query += "&eintrag=" + "-".join(str(number) for number in view.entry)
    if view.leaf:
        query += f"&{LEAF}={view.leaf.number}"
    return {
        "upload": key.url("upload") + query,
        "pause": key.url("pause"),
        "discard": key.url("discard"),
        "earlier": key.url("earlier"),
        "page": key.page(view.id, view.entry),
        "trail": _trail(key, view),
    }


def _stale(
    request: HttpRequest, answered: Answered | None, view: PageView, page: str, entry: Entry
) -> list[tuple[str, str]]:
    """Return label and value of what another window has saved and this one would replace."""
    if answered is None or answered.stale is None:
        return []
    try:
        saved = replace(answered.draft, answers=answered.stale.answers)
        theirs = _view(request, saved, page, entry, ())
    except UnknownPage:
        return [(view.title, say(visits.of(request).lang, "portal.page.stale_gone"))]
    ours = {field.id: field for field in view.fields}
    return [
        (field.label, _shown(field))
        for field in theirs.fields
        if field.id not in ours or _shown(ours[field.id]) != _shown(field)
    ]


def _shown(field: FieldView) -> str:
    chosen = [option.label for option in field.options if option.selected]
    if chosen:
        return ", ".join(chosen)
    if field.parts:
        return ", ".join(text for part in field.parts if (text := _shown(part)) != "–") or "–"
    return ", ".join(field.value) if isinstance(field.value, list) else field.value or "–"


def place(request: HttpRequest) -> tuple[str, Entry]:
    """Return page and entry that an upload belongs to, as its address says."""
    page = request.GET.get("seite", "")[:100]
    numbers = request.GET.get("eintrag", "")[:40].split("-")[:2]
    return page, tuple(_number(each) for each in numbers if each)


def leaf_of(request: HttpRequest) -> int:
    """Return the screen of a long entry that the address names; the first if it names none."""
    return max(_number(request.GET.get(LEAF, "")), 1)


def file_id(text: str) -> UUID | None:
    """Return the id in ``text``, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
