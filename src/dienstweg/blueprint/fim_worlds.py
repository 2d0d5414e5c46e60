"""How an imported assistant stands for given answers: a small model of the interpreter.

It knows only what an import writes: conditions, required questions, checks. Lists have entries
that are all alike, so one answer stands for a question, wherever it is. The acceptance cases are
made with it and then run by the real interpreter, which finds every difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dienstweg.blueprint.fim_pages import Entry, Page, PageCheck
from dienstweg.blueprint.fim_places import Place
from dienstweg.blueprint.fim_rules_places import Index
from dienstweg.blueprint.fim_rules_truth import holds

_MOST_TURNS = 30


@dataclass(slots=True)
class World:
    """Answers by place id (missing is none), entries by the id of a list's page.

    `seen` is what rules see of them; `pages` are the visible ones, `shown` the ids of visible
    lines.
    """

    index: Index
    answers: Mapping[str, Any]
    entries: Mapping[str, int]
    plan: list[Page]
    seen: dict[str, Any] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    _groups: dict[str, list[str]] = field(default_factory=dict)

    def stand(self) -> World:
        """Work out what is visible: again and again until nothing changes."""
        before: set[str] | None = None
        self.seen = dict(self.answers)
        for _ in range(_MOST_TURNS):
            self._look()
            if self.shown == before:
                break
            before = self.shown
            self.seen = {key: self.answers[key] for key in self.answers if key in self.shown}
        return self

    def _look(self) -> None:
        self.pages = []
        self.shown = set()
        visible: set[str] = set()
        for page in self.plan:
            inside = page.inside is None or (page.inside in visible and self._has(page.inside))
            if not inside or not self._holds(page, page.id):
                continue
            visible.add(page.id)
            self.pages.append(page)
            if page.repeated and not self._has(page.id):
                continue
            self.shown |= {each.id for each in page.entries if self._holds(page, each.id)}

    def _has(self, page_id: str) -> bool:
        return self.entries.get(page_id, 0) > 0

    def _holds(self, page: Page, key: str) -> bool:
        return key not in page.shown or self.true(page.shown[key])

    def true(self, condition: Any) -> bool:
        """Whether a condition holds for what rules see."""
        return holds(condition, self)

    def get(self, ref: str) -> Any:
        """What rules see of a place: an answer, or for a group and a list whether there is one."""
        place = self.index.places[ref]
        if place.is_question:
            value = self.seen.get(ref)
            if place.multiple and value:
                return value[0] if isinstance(value[0], str) else True
            if isinstance(value, int | float) and not isinstance(value, bool):
                return Decimal(str(value))
            return None if value in ([], "") else value
        return True if self._filled(place) else None

    def _filled(self, place: Place) -> bool:
        if place.repeated:
            return self._has(place.id) and any(page.id == place.id for page in self.pages)
        if place.id not in self._groups:
            self._groups[place.id] = [each.id for each in self.index.questions(place)]
        if any(self.seen.get(each) is not None for each in self._groups[place.id]):
            return True
        return any(self._filled(each) for each in self.index.lists(place))

    def required(self, page: Page, entry: Entry) -> bool:
        """Whether a visible question must be answered, as the interpreter would say."""
        place = entry.place
        if place.id in page.asked:
            return self.true(page.asked[place.id])
        if place.occurs.minimum == 0:
            return False
        optional = self._optional(place)
        conditional = page.id in page.shown or place.id in page.shown
        return optional is None or conditional or self._filled(optional)

    def _optional(self, place: Place) -> Place | None:
        for each in reversed(self.index.above[place.id]):
            if each.repeated:
                return None
            if each.occurs.minimum == 0:
                return each
        return None

    def missing(self, page: Page) -> list[Entry]:
        """The visible questions of a page that must be answered and are not."""
        return [
            entry
            for entry in page.questions
            if entry.id in self.shown
            and self.seen.get(entry.place.id) in (None, [], "")
            and self.required(page, entry)
        ]

    def broken(self, page: Page) -> list[PageCheck]:
        """The checks of a page that do not hold."""
        if page.repeated and not self._has(page.id):
            return []
        return [
            check
            for check in page.checks
            if self.true(check.applies) and not self.true(check.condition)
        ]
