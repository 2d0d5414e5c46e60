"""Puts the rules of a FIM schema into its pages: what is shown, asked for, and checked, and when.

A rule about a group becomes the condition of its pages, or of its lines where it shares a page; a
rule between fields becomes a check of the page where the last of them stands. What a rule can hide
is no longer always required by the data schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dienstweg.blueprint import fim_rules
from dienstweg.blueprint import fim_rules_cel as cel
from dienstweg.blueprint.fim_asking import Asking
from dienstweg.blueprint.fim_pages import Entry, Page, plan
from dienstweg.blueprint.fim_places import Findings, Place
from dienstweg.blueprint.fim_relaxing import relaxed
from dienstweg.blueprint.fim_rules import Book
from dienstweg.blueprint.fim_rules_syntax import (
    Both,
    Condition,
    Equal,
    Filled,
    both,
    either,
    refs,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead
from dienstweg.blueprint.fim_schema import Contract


@dataclass(frozen=True, slots=True)
class Design:
    """The pages of an imported assistant, the data schema as the rules leave it, and the rules."""

    pages: list[Page]
    data_schema: dict[str, Any]
    book: Book


def design(
    root: Place,
    contract: Contract,
    data_schema: dict[str, Any],
    findings: Findings,
    *,
    machine_rules: bytes | None = None,
    land: str | None = None,
) -> Design:
    """Plan the pages of a schema and put its rules into them.

    Raises `problems.Invalid` for a schema that needs more than an assistant may have, and for a
    file of machine rules that is none.
    """
    book = fim_rules.read(root, contract.options, findings, machine_rules=machine_rules, land=land)
    pages = plan(root, findings, frozenset(book.gone), frozenset(book.visible))
    showing = _Showing(book, pages, findings)
    showing.weave()
    asking = Asking(book, pages, findings)
    asking.weave()
    hidden = [book.index.places[each] for each in (*book.visible, *book.gone, *asking.missing)]
    hidden += [page.group for page in pages if page.relaxed]
    return Design(pages, relaxed(data_schema, [place.pointer for place in hidden]), book)


class _Showing:
    """Puts the conditions under which something is shown into the pages of one schema."""

    def __init__(self, book: Book, pages: list[Page], findings: Findings) -> None:
        self.book, self.pages, self.findings = book, pages, findings
        self.index = book.index

    def weave(self) -> None:
        """The conditions of all lines, of pages that would be empty, and of lists."""
        asked: set[str] = set()
        for page in self.pages:
            for entry in page.entries:
                self._line(page, entry)
            if page.repeated:
                self._list(page, asked)
            elif all(each.id in page.shown for each in page.entries if not each.heading):
                self._page(page)
            asked.update(entry.place.id for entry in page.entries)

    def _set(
        self, page: Page, key: str, conditions: list[Condition], names: list[str], frame: cel.Frame
    ) -> None:
        page.shown[key] = both(*conditions)
        text = cel.expression(page.shown[key], self.index, frame)
        page.rules[key] = list(dict.fromkeys(names))
        if key == page.id:
            page.when = text
        else:
            page.whens[key] = text

    def _line(self, page: Page, entry: Entry) -> None:
        around = (*self.index.above[entry.place.id], entry.place)
        if page.repeated:  # the list itself is decided as a page
            at = next(n for n, each in enumerate(around) if each.id == page.group.id)
            around = around[at + 1 :]
        conditions, names = self._conditions(around)
        if conditions:
            frame = cel.Frame(entry.place.item, entry.place.outer)
            self._set(page, entry.id, conditions, names, frame)

    def _list(self, page: Page, asked: set[str]) -> None:
        """A list is shown or hidden as a whole, before it has entries."""
        around = (*page.above, page.group)
        if page.inside:  # the page of the list around it is hidden with everything in it
            at = next(n for n, each in enumerate(around) if each.id == page.inside)
            around = around[at + 1 :]
        conditions, names = self._conditions(around)
        if conditions:
            self._set(page, page.id, conditions, names, cel.frame(page.group))
        elif page.least:
            self._insist(page, asked)

    def _page(self, page: Page) -> None:
        """A page with nothing to show is hidden; a condition of all lines is the page's own."""
        lines = [each for each in page.entries if not each.heading]
        conditions = list(dict.fromkeys(page.shown[each.id] for each in lines))
        names = [name for names in page.rules.values() for name in names]
        if len(conditions) == 1:
            page.shown, page.whens, page.rules = {}, {}, {}
            self._set(page, page.id, conditions, names, cel.WHOLE)
            return
        own = {each.place.id for each in page.questions}
        first = [each for each in conditions if not own & set(refs(each))]
        try:
            if not all(_follows(each, first, page.shown) for each in conditions):
                raise NotRead("Ob die Seite gezeigt wird, hängt von ihren eigenen Antworten ab.")
            self._set(page, page.id, [either(*first)], [], cel.WHOLE)
        except NotRead:
            text = f"Die Seite „{page.group.element.label}“ kann leer sein."
            self.findings.add("H", text, page.group.fim_path)
            page.shown.pop(page.id, None)

    def _conditions(self, around: tuple[Place, ...]) -> tuple[list[Condition], list[str]]:
        conditions: list[Condition] = []
        names: list[str] = []
        for place in around:
            if place.when is not None:
                conditions.append(self._chosen(place))
            if place.id in self.book.visible:
                conditions.append(self.book.visible[place.id])
                names += self.book.sources(place.id)
        return conditions, names

    def _chosen(self, place: Place) -> Condition:
        """The child of a choice group is meant where the question before it says so."""
        group = self.index.above[place.id][-1]
        selector = next(each for each in group.children if each.is_selector)
        return Equal(selector.id, place.key)

    def _insist(self, page: Page, asked: set[str]) -> None:
        """A list that must have entries, in a group that may be left out, is asked for with it.

        Only where everything else of the group was `asked` before: a page that appears behind the
        applicant's back would be worse than a list that is not insisted on.
        """
        optional = self._optional_above(page)
        if optional is None:
            return
        others = [each for each in self.index.questions(optional) if each.id != page.group.id]
        if others and all(each.id in asked for each in others):
            condition = either(*(Filled(each.id) for each in others))
            try:
                self._set(page, page.id, [condition], [], cel.frame(page.group))
                return
            except NotRead:
                page.shown.pop(page.id, None)
        page.least = 0
        self.findings.add(
            "H",
            f"„{page.group.element.label}“ muss {page.group.stated}-mal vorkommen, wenn "
            f"„{optional.element.label}“ ausgefüllt ist; das wird nicht erzwungen.",
            page.group.fim_path,
        )

    def _optional_above(self, page: Page) -> Place | None:
        """The nearest group above that may be left out; none where all above is needed."""
        for place in reversed(page.above):
            if place.repeated:
                return None
            if place.occurs.minimum == 0:
                return place
        return None


def _follows(condition: Condition, first: list[Condition], shown: Mapping[str, Condition]) -> bool:
    """Whether one of the conditions `first` holds wherever `condition` does.

    A page cannot depend on its own answers; what hangs on one of them needs that question shown.
    """
    if condition in first:
        return True
    for part in condition.parts if isinstance(condition, Both) else (condition,):
        if part in first:
            return True
        if isinstance(part, Equal | Filled) and part.ref in shown:
            others = {key: each for key, each in shown.items() if key != part.ref}
            if _follows(shown[part.ref], first, others):
                return True
    return False
