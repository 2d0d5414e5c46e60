"""A correction: which places of a submitted application are open, and the way through them.

Somebody marks fields or pages; only these may be answered anew, and what an answer brings with it:
questions that were hidden before, and those that are wrong now. Everything is judged by the day of
the version that is corrected, so that a date which has passed meanwhile is nobody's fault.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from dienstweg.blueprint import judging
from dienstweg.blueprint.applying import first_problem
from dienstweg.blueprint.asking import files_of
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.entries import copy
from dienstweg.blueprint.prefilling import trees
from dienstweg.blueprint.standing import entries, get, stand
from dienstweg.blueprint.views import SUMMARY, Answers, Entry

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

#: A field of an entry.
Spot = tuple[str, Entry]
#: A page to be shown: an ordinary one, a list, or an entry of a list.
Stop = tuple[str, Entry]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to be corrected: a field; without ``field`` a whole page, or one entry of it.

    A page of a repeating group that is marked without an entry opens the list: its entries may be
    changed, added and removed. ``remark`` says to the applicant what is to be done.
    """

    page: str
    field: str = ""
    entry: Entry = ()
    remark: str = ""

    def covers(self, page: Page, entry: Entry) -> bool:
        """Tell whether this mark opens all of a page, or of an entry or a list in it."""
        inside = self.page in (page.id, page.outer)
        return not self.field and inside and entry[: len(self.entry)] == self.entry


@dataclass(frozen=True, slots=True)
class Opening:
    """What is open: the answers as they were submitted, the marks, and the day that judges."""

    base: Answers
    marks: Sequence[Mark]
    day: date


def everything(release: "Release") -> tuple[Mark, ...]:
    """Return the marks of somebody who may correct all of it: each page as a whole."""
    return tuple(Mark(page.id) for page in release.pages if page.outer is None)


