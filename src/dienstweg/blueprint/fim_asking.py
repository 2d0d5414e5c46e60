"""Puts into the pages of a FIM schema what its rules ask for: required questions, and checks.

What a condition shows counts as wanted, so the interpreter asks for what the data schema needs in
it. Groups in it that are voluntary stay so: their questions are required once one of them is
answered.
"""

from __future__ import annotations

from dienstweg.blueprint import fim_rules, fim_rules_messages
from dienstweg.blueprint import fim_rules_cel as cel
from dienstweg.blueprint.fim_pages import Page, PageCheck
from dienstweg.blueprint.fim_places import Findings, Place, stable_id
from dienstweg.blueprint.fim_rules import Book, Demand
from dienstweg.blueprint.fim_rules_syntax import (
    Always,
    Condition,
    Filled,
    Not,
    both,
    either,
    mapped,
    opposite,
    refs,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead
from dienstweg.blueprint.fim_rules_truth import TooMany, holds, worlds

_NEVER = Not(Always())


class Asking:
    """Puts one book of rules into the pages of one schema.

    `missing` are the ids of questions that a page cannot ask for as the data schema would.
    """

    def __init__(self, book: Book, pages: list[Page], findings: Findings) -> None:
        self.book, self.pages, self.findings = book, pages, findings
        self.index = book.index
        self.missing: list[str] = []
        self.page_of = {
            entry.place.id: page for page in pages for entry in page.entries if not entry.heading
        }

    def weave(self) -> None:
        """All that is required, and all checks."""
        for page in self.pages:
            for entry in page.questions:
                self._schema(page, entry.place)
        for target, condition in self.book.required.items():
            self._rule(self.index.places[target], condition)
        for number, demand in enumerate(self.book.demands):
            self._check(demand, f"{demand.reading.name}-{number + 1}")

    # -- required -------------------------------------------------------------------------------

    def _schema(self, page: Page, place: Place) -> None:
        """What the schema requires and, being hidden at times, can no longer say itself."""
        conditional = page.id in page.shown or place.id in page.shown
        if place.needed or (place.occurs.minimum and place.id in self.book.visible):
            self._ask(page, place, Always())
        elif conditional and place.occurs.minimum and not self._wanted(place):
            optional = self.optional(place)
            others = [] if optional is None else self._others(optional, place)
            if not self._ask(page, place, either(*others) if others else _NEVER):
                self._ask(page, place, _NEVER)
            if page.asked[place.id] == _NEVER:
                self.missing.append(place.id)

    def _ask(self, page: Page, place: Place, condition: Condition) -> bool:
        """Require a question under a condition; whether that can be written."""
        try:
            text = cel.expression(condition, self.index, cel.frame(place))
        except NotRead:
            return False
        page.asked[place.id], page.required[place.id] = condition, text
        return True

    def _others(self, group: Place, place: Place) -> list[Condition]:
        return [Filled(each.id) for each in self.index.questions(group) if each.id != place.id]

    def _wanted(self, place: Place) -> bool:
        """Whether the nearest group that may be left out is itself shown by a condition."""
        optional = self.optional(place)
        if optional is None:
            return True
        for each in (place, *reversed(self.index.above[place.id])):
            if each.id in self.book.visible or each.when is not None:
                return True
            if each.id == optional.id:
                return False
        return False

    def optional(self, place: Place) -> Place | None:
        """The nearest group above that may be left out, within the same entry."""
        for each in reversed(self.index.above[place.id]):
            if each.repeated:
                return None
            if each.occurs.minimum == 0:
                return each
        return None

    def _rule(self, target: Place, condition: Condition) -> None:
        if target.is_question:
            self._question(target, target, condition)
        elif target.repeated:
            self._list(target, condition)
        elif target.children:
            self._group(target, condition)

    def _question(self, place: Place, target: Place, condition: Condition) -> None:
        """A question that must be answered where the rule says so."""
        page = self.page_of.get(place.id)
        if page is None or page.asked.get(place.id) == Always():
            return
        always = isinstance(condition, Always) or self.book.visible.get(target.id) == condition
        inner = place.id != target.id
        if always and inner and (page.id in page.shown or place.id in page.shown):
            return  # the interpreter asks for what the schema needs in what a rule shows
        asked: Condition = Always() if always else condition
        if inner and not always:
            asked = either(condition, *self._others(target, place))
        if self._ask(page, place, asked) or self._ask(page, place, condition):
            names = [*page.rules.get(place.id, ()), *self.book.sources(target.id)]
            page.rules[place.id] = list(dict.fromkeys(names))

    def _group(self, target: Place, condition: Condition) -> None:
        """The questions that the group cannot do without; else any one of them."""
        if target.certain and target.occurs.minimum and target.id not in self.book.visible:
            return
        questions = self.index.questions(target)
        needed = [
            place for place in questions if place.occurs.minimum and self._needed_in(place, target)
        ]
        for place in needed:
            self._question(place, target, condition)
        if questions and not needed:
            sources = self.book.sources(target.id)
            reading = next(each for each in self.book.readings if each.name in sources)
            holds = either(opposite(condition), Filled(target.id))
            self._check(Demand(holds, reading), f"{reading.name}-{target.id}")

    def _needed_in(self, place: Place, target: Place) -> bool:
        for each in reversed(self.index.above[place.id]):
            if each.id == target.id:
                return True
            if each.occurs.minimum == 0:
                return False
        return False

    def _list(self, target: Place, condition: Condition) -> None:
        page = next((each for each in self.pages if each.id == target.id), None)
        if page is None:
            return
        if isinstance(condition, Always) or self.book.visible.get(target.id) == condition:
            page.least = max(page.least, 1)
            return
        names = ", ".join(self.book.sources(target.id))
        text = f"„{target.element.label}“ braucht laut {names} manchmal einen Eintrag;"
        self.findings.add("H", f"{text} das wird nicht erzwungen.", target.fim_path)

    # -- checks ---------------------------------------------------------------------------------

    def _check(self, demand: Demand, name: str) -> None:
        """Show what must hold between fields on the page where the last of them stands."""
        condition, reading = demand.condition, demand.reading
        try:
            frame = fim_rules.frame_of(condition, self.index)
            page = self._last(condition, in_list=frame.item is not None)
            if page is None:
                raise NotRead("Keine Seite fragt nach diesen Feldern.")
            applies = self._present(reading.bearer)
            if applies is not None and not self._can_break(condition, applies):
                return  # whoever fills in the group at all has done what the rule wants
            check = PageCheck(
                stable_id("regel", name.replace(".", "-")),
                cel.expression(condition, self.index, frame),
                None if applies is None else cel.expression(applies, self.index, frame),
                reading.message or fim_rules_messages.message(condition, reading, self.index),
                reading.name,
                condition,
                applies or Always(),
            )
        except NotRead as error:
            reading.reason = reading.reason or str(error)
            self.findings.add("R", f"{reading.text}\nNicht übersetzt: {error}", reading.source)
            return
        page.checks.append(check)

    def _can_break(self, condition: Condition, applies: Condition) -> bool:
        """Whether any answers break a check; groups are taken for their questions."""

        def leaf(part: Condition) -> Condition:
            if isinstance(part, Filled) and not self.index.lists(self.index.places[part.ref]):
                questions = self.index.questions(self.index.places[part.ref])
                return either(*(Filled(each.id) for each in questions)) if questions else part
            return part

        broken = mapped(both(applies, opposite(condition)), leaf)
        try:
            return any(holds(broken, world) for world in worlds([broken], {}))
        except TooMany:
            return True

    def _last(self, condition: Condition, *, in_list: bool) -> Page | None:
        """The last page that asks for something that a condition speaks of."""
        spoken = {
            each.id
            for ref in refs(condition)
            for each in self.index.questions(self.index.places[ref])
        }
        found = None
        for page in self.pages:
            if page.repeated == in_list and spoken & {each.place.id for each in page.questions}:
                found = page
        return found

    def _present(self, bearer: Place) -> Condition | None:
        """The rule of a voluntary group holds once anything of the group is filled in."""
        for place in (bearer, *reversed(self.index.above[bearer.id])):
            if place.repeated or place.id in self.book.visible:
                return None
            if place.occurs.minimum == 0 and place.children:
                return Filled(place.id)
        return None
