"""Makes pages of groups: which questions stand together, and when one of them must be answered.

A group of the schema becomes a page; a long one is cut into pages of like length with at most
seven questions, small neighbours share a page under headings of their own, and whatever repeats is
a repeating page, nested once, with screens of at most seven questions for an entry. The order of
the schema is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from dienstweg.blueprint.fim_places import Findings, Place, stable_id
from dienstweg.blueprint.fim_rules_syntax import Condition
from dienstweg.blueprint.problems import Invalid, Problem

MOST_PAGES = 100
MOST_QUESTIONS = 7
_SMALL_GROUP = 4
_TINY_PAGE = 3
_MOST_MERGED = 3
_PAGE_SIZES = (MOST_QUESTIONS, 12, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a page: a question, a text to read, or (`heading`) the name of a group."""

    place: Place
    heading: bool = False

    @property
    def id(self) -> str:
        """The field's id in the assistant."""
        return stable_id(*self.place.pointer, "titel") if self.heading else self.place.id

    @property
    def is_question(self) -> bool:
        """Whether it is answered."""
        return not self.heading and self.place.is_question


@dataclass(frozen=True, slots=True)
class PageCheck:
    """A condition between fields, shown on a page: CEL, message, and the rule it comes from."""

    id: str
    holds: str
    when: str | None
    message: str
    rule: str
    condition: Condition
    applies: Condition


@dataclass(slots=True)
class Page:
    """A page: the group it belongs to, its entries, what repeats on it, and its conditions.

    `inside` is the page of the list in whose entries this list stands. `merged` are the groups of a
    page that small neighbours share. `whens` and `required` are CEL by entry id, `shown` and
    `asked` the conditions they say; `rules` the ids of the rules that they come from. What is the
    page's own stands under its id. `cuts` are the ids of the lines with which an entry of a list
    goes on on a further screen.
    """

    id: str
    group: Place
    above: tuple[Place, ...]
    entries: list[Entry] = field(default_factory=list)
    repeated: bool = False
    least: int = 0
    when: str | None = None
    continued: bool = False
    inside: str | None = None
    merged: list[Place] = field(default_factory=list)
    whens: dict[str, str] = field(default_factory=dict)
    required: dict[str, str] = field(default_factory=dict)
    cuts: frozenset[str] = frozenset()
    shown: dict[str, Condition] = field(default_factory=dict)
    asked: dict[str, Condition] = field(default_factory=dict)
    rules: dict[str, list[str]] = field(default_factory=dict)
    checks: list[PageCheck] = field(default_factory=list)

    @property
    def relaxed(self) -> bool:
        """Whether fewer entries are asked for than the schema wants."""
        return self.repeated and self.least < self.group.occurs.minimum

    @property
    def questions(self) -> list[Entry]:
        """The entries that are answered."""
        return [each for each in self.entries if each.is_question]


def plan(
    root: Place,
    findings: Findings,
    gone: frozenset[str] = frozenset(),
    conditional: frozenset[str] = frozenset(),
) -> list[Page]:
    """Plan the pages of a schema; `gone` are the ids of places that are never asked.

    `conditional` are those of what a rule shows or hides: such a group has pages of its own.
    Raises Invalid where the schema needs more than an assistant may have.
    """
    for size in _PAGE_SIZES:
        pages = list(_merged(_Planner(size, gone).root(root), conditional))
        if len(pages) <= MOST_PAGES:
            break
    else:
        text = f"Das Schema braucht mehr als {MOST_PAGES} Seiten."
        remedy = "Importieren Sie Teile davon als eigene Schemata."
        raise Invalid([Problem("too-many-pages", text, remedy=remedy)])
    for page in pages:
        if page.repeated:
            page.cuts = frozenset(_cuts(page.entries))
    if size > MOST_QUESTIONS:
        text = f"Damit {MOST_PAGES} Seiten reichen, stehen bis zu {size} Fragen auf einer."
        findings.add("H", text, root.fim_path)
    return pages


