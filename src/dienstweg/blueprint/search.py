"""Looks for answers that make a rule true, and knows whether it has tried all there are.

Only what the rule depends on is varied, over the values that rules can tell apart (`possible`).
The number of tries is bounded; where there are more combinations, some are drawn by a fixed chance.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Any

from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.cel_tree import Call, Constant, Listed, Name, Unread, read
from dienstweg.blueprint.cel_tree import Node as Tree
from dienstweg.blueprint.decisions import questions
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.order import Node, overlaps, referred
from dienstweg.blueprint.possible import Possible, possible, seen_by
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.standing import Standing, copied, put, stand

Path = tuple[str, ...]
MOST_TRIED = 3_000
"""Combinations for one rule."""
COUNTS = (1, 0, 2, 3)
"""Numbers of entries that are tried for a repeating group."""


@dataclass(frozen=True, slots=True)
class Searched:
    """Whether answers were found (`found`), else whether all were tried (`proven`); `tried` how
    many."""

    found: bool
    proven: bool
    tried: int


@dataclass(frozen=True, slots=True)
class _Varied:
    """One thing that is varied: a field's value, or how many entries a group has."""

    group: Page | None
    at: Path
    values: Possible
    count: bool = False


_Use = tuple[frozenset[Path], Tree | None]


class _Uses:
    """Which rules look at a path."""

    def __init__(self, uses: list[_Use]) -> None:
        self.uses = uses

    def of(self, *paths: Path) -> list[Tree | None]:
        """Return the trees of the rules that look at one of the paths, around it or in it."""
        return [
            tree
            for used, tree in self.uses
            if any(len(each) > 1 and overlaps(each, path) for each in used for path in paths)
        ]


