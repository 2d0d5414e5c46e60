"""Makes pages of groups: which questions stand together, and when one of them must be answered.

A group of the schema becomes a page. A small group inside it stays on the page under its own
heading, a big one gets pages of its own, and whatever repeats is a repeating page. The order of the
schema is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from dienstweg.blueprint.fim_places import Findings, Place, stable_id
from dienstweg.blueprint.problems import Invalid, Problem

MOST_PAGES = 100
LONGEST_CONDITION = 2_000
_SMALL_GROUP = 4
_PAGE_SIZES = (9, 20, 45, 90)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a page: a question, a text to read, or (`heading`) the name of a group."""

    place: Place
    heading: bool = False

    @property
    def id(self) -> str:
        """The field's id in the assistant."""
        return stable_id(*self.place.pointer, "titel") if self.heading else self.place.id


@dataclass(slots=True)
class Page:
    """A page: the group it belongs to, its entries, and what repeats on it."""

    id: str
    group: Place
    above: tuple[Place, ...]
    entries: list[Entry] = field(default_factory=list)
    repeated: bool = False
    least: int = 0
    when: str | None = None
    continued: bool = False

    @property
    def relaxed(self) -> bool:
        """Whether fewer entries are asked for than the schema wants."""
        return self.repeated and self.least < self.group.occurs.minimum


def plan(root: Place, findings: Findings) -> list[Page]:
    """Plan the pages of a schema; raises Invalid where it needs more than an assistant may have."""
    for size in _PAGE_SIZES:
        pages = list(_root_pages(root, size))
        if len(pages) <= MOST_PAGES:
            break
    else:
        text = f"Das Schema braucht mehr als {MOST_PAGES} Seiten."
        remedy = "Importieren Sie Teile davon als eigene Schemata."
        raise Invalid([Problem("too-many-pages", text, remedy=remedy)])
    asked: set[str] = set()
    for page in pages:
        _decide(page, page.above, asked, findings)
        asked.update(entry.place.id for entry in page.entries)
    return pages


def _root_pages(root: Place, size: int) -> Iterator[Page]:
    run: list[Place] = []
    for child in root.children:
        if child.children:
            yield from _run_pages(root, (), run, size, first=False)
            run = []
            yield from _group_pages(child, (root,), size)
        elif child.is_label or child.is_question:
            run.append(child)
    yield from _run_pages(root, (), run, size, first=False)


def _group_pages(group: Place, above: tuple[Place, ...], size: int) -> Iterator[Page]:
    if group.repeated:
        yield _repeated_page(group, above)
        return
    if _fits_one_page(group, size):
        page = Page(group.id, group, above)
        page.entries = [entry for child in group.children for entry in _entries(child)]
        if page.entries:
            yield page
        return
    started = False
    for run in _runs(group, size):
        if len(run) == 1 and run[0].children:
            yield from _group_pages(run[0], (*above, group), size)
            continue
        for page in _run_pages(group, above, run, size, first=not started):
            started = True
            yield page


def _fits_one_page(group: Place, size: int) -> bool:
    return (
        _questions(group) <= size
        and not _repeats_inside(group)
        and not any(_unclear(each) for each, _ in group.walk())
    )


def _unclear(group: Place) -> bool:
    """Whether a question follows a group, to which it would seem to belong on one page."""
    kinds = [bool(child.children) for child in group.children]
    return any(before and not after for before, after in pairwise(kinds))


def _runs(group: Place, size: int) -> Iterator[list[Place]]:
    """Neighbours that stay together: questions, and small groups that follow them."""
    run: list[Place] = []
    for child in group.children:
        joins = not child.children or (bool(run) and _small(child) and _may_join(run, child, size))
        if run and (not joins or (run[-1].children and not child.children)):
            yield run
            run = []
        run.append(child)
        if child.children and len(run) == 1:
            yield run
            run = []
    if run:
        yield run


def _run_pages(
    group: Place, above: tuple[Place, ...], run: list[Place], size: int, *, first: bool
) -> Iterator[Page]:
    """Pages of a row of neighbours, cut where they become too many."""
    page: Page | None = None
    for place in run:
        if page is None or _count(page) + _questions(place) > size:
            if page is not None:
                yield page
            at_start = first and place is run[0]
            name = group.id if at_start else stable_id(*(group.pointer or ("angaben",)), place.key)
            page = Page(name, group, above, continued=not at_start)
        page.entries.extend(_entries(place))
    if page is not None and page.entries:
        yield page


def _repeated_page(place: Place, above: tuple[Place, ...]) -> Page:
    entries = [entry for child in place.children for entry in _entries(child)]
    return Page(place.id, place, above, entries, repeated=True, least=place.occurs.minimum)


def _entries(place: Place) -> Iterator[Entry]:
    if not place.children:
        if place.is_label or place.is_question:
            yield Entry(place)
        return
    yield Entry(place, heading=True)
    for child in place.children:
        yield from _entries(child)


def _count(page: Page) -> int:
    return sum(entry.place.is_question and not entry.heading for entry in page.entries)


def _questions(place: Place) -> int:
    return sum(each.is_question for each, _ in place.walk())


def _repeats_inside(place: Place) -> bool:
    return any(each.repeated for each, _ in place.walk())


def _small(place: Place) -> bool:
    return bool(place.children) and _questions(place) <= _SMALL_GROUP and not _repeats_inside(place)


def _may_join(run: list[Place], child: Place, size: int) -> bool:
    return sum(_questions(each) for each in run) + _questions(child) <= size


def _decide(page: Page, above: tuple[Place, ...], asked: set[str], findings: Findings) -> None:
    """A list that must have entries, in a group that may be left out, is asked for with it.

    Only where everything else of the group was `asked` before: a page that appears behind the
    applicant's back would be worse than a list that is not insisted on.
    """
    optional = _optional_above(above)
    if not page.repeated or not page.least or optional is None:
        return
    page.when = presence(optional, asked, without=page.group)
    if page.when is None:
        page.least = 0
        findings.add(
            "H",
            f"„{page.group.element.label}“ muss {page.group.stated}-mal vorkommen, wenn "
            f"„{optional.element.label}“ ausgefüllt ist; das wird nicht erzwungen.",
            page.group.fim_path,
        )


def _optional_above(above: tuple[Place, ...]) -> Place | None:
    """The nearest group above that may be left out; none where all above is needed."""
    for place in reversed(above):
        if place.repeated:
            return None
        if place.occurs.minimum == 0:
            return place
    return None


def presence(group: Place, asked: set[str], *, without: Place) -> str | None:
    """A condition that is true once anything else in the group is answered.

    `None` where there is nothing else, something not `asked` yet, or more than an expression may
    hold.
    """
    terms: list[str] = []
    for each, above in group.walk():
        if each.is_question and each.id != without.id and not _in_list(each, group, above):
            if each.id not in asked:
                return None
            several = each.occurs.repeats  # files: an empty list, never null
            given = f"size({each.expression}) > 0" if several else f"{each.expression} != null"
            terms.append(given)
    condition = " || ".join(terms)
    return condition if condition and len(condition) <= LONGEST_CONDITION else None


def _in_list(place: Place, group: Place, above: tuple[Place, ...]) -> bool:
    return any(each.repeated for each in above if each is not group) or place.repeated