def _cuts(lines: list[Entry]) -> Iterator[str]:
    """The lines with which a further screen of a long entry begins, of like length each.

    Headings and texts go with the question that follows them.
    """
    total = sum(each.is_question for each in lines)
    fair = -(-total // max(-(-total // MOST_QUESTIONS), 1))
    held, began = 0, 0
    for at, line in enumerate(lines):
        if line.is_question and held == fair:
            yield lines[_with_texts(lines, at, began)].id
            held, began = 0, at
        held += line.is_question


def _with_texts(lines: list[Entry], at: int, began: int) -> int:
    while at - 1 > began and not lines[at - 1].is_question:
        at -= 1
    return at


@dataclass(frozen=True, slots=True)
class _Planner:
    """Plans pages of at most `size` questions."""

    size: int
    gone: frozenset[str]

    def root(self, root: Place) -> Iterator[Page]:
        """The pages of the whole schema."""
        run: list[Place] = []
        for child in self.children(root):
            if child.children:
                yield from self.cut(root, (), run, first=False)
                run = []
                yield from self.group(child, (root,))
            elif _is_line(child):
                run.append(child)
        yield from self.cut(root, (), run, first=False)

    def children(self, place: Place) -> list[Place]:
        """What is asked below a place."""
        return [child for child in place.children if child.id not in self.gone]

    def group(self, group: Place, above: tuple[Place, ...]) -> Iterator[Page]:
        """The pages of one group."""
        if group.repeated:
            yield from self.listed(group, above, None)
            return
        if self.fits(group):
            page = Page(group.id, group, above)
            page.entries = [line for child in self.children(group) for line in self.lines(child)]
            if page.entries:
                yield page
            return
        started = False
        for run in self.runs(group):
            if len(run) == 1 and run[0].children:
                yield from self.group(run[0], (*above, group))
                continue
            for page in self.cut(group, above, run, first=not started):
                started = True
                yield page

    def fits(self, group: Place) -> bool:
        """Whether a group stands on one page as it is."""
        return (
            self.count(group) <= self.size
            and not self.repeats_inside(group)
            and not any(self.unclear(each) for each, _ in group.walk())
        )

    def unclear(self, group: Place) -> bool:
        """Whether a question follows a group, to which it would seem to belong on one page."""
        kinds = [bool(child.children) for child in self.children(group)]
        return any(before and not after for before, after in pairwise(kinds))

    def runs(self, group: Place) -> Iterator[list[Place]]:
        """Neighbours that stay together: questions, and small groups that follow them."""
        run: list[Place] = []
        for child in self.children(group):
            joins = not child.children or (bool(run) and self.may_join(run, child))
            if run and (not joins or (run[-1].children and not child.children)):
                yield run
                run = []
            run.append(child)
            if child.children and len(run) == 1:
                yield run
                run = []
        if run:
            yield run

    def may_join(self, run: list[Place], child: Place) -> bool:
        """Whether a small group may follow questions on their page."""
        small = self.count(child) <= _SMALL_GROUP and not self.repeats_inside(child)
        return small and sum(map(self.count, run)) + self.count(child) <= self.size

    def cut(
        self, group: Place, above: tuple[Place, ...], run: list[Place], *, first: bool
    ) -> Iterator[Page]:
        """Pages of a row of neighbours, of like length where they become too many for one."""
        total = sum(map(self.count, run))
        fair = -(-total // max(-(-total // self.size), 1))
        page: Page | None = None
        for place in run:
            held = len(page.questions) if page else 0
            more = self.count(place)
            if page is None or (more and held and (held >= fair or held + more > self.size)):
                if page is not None:
                    yield page
                at_start = first and place is run[0]
                own = stable_id(*(group.pointer or ("angaben",)), place.key)
                page = Page(group.id if at_start else own, group, above, continued=not at_start)
            page.entries.extend(self.lines(place))
        if page is not None and page.entries:
            yield page

    def listed(self, place: Place, above: tuple[Place, ...], inside: str | None) -> Iterator[Page]:
        """A list: one page for its entries, and one for every list in them."""
        lines = [line for child in self.children(place) for line in self.lines(child)]
        nested = [
            each for child in self.children(place) for each in self.lists(child, (*above, place))
        ]
        if not lines:  # an entry of nothing but a list still needs a page of its own
            lines = [Entry(place, heading=True)]
        yield Page(
            place.id,
            place,
            above,
            lines,
            repeated=True,
            least=place.occurs.minimum,
            inside=inside,
        )
        for each, around in nested:
            yield from self.listed(each, around, place.id)

    def lists(
        self, place: Place, above: tuple[Place, ...]
    ) -> list[tuple[Place, tuple[Place, ...]]]:
        """The lists at or below a place, each with what is around it, without lists in them."""
        if place.repeated:
            return [(place, above)]
        return [
            each for child in self.children(place) for each in self.lists(child, (*above, place))
        ]

    def lines(self, place: Place) -> Iterator[Entry]:
        """The lines of a question or of a group with its heading."""
        if place.repeated:
            return
        if not place.children:
            if _is_line(place):
                yield Entry(place)
            return
        inner = [line for child in self.children(place) for line in self.lines(child)]
        if inner:
            yield Entry(place, heading=True)
            yield from inner

    def count(self, place: Place) -> int:
        """How many questions there are at and below a place."""
        if place.id in self.gone:
            return 0
        return place.is_question + sum(map(self.count, place.children))

    def repeats_inside(self, place: Place) -> bool:
        """Whether anything at or below a place is a list."""
        return place.repeated or any(map(self.repeats_inside, self.children(place)))


def _is_line(place: Place) -> bool:
    return not place.children and (place.is_label or place.is_question or place.fixed is not None)


def _merged(pages: Iterator[Page], conditional: frozenset[str]) -> Iterator[Page]:
    """Let tiny neighbours share a page: whole groups beside one another in the same group."""
    last: Page | None = None
    for page in pages:
        apart = last is None or {last.group.id, page.group.id} & conditional
        if last is not None and not apart and _may_merge(last, page):
            if not last.merged:
                last.merged = [last.group]
                last.entries.insert(0, Entry(last.group, heading=True))
            last.merged.append(page.group)
            last.entries += [Entry(page.group, heading=True), *page.entries]
            continue
        if last is not None:
            yield last
        last = page
    if last is not None:
        yield last


def _may_merge(last: Page, page: Page) -> bool:
    whole = not (last.repeated or page.repeated or last.continued or page.continued)
    small = len(page.questions) <= _TINY_PAGE and len(last.questions) <= 2 * _TINY_PAGE
    return (
        whole
        and small
        and bool(last.group.key)
        and [each.id for each in last.above] == [each.id for each in page.above]
        and len(last.merged) < _MOST_MERGED
        and len(last.questions) + len(page.questions) <= MOST_QUESTIONS
    )