class Search:
    """Searches for one blueprint on one day; keeps what it has learned of its rules."""

    def __init__(self, release: Release, today: date) -> None:
        self.release, self.today = release, today
        self.trees: dict[str, Tree | None] = {}

    def __call__(
        self,
        start: Iterable[Node],
        rules: Iterable[Expression],
        holds: Callable[[Standing], bool],
        most: int = MOST_TRIED,
    ) -> Searched:
        """Look for answers under which `holds` is true.

        `start` are the pages, fields and groups that it looks at, `rules` the further expressions
        that it works out.
        """
        first, further = list(start), list(rules)
        nodes = self._closure(first, further)
        groups = {name for kind, name in first if kind == "group"}
        varied = list(self._varied([*self._own(first), *further], groups))
        tried = 0
        for values in _combinations([each.values.values for each in varied], most):
            tried += 1
            answers = {"data": _data(varied, values)}
            if holds(stand(self.release, answers, self.today, only=nodes)):
                return Searched(True, False, tried)
        exact = all(each.values.exact for each in varied)
        every = prod(len(each.values.values) for each in varied) <= most
        return Searched(False, exact and every, tried)

    def _closure(self, start: Iterable[Node], rules: list[Expression]) -> frozenset[Node]:
        """All pages, fields and groups that must be worked out."""
        order = self.release.order
        waiting = [*start, *order.needed(rules)]
        found: set[Node] = set()
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(order.needs.get(node, ()))
        return frozenset(found)

    def _own(self, nodes: Iterable[Node]) -> Iterator[Expression]:
        """The expressions that decide about pages, turns and fields themselves."""
        assistant, needs = self.release.assistant, self.release.order.needs
        for kind, name in nodes:
            if kind == "field":
                found = assistant.field[name]
                yield from (each for each in (found.when, found.value) if each is not None)
                yield from self._own([("page", found.page)])
            elif kind in ("page", "turn"):
                page = assistant.page[name]
                yield from page.conditions() if kind == "turn" else _given(page.when)
                yield from self._own([("page", page.outer)] if page.outer else ())
                turns = [each for each in needs.get((kind, name), ()) if each[0] == "turn"]
                yield from self._own(turns)

    def _varied(self, rules: list[Expression], entered: set[str]) -> Iterator[_Varied]:
        """What is varied: all answers that the rules depend on; the others stay empty.

        The groups in `entered` have entries in any case, those nested in them, too.
        """
        uses, fields, groups = self._uses(rules)
        for page, field in self.release.assistant.fields():
            if field.id in fields:
                yield from self._field(field, page if page.repeat else None, uses)
        for page in self.release.pages:
            if page.id in groups or {page.id, page.outer} & entered:
                yield self._count(page, uses)

    def _uses(self, rules: list[Expression]) -> tuple[_Uses, set[str], set[str]]:
        """All rules that matter, by what they look at, and the fields and groups they look at."""
        fields: set[str] = set()
        groups: set[str] = set()
        seen: dict[int, Expression] = {}
        waiting = list(rules)
        while waiting:
            rule = waiting.pop()
            if id(rule) in seen:
                continue
            seen[id(rule)] = rule
            for page, field in self._looked_at(rule):
                if field.id not in fields:
                    fields.add(field.id)
                    waiting.extend(self._own([("field", field.id)]))
                groups |= {each for each in (page.outer, page.id if page.repeat else None) if each}
        every = list(seen.values())
        uses = [(each.paths, self._tree(each.source)) for each in every]
        return _Uses([*uses, *self._decided(every)]), fields, groups

    def _looked_at(self, rule: Expression) -> Iterator[tuple[Page, Field]]:
        """The fields at which a rule looks, by itself or by a decision."""
        used = _Uses([(referred(rule, self.release.order.decisions), None)])
        for page, field in self.release.assistant.fields():
            if field.at is None:
                continue
            paths = self._names(field.at, page if page.repeat else None)
            if page.repeat is not None:
                paths.append(("data", *self._list(page)))
                if page.outer is not None:
                    paths += [("outer", *page.repeat.at), ("item", *page.repeat.at)]
            if used.of(*paths):
                yield page, field

    def _decided(self, rules: list[Expression]) -> list[_Use]:
        """The inputs of the decision tables that the rules ask, with what their cells name."""
        names = {path[1] for each in rules for path in each.paths if path[0] == "decision"}
        found: list[_Use] = []
        for name in sorted(names & self.release.decisions.keys()):
            for paths, text, named in questions(self.release.decisions[name]):
                tree = self._tree(text) if text else None
                cells = Listed(tuple(Constant(each) for each in sorted(named, key=str)))
                found.append((paths, Call("decision", (tree, cells)) if tree else None))
        return found

    def _field(self, field: Field, group: Page | None, uses: _Uses) -> Iterator[_Varied]:
        if not field.is_input or field.at is None:
            return
        if field.parts and field.schema.get("type") == "object":
            for part in field.parts:
                yield from self._value(part, (*field.at, part.key), group, uses)
        else:
            yield from self._value(field, field.at, group, uses)

    def _value(self, field: Field, at: Path, group: Page | None, uses: _Uses) -> Iterator[_Varied]:
        paths = self._names(at, group)
        trees = uses.of(*paths)
        if group is not None:
            # A rule that goes through the whole list gives its entries other names.
            trees += [_opaque(each) for each in uses.of(("data", *self._list(group)))]
        if trees:
            seen = seen_by(trees, paths)
            choices = [each.value for each in field.choices]
            yield _Varied(group, at, possible(field.schema, choices, seen, self.today))

    def _names(self, at: Path, group: Page | None) -> list[Path]:
        """The paths under which rules see a field; that of an outer entry has two."""
        if group is None:
            return [("data", *at)]
        inside = bool(self.release.assistant.inner.get(group.id))
        return [("item", *at), ("outer", *at)] if inside else [("item", *at)]

    def _list(self, group: Page) -> Path:
        """Where a group's list, or the one around it, stands in the data."""
        outer = self.release.assistant.page[group.outer] if group.outer else group
        assert outer.repeat is not None
        return outer.repeat.at

    def _count(self, page: Page, uses: _Uses) -> _Varied:
        """How many entries a group has: one, where no rule goes through them."""
        assert page.repeat is not None, "only groups have entries"
        own = ("outer" if page.outer else "data", *page.repeat.at)
        whole = bool(uses.of(own, ("item", *page.repeat.at)))
        counts = tuple(each for each in COUNTS if each <= page.repeat.max)
        return _Varied(page, (), Possible(counts if whole else counts[:1], not whole), count=True)

    def _tree(self, source: str) -> Tree | None:
        if source not in self.trees:
            try:
                self.trees[source] = read(source)
            except Unread:
                self.trees[source] = None
        return self.trees[source]


def _given(rule: Expression | None) -> tuple[Expression, ...]:
    return () if rule is None else (rule,)


def _opaque(tree: Tree | None) -> Tree | None:
    """A rule of which only the constants are known, not what they are compared with."""
    if tree is None:
        return None
    return Call("", (tree, Name("item")))


def _data(varied: list[_Varied], values: tuple[Any, ...]) -> dict[str, Any]:
    """Answers in which the varied places have these values."""
    data: dict[str, Any] = {}
    entries: dict[str, dict[str, Any]] = {}
    counts: list[tuple[Page, int]] = []
    for each, value in zip(varied, values, strict=True):
        if each.count and each.group is not None:
            counts.append((each.group, value))
        elif value is not None:
            target = entries.setdefault(each.group.id, {}) if each.group else data
            put(target, each.at, value)
    # Inner groups first: their lists stand in the outer entries.
    for page, count in sorted(counts, key=lambda one: -one[0].depth):
        assert page.repeat is not None
        around = entries.setdefault(page.outer, {}) if page.outer else data
        put(around, page.repeat.at, [copied(entries.get(page.id, {})) for _ in range(count)])
    return data


def _combinations(values: list[tuple[Any, ...]], most: int) -> Iterator[tuple[Any, ...]]:
    """All combinations, or so many drawn by a fixed chance where there are more."""
    if prod(len(each) for each in values) <= most:
        yield from product(*values)
        return
    chance = random.Random(0)  # noqa: S311 (draws examples; nothing secret)
    yield tuple(each[0] for each in values)
    for _ in range(most - 1):
        yield tuple(chance.choice(each) for each in values)