def valid_marks(release: "Release", base: Answers, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return those marks whose place can be seen in the application as it was submitted.

    What is calculated or a mere text cannot be corrected.
    """
    return tuple(dict.fromkeys(mark for mark in marks if _is_place(release, base, mark)))


def _is_place(release: "Release", base: Answers, mark: Mark) -> bool:
    page = release.assistant.page.get(mark.page)
    if page is None or len(mark.entry) > page.depth:
        return False
    if len(mark.entry) == page.depth and mark.entry:
        count = len(entries(release, base, page, mark.entry[:-1]))
        if not 0 <= mark.entry[-1] < count:
            return False
    if not mark.field:
        return True
    field = release.assistant.field.get(mark.field)
    own = field is not None and field.is_input and field.page == page.id
    return own and len(mark.entry) == page.depth


def unlocked(answers: Answers) -> Answers:
    """Return the answers without the locks of `Correcting.locked`."""
    return {part: value for part, value in answers.items() if part != "from"}


def uploaded(release: "Release", answers: Answers) -> frozenset[str]:
    """Return the ids of the files that stand in the answers to questions for files.

    What somebody has typed into another field is none, whatever it looks like.
    """
    return frozenset(
        one
        for page, field in release.assistant.fields()
        if field.widget == "file" and field.at is not None
        for _, tree in trees(release, page, answers.get("data", {}))
        for one in files_of(get(tree, field.at))
    )


class Correcting:
    """How a correction stands: what is open as the answers are now, and the way through it."""

    def __init__(self, release: "Release", opening: Opening, answers: Answers) -> None:
        """Work out both versions; the answers are not changed."""
        self.release, self.opening, self.answers = release, opening, answers
        self.before = stand(release, opening.base, opening.day)
        self.now = stand(release, answers, opening.day)

    def locked(self) -> Answers:
        """Return the answers with a lock on every field that is not open.

        `taking.take` and `viewing.view` heed it; `unlocked` takes the locks away again.
        """
        changed = copy(self.answers)
        changed["from"] = {
            judging.raw_key(page, field, entry): {"source": "correction", "locked": True}
            for page, field, entry in self._places()
            if (field.id, entry) not in self.open
        }
        return changed

    @cached_property
    def open(self) -> frozenset[Spot]:
        """Every visible field that may be answered now."""
        return frozenset(
            (field.id, entry)
            for page, field, entry in self._places()
            if (field.id, entry) in self.now.fields and self._is_open(page, field, entry)
        )

    def _places(self) -> Iterator[tuple[Page, Field, Entry]]:
        for page, field in self.release.assistant.fields():
            if field.is_input:
                for entry, _ in trees(self.release, page, self.answers.get("data", {})):
                    yield page, field, entry

    def _is_open(self, page: Page, field: Field, entry: Entry) -> bool:
        if (field.id, entry) not in self.before.fields:
            return True
        marked = any(
            (mark.field == field.id and mark.entry == entry) or mark.covers(page, entry)
            for mark in self.opening.marks
        )
        return marked or self._differs(page, field, entry) or self._is_wrong(page, field, entry)

    def _differs(self, page: Page, field: Field, entry: Entry) -> bool:
        """Tell whether the answer is no longer the submitted one: it may be mended again."""
        if judging.raw_key(page, field, entry) in self.answers.get("raw", {}):
            return True
        was = self.before.value(page, field, entry)
        return bool(was != self.now.value(page, field, entry))

    def _is_wrong(self, page: Page, field: Field, entry: Entry) -> bool:
        found = self.wrong.get((page.id, entry), frozenset())
        return field.id in found or "" in found

    @cached_property
    def wrong(self) -> Mapping[Stop, frozenset[str]]:
        """The fields with a fault, by page and entry; "" where the fault is the page's own."""
        found: dict[Stop, frozenset[str]] = {}
        for page in self.release.pages:
            for entry, _ in trees(self.release, page, self.answers.get("data", {})):
                if not self.now.shows(page, entry):
                    continue
                problems = judging.problems_of(self.now, page, entry)
                if problems:
                    found[(page.id, entry)] = frozenset(one.field or "" for one in problems)
        if not found:
            whole = first_problem(self.release, self.answers, self.opening.day)
            if whole is not None:
                found[(whole[0], ())] = frozenset(one.field or "" for one in whole[1])
        return found

    def may_change_list(self, page: Page, above: Entry = ()) -> bool:
        """Tell whether entries of a repeating group may be added and removed.

        So it is where the list is marked, was not asked before, or has too few or too many.
        """
        if any(mark.covers(page, above) for mark in self.opening.marks):
            return True
        if not self.before.shows(page, above):
            return True
        if self.before.count(page, above) != self.now.count(page, above):
            return True
        problems = judging.problems_of(self.now, page, above)
        return any(one.code in {"min", "max"} for one in problems)

    @cached_property
    def stops(self) -> Sequence[Stop]:
        """The pages to go through, in their order: on each is something open.

        Of a list that may be changed the list itself, else the entries in which something is open.
        """
        found: list[Stop] = []
        for page in judging.visible(self.now):
            if page.repeat is None:
                found += [(page.id, ())] if self._has_open(page, ()) else []
            elif self.may_change_list(page):
                found.append((page.id, ()))
            else:
                for group in (page, *self.release.assistant.inner.get(page.id, ())):
                    found += self._stops_of(group)
        return found

    def _has_open(self, page: Page, entry: Entry) -> bool:
        return any((field.id, entry) in self.open for field in page.fields)

    def _stops_of(self, group: Page) -> list[Stop]:
        """Return the stops in a group whose own list stays as it is, or in one nested in it."""
        lists: list[Entry] = [()]
        if group.outer is not None:
            count = self.now.count(self.release.assistant.page[group.outer])
            lists = [(index,) for index in range(count)]
        found: list[Stop] = []
        for above in lists:
            if not self.now.shows(group, above):
                continue
            if group.outer is not None and self.may_change_list(group, above):
                found.append((group.id, above))
                continue
            entries_here = [(*above, index) for index in range(self.now.count(group, above))]
            found += [(group.id, one) for one in entries_here if self._has_open(group, one)]
        return found

    def onward(self, page_id: str, entry: Entry) -> Stop:
        """Return the stop after a page; after the last one the review."""
        here = self._place((page_id, entry))
        later = (stop for stop in self.stops if self._place(stop) > here)
        return next(later, (SUMMARY, ()))

    def backward(self, page_id: str, entry: Entry) -> Stop:
        """Return the stop before a page; before the first it is the page itself."""
        here = self._place((page_id, entry))
        earlier = [stop for stop in self.stops if self._place(stop) < here]
        return earlier[-1] if earlier else (page_id, entry)

    def step(self, page_id: str, entry: Entry) -> tuple[int, int]:
        """Return which stop a page is, counted from 1, and how many there are."""
        here = self._place((page_id, entry))
        reached = sum(self._place(stop) <= here for stop in self.stops)
        return max(reached, 1), max(len(self.stops), 1)

    def _place(self, stop: Stop) -> tuple[int, Entry]:
        order = [page.id for page in self.release.pages]
        return (order.index(stop[0]) if stop[0] in order else -1), stop[1]
