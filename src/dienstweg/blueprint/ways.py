"""The way through an assistant: what comes next, what came before, where to go on."""

from datetime import date
from typing import TYPE_CHECKING

from dienstweg.blueprint import judging
from dienstweg.blueprint.assistant import Page
from dienstweg.blueprint.standing import Standing, stand
from dienstweg.blueprint.views import ENDING, SUMMARY, Answers, Entry

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release


def next_page(release: "Release", answers: Answers, page_id: str, *, today: date) -> str:
    """The page after one: the next visible one; after the last "summary", or "ending" where the
    assistant ends without an application."""
    standing = stand(release, answers, today)
    return _neighbour(standing, page_id, forward=True) or _end(standing)


def previous_page(release: "Release", answers: Answers, page_id: str, *, today: date) -> str | None:
    """The page before one (or before the summary or the ending), None on the first."""
    return _neighbour(stand(release, answers, today), page_id, forward=False)


def first_open(release: "Release", answers: Answers, *, today: date) -> str:
    """Where to go on: the first visible page not seen or not complete, else "summary".

    Where the assistant ends without an application: "ending", whatever else its last page asks.
    """
    standing = stand(release, answers, today)
    seen = set(answers.get("seen", ()))
    for page in judging.visible(standing):
        over = standing.ending is not None and standing.ending[0] is page
        if page.id not in seen or (not over and judging.problems_of(standing, page)):
            return page.id
    return _end(standing)


def _end(standing: Standing) -> str:
    return ENDING if standing.ending else SUMMARY


def onward(
    release: "Release", answers: Answers, page_id: str, entry: Entry = (), *, today: date
) -> tuple[str, Entry]:
    """Where the applicant goes from a page that is answered: page and entry.

    From an entry to the first list nested in it, from that list to the next, from the last back to
    the list the entry is in; from a page to the next one ("summary" after the last).
    """
    page = release.assistant.page.get(page_id)
    standing = stand(release, answers, today)
    if page is None:
        return _neighbour(standing, page_id, forward=True) or _end(standing), ()
    return onward_from(standing, page, entry)


def onward_from(standing: Standing, page: Page, entry: Entry) -> tuple[str, Entry]:
    """The same for a standing that is worked out already."""
    if not entry or page.repeat is None:
        return _neighbour(standing, page.id, forward=True) or _end(standing), ()
    if len(entry) == 2:
        return page.id, entry[:1]
    outer = standing.release.assistant.page[page.outer or page.id]
    lists = [each.id for each in judging.nested_lists(standing, outer, entry)]
    start = 0 if page is outer else (lists.index(page.id) + 1 if page.id in lists else len(lists))
    after = lists[start:]
    return (after[0], entry) if after else (outer.id, ())


def backward(
    release: "Release", answers: Answers, page_id: str, entry: Entry = (), *, today: date
) -> tuple[str, Entry]:
    """Where the applicant goes back to from a page: page and entry; the first page stays."""
    page = release.assistant.page.get(page_id)
    if page is None or not entry or page.repeat is None:
        return previous_page(release, answers, page_id, today=today) or page_id, ()
    if len(entry) == 2:
        return page_id, entry[:1]
    if page.outer is None:
        return page_id, ()
    outer = release.assistant.page[page.outer]
    lists = [each.id for each in judging.nested_lists(stand(release, answers, today), outer, entry)]
    before = lists[: lists.index(page_id)] if page_id in lists else []
    return (before[-1], entry) if before else (outer.id, entry)


def _neighbour(standing: Standing, page_id: str, *, forward: bool) -> str | None:
    """The nearest visible page after or before one, which itself may be hidden by now."""
    ids = [page.id for page in standing.release.pages]
    at = ids.index(page_id) if page_id in ids else -1
    if page_id in (SUMMARY, ENDING):
        at = len(ids)
    others = ids[at + 1 :] if forward else list(reversed(ids[: max(at, 0)]))
    return next((each for each in others if each in standing.pages), None)
